"""The case record at the size of the whole project: 34,000 cases of 139 teams, 28 months, 342,000 visits.

    python -m bench.cases.bench_case_load [--scale 0.1]

Everything is made up. The rows are laid into a fresh SQLite ledger at once; then each thing that a team or a county
waits for is measured over it, against the goals of the design. Times are of this machine; the ratio to the goal is
what to compare.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from cases.figures import figures_of
from cases.record import exchange
from cases.record.case_listing import list_cases
from cases.record.team_agenda import agenda_of
from referrals.database.tables import case_tables as t
from referrals.database.tables import exchange_tables as x
from referrals.ledger.ledger import Ledger, open_ledger
from referrals.ledger.referral_request import CODE_LETTERS
from referrals.records.vocabulary import Actor

if TYPE_CHECKING:
    from collections.abc import Callable

TEAMS, CASES, VISITS, MONTHS, DEVICES = 139, 34_000, 342_000, 28, 417
TODAY = date(2026, 10, 15)
COUNTY = "BC"
_FINDINGS = (("VAI_02", "high", "team"), ("VSV_01", "high", "team"), ("VSG_HTA", "medium", "medical"))
_NEEDS = ("identity-papers", "no-income", "family-doctor")


@dataclass(frozen=True)
class Measured:
    """One line of the table: what, its goal and what was seen, in the same unit."""

    what: str
    goal: float
    seen: float
    unit: str

    def line(self) -> str:
        """Say it."""
        return f"{self.what:56} {self.goal:>9g} {self.seen:>9.3g} {self.unit:6} {self.seen / self.goal:>6.2f}"


def code(letter: str, number: int) -> str:
    """Make an id of ours of a number."""
    word = ""
    for _place in range(10):
        number, rest = divmod(number, len(CODE_LETTERS))
        word = CODE_LETTERS[rest] + word
    return f"{letter}-{word[:5]}-{word[5:]}"


def team(number: int, member: int = 0) -> Actor:
    """Return a member of a team."""
    profession = ("social", "medical", "educational")[member]
    return Actor("team", f"U-{number:03d}{member}AAAA", COUNTY, 20_000 + number, profession=profession)


def fill(ledger: Ledger, scale: float) -> dict[str, int]:
    """Lay the rows of the whole project into a ledger; return how many there are of each table."""
    dice = random.Random(7)
    count, visits = int(CASES * scale), int(VISITS * scale)
    first = TODAY - timedelta(days=30 * MONTHS)
    rows: dict[Any, list[dict[str, Any]]] = {}

    def put(table: Any, **row: Any) -> None:
        rows.setdefault(table, []).append(row)

    def flush() -> None:
        with ledger.store.write() as connection:
            for table, some in rows.items():
                connection.execute(insert(table), some)
        rows.clear()

    made: dict[str, int] = {}
    for number in range(count):
        uat, ref = 20_000 + number % TEAMS, code("C", number)
        opened = first + timedelta(days=dice.randrange(30 * MONTHS - 30))
        day, month = opened.isoformat(), opened.isoformat()[:7]
        by = f"U-{uat - 20_000:03d}0AAAA"
        is_closed = dice.random() < 0.3
        closed = (opened + timedelta(days=30)).isoformat() if is_closed else ""
        versioned = {"version": 3, "touched": "{}"}
        house = code("H", number // 3)
        if number % 3 == 0:
            bands = {f"people_{band}": 1 for band in ("0_2", "3_5", "6_17", "18_64", "65")}
            put(
                t.households,
                household_id=house,
                county=COUNTY,
                uat_siruta=uat,
                locality_siruta=None,
                **bands,
                **versioned,
            )
        put(t.cases, case_ref=ref, household_id=house, relation="head", county=COUNTY, uat_siruta=uat,
            locality_siruta=None, born="1956", sex="F", source="outreach", opened_on=day,
            state="closed" if is_closed else "active", level="high", level_at_least=False, level_said="",
            level_reason="", owner=by, owner_profession="social", owner_seen=day,
            next_review=(TODAY + timedelta(days=dice.randrange(-5, 60))).isoformat(), closed_on=closed,
            outcome="goals_met" if is_closed else "", note="", joined_into="", erased_at=None, **versioned)  # fmt: skip
        put(t.case_spells, spell_id=f"{ref}.1", case_ref=ref, uat_siruta=uat, begun_as="opened", begun_on=day,
            begun_in=month, ended_as="closed" if is_closed else "", ended_on=closed, ended_in=closed[:7],
            outcome="goals_met" if is_closed else "", is_counted=True)  # fmt: skip
        answers = {f"question_{n}": dice.choice(("yes", "no", "unknown")) for n in range(25)}
        put(t.assessments, assessment_id=code("A", number), case_ref=ref, household_id="", uat_siruta=uat,
        kind="initial",
            on_day=day, place="home", edition="", answers=json.dumps(answers), gaps="", complete=True, level="high",
            members="social medical", agreement="said", by=by, finished_at=datetime.now(UTC), counted_in=month,
            corrects="")  # fmt: skip
        for place, (finding, level, sees) in enumerate(_FINDINGS):
            put(t.findings, finding_id=f"{code('A', number)}:{finding}", case_ref=ref, uat_siruta=uat, code=finding,
                level=level, member="social", sees=sees, assessment_id=code("A", number), by=by, word="", opened_on=day,
                opened_in=month, ended_on=closed, ended_in=closed[:7], ending="resolved" if closed else "")  # fmt: skip
            put(t.case_needs, case_ref=ref, need=_NEEDS[place], found_by="", uat_siruta=uat,
                origin="finding", codes=finding, sees="team", priority=2, opened_on=day, ended_on=closed,
                declined=False, **versioned)  # fmt: skip
        put(t.plans, plan_id=code("P", number), case_ref=ref, uat_siruta=uat, number=1, kind="sci", goal="",
        state="agreed",
            made_on=day, agreed_on=day, agreed_in=month, agreed_how="said", review_on=day, by=by,
            **versioned)  # fmt: skip
        for n in range(4):
            due = (opened + timedelta(days=20 * n + 10)).isoformat()
            is_done = is_closed or n < 2
            put(t.plan_items, item_id=code("I", number * 4 + n), plan_id=code("P", number), case_ref=ref,
                uat_siruta=uat,
                need=_NEEDS[n % 3], action="SAI_09", member="social", account="", due_on=due, due_in=due[:7],
                state="done" if is_done else "planned", begun_on="", done_on=due if is_done else "",
                done_in=due[:7] if is_done else "", result="worked" if is_done else "", reason="", service_type="",
                referral_id="", found_by="", **versioned)  # fmt: skip
        for n in range(number * visits // count, (number + 1) * visits // count):
            on = (opened + timedelta(days=dice.randrange(30))).isoformat()
            put(t.visits, visit_id=code("V", n), case_ref=ref, household_id="", uat_siruta=uat, on_day=on,
                minutes="15-30",
                place="home", members="social", found=True, services="SMT_04", items="", next_on="", note="", by=by,
                counted_in=on[:7])  # fmt: skip
            put(x.case_changes, change_id=code("K", n), device_id=code("D", uat), device_no=n + 1, account=by,
                uat_siruta=uat, case_ref=ref, household_id="", kind="visit.add", base=None,
                body=json.dumps({"visit_id": code("V", n), "members": ["social"], "on_day": on}),
                at_client=datetime.now(UTC), received_at=datetime.now(UTC), result="applied", reason="",
                has_waited=False)  # fmt: skip
        if number % 500 == 499 or number == count - 1:
            for table, some in rows.items():
                made[table.name] = made.get(table.name, 0) + len(some)
            flush()
    return made


def timed(action: Callable[[], Any], times: int = 5) -> tuple[float, Any]:
    """Return the median time of an action in milliseconds, and what it gave last."""
    spent, given = [], None
    for _turn in range(times):
        start = time.perf_counter()
        given = action()
        spent.append(1000 * (time.perf_counter() - start))
    return statistics.median(spent), given


def message(device: int, first: int, since: int) -> dict[str, Any]:
    """Make the message of a telephone with 20 changes: a case opened and visits to it."""
    ref = code("C", 10_000_000 + first)
    at = TODAY.isoformat()
    changes = [{"kind": "case.open", "body": {"opened_on": at, "source": "outreach"}}] + [
        {
            "kind": "visit.add",
            "body": {"visit_id": code("V", 50_000_000 + first + n), "members": ["social"], "on_day": at},
        }
        for n in range(19)
    ]
    return {
        "device": code("D", 1_000_000 + device),
        "since": since,
        "changes": [
            {**change, "change_id": code("K", 50_000_000 + first + n), "device_no": n + 1, "case_ref": ref,
             "at": f"{at}T10:00:00Z"}
            for n, change in enumerate(changes)
        ],
    }  # fmt: skip


def paced(ledger: Ledger, seconds: float) -> tuple[list[float], int, int]:
    """Let 417 telephones exchange 20 changes each within some seconds, every fifth twice: times, repeated, missing.

    seconds: 60 is a morning's rush; 0 = all at once, where each waits for those before it.
    """
    spent: list[float] = []
    begun = time.perf_counter()
    tag = int(seconds)

    def one(device: int) -> list[Any]:
        time.sleep(max(0.0, begun + seconds * device / DEVICES - time.perf_counter()))
        actor = team(device % TEAMS, device // TEAMS)
        said = message(device + 1000 * tag, 100 * (device + 1000 * tag), 10**9)
        answers = []
        for _turn in range(2 if device % 5 == 0 else 1):
            start = time.perf_counter()
            answers.append(exchange(ledger, said, actor=actor))
            spent.append(time.perf_counter() - start)
        return answers

    with ThreadPoolExecutor(16) as threads:
        results = [each for answers in threads.map(one, range(DEVICES)) for a in answers for each in a.results]
    repeated = sum(each.result == "repeated" for each in results)
    applied = sum(each.result == "applied" for each in results)
    return spent, repeated, DEVICES * 20 - applied


def size_of(file: Path) -> float:
    """Return how large a database is in MB, with its log and what else SQLite lays beside it."""
    return sum(each.stat().st_size for each in file.parent.glob(f"{file.name}*")) / 1e6


def measure(ledger: Ledger, file: Path) -> list[Measured]:
    """Measure what the design has goals for."""
    filled = file.stat().st_size / 1e6
    actor, month = team(0), "2026-09"
    listed, _cases = timed(lambda: list_cases(ledger, actor=actor))
    agenda, _tasks = timed(lambda: agenda_of(ledger, 20_000, COUNTY, actor=actor))
    one, _figures = timed(lambda: figures_of(ledger, month, actor=actor))
    everyone, _all = timed(lambda: figures_of(ledger, month, actor=Actor("national", "umi")), 3)
    device = {"device": code("D", 999_999), "since": 0, "changes": []}
    first, answer = timed(lambda: exchange(ledger, device, actor=actor), 3)
    content = gzip.compress(json.dumps(answer.as_json(), ensure_ascii=False).encode())
    start = time.perf_counter()
    at_once, repeated, missing = paced(ledger, 0)
    whole = time.perf_counter() - start
    spent, also_repeated, also_missing = paced(ledger, 60)
    p99 = statistics.quantiles(spent, n=100)[98]
    print(f"first download: {len(answer.cases)} cases; of both runs {repeated + also_repeated} changes were repeated, "
          f"{missing + also_missing} missing; median {1000 * statistics.median(spent):.1f} ms in a minute, "
          f"{1000 * statistics.median(at_once):.1f} ms at once")  # fmt: skip
    if missing or also_missing:
        raise SystemExit("changes were lost")
    return [
        Measured("a team's list", 50, listed, "ms"),
        Measured("agenda of a team", 20, agenda, "ms"),
        Measured("month's figures, one community", 100, one, "ms"),
        Measured("month's figures, all", 1500, everyone, "ms"),
        Measured("first download, server", 1000, first, "ms"),
        Measured("first download, compressed", 150, len(content) / 1000, "kB"),
        Measured("exchange of 20 changes, 417 devices in a minute, p99", 0.5, p99, "s"),
        Measured("the same all at once, whole", 60, whole, "s"),
        Measured("database of these cases, every row twice", 500, filled, "MB"),
        Measured("the same after 834 exchanges more, with its log", 500, size_of(file), "MB"),
    ]


def main() -> None:
    """Fill, measure and print the table; exit code 1 where changes were lost."""
    options = argparse.ArgumentParser()
    options.add_argument("--scale", type=float, default=1.0, help="part of the whole size")
    scale = options.parse_args().scale
    with TemporaryDirectory(prefix="harta-bench-") as folder:
        file = Path(folder) / "harta.sqlite"
        noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
        with closing(open_ledger(f"sqlite:///{file}", clock=lambda: noon)) as ledger:
            start = time.perf_counter()
            made = fill(ledger, scale)
            print(
                f"{made['cases']:,} cases, {made['visits']:,} visits in {time.perf_counter() - start:.0f} s (made up)"
            )
            found = measure(ledger, file)
    print(f"{'':56} {'goal':>9} {'seen':>9} {'':6} {'ratio':>6}")
    for each in found:
        print(each.line())
    sys.stdout.flush()


if __name__ == "__main__":
    main()
