"""How often the same one may try, counted in memory: a window for links, a growing delay for guesses.

Each process counts for itself. What is counted is bounded: whoever invents addresses must not fill the memory.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_KEYS = 10_000


@dataclass
class Limiter:
    """At most `tries` within `seconds` for each key."""

    tries: int
    seconds: float
    clock: Callable[[], float] = time.monotonic
    _seen: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict, repr=False)
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def allows(self, key: str) -> bool:
        """Count one try; False where there were too many already (a refused try is not counted)."""
        now = self.clock()
        with self._turn:
            times = self._seen.setdefault(key, deque())
            self._seen.move_to_end(key)
            while times and times[0] <= now - self.seconds:
                times.popleft()
            if len(times) >= self.tries:
                return False
            times.append(now)
            while len(self._seen) > _MOST_KEYS:
                self._seen.popitem(last=False)
            return True

    def left(self, key: str) -> int:
        """Return how many tries there are left now. Counts nothing."""
        with self._turn:
            since, times = self.clock() - self.seconds, self._seen.get(key)
            while times and times[0] <= since:
                times.popleft()
            return self.tries - len(times or ())

    def wait(self, key: str) -> float:
        """Return in how many seconds the next try is allowed; 0 where it may be made now. Counts nothing."""
        with self._turn:
            times = self._seen.get(key)
            if times is None or len(times) < self.tries:
                return 0.0
            return max(0.0, times[0] + self.seconds - self.clock())


@dataclass
class _Failures:
    count: int
    until: float  # when the next try may be made


@dataclass
class GrowingDelay:
    """After `free` failures of a key the next try has to wait: `first` seconds, then twice as long each time.

    Attributes
    ----------
    longest : seconds; no wait grows beyond it, so nobody is shut out for good.
    forgotten : seconds after the end of a wait, without a try, until the key starts anew.
    """

    free: int
    first: float
    longest: float
    forgotten: float
    clock: Callable[[], float] = time.monotonic
    _seen: OrderedDict[str, _Failures] = field(default_factory=OrderedDict, repr=False)
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def wait(self, key: str) -> float:
        """Return how many seconds a try would have to wait; 0 where it may be made now. Counts nothing."""
        with self._turn:
            return self._wait(key, self.clock())

    def fail(self, key: str, *, free: int | None = None) -> float:
        """Count a failure, unless the key has to wait: then return for how many seconds.

        A try is counted before it is made and taken back (`undo`, `clear`) where it was none: a hundred at the same
        moment must not all pass before the first has failed. free: in place of the usual number.
        """
        now = self.clock()
        with self._turn:
            if wait := self._wait(key, now):
                return wait
            found = self._seen.setdefault(key, _Failures(0, now))
            self._seen.move_to_end(key)
            found.count += 1
            over = found.count - (self.free if free is None else free)
            # The power is bounded before it is taken: a float has an end.
            found.until = now + (min(self.longest, self.first * 2.0 ** min(over, 60)) if over >= 0 else 0)
            while len(self._seen) > _MOST_KEYS:
                self._seen.popitem(last=False)
            return 0.0

    def undo(self, key: str) -> None:
        """Take back the last failure that was counted: what was tried could not be judged."""
        with self._turn:
            if (found := self._seen.get(key)) is not None:
                found.count, found.until = max(0, found.count - 1), self.clock()

    def clear(self, key: str) -> None:
        """Forget the failures of a key: it was the right one after all."""
        with self._turn:
            self._seen.pop(key, None)

    def _wait(self, key: str, now: float) -> float:
        found = self._seen.get(key)
        if found is None:
            return 0.0
        if now >= found.until + self.forgotten:
            del self._seen[key]
            return 0.0
        return max(0.0, found.until - now)
