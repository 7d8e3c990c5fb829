"""What was measured: how long each answer took by kind, what failed, processor and memory of the server's processes."""

from __future__ import annotations

import os
import statistics
import time
from collections import Counter, defaultdict
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Samples:
    """Seconds of every good answer by kind, and failures by kind and what they were."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: Counter[tuple[str, str]] = field(default_factory=Counter)
    waits: Counter[str] = field(default_factory=Counter)  # times that somebody was told to come back later (429)
    began: float = field(default_factory=time.monotonic)
    spans: list[tuple[float, float]] = field(default_factory=list)  # when each was asked, and answered or failed

    @contextmanager
    def watched(self, kind: str) -> Iterator[None]:
        """Count an error; it goes no further: the next visitor comes all the same."""
        try:
            yield
        except (OSError, TimeoutError, AssertionError, ValueError) as error:
            self.failures[kind, f"{type(error).__name__} {error}"[:80]] += 1
        except Exception as error:
            if not type(error).__module__.startswith(("httpx", "httpcore", "websockets")):
                raise
            self.failures[kind, type(error).__name__] += 1

    @contextmanager
    def timed(self, kind: str) -> Iterator[None]:
        """Time one answer, and count it where it fails."""
        began = time.monotonic()
        with self.watched(kind):
            yield
            self.seconds[kind].append(time.monotonic() - began)
        self.spans.append((began, time.monotonic()))

    def table(self) -> list[str]:
        """Say each kind in a line: how many, how many a second, p50, p95, p99, failures."""
        took = time.monotonic() - self.began
        lines = [f"{'kind':<22}{'answers':>9}{'a second':>10}{'p50 s':>9}{'p95 s':>9}{'p99 s':>9}{'failed':>8}"]
        for kind in sorted({*self.seconds, *(kind for kind, _what in self.failures)}):
            some = self.seconds.get(kind, [])
            failed = sum(n for (of, _what), n in self.failures.items() if of == kind)
            said = "".join(f"{value:9.3f}" for value in percentiles(some)) if some else f"{'-':>9}" * 3
            lines.append(f"{kind:<22}{len(some):>9}{len(some) / took:>10.1f}{said}{failed:>8}")
        lines += [f"  failed: {kind}: {what} ({n} times)" for (kind, what), n in self.failures.most_common(12)]
        lines += [f"  told to come back later: {kind} ({n} times)" for kind, n in self.waits.items()]
        return lines

    def count(self) -> int:
        """Return how many good answers there were."""
        return sum(map(len, self.seconds.values()))


def percentiles(some: Sequence[float]) -> tuple[float, float, float]:
    """Return the 50th, 95th and 99th percentile, by the nearest value below.

    >>> percentiles([1.0, 2.0, 3.0])
    (2.0, 3.0, 3.0)
    """
    ordered = sorted(some)
    at = [ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.95, 0.99)]
    return statistics.median_low(ordered), at[0], at[1]


def processor_seconds(pids: Sequence[int]) -> float:
    """Sum up the processor time of processes, and of their children that have ended."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            total += sum(map(int, fields[11:15]))
    return total / _TICK


def memory_bytes(pids: Sequence[int]) -> int:
    """Sum up the memory of processes, what several share counted once (proportional set size)."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
            total += sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total


def children_of(pid: int) -> list[int]:
    """List the processes that a process has started and that still run."""
    with suppress(OSError):
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    return []
