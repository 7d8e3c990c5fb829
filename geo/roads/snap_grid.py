"""The nearest segment of a network to a point, exactly, over a grid of cells that lies in files.

Each segment is cut in thought into parts of at most PART_M, and stands in the cell of the middle of each part. Whatever
is nearer to a point than r then stands in a cell within r + PART_M / 2 of it: rings of cells are read until no cell
that was not read can hold a nearer segment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.roads.degrees import SCALE, metres_per_degree, short_metres
from geo.roads.road_network import LINK, TRACK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo.roads.road_network import RoadNetwork

PART_M = 400.0
CELL = 0.005  # degrees of latitude, 556 m
CELL_LON = 0.008  # degrees of longitude: 617 m at 46 degrees north
_ROW = 1 << 20  # keys of a row of cells
_M_PER_LAT = 110_500.0  # least metres of a degree of latitude
TRACK_AS_M = 300.0  # a track is taken where the nearest road is so much farther: the last resort


@dataclass(frozen=True)
class Snapped:
    """Where a point meets the network.

    Attributes
    ----------
    chain
        The chain.
    share
        How far along it, 0 to 1.
    metres
        From the point to the road, in a straight line.
    lon, lat
        Where it meets, degrees WGS84.
    """

    chain: int
    share: float
    metres: float
    lon: float
    lat: float


def cells_of(
    points: NDArray[np.int32], starts: NDArray[np.int64], chosen: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
    """Sort the segments of the chosen chains into cells: keys, where each begins, and first points of segments."""
    is_chosen = np.zeros(max(len(starts) - 1, 0), bool)
    is_chosen[chosen] = True
    lengths = np.diff(starts)
    segment = np.repeat(is_chosen, lengths)
    segment[starts[1:] - 1] = False  # the last point of a chain begins no segment
    first = np.flatnonzero(segment)
    lon, lat = points[:, 0] / SCALE, points[:, 1] / SCALE
    metres = short_metres(lon[first], lat[first], lon[first + 1], lat[first + 1])
    parts = np.maximum(np.ceil(metres / PART_M), 1).astype(np.int64)
    at = np.repeat(first, parts)
    nth = np.arange(len(at)) - np.repeat(np.cumsum(parts) - parts, parts)
    share = (nth + 0.5) / np.repeat(parts, parts)
    key = _key(lon[at] + (lon[at + 1] - lon[at]) * share, lat[at] + (lat[at + 1] - lat[at]) * share)
    order = np.argsort(key, kind="stable")  # `at` ascends, and does so in each cell
    key, at = key[order], at[order].astype(np.int32)
    is_new = np.append(True, (np.diff(key) != 0) | (np.diff(at) != 0))[: len(key)]
    key, at = key[is_new], at[is_new]
    begin = np.flatnonzero(np.append(True, np.diff(key) != 0)[: len(key)])
    return key[begin], np.append(begin, len(key)).astype(np.int64), at


def _key(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.asarray(
        np.floor((lat + 90) / CELL).astype(np.int64) * _ROW + np.floor((lon + 180) / CELL_LON).astype(np.int64)
    )


def snap(network: RoadNetwork, lat: float, lon: float, *, most_m: float, tracks_last: bool = True) -> Snapped | None:
    """Return where a point (WGS84 degrees) meets the nearest road, None where none is within `most_m` metres.

    With `tracks_last` a track counts as TRACK_AS_M farther than it is. A motorway is met where no other road is near,
    a ferry never.
    """
    as_m = TRACK_AS_M if tracks_last else 0.0
    best: tuple[float, Snapped] | None = None
    for reach_m, found in _rings(network, lat, lon, most_m + TRACK_AS_M):
        best = _nearest_of(network, found, lat, lon, most_m, as_m) if len(found) else None
        if best is not None and best[0] <= reach_m:
            break
    return best[1] if best is not None else None


def _rings(network: RoadNetwork, lat: float, lon: float, most_m: float) -> Iterator[tuple[float, NDArray[np.int64]]]:
    """Yield first points of segments in growing squares of cells, with the metres within which none is missing."""
    row, column = int((lat + 90) // CELL), int((lon + 180) // CELL_LON)
    across = CELL_LON * _M_PER_LAT * max(np.cos(np.radians(abs(lat) + 0.2)), 0.01)
    side = min(CELL * _M_PER_LAT, across)
    around = 1
    while True:
        reach_m = around * side - PART_M / 2
        low = (np.arange(row - around, row + around + 1)) * _ROW + column - around
        first = np.searchsorted(network.cell_keys, low)
        last = np.searchsorted(network.cell_keys, low + 2 * around, side="right")
        slices = [
            network.cell_points[network.cell_starts[a] : network.cell_starts[b]]
            for a, b in zip(first.tolist(), last.tolist(), strict=True)
            if b > a
        ]
        yield reach_m, np.concatenate(slices).astype(np.int64) if slices else np.empty(0, np.int64)
        if reach_m >= most_m:
            return
        around *= 2


def _nearest_of(
    network: RoadNetwork, first: NDArray[np.int64], lat: float, lon: float, most_m: float, track_as_m: float
) -> tuple[float, Snapped] | None:
    """Return the best of some segments: what it counts as, and where it is met."""
    ends = np.stack([network.points[first], network.points[first + 1]]) / SCALE
    scale = np.array(metres_per_degree(lat))
    start = (ends[0] - (lon, lat)) * scale
    along = (ends[1] - ends[0]) * scale
    squared = np.maximum((along**2).sum(1), 1e-9)
    share = np.clip(-(start * along).sum(1) / squared, 0.0, 1.0)
    away = np.hypot(*(start + along * share[:, None]).T)
    chain = np.searchsorted(network.chain_starts, first, side="right") - 1
    kind = network.chains["kind"][chain]
    counted = away + np.select([kind == TRACK, kind == LINK], [track_as_m, most_m], 0.0)
    counted = np.where(away <= most_m, counted, np.inf)
    if not np.isfinite(least := counted.min()):
        return None
    # Of segments that are equally near (they meet in a point), the first.
    equal = np.flatnonzero(counted <= least + 0.001)
    at = int(equal[np.argmin(first[equal])])
    where = ends[0][at] + (ends[1][at] - ends[0][at]) * share[at]
    reached = _metres_before(network, int(chain[at]), int(first[at]), float(share[at]))
    return float(counted[at]), Snapped(int(chain[at]), reached, float(away[at]), float(where[0]), float(where[1]))


def _metres_before(network: RoadNetwork, chain: int, first: int, share: float) -> float:
    """Return how far along its chain a place on a segment is, 0 to 1."""
    begin, end = network.chain_starts[chain], network.chain_starts[chain + 1]
    degrees = network.points[begin:end] / SCALE
    metres = short_metres(degrees[:-1, 0], degrees[:-1, 1], degrees[1:, 0], degrees[1:, 1])
    nth = first - int(begin)
    whole = float(metres.sum())
    return float(metres[:nth].sum() + metres[nth] * share) / whole if whole > 0 else 0.0
