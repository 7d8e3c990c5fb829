"""Points of a map gathered by the cells of a grid, so that a view of any size draws a few hundred marks.

The grid lies on Web Mercator, as the map does, and is the same for every view of a zoom: a mark does not move, and
holds the same points, while somebody pans.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CELLS_A_TILE = 3  # along a side of 256 pixels: a cell is 85 pixels, a mark of 44 and room around it
FARTHEST_NORTH = 85.05112878  # degrees; where Web Mercator ends
MOST_ZOOM = 18
_MOST_CELLS = 48  # along a side of a view: more than the widest screen has, whatever an address asks for


@dataclass(frozen=True)
class Clusters:
    """The cells of a view that hold points, in the order of the grid, west to east and north to south.

    Attributes
    ----------
    lat, lon
        Middle of the points of each cell, degrees WGS84.
    size
        How many points each holds.
    by_state
        How many of each state, a column a state.
    first
        Position of the first point of each cell among those that were given.
    is_one_place
        Whether all points of a cell stand at one place, so that no zoom parts them.
    member
        Position of its cell for each point that was given.
    """

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    size: NDArray[np.int64]
    by_state: NDArray[np.int64]
    first: NDArray[np.int64]
    is_one_place: NDArray[np.bool_]
    member: NDArray[np.int64]


def mercator(lats: NDArray[np.float64], lons: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Project degrees to the unit square of Web Mercator (EPSG:3857 scaled).

    Parameters
    ----------
    lats, lons
        Degrees WGS84.

    Returns
    -------
    tuple of ndarray
        x from west to east and y from north to south, both 0 to 1.
    """
    sines = np.sin(np.radians(np.clip(lats, -FARTHEST_NORTH, FARTHEST_NORTH)))
    return np.asarray(lons) / 360 + 0.5, 0.5 - np.arctanh(sines) / (2 * np.pi)


def finest_zoom(corners: Sequence[tuple[float, float]]) -> int:
    """Return the finest zoom at which a view has no more cells than a screen can show.

    Parameters
    ----------
    corners
        South-west and north-east corner, (lat, lon) in degrees WGS84.

    Returns
    -------
    int
        0 to MOST_ZOOM.
    """
    (south, west), (north, east) = corners
    (x0, x1), (y1, y0) = mercator(np.array([south, north]), np.array([west, east]))
    side = max(float(x1 - x0), float(y1 - y0), 1e-12)
    return int(np.clip(np.floor(np.log2(_MOST_CELLS / (CELLS_A_TILE * side))), 0, MOST_ZOOM))


def grid_clusters(
    lats: NDArray[np.float64], lons: NDArray[np.float64], states: NDArray[np.int8], *, n_states: int, zoom: int
) -> Clusters:
    """Gather points by the cells of the grid of a zoom.

    Parameters
    ----------
    lats, lons
        Degrees WGS84, finite.
    states
        State of each point, 0 to `n_states` - 1.
    n_states
        How many states there are.
    zoom
        Zoom of the map, 0 to MOST_ZOOM; a tile of 256 pixels has CELLS_A_TILE cells along a side.

    Returns
    -------
    Clusters
        Every point is in one.
    """
    x, y = mercator(lats, lons)
    cells = 2**zoom * CELLS_A_TILE
    key = np.floor(y * cells).astype(np.int64) * cells + np.floor(x * cells).astype(np.int64)
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    if not len(order):
        nothing = np.empty(0)
        return Clusters(
            nothing, nothing, starts, np.empty((0, n_states), np.int64), starts, np.empty(0, np.bool_), starts
        )  # fmt: skip
    size = np.diff(starts, append=len(order))
    member = np.empty(len(order), np.int64)
    member[order] = np.repeat(np.arange(len(starts)), size)
    sorted_lats, sorted_lons = lats[order], lons[order]
    by_state = np.column_stack(
        [np.add.reduceat((states[order] == state).astype(np.int64), starts) for state in range(n_states)]
    )
    spread = np.maximum(
        np.maximum.reduceat(sorted_lats, starts) - np.minimum.reduceat(sorted_lats, starts),
        np.maximum.reduceat(sorted_lons, starts) - np.minimum.reduceat(sorted_lons, starts),
    )
    return Clusters(
        np.add.reduceat(sorted_lats, starts) / size,
        np.add.reduceat(sorted_lons, starts) / size,
        size,
        by_state,
        order[starts],
        spread == 0,
        member,
    )
