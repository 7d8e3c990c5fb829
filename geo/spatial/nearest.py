"""Exact k nearest by travel minutes among the points that a mask leaves.

One k-d tree a service type, in METRIC_CRS. The plane orders points almost as the ellipsoid does and never
exactly, and road times need not follow it at all; so the tree only proposes the next candidates, and the
search ends when the lower bound of every point not yet proposed is worse than the k-th best found:
incremental Euclidean restriction (Papadias, Zhang, Mamoulis and Tao 2003, "Query Processing in Spatial
Network Databases", VLDB). In mountains and at rivers that bound leaves nearly every point to be measured; a model
that says so (`is_bounded_by_plane`) measures all of them at once, and what nobody can reach is never among the found.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

# One search takes microseconds; the tree's OpenMP threads that wait for each other on a machine with other
# work make it milliseconds (measured: a need of four types 19 ms with them, 2 ms without). Read at import.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from pykdtree.kdtree import KDTree

from geo.spatial.crs import geodesic_m, to_metric
from geo.spatial.points import Points

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo.spatial.travel import TravelTimes

_SPARE = 3  # candidates asked beyond k at first: the plane's order is off by a neighbour now and then


@dataclass(frozen=True, eq=False)
class PointIndex(Points):
    """Points of one service type, all finite, and a k-d tree over them.

    Positions in the arrays are the identity of a point; ties in minutes fall to the lower position, so build it in the
    order in which ties should fall (by service_id).

    Attributes
    ----------
    tree
        Tree over `xy`; None where there is no point.
    """

    tree: KDTree | None

    @classmethod
    def of(cls, lat: ArrayLike, lon: ArrayLike) -> Self:
        """Build the index of points given in WGS84 degrees, all finite."""
        points = Points.of(lat, lon)
        return cls(points.lat, points.lon, points.xy, KDTree(points.xy) if len(points) else None)


@dataclass(frozen=True)
class Nearest:
    """The k nearest: positions in the index, minutes and metres, nearest first."""

    positions: NDArray[np.int64]
    minutes: NDArray[np.float64]
    metres: NDArray[np.float64]


NONE_NEAR = Nearest(np.empty(0, np.int64), np.empty(0), np.empty(0))


def propose(index: PointIndex, xy: NDArray[np.float64], k: int, left_out: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Positions of the k planar-nearest points whose `left_out` is False: the kernel.

    xy: (1, 2) METRIC_CRS metres. Fewer than k where fewer are left.
    """
    if index.tree is None:
        return np.empty(0, np.int64)
    _distance, found = index.tree.query(xy, k=k, mask=left_out)
    row = np.atleast_1d(found[0] if found.ndim > 1 else found)
    return row[row < len(index.lat)].astype(np.int64)


def nearest(
    index: PointIndex,
    lat: float,
    lon: float,
    *,
    k: int,
    left_out: NDArray[np.bool_],
    travel: TravelTimes,
    max_minutes: float | None = None,
) -> Nearest:
    """Return the exact k nearest by minutes among the points whose `left_out` is False.

    lat, lon: WGS84 degrees. Ties in minutes go to the lower position. `max_minutes` keeps the points at
    most that far (inclusive). A point that nobody can reach is never among them.
    """
    if not travel.is_bounded_by_plane:
        limit = np.inf if max_minutes is None else max_minutes
        return _nearest_of_all(index, lat, lon, k=k, left_out=left_out, limit=limit, travel=travel)
    free = len(index) - int(np.count_nonzero(left_out))
    if index.tree is None or free == 0 or k <= 0:
        return NONE_NEAR
    xy = to_metric(lat, lon)
    ask = min(k + _SPARE, free)
    while True:
        positions = propose(index, xy, ask, left_out)
        minutes, metres = travel.travel_times(lat, lon, index.lat[positions], index.lon[positions])
        order = np.lexsort((positions, minutes))[:k]
        order = order[np.isfinite(minutes[order])]
        if len(positions) >= free or _settled(
            index, xy, positions, minutes[order], k=k, travel=travel, max_minutes=max_minutes
        ):
            break
        ask = min(ask * 2, free)
    if max_minutes is not None:
        order = order[minutes[order] <= max_minutes]
    return Nearest(positions[order], minutes[order], metres[order])


def _nearest_of_all(
    index: PointIndex,
    lat: float,
    lon: float,
    *,
    k: int,
    left_out: NDArray[np.bool_],
    limit: float,
    travel: TravelTimes,
) -> Nearest:
    """Find the k nearest where nothing is known before it is measured: one search from the origin to every point.

    What costs little is looked at first: k that are so near are the nearest.
    """
    if not len(index) or k <= 0:
        return NONE_NEAR
    for most in dict.fromkeys((min(travel.known_minutes(lat, lon), limit), limit)):
        if most <= 0 < limit:
            continue
        minutes = travel.minutes_to_many(lat, lon, index, most_minutes=most)
        positions = np.flatnonzero(~left_out & np.isfinite(minutes) & (minutes <= most))
        if len(positions) >= k:
            break
    if len(positions) > k:
        worst = np.partition(minutes[positions], k - 1)[k - 1]
        positions = positions[minutes[positions] <= worst]
    positions = positions[np.lexsort((positions, minutes[positions]))[:k]]
    metres = geodesic_m(lat, lon, index.lat[positions], index.lon[positions])  # of all it takes longer than to search
    return Nearest(positions, minutes[positions], metres)


def _settled(
    index: PointIndex,
    xy: NDArray[np.float64],
    positions: NDArray[np.int64],
    best: NDArray[np.float64],
    *,
    k: int,
    travel: TravelTimes,
    max_minutes: float | None,
) -> bool:
    """Whether no point farther than the farthest proposed can still enter the k best."""
    farthest = float(np.hypot(*(index.xy[positions] - xy).T).max())
    least = travel.least_minutes(farthest)
    if max_minutes is not None and least > max_minutes:
        return True
    return len(best) >= k and least > float(best[-1])


def nearer_than(index: PointIndex, lat: float, lon: float, *, minutes: float, travel: TravelTimes) -> Nearest:
    """Return every point at most `minutes` away, masked or not, nearest first: the why-not candidates."""
    if not travel.is_bounded_by_plane:
        none = np.zeros(len(index), bool)
        return _nearest_of_all(index, lat, lon, k=len(index), left_out=none, limit=minutes, travel=travel)
    if index.tree is None:
        return NONE_NEAR
    away = np.hypot(*(index.xy - to_metric(lat, lon)).T)
    positions = np.flatnonzero(away <= _reach_m(travel, minutes, float(away.max())))
    took, metres = travel.travel_times(lat, lon, index.lat[positions], index.lon[positions])
    keep = took <= minutes
    order = np.lexsort((positions[keep], took[keep]))
    return Nearest(positions[keep][order], took[keep][order], metres[keep][order])


def _reach_m(travel: TravelTimes, minutes: float, farthest_m: float) -> float:
    """Return a planar distance beyond which nothing is within `minutes`, at most `farthest_m`; by halving.

    least_minutes grows with distance, but need not be proportional to it (a wait, a walk to the car).
    """
    if travel.least_minutes(farthest_m) <= minutes:
        return farthest_m
    near, far = 0.0, farthest_m
    while far - near > 1.0:
        middle = (near + far) / 2
        if travel.least_minutes(middle) <= minutes:
            near = middle
        else:
            far = middle
    return far


def nearest_for_many(
    index: PointIndex,
    lats: NDArray[np.float64],
    lons: NDArray[np.float64],
    *,
    k: int,
    left_out: NDArray[np.bool_],
    travel: TravelTimes,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the exact k nearest for many origins at once: positions and minutes, both (n, k).

    Where fewer than k are left, positions are -1 and minutes infinite. Rows whose planar candidates cannot
    settle the answer are asked again one by one with `nearest`.
    """
    n = len(lats)
    positions = np.full((n, k), -1, np.int64)
    took = np.full((n, k), np.inf)
    free = len(index) - int(np.count_nonzero(left_out))
    if index.tree is None or free == 0 or n == 0 or k <= 0:
        return positions, took
    if not travel.is_bounded_by_plane:
        _ask_one_by_one(np.arange(n), positions, took, index, lats, lons, left_out, travel)
        return positions, took
    ask = min(k + 1, free)  # one more than wanted settles nearly every row, and each costs a geodesic
    away, found = index.tree.query(to_metric(lats, lons), k=ask, mask=left_out)
    found = found.reshape(n, -1).astype(np.int64)
    origins = np.repeat(np.arange(n), found.shape[1])
    flat = found.ravel()
    minutes = travel.travel_times(lats[origins], lons[origins], index.lat[flat], index.lon[flat])[0].reshape(
        found.shape
    )
    order = np.lexsort((found, minutes), axis=1)[:, :k]
    width = order.shape[1]
    positions[:, :width] = np.take_along_axis(found, order, axis=1)
    took[:, :width] = np.take_along_axis(minutes, order, axis=1)
    if ask < free:
        least = np.array([travel.least_minutes(float(metres)) for metres in away.reshape(n, -1)[:, -1]])
        unsettled = np.flatnonzero(least <= took[:, min(k, width) - 1])
        _ask_one_by_one(unsettled, positions, took, index, lats, lons, left_out, travel)
    return positions, took


def _ask_one_by_one(
    rows: NDArray[np.intp],
    positions: NDArray[np.int64],
    took: NDArray[np.float64],
    index: PointIndex,
    lats: NDArray[np.float64],
    lons: NDArray[np.float64],
    left_out: NDArray[np.bool_],
    travel: TravelTimes,
) -> None:
    """Write the k nearest of some origins into their rows, k as wide as the rows are."""
    k = positions.shape[1]
    for row in rows:
        best = nearest(index, float(lats[row]), float(lons[row]), k=k, left_out=left_out, travel=travel)
        positions[row, : len(best.positions)] = best.positions
        took[row, : len(best.positions)] = best.minutes
