"""Which points lie within a radius of which others in the plane, for a whole country at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Positions = NDArray[np.intp]

_CHUNK = 2_000  # origins searched at a time: bounds the memory of one answer to some 50 MB
_HALF = 32  # bits of a pair's number that hold the site


def pairs_within_m(
    origins_xy: NDArray[np.float64], sites_xy: NDArray[np.float64], reach_m: float
) -> tuple[Positions, Positions, NDArray[np.float64]]:
    """List every pair at most `reach_m` apart (inclusive): positions of origin and site, metres; sorted by both.

    origins_xy, sites_xy: metres of `geo.spatial.crs.METRIC_CRS`, of shape (n, 2), all finite.
    """
    if not len(origins_xy) or not len(sites_xy):
        return np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0)
    tree = cKDTree(sites_xy)
    found = np.concatenate([_chunk(origins_xy, start, tree, reach_m) for start in range(0, len(origins_xy), _CHUNK)])
    return found["i"], found["j"], found["v"]


def _chunk(
    xy: NDArray[np.float64], start: int, tree: cKDTree, reach_m: float
) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    """Pairs of some origins, with positions in the whole, sorted by origin and site."""
    part = cKDTree(xy[start : start + _CHUNK])
    near: np.ndarray[tuple[int], np.dtype[np.void]] = part.sparse_distance_matrix(tree, reach_m, output_type="ndarray")
    near = near[((near["i"] << _HALF) | near["j"]).argsort()]  # a pair comes once, so any sort gives this order
    near["i"] += start
    return near
