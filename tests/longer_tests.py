"""Which tests take long, as `make test-times` measured it: `make test-fast` leaves them out, runs begin with them, and
the longest wait for their turn (tests/turns.py).

    python -m tests.longer_tests MEASURED…

writes `tests/longer_tests.csv` from what runs with `--note-times MEASURED` noted; of a test in several of them the last
one counts. A test of several combinations is listed once, with what they took on average.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_suffix(".csv")
LEAST_SECONDS = 0.2  # of processor


def name_of(nodeid: str) -> str:
    """Return what all combinations of a test have in common."""
    return nodeid.split("[", 1)[0]


@cache
def longer_tests() -> dict[str, float]:
    """Return the listed tests with their seconds of processor."""
    with LIST.open(encoding="utf-8", newline="") as lines:
        return {row["test"]: float(row["seconds"]) for row in csv.DictReader(lines)}


def on_average(measured: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return the tests whose combinations took LEAST_SECONDS or more on average, by name."""
    found: dict[str, list[float]] = {}
    for nodeid, seconds in dict(measured).items():
        found.setdefault(name_of(nodeid), []).append(seconds)
    means = {name: sum(found[name]) / len(found[name]) for name in sorted(found)}
    return {name: mean for name, mean in means.items() if mean >= LEAST_SECONDS}


def main(files: Iterable[Path]) -> None:
    """Write the list anew. files: of lines of seconds, a tab, and the name of a test with its combination."""
    lines = [line.split("\t", 1) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    with LIST.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("test", "seconds"))
        rows.writerows((name, f"{mean:.1f}") for name, mean in on_average((n, float(s)) for s, n in lines).items())


if __name__ == "__main__":
    main(map(Path, sys.argv[1:]))
