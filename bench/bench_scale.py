"""What ten times as many services cost: the index, the nearest with a free place, and a coverage.

    python -m bench.bench_scale [--write] [SERVICES ...]       10000 100000 1000000 10000000

Everything is synthetic: services of 20 types beside real settlements, one in two with a free place. Up to 100,000 are
those of a country; more are countries side by side, each with its 13,755 localities, so that a service has as many
people and neighbours as before. Each size runs in a process of its own, whose peak of memory is told; seconds are of
processor. `--write` puts the table into docs/scale.md.
"""

from __future__ import annotations

import json
import os
import platform
import re
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bench.bench_nearest import SEED, TYPES, world
from geo.access.served import allocate_people
from geo.gazetteer.gazetteer import load_gazetteer
from geo.spatial.nearest import PointIndex, nearest
from geo.spatial.points import Points
from geo.spatial.travel import CAR

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).resolve().parent.parent / "docs" / "scale.md"
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
A_COUNTRY, APART_M = 100_000, 2_000_000.0
QUESTIONS, K, REACH_MINUTES, FREE = 1_000, 5, 30.0, 0.5
MOST_SECONDS = 600
_FIGURES = re.compile(r"(?<=<!-- figures -->\n).*?(?=<!-- end -->)", re.DOTALL)


def _timed(ask: Callable[[], Any]) -> tuple[float, Any]:
    start = time.process_time()
    found = ask()
    return time.process_time() - start, found


def _most_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def measure(services: int) -> dict[str, float]:
    """Measure one size in this process."""
    rng = np.random.default_rng(SEED)
    gazetteer = load_gazetteer(None)
    lat, lon = world(rng, gazetteer, services)
    free = rng.random(services) < FREE
    told: dict[str, float] = {"services": services}

    # One sort by type: the rows of each are then one run of the table, as in the catalogue.
    first = np.linspace(0, services, TYPES + 1).astype(int)
    runs = [slice(a, b) for a, b in pairwise(first)]
    told["index_s"], indexes = _timed(lambda: [PointIndex.of(lat[run], lon[run]) for run in runs])

    masks = [~free[run] for run in runs]
    asked = rng.integers(0, TYPES, QUESTIONS)
    qlat, qlon = world(rng, gazetteer, QUESTIONS)
    for i in range(50):
        nearest(indexes[asked[i]], qlat[i], qlon[i], k=K, left_out=masks[asked[i]], travel=CAR)

    def ask() -> None:
        for i in range(QUESTIONS):
            nearest(indexes[asked[i]], qlat[i], qlon[i], k=K, left_out=masks[asked[i]], travel=CAR)

    told["nearest_us"] = _timed(ask)[0] / QUESTIONS * 1e6

    told |= _coverage(rng, gazetteer.localities, indexes[0], free[runs[0]])
    told["most_mb"] = _most_mb()
    return told


def _coverage(
    rng: np.random.Generator, localities: pd.DataFrame, index: PointIndex, free: np.ndarray
) -> dict[str, float]:
    """Cover one type: ways within reach, the nearest of each locality, and who finds a place."""
    known = localities[localities["lat"].notna()]
    country = Points.of(known["lat"], known["lon"])
    countries = max(1, len(index.lat) * TYPES // A_COUNTRY)
    shift = np.repeat(np.arange(countries) * APART_M, len(country))
    areas = Points(
        np.tile(country.lat, countries), np.tile(country.lon, countries),
        np.tile(country.xy, (countries, 1)) + np.column_stack([shift, np.zeros(len(shift))]),
    )  # fmt: skip
    which = np.arange(len(index.lat)) % countries * APART_M
    sites = Points(index.lat, index.lon, index.xy + np.column_stack([which, np.zeros(len(which))]))
    people = rng.integers(0, 20, len(areas))
    places = np.where(free, 10, 0)

    def cover() -> tuple[int, int]:
        ways = CAR.pairs_within(areas, sites, REACH_MINUTES)
        CAR.nearest_each(areas, sites)
        found = allocate_people(
            pd.DataFrame({"area_id": np.arange(len(areas)), "people": people}),
            pd.DataFrame({"service_id": np.arange(len(sites)), "places": places}),
            pd.DataFrame({"area_id": ways.origin, "service_id": ways.site, "minutes": ways.minutes}),
            reach_minutes=REACH_MINUTES,
        )
        return len(ways.origin), int(found.served["served"].sum())

    took, (pairs, served) = _timed(cover)
    if not 0 < served <= min(people.sum(), places.sum()):
        raise SystemExit(f"{served} people in {places.sum()} places")
    return {"localities": len(areas), "pairs": pairs, "coverage_s": took}


def table(found: list[dict[str, float]], refused: list[str]) -> str:
    """Return the figures as Markdown."""
    where = f"{os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    titles = (
        "services", "index, s", "nearest 5 with a free place, µs", "localities", "pairs within 30 min",
        "coverage of a type, s", "peak, MB",
    )  # fmt: skip
    lines = [
        f"Synthetic services; measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC on {where}.",
        "Times are of processor, of a question the mean of 1,000. The peak is of the whole process.",
        "",
        f"| {' | '.join(titles)} |",
        f"|{'--:|' * len(titles)}",
    ]
    for each in found:
        cells = (
            f"{each['services']:,.0f}", f"{each['index_s']:,.2f}",
            f"{each['nearest_us']:,.0f}", f"{each['localities']:,.0f}",
            f"{each['pairs']:,.0f}", f"{each['coverage_s']:,.2f}", f"{each['most_mb']:,.0f}",
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, *(f"\nNot measured: {each}." for each in refused)]) + "\n"


def main() -> None:
    """Measure every size in a process of its own and print the table, or write it."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]))))
        return
    sizes = [int(each) for each in sys.argv[1:] if each != "--write"] or list(SIZES)
    found, refused = [], []
    for size in sizes:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "bench.bench_scale", "--one", str(size)],
                stdout=subprocess.PIPE, text=True, check=True, timeout=MOST_SECONDS,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            refused.append(f"{size:,} services, not done in {MOST_SECONDS // 60} minutes")
        except subprocess.CalledProcessError as ended:
            refused.append(f"{size:,} services, the process ended with {ended.returncode}")
        else:
            found.append(json.loads(done.stdout))
            print(found[-1], flush=True)
    figures = table(found, refused)
    print(figures)
    if "--write" in sys.argv:
        PAGE.write_text(_FIGURES.sub(lambda _old: figures, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
