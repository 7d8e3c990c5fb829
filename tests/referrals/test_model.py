"""Random commands against the ledger and against a simple model in memory: they must agree after every step.

The model keeps the whole history and counts free places from it by the sentence in docs/free-places.md;
it has no counters that could go wrong in the same way as the ledger's.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from core.romanian_calendar import BUCHAREST
from referrals.ledger.ledger import open_ledger
from referrals.outbox import freed_places
from referrals.records.ledger_errors import NoPlaceError, SecondPlaceError, UnknownCaseError, WrongStateError
from tests.covering import daily
from tests.worlds.examples import examples
from tests.worlds.homes.ledger_world import ADMIN, TEAM, Clock, refer, terms

ROUTES = {"social:mmps:1": "direct", "social:mmps:2": "direct", "social:mmps:3": "decision"}
ALLOWED = {
    "accept": ({"held", "asked"}, "accepted"),
    "examine": ({"held", "asked"}, ""),
    "decline": ({"held", "asked"}, "declined"),
    "cancel": ({"held", "asked", "accepted"}, "cancelled"),
    "start": ({"accepted"}, "started"),
    "complete": ({"started"}, "completed"),
    "break_off": ({"started"}, "broken_off"),
}
# Before summer time begins, before it ends, before Orthodox Easter, before the National Day, before New Year.
STARTS = ["2026-03-27T15:00", "2025-10-24T10:00", "2026-04-09T12:00", "2026-11-27T09:30", "2025-12-30T23:59"]


@dataclass
class Remembered:
    """What the model knows of one referral."""

    number: str
    service: str
    case: str
    need: str
    state: str
    expires_at: datetime
    accepted_at: datetime | None = None
    refused_at: datetime | None = None


@dataclass
class Model:
    """The history, and what follows from it."""

    reports: dict[str, list[tuple[datetime, int, str, int | None]]] = field(default_factory=dict)
    made: list[Remembered] = field(default_factory=list)

    def expire(self, now: datetime) -> None:
        for one in self.made:
            if one.state in ("held", "asked") and one.expires_at <= now:
                one.state = "expired"

    def latest(self, service: str) -> tuple[datetime | None, str, int | None]:
        said = self.reports.get(service)
        if not said:
            return None, "unknown", None
        at, _, status, number = max(said, key=lambda report: report[:2])
        return at, status, number

    def held(self, service: str) -> int:
        return sum(one.service == service and one.state == "held" for one in self.made)

    def free(self, service: str) -> int | None:
        at, _, number = self.latest(service)
        if number is None or at is None:
            return None
        after = sum(
            one.service == service and one.accepted_at is not None and one.accepted_at > at and one.state != "cancelled"
            for one in self.made
        )
        return max(0, number - self.held(service) - after)

    def refused(self, service: str, now: datetime) -> datetime | None:
        """When somebody was refused here for lack of places lately, and nothing was reported since."""
        moments = [one.refused_at for one in self.made if one.service == service and one.refused_at]
        last = max(moments, default=None)
        at, _, _ = self.latest(service)
        is_lately = last is not None and last > now - freed_places.REFUSED_FOR
        return last if is_lately and (at is None or last > at) else None

    def has_place(self, case: str, need: str, besides: str = "") -> bool:
        return any(
            one.case == case
            and one.need == need
            and one.state in ("held", "accepted", "started")
            and one.number != besides
            for one in self.made
        )


WEIGHTS = {
    "time_passes": 10,
    "time_passes_to_the_next_expiry": 3,
    "report_places": 16,
    "report_status": 1,
    "refer_somebody": 25,
    "move": 6,
    "the_last_request_comes_again": 4,
    "any_step": 8,
    "likely_step": 24,
    "erase": 2,
}


class LedgerMachine(RuleBasedStateMachine):
    """Random commands; `open_fresh` is set by the test."""

    open_fresh = staticmethod(lambda clock: None)

    def __init__(self) -> None:
        super().__init__()
        self.clock, self.model = Clock(), Model()
        self.cases: list[str] = []
        self.last: tuple[tuple, dict] | None = None
        self.keys = 0
        self.ledger, self.close = self.open_fresh(self.clock)

    def teardown(self) -> None:
        assert self.ledger.verify_counts() == []
        assert self.ledger.verify_audit() == []
        self.ledger.close()
        self.close()

    @initialize(start=st.sampled_from(STARTS))
    def begin(self, start: str) -> None:
        self.clock.at = datetime.fromisoformat(start).replace(tzinfo=BUCHAREST).astimezone(UTC)
        for service in ROUTES:
            self.report_places(service, 3, None)

    @rule(seeds=st.lists(st.integers(0, 2**32), min_size=10, max_size=10))
    def ten_commands(self, seeds: list[int]) -> None:
        """Hypothesis' own choices keep to few rules and small numbers; drawn evenly, the rare orders come up."""
        for seed in seeds:
            self.command(seed)
            self.the_tables_agree()

    def command(self, seed: int) -> None:
        chance = random.Random(seed)
        pick, service = chance.randrange(100), chance.choice(sorted(ROUTES))
        [name] = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))
        if name == "time_passes":
            self.time_passes(chance.choice([(0, 1), (0, 60), (0, 3600), (1, 0), (3, 0)]))
        elif name == "report_places":
            self.report_places(service, chance.randrange(7), chance.choice([None, None, None, 0, 1, 7200]))
        elif name == "report_status":
            self.report_status(service, chance.choice(["open", "assess", "waitlist", "unknown"]))
        elif name == "refer_somebody":
            self.refer_somebody(service, chance.choice(["hrana", "locuire"]), pick, new=chance.random() < 0.7)
        elif name == "move":
            self.move(service, pick)
        elif name == "any_step":
            self.any_step(pick, chance.choice(sorted(ALLOWED)))
        elif name == "likely_step":
            self.likely_step(pick, chance.choice(["accept", "accept", "cancel", "decline", "forward"]))
        elif name == "erase":
            self.erase(pick)
        else:
            getattr(self, name)()

    def time_passes(self, by: tuple[int, int]) -> None:
        self.clock.at += timedelta(days=by[0], seconds=by[1])

    def time_passes_to_the_next_expiry(self) -> None:
        waiting = [one.expires_at for one in self.model.made if one.state in ("held", "asked")]
        if waiting:
            self.clock.at = max(self.clock.at, min(waiting))

    def report_places(self, service: str, number: int, ago: int | None) -> None:
        at = None if ago is None else self.clock.at - timedelta(seconds=ago)
        self._report(service, number, "free" if number else "full", at)

    def report_status(self, service: str, status: str) -> None:
        self._report(service, None, status, None)

    def _report(self, service: str, number: int | None, status: str, at: datetime | None) -> None:
        said = self.ledger.report_capacity(
            service, places_free=number, status=status, source="telefon", actor=TEAM, reported_at=at
        )
        if at is None:  # an order of events that nothing can upset, even when the clock stands still
            moments = [one.accepted_at for one in self.model.made if one.service == service and one.accepted_at]
            assert all(said.reported_at > moment for moment in moments)
        known = self.model.reports.setdefault(service, [])
        known.append((said.reported_at, len(known), status, number))

    def refer_somebody(self, service: str, need: str, pick: int, *, new: bool) -> None:
        self._refer(service, need, "" if new or not self.cases else self.cases[pick % len(self.cases)], "")

    def move(self, service: str, pick: int) -> None:
        known = [one for one in self.model.made if one.case]
        if not known:
            return
        old = known[pick % len(known)]
        self.model.expire(self.clock.at)
        if old.state in ("started", "completed"):
            with pytest.raises(WrongStateError):
                self._ask(service, old.need, old.case, old.number)
            return
        self._refer(service, old.need, old.case, old.number)

    def _ask(self, service: str, need: str, case: str, replaces: str):
        self.keys += 1
        self.last = (
            (terms(service, access_route=ROUTES[service]),),
            {"need": need, "case_ref": case or None, "replaces": replaces, "idempotency_key": f"k{self.keys}"},
        )
        return refer(self.ledger, *self.last[0], **self.last[1])

    def _refer(self, service: str, need: str, case: str, replaces: str) -> None:
        self.model.expire(self.clock.at)
        if case and case not in {one.case for one in self.model.made}:
            with pytest.raises(UnknownCaseError):
                self._ask(service, need, case, replaces)
            self.last = None
            return
        if case and self.model.has_place(case, need, besides=replaces):
            with pytest.raises(SecondPlaceError):
                self._ask(service, need, case, replaces)
            self.last = None
            return
        _, status, _ = self.model.latest(service)
        asked = ROUTES[service] != "direct" or status not in ("free", "full")
        if not asked and not self.model.free(service):
            with pytest.raises(NoPlaceError):
                self._ask(service, need, case, replaces)
            return
        made = self._ask(service, need, case, replaces)
        assert made.state == ("asked" if asked else "held")
        assert made.expires_at > self.clock.at
        for old in self.model.made:
            if old.number == replaces and old.state in ("held", "asked", "accepted"):
                old.state = "cancelled"
        if not case:
            self.cases.append(made.case_ref)
        self.model.made.append(Remembered(made.referral_id, service, made.case_ref, need, made.state, made.expires_at))

    def the_last_request_comes_again(self) -> None:
        """Nothing changes: the invariants below compare everything."""
        if self.last is None:
            return
        try:
            again = refer(self.ledger, *self.last[0], **self.last[1])
        except NoPlaceError:
            return
        except WrongStateError:
            return
        assert again.referral_id in {one.number for one in self.model.made}

    def any_step(self, pick: int, action: str) -> None:
        if self.model.made:
            self._step(self.model.made[pick % len(self.model.made)], action)

    def likely_step(self, pick: int, path: str) -> None:
        """A step that can be taken now, among the youngest: random ones mostly come too late."""
        self.model.expire(self.clock.at)
        forward = {"accepted": "start", "started": "complete"}
        steps = [(one, forward.get(one.state, "accept") if path == "forward" else path) for one in self.model.made]
        possible = [(one, action) for one, action in steps if one.state in ALLOWED[action][0]][-3:]
        if possible:
            self._step(*possible[pick % len(possible)])

    def _step(self, one: Remembered, action: str) -> None:
        self.model.expire(self.clock.at)
        reason = {"reason": "no_places"} if action in ("decline", "break_off") else {}
        sources, target = ALLOWED[action]
        if one.state not in sources:
            expected: type[Exception] | None = WrongStateError
        elif action == "accept" and one.case and self.model.has_place(one.case, one.need, besides=one.number):
            expected = SecondPlaceError
        else:
            expected = None
        if expected:
            with pytest.raises(expected):
                self.ledger.transition(one.number, action, actor=TEAM, **reason)
            return
        after = self.ledger.transition(one.number, action, actor=TEAM, **reason)
        one.state = target or one.state
        assert after.state == one.state
        if action == "decline":
            one.refused_at = after.closed_at
        if action == "accept":
            one.accepted_at = after.accepted_at
            recorded = [at for at, *_ in self.model.reports.get(one.service, [])]
            assert all(one.accepted_at > at for at in recorded)

    def erase(self, pick: int) -> None:
        if not self.cases:
            return
        case = self.cases[pick % len(self.cases)]
        self.model.expire(self.clock.at)
        theirs = [one for one in self.model.made if one.case == case]
        assert self.ledger.erase_case(case, actor=ADMIN) == len(theirs)
        for one in theirs:
            one.case = ""
            one.state = {"started": "broken_off"}.get(
                one.state, "cancelled" if one.state in ("held", "asked", "accepted") else one.state
            )
        self.last = None  # its answer was forgotten together with the case

    @invariant()
    def the_tables_agree(self) -> None:
        self.model.expire(self.clock.at)
        table = self.ledger.capacity_now().set_index("service_id")
        for service in ROUTES:
            free, held = self.model.free(service), self.model.held(service)
            if service not in table.index:
                assert (free, held) == (None, 0)
                continue
            row = table.loc[service]
            if refused := self.model.refused(service, self.clock.at):
                assert (row["status"], row["places_free"], row["places_reported"]) == ("full", 0, 0)
                assert row["places_reported_at"].to_pydatetime() == refused
                assert int(row["held"]) == held
                continue
            assert (None if table["places_free"].isna()[service] else int(row["places_free"])) == free
            assert int(row["held"]) == held
            at, status, number = self.model.latest(service)
            assert row["status"] == ("full" if free == 0 and status == "free" else status)
            assert (None if table["places_reported"].isna()[service] else int(row["places_reported"])) == number
            if at is not None:
                assert row["places_reported_at"].to_pydatetime() == at
        waiting = [one.expires_at for one in self.model.made if one.state in ("held", "asked")]
        assert self.ledger.next_expiry() == min(waiting, default=None)


def run(machine: type[LedgerMachine], tries: int, steps: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=tries,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


SHARES = daily([3, 1], lambda share: share == 3)  # every day a third of the tries


@pytest.mark.slow
@pytest.mark.parametrize("share", SHARES)
def test_the_ledger_agrees_with_the_model_on_sqlite(sqlite_template, share):
    def fresh(clock: Clock):
        folder = Path(tempfile.mkdtemp(prefix="harta-model-"))
        shutil.copy(sqlite_template, folder / "harta.sqlite")
        return open_ledger(f"sqlite:///{folder / 'harta.sqlite'}", clock=clock), lambda: shutil.rmtree(folder)

    machine = type("SqliteMachine", (LedgerMachine,), {"open_fresh": staticmethod(fresh)})
    run(machine, tries=examples(75) // share, steps=6)


TABLES = "capacity_reports, places, referrals, unmet_needs, answered_requests, audit"


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("share", SHARES)
def test_the_ledger_agrees_with_the_model_on_postgresql(postgres_url, share):
    def fresh(clock: Clock):
        ledger = open_ledger(postgres_url, clock=clock)
        with ledger.store.write() as connection:
            connection.exec_driver_sql(f"TRUNCATE {TABLES}")
            connection.exec_driver_sql("UPDATE audit_chains SET length = 0, head = '', events = 0")
        return ledger, lambda: None

    machine = type("PostgresMachine", (LedgerMachine,), {"open_fresh": staticmethod(fresh)})
    run(machine, tries=examples(30) // share, steps=6)
