"""Four weeks of campaigns in a county of the real registers, with made-up providers who answer by a stated model.

    python -m bench.acceptance.campaigns [COUNTY ...]

A live home is made of the real registers (HARTA_TEST_DATA, default ../shared): nobody has a fresh place in it. Every
Monday the county unit stops the campaign of the week before and starts the next; on Thursday whoever got a message
and is silent is reminded. Messages leave through the file outbox, and a provider answers only what it was sent: through
its link, for all services of it. The same model is counted again by plain loops without the product, 400 times; the
share that the product says must lie among theirs, and every message must have left once.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default as mail_policy
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

ROOT = Path(__file__).resolve().parents[2]

from bench.bench_imports import FILES  # noqa: E402
from core.romanian_calendar import BUCHAREST  # noqa: E402
from core.storage.home import make_home  # noqa: E402
from core.storage.message_settings import change_message_settings  # noqa: E402
from core.text import fold  # noqa: E402
from providers.imports.importing import import_file  # noqa: E402
from referrals.campaigns import campaign_status, campaign_steps, fresh_share  # noqa: E402
from referrals.delivery import mail_channels, message_timer  # noqa: E402
from referrals.ledger import link_answers, provider_tokens  # noqa: E402
from referrals.outbox.address_choices import tidy_address  # noqa: E402
from referrals.records.vocabulary import Actor  # noqa: E402
from referrals.workflow import directory as directories  # noqa: E402

if TYPE_CHECKING:
    from core.storage.home import Home
    from referrals.workflow.directory import Directory

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=BUCHAREST).astimezone(UTC)
WEEKS, REMINDED_ON, REPEATS = 4, 3, 400
# Assumed, nobody has measured it in Romania: which share of the providers answers, by how they were asked.
AFTER_MESSAGE, AFTER_REMINDER, AFTER_CALL, AFTER_PRINT = 0.40, 0.25, 0.60, 0.20
DAYS = {"message": (0, 2), "reminder": (3, 6), "phone": (1, 4), "print": (1, 6)}


class Moment:
    """The clock of the run: the ledger and the directory look at it."""

    def __init__(self) -> None:
        self.at = MONDAY

    def __call__(self) -> datetime:
        """Tell the moment of the run."""
        return self.at


def set_clock(directory: Directory, clock: Moment) -> None:
    """Let the ledger and the directory live in the run's own month."""

    class Simulated(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            """Tell the moment of the run."""
            del tz
            return clock.at

    directory.ledger = replace(directory.ledger, clock=clock)
    directories.datetime = Simulated  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Answering:
    """Whether and on which day of the week a provider answers. day: None = not."""

    day: int | None
    needs_reminder: bool = False


def draw(rng: random.Random, channel: str) -> Answering:
    """Draw what a provider that is asked in this way does this week."""
    if channel == "message":
        if rng.random() < AFTER_MESSAGE:
            return Answering(rng.randint(*DAYS["message"]))
        is_reminded = rng.random() < AFTER_REMINDER
        return Answering(rng.randint(*DAYS["reminder"]) if is_reminded else None, needs_reminder=True)
    share = AFTER_CALL if channel == "phone" else AFTER_PRINT
    return Answering(rng.randint(*DAYS[channel]) if rng.random() < share else None)


# --- the same month without the product -----------------------------------------------------------------


@dataclass(frozen=True)
class PlainService:
    """A service as the plain loops know it."""

    provider: tuple[str, str]
    channel: str
    limit: float
    is_asked: bool


def plain_services(directory: Directory, county: str) -> list[PlainService]:
    """List the services of a county whose places are counted, by loops over the table."""
    catalogue, found = directory.snapshot().catalogue, []
    rows = catalogue.services.to_dict("records")
    closed = np.asarray(catalogue.rules.closed)
    channels: dict[tuple[str, str], set[str]] = {}
    for at, row in enumerate(rows):
        text = {name: row[name] if isinstance(row[name], str) else "" for name in row}
        where = text["county"] or text["county_served"]
        if where != county or row["is_secret"] or catalogue.rules.capacity_model[at] != "places":
            continue
        mail = tidy_address(text["email"])
        key = (text["organization_cui"] or fold(text["organization"]) or text["service_id"], mail)
        channels.setdefault(key, set()).add("message" if mail else "phone" if text["phone"] else "print")
        found.append((key, float(catalogue.rules.freshness_days[at]), not closed[at]))
    way = {key: next(each for each in ("message", "phone", "print") if each in some) for key, some in channels.items()}
    return [PlainService(key, way[key], limit, is_asked) for key, limit, is_asked in found]


def plain_month(rng: random.Random, services: list[PlainService]) -> list[float]:
    """Live through the weeks once; give the share with a fresh place at the end of each."""
    last: list[float | None] = [None] * len(services)
    shares = []
    for week in range(WEEKS):
        monday = 7.0 * week
        asked: dict[tuple[str, str], list[int]] = {}
        for at, service in enumerate(services):
            said = last[at]
            if service.is_asked and (said is None or monday - said > service.limit - 2):
                asked.setdefault(service.provider, []).append(at)
        for some in asked.values():
            day = draw(rng, services[some[0]].channel).day
            if day is not None:
                for at in some:
                    last[at] = monday + day
        end = monday + 6.9
        fresh = sum(
            said is not None and end - said <= service.limit for said, service in zip(last, services, strict=True)
        )
        shares.append(fresh / len(services))
    return shares


# --- the product ---------------------------------------------------------------------------------------


def real_home(folder: Path) -> Home:
    """Make a live home of the real registers."""
    data = Path(os.environ.get("HARTA_TEST_DATA") or ROOT.parent / "shared") / "data"
    home = make_home("live", folder)
    for kind, file in FILES:
        import_file(home, kind, data / file, as_of=date(2026, 10, 26), confirmed=True)
    change_message_settings(home, channel="file", public_address="https://harta.example.ro", sender="harta@example.ro")
    return home


def links_of_mails(home: Home) -> Counter[str]:
    """Count the links that the e-mails of the file outbox carry."""
    found: Counter[str] = Counter()
    for path in (home.path / mail_channels.FOLDER).glob("*.eml"):
        body = message_from_bytes(path.read_bytes(), policy=mail_policy).get_content()
        found.update(word.partition("/l/")[2] for word in body.split() if "/l/" in word)
    return found


def run_county(directory: Directory, clock: Moment, county: str, rng: random.Random) -> list[str]:
    """Run the weeks of a county and give its lines; AssertionError where product and model part."""
    actor = Actor("county", f"ujss-{county.lower()}", county)
    services = plain_services(directory, county)
    expected = np.array([plain_month(random.Random(seed), services) for seed in range(REPEATS)])
    start = clock.at
    shares, asked_in_all, answered, calls = [], 0, 0, 0
    before = share_now(directory, actor)
    assert before == 0.0, "a fresh place before anybody was asked"
    previous = ""
    for week in range(WEEKS):
        monday = start + timedelta(weeks=week)
        clock.at = monday
        if previous:
            campaign_steps.stop(directory.ledger, previous, actor=actor)
        made, asked = campaign_steps.start(directory, county=county, actor=actor)
        previous, asked_in_all = made.campaign_id, asked_in_all + asked
        message_timer.deliver_once(directory.home, directory, with_planned=False, in_quiet_hours=True)
        mailed = links_of_mails(directory.home)
        table = campaign_status.campaign_table(directory, made.campaign_id, actor=actor)
        todo = []
        for row in table.sort_values("link").to_dict("records"):
            token = str(row["link"]).removeprefix("/l/")
            drawn = draw(rng, str(row["channel"]))
            calls += row["channel"] == "phone"
            if row["channel"] == "message":
                assert mailed[token] == 1, "a provider was not written to once"
            if drawn.day is not None:
                todo.append((drawn.day, token, drawn.needs_reminder))
        for day in range(7):
            clock.at = monday + timedelta(days=day, hours=4)
            if day == REMINDED_ON:
                campaign_steps.remind(directory.ledger, made.campaign_id, actor=actor)
                message_timer.deliver_once(directory.home, directory, with_planned=False, in_quiet_hours=True)
                mailed = links_of_mails(directory.home)
            for _day, token, needs_reminder in (each for each in todo if each[0] == day):
                assert not needs_reminder or mailed[token] == 2, "a reminder did not leave once"
                answered += answer(directory, token, rng)
        clock.at = monday + timedelta(days=6, hours=22)
        shares.append(share_now(directory, actor))
    low, high = np.quantile(expected, 0.005, axis=0), np.quantile(expected, 0.995, axis=0)
    lines = [
        f"{county}: {len(services):,} services whose places are counted; providers: "
        + ", ".join(
            f"{n:,} {way}" for way, n in Counter({s.provider: s.channel for s in services}.values()).most_common()
        ),
        f"  asked {asked_in_all:,} times ({calls:,} calls), {answered:,} reports of places; share with a fresh place",
        f"  before: {before:.1%}",
    ]
    for week, share in enumerate(shares):
        mean = float(expected[:, week].mean())
        lines.append(f"  week {week + 1}: {share:.1%}; the model: {mean:.1%} ({low[week]:.1%} to {high[week]:.1%})")
        assert low[week] <= share <= high[week], lines[-1]
    return lines


def share_now(directory: Directory, actor: Actor) -> float:
    """Return the share of the county's counted services with a fresh place, as „Rapoarte” has it."""
    table = fresh_share.fresh_share_table(directory, [directory.ledger.clock()], actor=actor)
    return float(table["fresh"].sum() / table["services"].sum())


def answer(directory: Directory, token: str, rng: random.Random) -> int:
    """Answer for all services of a link, as its page does; give how many reports that made."""
    link, _seen = link_answers.look(directory.ledger, token)
    services = provider_tokens.services_of(directory.ledger, link)
    said = {each: (rng.choice((0, 0, 1, 2, 4)), None) for each in services}
    nonce = provider_tokens.new_nonce(directory.ledger, token)
    return link_answers.report_several(directory.ledger, token, nonce, said) or 0


def main() -> None:
    """Run the counties named, by default Bacău, and print what became of them."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        home = real_home(Path(folder))
        directory, clock = directories.open_directory(home), Moment()
        set_clock(directory, clock)
        for county in sys.argv[1:] or ["BC"]:
            clock.at = MONDAY
            print("\n".join(run_county(directory, clock, county, random.Random(county))), flush=True)
        faults = directory.ledger.verify_counts() + directory.ledger.verify_audit()
        mails = len(list((home.path / mail_channels.FOLDER).glob("*.eml")))
        assert not faults, faults
        print(f"{mails:,} e-mails in the file outbox; counts and trail agree; {time.perf_counter() - began:.0f} s")
        directory.ledger.close()


if __name__ == "__main__":
    main()
