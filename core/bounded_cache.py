"""Results that are kept by the state that they were made of: a bounded number, the oldest go first."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock, RLock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")


class BoundedCache(Generic[T]):
    """Keeps what was made of a key. A key names everything that the result depends on, so nothing is ever outdated.

    What is kept is shared between threads: nobody may change it. Who asks for what is being made waits for it.
    """

    def __init__(self, most: int) -> None:
        """Keep at most so many results."""
        self._most = most
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._under_way: dict[Hashable, RLock] = {}
        self._lock = Lock()  # of both tables: never held while something is made

    def take(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept of a key, or make and keep it; what `make` raises is raised and nothing is kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            mine = self._under_way.setdefault(key, RLock())
        with mine:
            with self._lock:
                if key in self._kept:  # made while this one waited
                    return self._kept[key]
            try:
                made = make()
                with self._lock:
                    self._kept[key] = made
                    while len(self._kept) > self._most:
                        self._kept.popitem(last=False)
            finally:
                with self._lock:
                    self._under_way.pop(key, None)
            return made
