"""How long the coverage of every service type takes for the nation, and how much memory.

    python -m bench.bench_coverage [minutes]

The home is HARTA_HOME, or a demonstration made in a temporary folder. Wall clock and processor seconds of one run
each: the second does not depend on who else uses the machine.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from core.storage.home import Home, open_home
from providers.planning.coverage_tables import by_level, gaps
from providers.planning.demand import load_people
from providers.planning.effective_coverage import COVERAGE_REACH_MINUTES, compute_coverage
from providers.rules import taxonomy
from referrals.homes.demonstration import make_demo
from referrals.workflow.directory import open_directory


def main() -> None:
    """Cover every type that the home has services of, with the tables that the screen shows."""
    reach = float(sys.argv[1]) if len(sys.argv) > 1 else COVERAGE_REACH_MINUTES
    with tempfile.TemporaryDirectory() as folder:
        cover_all(open_home() if os.environ.get("HARTA_HOME") else make_demo(Path(folder) / "home"), reach)


def cover_all(home: Home, reach: float) -> None:
    """Print what every type took together, the slowest three, and the most memory."""
    directory = open_directory(home)
    snapshot = directory.snapshot()
    catalogue, availability = snapshot.catalogue, snapshot.availability
    reported = directory.ledger.capacity_now(now=availability.now)
    people = load_people(directory.home, directory.gazetteer)
    took: list[tuple[float, float, float, str, int]] = []
    for code in (code for code in taxonomy.service_types() if code in catalogue.types):
        wall, cpu = time.perf_counter(), time.process_time()
        found = compute_coverage(
            code, people, catalogue, availability, travel=snapshot.travel, reported=reported, reach_minutes=reach
        )
        measured = time.perf_counter() - wall
        by_level(found, "county")
        if not found.is_protected:
            gaps(found)
        used = time.process_time() - cpu
        took.append((used, time.perf_counter() - wall, measured, code, len(found.supply.services)))
    print(
        f"{'demonstration' if home.is_demo else 'live'} home: {len(people.areas):,} localities, "
        f"{len(catalogue.services):,} services of {len(took)} types, {reach:.0f} minutes"
    )
    print(
        f"every type, with its tables: {sum(t[1] for t in took):.1f} s ({sum(t[0] for t in took):.1f} s of processor)"
    )
    for used, wall, measured, code, services in sorted(took, reverse=True)[:3]:
        times = f"measures {measured:.2f} s, with tables {wall:.2f} s ({used:.2f} s of processor)"
        print(f"  {code}, {services:,} services: {times}")
    print(f"peak: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main()
