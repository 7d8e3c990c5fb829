"""Ten thousand small years of publications, each at three sizes, audited in whole numbers.

    python -m bench.acceptance.suppression [FIRST LAST [MEAN ...]]

Every small count of every year must keep as many possible whole numbers as there are small numbers, given everything
that is shown. The audit starts anew from the published tables; of every hundredth year integer programs that share
nothing with `reports` (`bench.disclosure.small_years`) repeat it. Exit 1 where a count is given away.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from bench.disclosure.small_years import possible_numbers, published_in_turn, small_cells
from reports.disclosure import disclosure_audit
from reports.disclosure.suppression import VALUES, Sums

SEEDS, MEANS = 10_001, (1.5, 6.0, 20.0)
EVERY = 100  # years, of which one is audited a second time


def main() -> int:
    """Audit, print, give the exit code."""
    given = sys.argv[1:]
    first, last = (int(given[0]), int(given[1])) if given else (0, SEEDS)
    failed = sum(audited(mean, range(first, last)) for mean in map(float, given[2:] or MEANS))
    return 1 if failed else 0


def audited(mean: float, seeds: range) -> int:
    """Audit the years of one size; print what was found, and count what was given away."""
    start, small, shown, cells, again, given_away = time.process_time(), 0, 0, 0, 0, list[str]()
    for seed in seeds:
        table, hidden, _months = published_in_turn(seed, mean)
        keys = small_cells(table)
        small, shown, cells = small + len(keys), shown + len(table.keys) - len(hidden), cells + len(table.keys)
        sums = Sums(table)
        unknowns, columns = sums.unknowns(sums.mark(table, hidden), np.ones(len(sums.counts)))
        wanted = np.isin(columns, [sums.one[table.place[key]] for key in keys])
        audit = disclosure_audit.Attack(unknowns, wanted, disclosure_audit.bits(unknowns.truth), values=VALUES)
        audit.widen()
        for cell in np.flatnonzero(audit.tight()).tolist():
            audit.examine(cell)
        tight = columns[audit.tight()]
        given_away += [f"seed {seed}: {table.keys[cell]}" for cell in tight.tolist()]
        given_away += [f"seed {seed}: {key} is shown" for key in keys if key not in hidden]
        if seed % EVERY == 0:
            again += len(keys)
            short = [key for key in keys if len(possible_numbers(table, hidden, key, enough=VALUES)) < VALUES]
            given_away += [f"seed {seed}: {key} by integer programs" for key in short]
    took = time.process_time() - start
    print(
        f"mean {mean:4.1f}, seeds {seeds.start:,} to {seeds.stop - 1:,}: {small:,} small counts audited, "
        f"{again:,} of them twice, {len(given_away)} given away; {100 * shown / cells:.1f} % of counts shown; "
        f"{took:.0f} s of processor"
    )
    for line in given_away:
        print("  " + line)
    return len(given_away)


if __name__ == "__main__":
    sys.exit(main())
