"""Which of many points lie in a view of a map: an R-tree, asked for one window at a time."""

from __future__ import annotations

from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray


class WindowIndex:
    """An index over points in degrees; points without coordinates are in no view.

    Parameters
    ----------
    lats, lons
        Degrees WGS84, NaN = not known.
    """

    def __init__(self, lats: ArrayLike, lons: ArrayLike) -> None:
        self._at = np.column_stack([np.asarray(lats, float), np.asarray(lons, float)])
        self._lock = Lock()  # libspatialindex answers one question at a time, and ctypes lets other threads run

    def within(self, bounds: Sequence[tuple[float, float]]) -> NDArray[np.int64]:
        """Return the positions of the points in a view, ascending; points on its edge are in it.

        bounds: south-west and north-east corner, (lat, lon) in degrees.
        """
        (south, west), (north, east) = bounds
        if south > north or west > east or not len(self._at):
            return np.empty(0, np.int64)
        with self._lock:
            found = [] if self._tree is None else list(self._tree.intersection((south, west, north, east)))
        return np.sort(np.asarray(found, np.int64))

    @cached_property
    def _tree(self) -> Any:
        import rtree

        known = np.flatnonzero(np.isfinite(self._at).all(axis=1))
        corners = self._at[known]
        return rtree.index.Index((known, corners, corners)) if len(known) else None
