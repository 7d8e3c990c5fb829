"""Which tests wait for their turn: `make test` runs the others and one part of sixteen of these, CI one of four, another
after each commit, and `make test-all` all (docs/decisions/0063).

What waits is what repeats another test over more combinations (`exhaustive`, tests/covering.py), what drives a browser, and
what takes half a second of processor or more, unless it is marked `everyday`. `tests/running/test_turns.py` holds that each of them
is in one part and that the parts take about equally long; where they no longer do,

    python -m tests.turns

finds a number for SPREAD with which they do.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Container, Iterable

import pytest

LONG_SECONDS = 0.5  # of processor
PARTS = 16
# What the tests are dealt out by, beside their names. Another number deals them anew, and a cycle begins anew with it.
SPREAD = 1122
# What a test is taken to take that waits and is not listed: repetitions are measured seldom.
UNLISTED_SECONDS = 0.5


def is_in_turns(marks: Container[str], seconds: float) -> bool:
    """Whether a test with these marks, which takes so many seconds of processor, waits for its turn."""
    if "exhaustive" in marks:
        return True
    return "everyday" not in marks and ("browser" in marks or seconds >= LONG_SECONDS)


def is_in_part(nodeid: str, part: str) -> bool:
    """Whether a test with its combination is in one of so many parts of all. part: which, and of how many, as "2/4".

    Every fourth of the sixteen parts are together one of the four.
    """
    number, many = read_part(part)
    return _dealt(shared_by(nodeid), SPREAD) % many == number - 1


def read_part(part: str) -> tuple[int, int]:
    """Return which part and of how many, from "2/4"."""
    number, separator, many = part.partition("/")
    if not (separator and number.isdigit() and many.isdigit() and 1 <= int(number) <= int(many)):
        raise pytest.UsageError(f"--part: expected which part of how many, as 2/4; found {part!r}")
    return int(number), int(many)


def shared_by(nodeid: str) -> str:
    """Return what the tests of one file and one combination have in common: they share what takes long to make."""
    file, _separator, test = nodeid.partition("::")
    return f"{file}[{test.partition('[')[2]}"


def seconds_of_parts(waiting: Iterable[tuple[str, float]], spread: int, many: int = PARTS) -> list[float]:
    """Return what each part takes. waiting: what tests share, and what they take together."""
    parts = [0.0] * many
    for shared, seconds in waiting:
        parts[_dealt(shared, spread) % many] += seconds
    return parts


def together(tests: Iterable[tuple[str, float]]) -> Counter[str]:
    """Return what the tests take that share something, from the name of each with its combination and its seconds."""
    found: Counter[str] = Counter()
    for nodeid, seconds in tests:
        found[shared_by(nodeid)] += seconds or UNLISTED_SECONDS
    return found


def best_spread(waiting: Iterable[tuple[str, float]], tries: int = 2_000) -> int:
    """Return the number with which the longest part is shortest."""
    listed = list(waiting)
    return min(range(tries), key=lambda spread: max(seconds_of_parts(listed, spread)))


def said_of_part(part: str, *, is_rest: bool = False) -> str:
    """Say which of the tests in turns a run takes, and how to take the same again."""
    number, many = read_part(part)
    which = f"all parts but {number} of {many}" if is_rest else f"part {number} of {many}"
    return f"tests in turns: {which}; the same again: make test{'-rest' if is_rest else ''} PART={part}"


def said_of_rest(part: str, left_out: int, of_all: int) -> str:
    """Say how many tests a run of a part left out, and how to run them."""
    return (
        f"{left_out:,} of {of_all:,} tests wait for their turn: make test-rest PART={part} runs them, make test-all all"
    )


def _dealt(shared: str, spread: int) -> int:
    """Return a number that is the same on every machine and after every commit."""
    return zlib.crc32(f"{spread} {shared}".encode())


class _Collected:
    """Keeps what a run would take, from a collection without a run."""

    def __init__(self) -> None:
        self.tests: list[tuple[str, float]] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        from tests.conftest import WAITING

        self.tests = list(session.config.stash[WAITING].items())


def main() -> None:
    """Print the number with which the parts take about equally long, and what each takes."""
    collected = _Collected()
    pytest.main(["--collect-only", "-qq", "-p", "no:xdist", "--no-summary"], plugins=[collected])
    waiting = list(together(collected.tests).items())
    spread = best_spread(waiting)
    said = ", ".join(f"{seconds:.0f}" for seconds in seconds_of_parts(waiting, spread))
    print(f"SPREAD = {spread}  # parts of {said} s")  # noqa: T201 - what was asked for


if __name__ == "__main__":
    main()
