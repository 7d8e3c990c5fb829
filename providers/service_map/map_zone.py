"""A part of the map that somebody drew, as it stands in an address: a rectangle or a circle."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.errors import BadValueError
from core.i18n import _, number
from geo.spatial.crs import geodesic_m, rough_metres

if TYPE_CHECKING:
    from numpy.typing import NDArray

DIGITS = 3  # of a degree: a hundred metres, and nobody's door
MOST_RADIUS_KM = 300.0
_BOX, _CIRCLE = 4, 3  # how many numbers each has
_ROUGHLY = 1.02
_KM_A_DEGREE, _KM_A_DEGREE_MIDDLE = 110.5, 111.2  # of latitude: at least; in the middle of the country


@dataclass(frozen=True)
class MapZone:
    """A rectangle between two corners, or a circle where `km` is given; degrees WGS84, what is on its edge is in it.

    Attributes
    ----------
    south, west, north, east
        Of a rectangle its sides; of a circle the rectangle around it.
    km
        Radius of a circle in kilometres; None = a rectangle.
    middle
        Latitude and longitude of its middle.
    """

    south: float
    west: float
    north: float
    east: float
    km: float | None
    middle: tuple[float, float]

    @property
    def text(self) -> str:
        """The zone as an address has it, which `parse` reads back."""
        if self.km is not None:
            return f"{self.middle[0]:.{DIGITS}f},{self.middle[1]:.{DIGITS}f},{self.km:g}"
        return ",".join(f"{side:.{DIGITS}f}" for side in (self.south, self.west, self.north, self.east))

    @property
    def words(self) -> str:
        """The zone in words: its size."""
        if self.km is not None:
            return _("un cerc cu raza de {km} km").format(km=number(self.km, 1))
        lat, lon = self.middle
        high = geodesic_m(self.south, lon, [self.north], [lon])[0] / 1000
        wide = geodesic_m(lat, self.west, [lat], [self.east])[0] / 1000
        return _("un dreptunghi de {wide} × {high} km").format(wide=number(wide, 1), high=number(high, 1))

    def holds(self, lats: NDArray[np.float64], lons: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which points are in the zone.

        Parameters
        ----------
        lats, lons
            Degrees WGS84, finite.

        Returns
        -------
        ndarray
            True inside and on the edge; of a circle by metres on the ellipsoid.
        """
        if self.km is not None:
            return within_metres(*self.middle, lats, lons, self.km * 1000)
        inside: NDArray[np.bool_] = (
            (lats >= self.south) & (lats <= self.north) & (lons >= self.west) & (lons <= self.east)
        )
        return inside

    def outline(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return its outline as latitudes and longitudes, for a drawing."""
        if self.km is None:
            sides = np.array([self.south, self.south, self.north, self.north])
            return sides, np.array([self.west, self.east, self.east, self.west])
        turn = np.linspace(0, 2 * np.pi, 72, endpoint=False)
        (lat, lon), high = self.middle, self.km / _KM_A_DEGREE_MIDDLE
        return lat + high * np.sin(turn), lon + high * np.cos(turn) / np.cos(np.radians(lat))

    @classmethod
    def parse(cls, text: str) -> MapZone:
        """Read a zone of an address.

        Parameters
        ----------
        text
            South, west, north and east of a rectangle, or latitude, longitude and kilometres of a circle, with `,`
            between them.

        Returns
        -------
        MapZone
            Rounded to DIGITS of a degree.

        Raises
        ------
        BadValueError
            Where it is neither, or outside its limits.
        """
        try:
            numbers = [float(part) for part in text.split(",")]
        except ValueError:
            raise _zone_error(text) from None
        if not all(map(math.isfinite, numbers)):
            raise _zone_error(text)
        if len(numbers) == _BOX:
            south, west, north, east = (round(each, DIGITS) for each in numbers)
            if not (-90 <= south < north <= 90 and -180 <= west < east <= 180):  # noqa: PLR2004
                raise _zone_error(text)
            return cls(south, west, north, east, None, ((south + north) / 2, (west + east) / 2))
        if len(numbers) == _CIRCLE:
            lat, lon, km = round(numbers[0], DIGITS), round(numbers[1], DIGITS), round(numbers[2], 2)
            if not (-80 <= lat <= 80 and -180 <= lon <= 180 and 0 < km <= MOST_RADIUS_KM):  # noqa: PLR2004
                raise _zone_error(text)
            high = km / _KM_A_DEGREE
            wide = high / math.cos(math.radians(min(abs(lat) + high, 89)))
            return cls(lat - high, lon - wide, lat + high, lon + wide, km, (lat, lon))
        raise _zone_error(text)


def within_metres(
    lat: float, lon: float, lats: NDArray[np.float64], lons: NDArray[np.float64], metres: float
) -> NDArray[np.bool_]:
    """Return which points are at most so many metres from one, on the ellipsoid.

    Parameters
    ----------
    lat, lon
        The one, degrees WGS84.
    lats, lons
        The others, finite.
    metres
        The distance, included.

    Returns
    -------
    ndarray
        One for each point.
    """
    found = rough_metres(lat, lon, lats, lons) <= metres * _ROUGHLY
    maybe = np.flatnonzero(found)
    found[maybe] = geodesic_m(lat, lon, lats[maybe], lons[maybe]) <= metres
    return found


def _zone_error(text: str) -> BadValueError:
    words = _(
        "Zona are patru numere, sud, vest, nord și est, sau trei, latitudine, longitudine și kilometri "
        "(cel mult {most}), cu virgulă între ele, nu „{found}”."
    )
    return BadValueError(words.format(most=number(MOST_RADIUS_KM), found=text[:80]))
