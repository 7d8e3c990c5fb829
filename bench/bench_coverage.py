"""How long the coverage of every service type takes for the nation, on the home of HARTA_HOME, and how much memory.

    HARTA_HOME=… python -m bench.bench_coverage

Wall clock and processor seconds of one run each: the second does not depend on who else uses the machine.
"""

from __future__ import annotations

import resource
import time

from geo.home import open_home
from providers import taxonomy
from providers.coverage import cover
from providers.coverage_tables import by_level, gaps
from providers.demand import load_people
from referrals.desk import open_desk


def main() -> None:
    """Cover every type that the home has services of, with the tables that the screen shows."""
    desk = open_desk(open_home())
    catalogue, laid = desk.catalogue(), desk.available()
    reported = desk.ledger.capacity_now(now=laid.now)
    people = load_people(desk.home, desk.gazetteer)
    codes = [code for code in taxonomy.service_types() if code in catalogue.types]
    total = [0.0, 0.0]
    slowest = (0.0, 0.0, "", 0)
    for code in codes:
        wall, cpu = time.perf_counter(), time.process_time()
        found = cover(code, people, catalogue, laid, reported=reported)
        by_level(found, "county")
        if not found.is_protected:
            gaps(found)
        took = time.perf_counter() - wall, time.process_time() - cpu
        total = [total[0] + took[0], total[1] + took[1]]
        slowest = max(slowest, (took[1], took[0], code, len(found.supply.services)))
    print(f"{len(people.areas):,} localities, {len(catalogue.services):,} services of {len(codes)} types, 30 minutes")
    print(f"every type: {total[0]:.1f} s ({total[1]:.1f} s of processor)")
    print(f"slowest: {slowest[2]}, {slowest[3]:,} services, {slowest[1]:.2f} s ({slowest[0]:.2f} s of processor)")
    print(f"peak: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main()
