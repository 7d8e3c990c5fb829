"""Which tests take long, as `make test-times` measured it: `make test-fast` leaves them out, and runs begin with them.

    python -m tests.longer_tests MEASURED

writes `tests/longer_tests.csv` from what a run with `--note-times MEASURED` noted. A test of several combinations is
listed once, with what its longest one took.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_suffix(".csv")
LEAST_SECONDS = 0.5  # of processor


def name_of(nodeid: str) -> str:
    """Return what all combinations of a test have in common."""
    return nodeid.split("[", 1)[0]


@cache
def longer_tests() -> dict[str, float]:
    """Return the listed tests with their seconds of processor."""
    with LIST.open(encoding="utf-8", newline="") as lines:
        return {row["test"]: float(row["seconds"]) for row in csv.DictReader(lines)}


def longest(measured: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return the tests that took LEAST_SECONDS or more in one combination, by name."""
    found: dict[str, float] = {}
    for nodeid, seconds in measured:
        name = name_of(nodeid)
        found[name] = max(seconds, found.get(name, 0.0))
    return {name: found[name] for name in sorted(found) if found[name] >= LEAST_SECONDS}


def main(measured: Path) -> None:
    """Write the list anew. measured: lines of seconds, a tab, and the name of a test with its combination."""
    pairs = (line.split("\t", 1) for line in measured.read_text(encoding="utf-8").splitlines())
    with LIST.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("test", "seconds"))
        rows.writerows((name, f"{seconds:.1f}") for name, seconds in longest((n, float(s)) for s, n in pairs).items())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
