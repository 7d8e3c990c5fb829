"""Minutes by road behind the one interface of travel (`geo.spatial.travel.TravelModel`)."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
from scipy.spatial import KDTree

from geo.roads.home_roads import open_roads
from geo.spatial.crs import geodesic_m
from geo.spatial.points import Points
from geo.spatial.travel import STRAIGHT_LINES, NearestSites, TravelBasis, TravelModels, TravelPairs

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from core.storage.home import Home
    from geo.roads.home_roads import HomeRoads
    from geo.roads.pinned_points import PinnedPoints
    from geo.roads.road_search import RoadSearch
    from geo.spatial.travel import Season

    Floats = NDArray[np.float64]

_NEAR_MINUTES = 30.0


class RoadTravel:
    """A network of roads as a travel model: exact minutes, infinite where nobody gets there; metres are straight.

    Parameters
    ----------
    search
        The roads, in one season.
    basis
        What its minutes rest on.
    """

    is_bounded_by_plane = False

    def __init__(self, search: RoadSearch, basis: TravelBasis) -> None:
        self.search = search
        self.basis = basis
        self._pinned: WeakKeyDictionary[Points, PinnedPoints] = WeakKeyDictionary()
        self._turn = threading.Lock()

    def __reduce__(self) -> tuple[type[RoadTravel], tuple[RoadSearch, TravelBasis]]:
        """Go to another process without what was pinned here."""
        return RoadTravel, (self.search, self.basis)

    def known_minutes(self, lat: float, lon: float) -> float:  # noqa: ARG002
        """Return half an hour: a search so far costs a fraction of one to all."""
        return _NEAR_MINUTES

    def least_minutes(self, planar_m: float) -> float:  # noqa: ARG002  the plane says nothing of roads
        """Return 0: a network has no bound by straight metres that would be worth asking for."""
        return 0.0

    def to_road_m(self, lat: float, lon: float) -> float:
        """Return the metres of the way to the road, walked (or driven where the roads are main roads alone)."""
        where = self.search.snapped(lat, lon)
        return 0.0 if where is None else where.metres * self.search.to_road.detour

    def travel_times(
        self,
        lat: ArrayLike,
        lon: ArrayLike,
        lats: ArrayLike,
        lons: ArrayLike,
        *,
        most_minutes: float = math.inf,  # noqa: ARG002  few points: searches that grow end soon enough
    ) -> tuple[Floats, Floats]:
        """Return minutes and straight metres between points (WGS84 degrees), from one to many or pair by pair."""
        to_lat, to_lon = np.atleast_1d(np.asarray(lats, float)), np.atleast_1d(np.asarray(lons, float))
        from_lat = np.broadcast_to(np.asarray(lat, float), to_lat.shape)
        from_lon = np.broadcast_to(np.asarray(lon, float), to_lon.shape)
        metres = geodesic_m(from_lat, from_lon, to_lat, to_lon)
        return self._pair_minutes(from_lat, from_lon, self.search.pin(to_lat, to_lon)), metres

    def minutes_to_many(self, lat: float, lon: float, points: Points, *, most_minutes: float = math.inf) -> Floats:
        """Return minutes from one point (WGS84 degrees) to all of many."""
        return self.search.minutes(lat, lon, self._pin(points), most_minutes=most_minutes)

    def times_between(self, origins: Points, sites: Points) -> tuple[Floats, Floats]:
        """Return minutes and straight metres pair by pair, as many origins as sites."""
        metres = geodesic_m(origins.lat, origins.lon, sites.lat, sites.lon)
        return self._pair_minutes(origins.lat, origins.lon, self._pin(sites)), metres

    def pairs_within(self, origins: Points, sites: Points, minutes: float) -> TravelPairs:
        """List every pair at most `minutes` apart (inclusive), sorted by origin and site."""
        starts, ends = self._pin(origins), self._pin(sites)
        origin, site, took = [], [], []
        # Many villages have no point of their own: what starts where another did goes where it went.
        _spots, first_at, spot = np.unique(
            np.column_stack([origins.lat, origins.lon]), axis=0, return_index=True, return_inverse=True
        )
        gone: dict[int, tuple[NDArray[np.intp], Floats]] = {}
        for i, at in enumerate(spot.reshape(-1).tolist()):
            if at not in gone:
                times = self.search.minutes_between(starts, int(first_at[at]), ends, most_minutes=minutes)
                within = np.flatnonzero(times <= minutes)
                gone[at] = within, times[within]
            near, near_minutes = gone[at]
            origin.append(np.full(len(near), i, np.intp))
            site.append(near)
            took.append(near_minutes)
        first, second = (np.concatenate([*each, np.empty(0, np.intp)]) for each in (origin, site))
        return TravelPairs(first, second, np.concatenate([*took, np.empty(0)]))

    def nearest_each(self, origins: Points, sites: Points) -> NearestSites:
        """Find for each origin the site of least minutes, however far: one search against the direction of travel."""
        starts, ends = self._pin(origins), self._pin(sites)
        site, minutes = self.search.nearest_each(starts, ends)
        for i, others in self._close(origins, sites):
            took = self.search.minutes_direct(starts.lat[i], starts.lon[i], starts.snapped[i], ends)[others]
            best = int(np.argmin(took))
            if took[best] < minutes[i]:
                site[i], minutes[i] = others[best], took[best]
        metres = np.full(len(origins), np.inf)
        known = site >= 0
        metres[known] = geodesic_m(
            origins.lat[known], origins.lon[known], sites.lat[site[known]], sites.lon[site[known]]
        )
        return NearestSites(site, minutes, metres)

    def _close(self, origins: Points, sites: Points) -> list[tuple[int, NDArray[np.intp]]]:
        """Return the sites so near to an origin that one may go straight, for the origins that have any."""
        if not len(origins) or not len(sites):
            return []
        near = KDTree(sites.xy).query_ball_point(
            origins.xy, self.search.to_road.most_direct_m * 1.01, return_sorted=True
        )
        return [(i, np.array(others, np.intp)) for i, others in enumerate(near) if others]

    def _pair_minutes(self, lat: Floats, lon: Floats, ends: PinnedPoints) -> Floats:
        """Return minutes from each point to the one pinned at its position: one search for each distinct origin."""
        took = np.full(len(ends), np.inf)
        if not len(ends):
            return took
        starts, of_start = np.unique(np.column_stack([lat, lon]), axis=0, return_inverse=True)
        order = np.argsort(of_start.reshape(-1), kind="stable")
        groups = np.split(order, np.flatnonzero(np.diff(of_start.reshape(-1)[order])) + 1)
        for (start_lat, start_lon), pairs in zip(starts.tolist(), groups, strict=True):
            took[pairs] = self.search.minutes_to_few(start_lat, start_lon, self.search.chosen(ends, pairs))
        return took

    def _pin(self, points: Points) -> PinnedPoints:
        with self._turn:
            kept = self._pinned.get(points)
        if kept is None:
            kept = self.search.pin(points.lat, points.lon)
            with self._turn:
                self._pinned[points] = kept
        return kept


def home_travel(home: Home, season: Season = "summer") -> TravelModels:
    """Return the travel models of a home: its roads where they are in force, else straight lines.

    Parameters
    ----------
    home
        The home.
    season
        `summer` or `winter`.

    Returns
    -------
    TravelModels
        On foot too by road where the edition has footways; a layer of main roads has none, and walking is then
        measured by the straight line, which its basis says.

    Raises
    ------
    EditionError
        Where the edition of roads is damaged.
    """
    car, walk = (open_roads(home, mode, season or "summer") for mode in ("car", "walk"))
    if car is None:
        return STRAIGHT_LINES
    return TravelModels(_travel(car), _travel(walk) if walk is not None else STRAIGHT_LINES.walk)


def _travel(roads: HomeRoads) -> RoadTravel:
    mode = "walk" if roads.mode == "foot" else roads.mode
    season: Season = "winter" if roads.season == "winter" else "summer"
    source = "OpenStreetMap" if roads.layout == "osm" else roads.title
    basis = TravelBasis(
        "roads", mode, source, roads.edition, roads.as_of, season, has_local_roads=not roads.local_access,
        has_heights=roads.has_heights and mode == "walk",
    )  # fmt: skip
    return RoadTravel(roads.search, basis)
