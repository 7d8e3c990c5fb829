"""An attribute that is computed when it is first read, without a lock.

`functools.cached_property` of Python 3.11 holds one lock of the whole class while it computes: two requests would wait
for one another although each has an object of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

T = TypeVar("T")


class lazy_property(Generic[T]):  # noqa: N801  (reads as `property` does)
    """Computes an attribute once for an object that belongs to one request; two threads may compute it twice."""

    def __init__(self, compute: Callable[[Any], T]) -> None:
        """Compute by this method; its name is the attribute's."""
        self._compute = compute
        self._name = compute.__name__
        self.__doc__ = compute.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> Self | T:
        """Compute it and put it where the next reading finds it without coming here."""
        if instance is None:
            return self
        made = instance.__dict__[self._name] = self._compute(instance)
        return made
