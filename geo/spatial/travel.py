"""How long a way takes: the travel model that every minute of a home comes from.

`TravelModel` is the one interface between whoever asks for minutes and whoever knows them: a straight line, a road
network, a routing server. Nobody above it may assume that minutes follow the plane; whoever can use that asks
`is_bounded_by_plane`. `TravelBasis` says what minutes rest on and goes with them to wherever they are shown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from core.errors import MapError
from geo.spatial.crs import GEODESIC_PER_PLANAR_MIN, geodesic_m
from geo.spatial.planar_pairs import pairs_within_m

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    from core.storage.straight_errors import StraightError
    from geo.spatial.points import Points

    Floats = NDArray[np.float64]

TravelKind = Literal["straight_line", "roads", "server"]
Season = Literal["", "summer", "winter"]
Lost = Literal["", "roads", "choice"]
_MORE = 1 + 1e-12  # a pair exactly at the reach is not lost to rounding


class UnknownModeError(LookupError):
    """No way of travelling is called so; `mode` is what was asked for. Words are made where it is shown."""

    def __init__(self, mode: str) -> None:
        super().__init__(f"no mode of travel is called {mode!r}; known are car, walk")
        self.mode = mode


class NoMinutesError(MapError):
    """What measures minutes fails in the middle of a question; `host` is who was asked. The question is asked again."""

    def __init__(self, message: str, host: str) -> None:
        super().__init__(message)
        self.host = host


@dataclass(frozen=True)
class TravelBasis:
    """What minutes rest on: it stands beside every minute that is shown, written or sent.

    Attributes
    ----------
    kind
        `straight_line`, `roads` (a network imported here) or `server` (a routing server that somebody runs).
    mode
        `car` or `walk`.
    source
        Who knows the roads, as a reader knows it (`OpenStreetMap`, the host of the server); empty for a straight line.
    edition
        Edition of the roads; empty where there is none.
    as_of
        Day that the roads are of, ISO 8601; empty where it is not known.
    season
        `summer` or `winter` where passes that close in winter make a difference; else empty.
    instead_of
        Of a straight line: the server that does not answer now; else empty.
    lost
        Of a straight line: what was chosen and cannot be read: the imported `roads`, or the `choice` itself.
    has_local_roads
        False of roads that are main roads alone: places reach them in a straight line.
    has_heights
        Of walking: whether a slope is walked more slowly.
    """

    kind: TravelKind
    mode: str
    source: str = ""
    edition: str = ""
    as_of: str = ""
    season: Season = ""
    instead_of: str = ""
    has_local_roads: bool = True
    lost: Lost = ""
    has_heights: bool = False

    @property
    def is_straight(self) -> bool:
        """Whether nothing is known of roads."""
        return self.kind == "straight_line"

    @property
    def code(self) -> str:
        """Code that travels with every minute in JSON and tables: `straight_line_car`, `roads_car_summer`."""
        return "_".join(part for part in (self.kind, self.mode, self.season) if part)


@dataclass(frozen=True)
class TravelPairs:
    """Pairs of origin and site, by position, sorted by origin and site; minutes of the model."""

    origin: NDArray[np.intp]
    site: NDArray[np.intp]
    minutes: Floats


@dataclass(frozen=True)
class NearestSites:
    """The nearest site of each origin: its position (-1 where none can be reached, then inf), minutes and metres."""

    site: NDArray[np.int64]
    minutes: Floats
    metres: Floats


class TravelTimes(Protocol):
    """What a search for the nearest asks of a model. Minutes are infinite where nobody gets there; metres are straight.

    `least_minutes` is a lower bound of the minutes to any point so many METRIC_CRS metres away: it must never exceed
    `travel_times`, since a search stops by it. Where the plane says nothing of minutes, as in mountains or at a river,
    `is_bounded_by_plane` is False, the bound is 0 and a search measures every point.

    Whoever needs minutes up to a limit alone says so (`most_minutes`): up to it they are exact, beyond it they may be
    infinite, which a model may know sooner.
    """

    @property
    def basis(self) -> TravelBasis:
        """What minutes rest on."""

    @property
    def is_bounded_by_plane(self) -> bool:
        """Whether a lower bound by straight metres is worth asking for."""

    def known_minutes(self, lat: float, lon: float) -> float:
        """Return the minutes up to which many points cost little: who looks for the nearest asks so far first."""

    def travel_times(
        self, lat: ArrayLike, lon: ArrayLike, lats: ArrayLike, lons: ArrayLike, *, most_minutes: float = math.inf
    ) -> tuple[Floats, Floats]:
        """Return minutes and metres between points (WGS84 degrees), from one to many or pair by pair."""

    def minutes_to_many(self, lat: float, lon: float, points: Points, *, most_minutes: float = math.inf) -> Floats:
        """Return minutes from one point (WGS84 degrees) to all of many."""

    def least_minutes(self, planar_m: float) -> float:
        """Return a lower bound of the minutes to any point `planar_m` METRIC_CRS metres away, growing with it."""

    def to_road_m(self, lat: float, lon: float) -> float:
        """Return the metres between a point and the road, which its minutes count; 0 where that is not known."""


class TravelModel(TravelTimes, Protocol):
    """A way of measuring travel for a whole country too. What is in bulk may measure in the plane (within 0.15 %)."""

    def times_between(self, origins: Points, sites: Points) -> tuple[Floats, Floats]:
        """Return minutes and metres pair by pair, as many origins as sites."""

    def pairs_within(self, origins: Points, sites: Points, minutes: float) -> TravelPairs:
        """List every pair at most `minutes` apart (inclusive)."""

    def nearest_each(self, origins: Points, sites: Points) -> NearestSites:
        """Find for each origin the site of least minutes, however far."""


@dataclass(frozen=True)
class RememberedTimes:
    """The times of a model for one question: what was measured from a point to many is not measured again.

    The finder asks for the nearest of each block, for what is nearer and left out, and for what nobody reaches.
    """

    travel: TravelTimes
    _known: dict[tuple[float, float, Points, float], Floats] = field(default_factory=dict, repr=False)

    @property
    def basis(self) -> TravelBasis:
        """What minutes rest on."""
        return self.travel.basis

    @property
    def is_bounded_by_plane(self) -> bool:
        """Whether a lower bound by straight metres is worth asking for."""
        return self.travel.is_bounded_by_plane

    def known_minutes(self, lat: float, lon: float) -> float:
        """Return the minutes up to which many points cost little."""
        return self.travel.known_minutes(lat, lon)

    def travel_times(
        self, lat: ArrayLike, lon: ArrayLike, lats: ArrayLike, lons: ArrayLike, *, most_minutes: float = math.inf
    ) -> tuple[Floats, Floats]:
        """Return minutes and metres as the model does."""
        return self.travel.travel_times(lat, lon, lats, lons, most_minutes=most_minutes)

    def minutes_to_many(self, lat: float, lon: float, points: Points, *, most_minutes: float = math.inf) -> Floats:
        """Return minutes to all of many, measured once: up to what costs little, or whole."""
        whole = self._known.get((lat, lon, points, math.inf))
        if whole is not None:
            return whole
        little = self.known_minutes(lat, lon)
        limit = little if most_minutes <= little else math.inf
        known = self._known.get((lat, lon, points, limit))
        if known is None:
            known = self.travel.minutes_to_many(lat, lon, points, most_minutes=limit)
            self._known[lat, lon, points, limit] = known
        return known

    def least_minutes(self, planar_m: float) -> float:
        """Return the model's lower bound."""
        return self.travel.least_minutes(planar_m)

    def to_road_m(self, lat: float, lon: float) -> float:
        """Return the model's metres to the road."""
        return self.travel.to_road_m(lat, lon)


@dataclass(frozen=True)
class StraightLine:
    """Metres on the ellipsoid times a detour factor, at one speed.

    The detour factor is the usual ratio of road to straight-line distance (1.2 to 1.4 in studies of national
    road networks; 1.35 is assumed for hilly rural Romania), the speed that of a county road through
    villages. Optimistic across rivers and mountains: the screen says "în linie dreaptă".
    """

    basis: TravelBasis
    speed_km_h: float
    detour: float
    is_bounded_by_plane: bool = True

    @property
    def minutes_per_metre(self) -> float:
        """Minutes for each straight-line metre."""
        return self.detour * 60.0 / (self.speed_km_h * 1000.0)

    def travel_times(
        self,
        lat: ArrayLike,
        lon: ArrayLike,
        lats: ArrayLike,
        lons: ArrayLike,
        *,
        most_minutes: float = math.inf,  # noqa: ARG002  nothing is cheaper for a limit
    ) -> tuple[Floats, Floats]:
        """Return minutes and straight-line metres between points (WGS84 degrees)."""
        metres = geodesic_m(lat, lon, lats, lons)
        return metres * self.minutes_per_metre, metres

    def minutes_to_many(
        self,
        lat: float,
        lon: float,
        points: Points,
        *,
        most_minutes: float = math.inf,  # noqa: ARG002
    ) -> Floats:
        """Return minutes from one point to many."""
        return self.travel_times(lat, lon, points.lat, points.lon)[0]

    def known_minutes(self, lat: float, lon: float) -> float:  # noqa: ARG002
        """Return 0: every point costs the same."""
        return 0.0

    def least_minutes(self, planar_m: float) -> float:
        """Return the minutes of the shortest ellipsoidal distance that `planar_m` can stand for."""
        return planar_m * GEODESIC_PER_PLANAR_MIN * self.minutes_per_metre

    def to_road_m(self, lat: float, lon: float) -> float:  # noqa: ARG002  no road is known
        """Return 0: a straight line knows no road."""
        return 0.0

    def times_between(self, origins: Points, sites: Points) -> tuple[Floats, Floats]:
        """Return minutes and metres of the plane pair by pair."""
        metres = np.hypot(*(origins.xy - sites.xy).T)
        return metres * self.minutes_per_metre, metres

    def pairs_within(self, origins: Points, sites: Points, minutes: float) -> TravelPairs:
        """List every pair within a radius of the plane."""
        reach_m = minutes / self.minutes_per_metre * _MORE
        origin, site, metres = pairs_within_m(origins.xy, sites.xy, reach_m)
        return TravelPairs(origin, site, np.minimum(metres * self.minutes_per_metre, minutes))

    def nearest_each(self, origins: Points, sites: Points) -> NearestSites:
        """Find the nearest site of the plane."""
        if not len(sites):
            far = np.full(len(origins), np.inf)
            return NearestSites(np.full(len(origins), -1, np.int64), far, far)
        from scipy.spatial import cKDTree  # a fifth of a second to import: one question of a town needs none

        metres, site = map(np.asarray, cKDTree(sites.xy).query(origins.xy))
        return NearestSites(site.astype(np.int64), metres * self.minutes_per_metre, metres)


CAR = StraightLine(TravelBasis("straight_line", "car"), speed_km_h=45.0, detour=1.35)
WALK = StraightLine(TravelBasis("straight_line", "walk"), speed_km_h=4.5, detour=1.25)


@dataclass(frozen=True)
class TravelModels:
    """The models of one home, one for each mode of travel and all of one kind: nothing mixes them.

    Attributes
    ----------
    car, walk
        How minutes by car and on foot are measured.
    country
        What measures the ways of every locality to every service, where that is more than these can; None = these do.
    errors
        Of straight lines: how far they are from the roads, by county, where that was measured; empty = the country.
    """

    car: TravelModel
    walk: TravelModel
    country: TravelModels | None = None
    errors: Mapping[str, StraightError] = field(default_factory=dict, hash=False)

    @property
    def in_bulk(self) -> TravelModels:
        """The models for what asks about the whole country."""
        return self.country or self

    def of_mode(self, mode: str) -> TravelModel:
        """Return the model of a mode, `car` or `walk`; UnknownModeError for another."""
        if mode not in MODES:
            raise UnknownModeError(mode)
        return self.car if mode == "car" else self.walk


MODES = ("car", "walk")
SEASONS = ("summer", "winter")
STRAIGHT_LINES = TravelModels(CAR, WALK)


@cache
def straight_instead(*, host: str = "", lost: Lost = "") -> TravelModels:
    """Return straight lines that say in whose place they stand: of a server, or of what cannot be read."""
    car, walk = (replace(line, basis=replace(line.basis, instead_of=host, lost=lost)) for line in (CAR, WALK))
    return TravelModels(car, walk)
