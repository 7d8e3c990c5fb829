"""How often the same one may try: a window in memory, for links and sign-in forms.

Each process counts for itself; what must hold across processes (the lock-out of an account) is the ledger's.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_KEYS = 10_000  # whoever invents addresses must not fill the memory


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
