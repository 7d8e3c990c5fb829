"""What is lost when something fails under load: `python -m bench.load.faults --home HOME [--fault worker proxy …]`.

Programs make referrals by the API through nginx, each with its key, again and again with the same key until it is
acknowledged or refused; in the middle something fails. Then the ledger is read: every acknowledged referral has to
be there, no key may have made two, counts of places and the audit log have to hold. Meanwhile people have screens open
and ask on plain pages, as on a morning (`--screens`). The silence is the longest time in which nothing was settled; the
recovery is how long anybody waited after what had failed was there again, programs and people.

| fault | what is done |
|---|---|
| worker | one process is killed (SIGKILL) |
| reload | SIGHUP: every process is replaced |
| proxy | nginx is killed and started again after a second |
| database | PostgreSQL is killed (SIGKILL) and started again; SQLite: another program holds its lock for 8 s |
| cut | nothing passes between the processes and PostgreSQL for 8 s, connections stay open |
| disk | the small file system of the home, or of PostgreSQL's files, is full for 8 s (needs the right to mount) |
| home | the small file system of the home is full for 8 s, and the database is PostgreSQL's, elsewhere |
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import secrets
import signal
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from bench.load.breaking import Break, breaks_of
from bench.load.installation import REFERRED, People, copied_home, give_places, prepare_people, served, warm_up
from bench.load.proxied import behind_nginx
from bench.load.samples import Samples
from bench.load.visitors import WITHOUT_WORDS, Crowd, Morning
from bench.screens.browsing import load
from referrals.database.models import referrals
from referrals.ledger.ledger import open_ledger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.storage.home import Home

FAULTS = ("worker", "reload", "proxy", "database", "cut", "disk", "home")
_OF_POSTGRESQL = ("cut", "home")  # of SQLite there is no network, and the home is the disk of the database
_PAUSE, _PATIENCE = 0.3, 120.0  # seconds between two tries of a key, and until one is given up
_AFTER = 10.0  # seconds that are written at least after what had failed is there again
_PLACES = 5_000  # of each service: nobody is refused for want of one, so that every request writes
_PACE = 0.125  # seconds from one referral of a program to its next
_SETTLED = frozenset({201, 404, 409, 410, 422})


@dataclass
class Writers:
    """Programs that make referrals: what they sent, what was acknowledged, and what they were told meanwhile."""

    base: str
    people: People
    until: float = 0.0
    sent: int = 0
    acknowledged: dict[str, str] = field(default_factory=dict)  # referral by its key
    refused: Counter[int] = field(default_factory=Counter)
    given_up: int = 0
    told: Counter[str] = field(default_factory=Counter)  # by a try that was not settled
    without_words: int = 0  # errors of the application that were no sentence
    settled: list[tuple[float, float]] = field(default_factory=list)  # when it was first sent, and when it was settled

    async def write(self, number: int) -> None:
        """Make one referral after the other, until the time."""
        headers = {"Authorization": f"Bearer {self.people.tokens[number % len(self.people.tokens)]}"}
        offers = itertools.cycle(self.people.offers[number::3])
        async with httpx.AsyncClient(base_url=self.base, timeout=60, trust_env=False) as http:
            while (began := time.monotonic()) < self.until:
                place, service_id = next(offers)
                said = {
                    "service_id": service_id, "place": str(place), "need": REFERRED,
                    "basis": "consent", "consent_at": datetime.now(UTC).isoformat(),
                }  # fmt: skip
                await self._settle(http, said, headers | {"Idempotency-Key": secrets.token_urlsafe(16)})
                await asyncio.sleep(max(0.0, began + _PACE - time.monotonic()))  # a program has 600 requests a minute

    async def _settle(self, http: httpx.AsyncClient, said: dict[str, Any], headers: dict[str, str]) -> None:
        """Send a request with its key until it is settled."""
        self.sent += 1
        began = time.monotonic()
        while time.monotonic() < began + _PATIENCE:
            try:
                answer = await http.post("/api/v1/referrals", json=said, headers=headers)
            except httpx.HTTPError as error:
                self.told[type(error).__name__] += 1
                await asyncio.sleep(_PAUSE)
                continue
            if answer.status_code in _SETTLED:
                self.settled.append((began, time.monotonic()))
                if answer.status_code == 201:
                    self.acknowledged[headers["Idempotency-Key"]] = answer.json()["referral_id"]
                else:
                    self.refused[answer.status_code] += 1
                return
            self.told[str(answer.status_code)] += 1
            is_ours = answer.headers.get("content-type", "").startswith("application/problem+json")
            if not (is_ours and answer.json().get("detail")):
                self.without_words += 1
            await asyncio.sleep(1.0 if answer.status_code == 429 else _PAUSE)
        self.given_up += 1

    def silence(self, since: float, until: float) -> float:
        """Return the longest time between two moments in which nothing was settled, seconds."""
        moments = [since, *sorted(end for _begin, end in self.settled if since <= end < until), until]
        return max(after - before for before, after in itertools.pairwise(moments))


def recovery(spans: Sequence[tuple[float, float]], over: float) -> float:
    """Return how long whoever waited longest waited after a moment at which what had failed was there again."""
    return max((end - max(begin, over) for begin, end in spans if end >= over), default=float("inf"))


async def _run(writers: Writers, crowd: Crowd, broken: Break, said: argparse.Namespace) -> tuple[float, float, float]:
    """Write, break something in the middle, go on; return when it broke, when that was over, and when writing ended."""
    writers.until = time.monotonic() + said.seconds
    writing = [asyncio.create_task(writers.write(number)) for number in range(said.writers)]
    if said.screens:
        writing.append(asyncio.create_task(crowd.morning(_morning(said))))
    await asyncio.sleep(said.seconds / 3)
    began = time.monotonic()
    await broken()
    over = time.monotonic()
    writers.until = max(writers.until, over + _AFTER)
    await asyncio.gather(*writing)
    return began, over, writers.until


def _morning(said: argparse.Namespace) -> Morning:
    """Let screens be open and plain pages and links be asked for; programs are the writers."""
    return Morning(
        said.screens, arrive_seconds=5, think_seconds=4, plain_a_second=1, api_a_second=0, links_a_second=0.5,
        seconds=said.seconds,
    )  # fmt: skip


def _beside(samples: Samples, over: float) -> tuple[str, int]:
    """Say what people met meanwhile; return how many errors were no sentence as well."""
    failed = {f"{kind}: {what}": n for (kind, what), n in samples.failures.most_common()}
    without = sum(n for what, n in failed.items() if what.endswith(WITHOUT_WORDS))
    words = f"    people: {samples.count()} answers, recovery {recovery(samples.spans, over):.1f} s, failed {failed}"
    return words, without


def _judge(home: Home, writers: Writers, before: set[str]) -> tuple[int, int, list[str]]:
    """Hold the ledger against what was acknowledged; return how many were lost, how many doubled, and faults."""
    with closing(open_ledger(home)) as ledger:
        with ledger.store.read() as connection:
            made = set(connection.execute(referrals.select().with_only_columns(referrals.c.referral_id)).scalars())
        faults = [*map(str, ledger.verify_audit()), *ledger.verify_counts()]
    new, kept = made - before, set(writers.acknowledged.values())
    doubled = len(writers.acknowledged) - len(kept) + max(0, len(new) - len(writers.acknowledged) - writers.given_up)
    return len(kept - new), doubled, faults


def _numbers(home: Home) -> set[str]:
    with closing(open_ledger(home)) as ledger, ledger.store.read() as connection:
        return set(connection.execute(referrals.select().with_only_columns(referrals.c.referral_id)).scalars())


def main() -> None:
    """Run each fault on a fresh copy of the home and print the table; exit 1 where something was lost or doubled."""
    said = _arguments()
    head = f"{'fault':<10}{'database':<12}{'sent':>7}{'acknowl.':>9}{'refused':>9}{'lost':>6}{'doubled':>9}"
    lines, is_bad = [f"{head}{'no words':>9}{'given up':>9}{'fault s':>9}{'silence s':>10}{'recovery s':>11}"], False
    for fault in said.fault:
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            broken = breaks_of(fault, said.database, Path(folder), stack)
            home = stack.enter_context(
                copied_home(
                    said.home, broken.home_folder, database=said.database, database_folder=broken.database_folder
                )
            )
            people = prepare_people(home)
            give_places(home, people, _PLACES)
            before, environment = _numbers(home), {"HARTA_TRUSTED_PROXIES": "127.0.0.1", **broken.environment()}
            with served(home, Path(folder), workers=said.workers, environment=environment) as server:
                warm_up(server, people)
                proxy = stack.enter_context(behind_nginx(server.bases, Path(folder)))
                writers, crowd = Writers(proxy.base, people), Crowd([proxy.base], people)
                broken.meet(server, proxy)
                began, over, ended = asyncio.run(_run(writers, crowd, broken, said))
            lost, doubled, faults = _judge(home, writers, before)
        beside, without_words = _beside(crowd.samples, over)
        is_bad = is_bad or bool(lost or doubled or faults)
        lines.append(
            f"{fault:<10}{said.database:<12}{writers.sent:>7}{len(writers.acknowledged):>9}"
            f"{sum(writers.refused.values()):>9}{lost:>6}{doubled:>9}"
            f"{writers.without_words + without_words:>9}{writers.given_up:>9}"
            f"{over - began:>9.1f}{writers.silence(began, ended):>10.1f}{recovery(writers.settled, over):>11.1f}"
        )
        lines += [f"    told meanwhile: {dict(writers.told)}, refused {dict(writers.refused)}", beside, *faults]
        print("\n".join(lines[-3 - len(faults) :]), flush=True)
    print("\n" + "\n".join(lines))
    print(load())
    if is_bad:
        raise SystemExit("something acknowledged was lost, or promised twice")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True, help="a demonstration (harta demo)")
    parser.add_argument("--fault", nargs="+", choices=FAULTS, help="all that the database can meet")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--writers", type=int, default=16)
    parser.add_argument("--screens", type=int, default=8, help="that are open meanwhile, with plain pages; 0 = none")
    parser.add_argument("--seconds", type=float, default=45.0)
    said = parser.parse_args()
    said.fault = said.fault or [each for each in FAULTS if said.database == "postgresql" or each not in _OF_POSTGRESQL]
    return said


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    signal.signal(signal.SIGTERM, lambda *_said: (_ for _ in ()).throw(SystemExit(1)))
    main()
