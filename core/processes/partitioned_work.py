"""Work that is divided into parts: done here one after the other, or on other machines by whoever runs it.

The function that does a part is pure: what all parts share and the part in, rows out. So a part that was lost is done
again, and its rows are the same wherever and in whatever order parts are done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

Shared = TypeVar("Shared")
WorkPart = TypeVar("WorkPart")
Rows = TypeVar("Rows")


class PartRunner(Protocol):
    """Who does parts of work."""

    @property
    def divides(self) -> bool:
        """Whether a part is worth making: False where everything is done here, and all of it is one part."""

    def run(
        self, work: Callable[[Shared, WorkPart], Rows], shared: Shared, parts: Sequence[WorkPart]
    ) -> Iterator[Rows]:
        """Yield the rows of each part, in the order of the parts."""


@dataclass(frozen=True)
class OneProcess:
    """Does parts here, one after the other.

    Attributes
    ----------
    divides
        Whether to divide all the same: the rows are those of everything at once.
    """

    divides: bool = False

    def run(
        self, work: Callable[[Shared, WorkPart], Rows], shared: Shared, parts: Sequence[WorkPart]
    ) -> Iterator[Rows]:
        """Yield the rows of each part."""
        return (work(shared, part) for part in parts)


ONE_PROCESS = OneProcess()


def positions_by_key(keys: NDArray[Any], runner: PartRunner) -> list[NDArray[np.intp]]:
    """Divide rows by a key, for whoever does the parts.

    Parameters
    ----------
    keys
        One for each row, such as letters of a county.
    runner
        Who does the parts.

    Returns
    -------
    list of NDArray[np.intp]
        Ascending positions of the rows of each key, in the order of the keys; all in one where nothing is divided.

    Examples
    --------
    >>> [each.tolist() for each in positions_by_key(np.array(["BC", "AB", "BC"]), OneProcess(divides=True))]
    [[1], [0, 2]]
    """
    if not runner.divides:
        return [np.arange(len(keys))]
    order = np.argsort(keys, kind="stable")
    return np.split(order, np.flatnonzero(keys[order][1:] != keys[order][:-1]) + 1) if len(keys) else []
