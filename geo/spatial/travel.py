"""How long a way takes. Straight-line minutes today; road times join behind the same interface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from geo.spatial.crs import GEODESIC_PER_PLANAR_MIN, geodesic_m

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray


class UnknownModeError(LookupError):
    """No way of travelling is called so; `mode` is what was asked for. Words are made where it is shown."""

    def __init__(self, mode: str) -> None:
        super().__init__(f"no mode of travel is called {mode!r}; known are car, walk")
        self.mode = mode


class TravelModel(Protocol):
    """What the search asks of a way of measuring travel.

    `ways` gives minutes and metres between points (WGS84 degrees), `least_minutes` a lower bound of the minutes to any
    point so many METRIC_CRS metres away: it must never exceed `ways`, since the search stops by it.
    """

    @property
    def name(self) -> str:
        """Code that travels with every minute shown: `straight_line_car`."""

    def ways(
        self, lat: ArrayLike, lon: ArrayLike, lats: ArrayLike, lons: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return minutes and metres between points (WGS84 degrees), from one to many or pair by pair."""

    def least_minutes(self, planar_m: float) -> float:
        """Return a lower bound of the minutes to any point `planar_m` METRIC_CRS metres away, growing with it."""


@dataclass(frozen=True)
class StraightLine:
    """Metres on the ellipsoid times a detour factor, at one speed.

    The detour factor is the usual ratio of road to straight-line distance (1.2 to 1.4 in studies of national
    road networks; 1.35 is assumed for hilly rural Romania), the speed that of a county road through
    villages. Optimistic across rivers and mountains: the screen says "în linie dreaptă".
    """

    name: str
    speed_km_h: float
    detour: float

    @property
    def minutes_per_metre(self) -> float:
        """Minutes for each straight-line metre."""
        return self.detour * 60.0 / (self.speed_km_h * 1000.0)

    def ways(
        self, lat: ArrayLike, lon: ArrayLike, lats: ArrayLike, lons: ArrayLike
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return minutes and straight-line metres between points (WGS84 degrees)."""
        metres = geodesic_m(lat, lon, lats, lons)
        return metres * self.minutes_per_metre, metres

    def least_minutes(self, planar_m: float) -> float:
        """Return the minutes of the shortest ellipsoidal distance that `planar_m` can stand for."""
        return planar_m * GEODESIC_PER_PLANAR_MIN * self.minutes_per_metre


CAR = StraightLine("straight_line_car", speed_km_h=45.0, detour=1.35)
WALK = StraightLine("straight_line_walk", speed_km_h=4.5, detour=1.25)
_MODES = {"car": CAR, "walk": WALK}


def straight_line(mode: str) -> StraightLine:
    """Return the straight-line model of a mode of travel.

    Parameters
    ----------
    mode
        `car` or `walk`.

    Returns
    -------
    StraightLine
        Minutes grow with geodesic metres, at one speed.

    Raises
    ------
    UnknownModeError
        For another mode.
    """
    try:
        return _MODES[mode]
    except KeyError:
        raise UnknownModeError(mode) from None
