"""A travel model that reads what a table of it holds, and searches for the rest: the answers are the same.

Points are known by their coordinates. What the table has not (a provider that moved, a point on the map, whatever is
farther than it reaches) is asked of the live model, so that an old table is slower and never wrong.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from geo.spatial.crs import geodesic_m
from geo.spatial.travel import NearestSites, TravelPairs
from geo.spatial.travel_table import BANDS_MIN, MOST_MINUTES, MS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from geo.spatial.points import Points
    from geo.spatial.travel import TravelBasis, TravelModel
    from geo.spatial.travel_table import TravelTable

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

_MS_BITS = 23  # of MOST_MINUTES in milliseconds; 40 are left for a pair


@dataclass(frozen=True)
class _Known:
    """What the table knows of some points: position of each in it (-1 not), and those that it has not."""

    at: Integers
    lacking: NDArray[np.intp]
    others: Points | None


def live_model(travel: TravelModel) -> TravelModel:
    """Return the model that measures: of a model with a table that which lies behind it, else the model itself."""
    return travel.live if isinstance(travel, TabledTravel) else travel


class TabledTravel:
    """A model with a table of its own minutes.

    Parameters
    ----------
    live
        The model that the table was measured by; its plane bounds nothing.
    table
        Its minutes, from localities to services.
    """

    is_bounded_by_plane = False

    def __init__(self, live: TravelModel, table: TravelTable) -> None:
        self.live = live
        self.table = table
        self._sites: WeakKeyDictionary[Points, _Known] = WeakKeyDictionary()
        self._turn = threading.Lock()

    def __reduce__(self) -> tuple[Callable[[TravelModel], TravelModel], tuple[TravelModel]]:
        """Go to another machine as the model that searches: the table's files are here, and the minutes the same."""
        return live_model, (self.live,)

    @property
    def basis(self) -> TravelBasis:
        """What minutes rest on: a table of them changes nothing."""
        return self.live.basis

    def known_minutes(self, lat: float, lon: float) -> float:
        """Return how far the table reaches from its origins, of other points what the live model knows."""
        return MOST_MINUTES if self._row(lat, lon) >= 0 else self.live.known_minutes(lat, lon)

    def _row(self, lat: float, lon: float) -> int:
        return int(self.table.rows_of(np.array([lat]), np.array([lon]))[0])

    def least_minutes(self, planar_m: float) -> float:
        """Return the live model's lower bound."""
        return self.live.least_minutes(planar_m)

    def to_road_m(self, lat: float, lon: float) -> float:
        """Return the metres to the road of the model that searches."""
        return self.live.to_road_m(lat, lon)

    def minutes_to_many(self, lat: float, lon: float, points: Points, *, most_minutes: float = math.inf) -> Floats:
        """Return minutes from one point (WGS84 degrees) to all of many."""
        row = self._row(lat, lon)
        if row < 0 or not len(points):
            return self.live.minutes_to_many(lat, lon, points, most_minutes=most_minutes)
        known = self._known(points)
        minutes = self.table.minutes_from(row, known.at, most_minutes=most_minutes)
        if most_minutes > MOST_MINUTES and np.isinf(minutes[known.at >= 0]).any():
            return self.live.minutes_to_many(lat, lon, points, most_minutes=most_minutes)
        if known.others is not None:
            minutes[known.lacking] = self.live.minutes_to_many(lat, lon, known.others, most_minutes=most_minutes)
        return minutes

    def travel_times(
        self, lat: ArrayLike, lon: ArrayLike, lats: ArrayLike, lons: ArrayLike, *, most_minutes: float = math.inf
    ) -> tuple[Floats, Floats]:
        """Return minutes and straight metres between points (WGS84 degrees), from one to many or pair by pair."""
        to_lat, to_lon = (np.atleast_1d(np.asarray(each, float)) for each in (lats, lons))
        from_lat, from_lon = (np.broadcast_to(np.asarray(each, float), to_lat.shape) for each in (lat, lon))
        minutes = self._read(self.table.rows_of(from_lat, from_lon), self.table.sites_of(to_lat, to_lon))
        rest = np.flatnonzero(self._is_to_be_searched(minutes, most_minutes))
        if len(rest):
            minutes[rest] = self.live.travel_times(
                from_lat[rest], from_lon[rest], to_lat[rest], to_lon[rest], most_minutes=most_minutes
            )[0]
        return np.where(np.isnan(minutes), np.inf, minutes), geodesic_m(from_lat, from_lon, to_lat, to_lon)

    def times_between(self, origins: Points, sites: Points) -> tuple[Floats, Floats]:
        """Return minutes and straight metres pair by pair, as many origins as sites."""
        return self.travel_times(origins.lat, origins.lon, sites.lat, sites.lon)

    def pairs_within(self, origins: Points, sites: Points, minutes: float) -> TravelPairs:
        """List every pair at most `minutes` apart (inclusive), sorted by origin and site."""
        if minutes > MOST_MINUTES:
            return self.live.pairs_within(origins, sites, minutes)
        rows, known = self.table.rows_of(origins.lat, origins.lon), self._known(sites)
        found = [self._tabled_pairs(rows, known.at, minutes)]
        if known.others is not None:
            more = self.live.pairs_within(origins, known.others, minutes)
            found.append(TravelPairs(more.origin, known.lacking[more.site], more.minutes))
        strange = np.flatnonzero(rows < 0)
        there = np.flatnonzero(known.at >= 0)
        if len(strange) and len(there):
            more = self.live.pairs_within(origins.take(strange), sites.take(there), minutes)
            found.append(TravelPairs(strange[more.origin], there[more.site], more.minutes))
        if len(found) == 1:
            return found[0]
        origin, site, took = (
            np.concatenate([getattr(each, name) for each in found]) for name in ("origin", "site", "minutes")
        )
        order = np.lexsort((site, origin))
        return TravelPairs(origin[order], site[order], took[order])

    def nearest_each(self, origins: Points, sites: Points) -> NearestSites:
        """Find for each origin the site of least minutes, however far."""
        rows, known = self.table.rows_of(origins.lat, origins.lon), self._known(sites)
        site, took = np.full(len(origins), -1, np.int64), np.full(len(origins), np.inf)
        _read_nearest(self.table, rows, known.at, site, took)
        far = np.flatnonzero(site < 0)
        if len(far):
            more = self.live.nearest_each(origins.take(far), sites)
            site[far], took[far] = more.site, more.minutes
        near = np.setdiff1d(np.arange(len(origins)), far)
        if known.others is not None and len(near):
            more = self.live.nearest_each(origins.take(near), known.others)
            closer = more.minutes < took[near]
            site[near[closer]], took[near[closer]] = known.lacking[more.site[closer]], more.minutes[closer]
        metres = np.full(len(origins), np.inf)
        at = np.flatnonzero(site >= 0)
        metres[at] = geodesic_m(origins.lat[at], origins.lon[at], sites.lat[site[at]], sites.lon[site[at]])
        return NearestSites(site, took, metres)

    def _known(self, points: Points) -> _Known:
        with self._turn:
            kept = self._sites.get(points)
        if kept is None:
            at = self.table.sites_of(points.lat, points.lon)
            lacking = np.flatnonzero(at < 0)
            kept = _Known(at, lacking, points.take(lacking) if len(lacking) else None)
            with self._turn:
                self._sites[points] = kept
        return kept

    def _read(self, rows: Integers, sites: Integers) -> Floats:
        """Return the minutes of pairs, one by one: infinite where the table has none, NaN where it knows not both."""
        minutes = np.full(len(rows), np.nan)
        known = np.flatnonzero((rows >= 0) & (sites >= 0))
        order = known[np.argsort(rows[known], kind="stable")]
        for pairs in np.split(order, np.flatnonzero(np.diff(rows[order])) + 1) if len(order) else ():
            minutes[pairs] = self.table.minutes_from(int(rows[pairs[0]]), sites[pairs])
        return minutes

    @staticmethod
    def _is_to_be_searched(minutes: Floats, most_minutes: float) -> NDArray[np.bool_]:
        return np.isnan(minutes) if most_minutes <= MOST_MINUTES else ~np.isfinite(minutes)

    def _tabled_pairs(self, rows: Integers, at: Integers, minutes: float) -> TravelPairs:
        """List pairs of the table, each as often as its origin and site stand among those that are asked for."""
        origins, sites = _Repeated.of(rows, len(self.table.origins)), _Repeated.of(at, len(self.table.sites))
        found = self.table.pairs(np.flatnonzero(origins.count), np.flatnonzero(sites.count), most_ms=minutes * MS)
        row, site, ms = found.row, found.site, found.ms
        origin, pair = origins.spread(row)
        site, again = sites.spread(site[pair])
        origin, ms = origin[again], ms[pair[again]]
        # One number for a pair, sorted in place: millions of them take a third of the time of an argsort.
        packed = ((origin * len(at) + site) << _MS_BITS) | ms
        packed.sort()
        took = (packed & ((1 << _MS_BITS) - 1)) / MS
        packed >>= _MS_BITS
        origin, site = np.divmod(packed, max(len(at), 1))
        return TravelPairs(origin, site, took)


@dataclass(frozen=True)
class _Repeated:
    """Where each position of a table stands among those asked for: from `first`, `count` times, in `order`."""

    order: NDArray[np.intp]
    first: Integers
    count: Integers

    @classmethod
    def of(cls, at: Integers, size: int) -> _Repeated:
        """Gather positions; those that are not in the table (-1) are left out."""
        order = np.argsort(at, kind="stable")
        order = order[np.searchsorted(at[order], 0) :]
        count = np.bincount(at[order], minlength=size)
        return cls(order, np.cumsum(count) - count, count)

    def spread(self, found: Integers) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return where each of the found stands, as often as it does, and which of the found that is."""
        count = self.count[found]
        which = np.repeat(np.arange(len(found)), count)
        nth = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
        return self.order[self.first[found][which] + nth], which


def _read_nearest(table: TravelTable, rows: Integers, at: Integers, site: Integers, took: Floats) -> None:
    """Write the nearest site of each origin, and its minutes, where the table has one: band by band of minutes.

    Ties go to the site that stands first among those asked for.
    """
    sites = _Repeated.of(at, len(table.sites))
    wanted = np.flatnonzero(sites.count)
    place = np.full(len(table.sites), -1, np.int64)
    place[wanted] = sites.order[sites.first[wanted]]
    best = np.full(len(table.origins), -1, np.int64)
    ms = np.full(len(table.origins), np.inf)
    left = np.unique(rows[rows >= 0])
    above = -1.0
    for most in BANDS_MIN:
        found = table.pairs(left, wanted, above_ms=above, most_ms=most * MS)
        position = place[found.site]
        order = np.lexsort((position, found.ms, found.row))
        first = order[np.diff(found.row[order], prepend=-1) > 0]
        best[found.row[first]], ms[found.row[first]] = position[first], found.ms[first]
        left, above = left[best[left] < 0], most * MS
    known = rows >= 0
    site[known], took[known] = best[rows[known]], ms[rows[known]] / MS
