"""Ten thousand random questions over the real catalogue against the obvious search, service by service.

    python -m bench.acceptance.nearest [questions]

The catalogue is the real registers of HARTA_TEST_DATA; capacity reports are simulated (seeds are the round
numbers), with free shares from 1 % to 90 %. The peer is tests/worlds/twins/obvious_finder.py: geodesic
distances, plain loops, no tree, no mask. A difference stops the run with the question that showed it.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

ROOT = Path(__file__).resolve().parents[2]

from bench.bench_imports import FILES  # noqa: E402
from core.storage.home import make_home  # noqa: E402
from geo.gazetteer.gazetteer import Gazetteer, load_gazetteer  # noqa: E402
from providers.catalogue.availability import availability  # noqa: E402
from providers.catalogue.catalogue import make_catalogue, services_in_force  # noqa: E402
from providers.catalogue.eligibility import Person  # noqa: E402
from providers.catalogue.snapshot import Snapshot  # noqa: E402
from providers.finder.answer import Offer, Query  # noqa: E402
from providers.finder.finder import find  # noqa: E402
from providers.finder.resolved_query import wanted_types  # noqa: E402
from providers.imports.importing import import_file  # noqa: E402
from providers.rules import taxonomy  # noqa: E402
from providers.rules.needs import needs  # noqa: E402
from providers.rules.schema import SERVICE_COLUMNS  # noqa: E402
from tests.worlds.twins.obvious_finder import NOW, TODAY, capacity_table, geography, obvious, records  # noqa: E402

SHARES = (0.01, 0.02, 0.1, 0.5, 0.9)
ROUND = 250
_PEOPLE = (None, None, None, None, 1, 4, 9, 15, 17, 18, 30, 45, 62, 80)


@dataclass(frozen=True)
class ObviousAnswer:
    """What a round found: questions, services shown, and services left out by reason."""

    questions: int
    shown: int
    reasons: Counter[str]
    seconds: float


def real_services() -> tuple[pd.DataFrame, Gazetteer]:
    """Import the real registers into a temporary home and return every service and office that they make."""
    data = Path(os.environ.get("HARTA_TEST_DATA") or ROOT.parent / "shared") / "data"
    with tempfile.TemporaryDirectory() as folder:
        home = make_home("live", Path(folder))
        for kind, file in FILES:
            import_file(home, kind, data / file, as_of=date(2026, 11, 22))
        gazetteer = load_gazetteer(home)
        _ = gazetteer.uat_at(46.5, 27.1)  # read the boundaries while the home is there
        services, _editions = services_in_force(home, gazetteer)
    known = services["service_type"].isin(list(taxonomy.service_types()))
    return services.loc[known, list(SERVICE_COLUMNS)].reset_index(drop=True), gazetteer


def reports_of(rng: random.Random, services: pd.DataFrame, share: float) -> dict[str, Any]:
    """Simulate reports: `share` of the services say that they have a free place, as many again something else."""
    reports = {}
    for service_id in services["service_id"]:
        drawn = rng.random()
        if drawn < 2 * share:
            status = "free" if drawn < share else rng.choice(["full", "full", "waitlist", "assess", "open", "unknown"])
            free = rng.choice([1, 2, 7]) if status == "free" else 0 if status == "full" else None
            reports[service_id] = (status, free, NOW - timedelta(days=rng.choice([0, 2, 6.9, 7.1, 13.9, 14.1, 29, 61])))
    return reports


def question(rng: random.Random, gazetteer: Gazetteer, codes: list[int], types: list[str]) -> Query:
    """Draw a question: types or needs, ages, sexes, groups, homes, reaches."""
    groups = [g.group for g in taxonomy.groups().values() if g.kind == "situation"]
    return Query(
        gazetteer.by_siruta(rng.choice(codes)),
        tuple(rng.sample(rng.choice([types, list(needs())]), rng.choice([1, 1, 1, 2, 3]))),
        Person(
            rng.choice(_PEOPLE),
            rng.choice([None, None, None, "F", "M"]),
            frozenset(rng.sample(groups, rng.choice([0, 0, 0, 0, 0, 1, 2]))),
        ),
        rng.choice([None, None, gazetteer.by_siruta(rng.choice(codes))]),
        k=rng.choice([1, 3, 5, 5, 10]),
        mode=rng.choice(["car", "car", "walk"]),
        max_minutes=rng.choice([None, None, 15, 60, 120]),
        only_confirmed=rng.choice([False, False, False, True]),
        on=TODAY,
    )


def looked_at(query: Query) -> dict[str, None]:
    """Return the types of which a question may show a service: those asked, hospitals and schools by what they do."""
    codes = list(wanted_types(query).types)
    kinds = taxonomy.service_types()
    codes += ["MED-HOSP"] if any(kinds[code].hospital_line for code in codes) else []
    codes += [code for code, kind in kinds.items() if kind.whose == "school"]
    return dict.fromkeys(codes)


def _named(offer: Offer) -> str:
    """Return the id of an offer, of a protected one its type and county; of a kind without a service its type."""
    key = offer.service_id.rpartition(":")[0] if offer.is_secret else offer.service_id
    return key or f"kind:{offer.service_type}"


_WORLD: dict[str, Any] = {}


def run_round(number: int) -> ObviousAnswer:
    """Ask one round of questions both ways; AssertionError with the first that differs."""
    rng = random.Random(number)
    services, gazetteer, catalogue = _WORLD["services"], _WORLD["gazetteer"], _WORLD["catalogue"]
    reports = reports_of(rng, services, SHARES[number % len(SHARES)])
    snapshot = Snapshot(catalogue, availability(catalogue, capacity_table(reports), now=NOW), gazetteer)
    shown, reasons, start = 0, Counter[str](), time.perf_counter()
    for _ in range(ROUND):
        query = question(rng, gazetteer, _WORLD["codes"], _WORLD["types"])
        answer = find(snapshot, query)
        some = [service for code in looked_at(query) for service in _WORLD["by_type"].get(code, ())]
        told = obvious(some, reports, query, _WORLD["where"], now=NOW)
        best = [[_named(offer) for offer in offers] for offers in (answer.first, answer.also)]
        blocks = {b: [r.service_id for r in answer.results if r.block == b] for b in ("confirmed", "call_first")}
        left = {e.service_id: e.reason for e in answer.excluded if e.minutes is not None}
        # Neighbours' offices are no news and are not listed; nothing else may be missing.
        expected = {s: r for s, r in told.reasons.items() if not (s.startswith("authority:") and r == "home")}
        if not answer.results:
            left = {s: r for s, r in left.items() if s in expected}
            expected = {s: r for s, r in expected.items() if s in left}
        ours = (blocks["confirmed"], blocks["call_first"], left, *best)
        if ours != (told.confirmed, told.call_first, expected, told.first, told.also):
            raise AssertionError(f"round {number}: {query}\nours {ours}\ntheirs {told}")
        shown += len(answer.results)
        reasons.update(left.values())
    return ObviousAnswer(ROUND, shown, reasons, time.perf_counter() - start)


def main(questions: int) -> None:
    """Run rounds in two processes and print what was compared."""
    services, gazetteer = real_services()
    catalogue = make_catalogue(services, gazetteer)
    _WORLD.update(
        services=services,
        gazetteer=gazetteer,
        catalogue=catalogue,
        codes=[int(code) for code in gazetteer.localities["locality_siruta"]],
        types=sorted(services["service_type"].unique()),
        by_type={str(code): records(table) for code, table in services.groupby("service_type")},
        where=geography(gazetteer),
    )
    start = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(2) as pool:
        told = pool.map(run_round, range(-(-questions // ROUND)), chunksize=1)
    reasons = sum((t.reasons for t in told), Counter[str]())
    print(f"{sum(t.questions for t in told):,} questions over {len(services):,} services and offices: all equal")
    print(f"{sum(t.shown for t in told):,} services shown, {sum(reasons.values()):,} left out with the right reason:")
    for reason, count in reasons.most_common():
        print(f"  {reason}: {count:,}")
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
