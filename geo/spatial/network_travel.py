"""A travel model over whatever measures minutes from one point to many: a road network, a table, a routing server.

Nothing is known of such minutes before they are measured, so every question becomes searches from one point to all of
many: exact, and the same whatever else is asked beside.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakKeyDictionary

import numpy as np

from geo.spatial.crs import GEODESIC_PER_PLANAR_MIN, geodesic_m
from geo.spatial.points import Points
from geo.spatial.travel import NearestSites, TravelPairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from geo.spatial.travel import TravelBasis

    Floats = NDArray[np.float64]
    _Found = tuple[NDArray[np.intp], NDArray[np.intp], Floats]

_KEPT = 64  # answers: one question of the finder asks the same origin and type several times


class OneToMany(Protocol):
    """What measures minutes from one point to many (WGS84 degrees)."""

    def pin(self, lats: Floats, lons: Floats) -> Any:
        """Make ready points to which many searches go."""

    def minutes(self, lat: float, lon: float, points: Any, *, most_minutes: float = math.inf) -> Floats:
        """Return minutes from a point to each pinned one; infinite where nobody gets there, or only in more."""


@dataclass(frozen=True, eq=False)
class NetworkTravel:
    """Minutes of a network, which do not follow the plane.

    Attributes
    ----------
    basis
        What minutes rest on.
    forward
        Measures from one point to many.
    backward
        Measures from many points to one, as `forward` does on the roads turned round; None = one search for each.
    least_minutes_per_metre
        Nobody is faster, by METRIC_CRS metres; 0 = nothing is known, and every point is measured.
    """

    basis: TravelBasis
    forward: OneToMany
    backward: OneToMany | None = None
    least_minutes_per_metre: float = 0.0
    _to: _Measured = field(init=False, repr=False)
    _back: _Measured | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_to", _Measured(self.forward))
        object.__setattr__(self, "_back", None if self.backward is None else _Measured(self.backward))

    @property
    def is_bounded_by_plane(self) -> bool:
        """Whether it is worth asking for the near points first: where each costs a request, not where a search is."""
        return self.least_minutes_per_metre > 0

    def known_minutes(self, lat: float, lon: float) -> float:  # noqa: ARG002
        """Return 0: nothing is known before it is measured."""
        return 0.0

    def least_minutes(self, planar_m: float) -> float:
        """Return the minutes of whoever is fastest."""
        return planar_m * GEODESIC_PER_PLANAR_MIN * self.least_minutes_per_metre

    def to_road_m(self, lat: float, lon: float) -> float:  # noqa: ARG002  a server keeps it to itself
        """Return 0: it is not known."""
        return 0.0

    def minutes_to_many(
        self,
        lat: float,
        lon: float,
        points: Points,
        *,
        most_minutes: float = math.inf,  # noqa: ARG002  what is kept serves every limit
    ) -> Floats:
        """Return minutes from one point to all of many; kept for the next question like it."""
        return self._to.kept(lat, lon, points)

    def travel_times(
        self,
        lat: ArrayLike,
        lon: ArrayLike,
        lats: ArrayLike,
        lons: ArrayLike,
        *,
        most_minutes: float = math.inf,  # noqa: ARG002
    ) -> tuple[Floats, Floats]:
        """Return minutes and straight metres between points (WGS84 degrees), from one to many or pair by pair."""
        to_lat, to_lon = (np.atleast_1d(np.asarray(each, np.float64)) for each in (lats, lons))
        from_lat, from_lon = (np.broadcast_to(np.asarray(each, np.float64), to_lat.shape) for each in (lat, lon))
        return self._paired(from_lat, from_lon, to_lat, to_lon), geodesic_m(from_lat, from_lon, to_lat, to_lon)

    def times_between(self, origins: Points, sites: Points) -> tuple[Floats, Floats]:
        """Return minutes pair by pair, and metres of the plane."""
        minutes = self._paired(origins.lat, origins.lon, sites.lat, sites.lon)
        return minutes, np.hypot(*(origins.xy - sites.xy).T)

    def pairs_within(self, origins: Points, sites: Points, minutes: float) -> TravelPairs:
        """List every pair at most `minutes` apart (inclusive), by searches from the side that has fewer points."""
        found = [(np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0))]
        for origin, site, took in self._searches(origins, sites, most_minutes=minutes):
            near = took <= minutes
            found.append((origin[near], site[near], took[near]))
        all_origins, all_sites, all_minutes = (np.concatenate(part) for part in zip(*found, strict=True))
        order = np.lexsort((all_sites, all_origins))
        origin, site = all_origins[order], all_sites[order]
        return TravelPairs(origin, site, all_minutes[order])

    def nearest_each(self, origins: Points, sites: Points) -> NearestSites:
        """Find for each origin the site of least minutes, however far; ties go to the lower position."""
        best = np.full(len(origins), np.inf)
        chosen = np.full(len(origins), -1, np.int64)
        for origin, site, took in self._searches(origins, sites):
            order = np.lexsort((site, took, origin))
            first = order[np.diff(origin[order], prepend=-1) > 0]
            closer = first[took[first] < best[origin[first]]]
            best[origin[closer]], chosen[origin[closer]] = took[closer], site[closer]
        metres = np.full(len(origins), np.inf)
        known = np.flatnonzero(chosen >= 0)
        metres[known] = np.hypot(*(origins.xy[known] - sites.xy[chosen[known]]).T)
        return NearestSites(chosen, best, metres)

    def _searches(self, origins: Points, sites: Points, most_minutes: float = math.inf) -> Iterator[_Found]:
        """Measure every origin against every site, one search at a time: positions of both, and minutes."""
        if self._back is not None and len(sites) < len(origins):
            everybody = np.arange(len(origins))
            for at in range(len(sites)):
                took = self._back.measure(sites.lat[at], sites.lon[at], origins, most_minutes)
                yield everybody, np.full(len(origins), at), took
            return
        everything = np.arange(len(sites))
        for at in range(len(origins)):
            took = self._to.measure(origins.lat[at], origins.lon[at], sites, most_minutes)
            yield np.full(len(sites), at), everything, took

    def _paired(self, from_lat: Floats, from_lon: Floats, to_lat: Floats, to_lon: Floats) -> Floats:
        """Return minutes pair by pair: one search for each distinct point of the side that has fewer of them."""
        forth, of_forth = _distinct(from_lat, from_lon)
        back, of_back = _distinct(to_lat, to_lon)
        if self._back is not None and len(back) < len(forth):
            return _grouped(self._back, back, of_back, Points.of(from_lat, from_lon))
        return _grouped(self._to, forth, of_forth, Points.of(to_lat, to_lon))


class _Measured:
    """Searches in one direction: what was made of points is kept as long as they are, the last answers too."""

    def __init__(self, search: OneToMany) -> None:
        self._search = search
        self._pinned: WeakKeyDictionary[Points, Any] = WeakKeyDictionary()
        self._turn = threading.Lock()
        self.kept = lru_cache(_KEPT)(self._answer)

    def measure(self, lat: float, lon: float, points: Points, most_minutes: float = math.inf) -> Floats:
        """Return minutes between a point and all of many."""
        with self._turn:
            pinned = self._pinned.get(points)
            if pinned is None:
                pinned = self._pinned[points] = self._search.pin(points.lat, points.lon)
        return self._search.minutes(float(lat), float(lon), pinned, most_minutes=most_minutes)

    def _answer(self, lat: float, lon: float, points: Points) -> Floats:
        answer = self.measure(lat, lon, points)
        answer.setflags(write=False)  # others get the same
        return answer


def _distinct(lat: Floats, lon: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Return the distinct points, and of each point which of them it is."""
    points, which = np.unique(np.column_stack([lat, lon]), axis=0, return_inverse=True)
    return points, which.ravel()


def _grouped(measured: _Measured, ends: Floats, which: NDArray[np.intp], others: Points) -> Floats:
    """Measure every other point against its own end, all those of an end at once."""
    if len(ends) == 1:
        return measured.measure(ends[0, 0], ends[0, 1], others)
    took = np.empty(len(others))
    for end in range(len(ends)):
        own = np.flatnonzero(which == end)
        took[own] = measured.measure(ends[end, 0], ends[end, 1], others.take(own))
    return took
