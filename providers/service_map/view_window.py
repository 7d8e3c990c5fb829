"""The part of the country that a map shows: its corners and its zoom, as they stand in an address."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from core.errors import BadValueError
from core.i18n import _
from geo.maps.point_clusters import MOST_ZOOM

if TYPE_CHECKING:
    from collections.abc import Mapping

Corners = tuple[tuple[float, float], tuple[float, float]]
COUNTRY: Corners = ((43.6, 20.25), (48.28, 29.72))  # Romania, degrees WGS84
_COUNTRY_ZOOM = 7
_MOST_LAT, _MOST_LON = 90, 180


@dataclass(frozen=True)
class MapView:
    """A view of a map.

    Parameters
    ----------
    corners
        South-west and north-east, (lat, lon) in degrees WGS84.
    zoom
        0 to MOST_ZOOM.
    """

    FIELDS: ClassVar = ("cadru", "zoom")
    corners: Corners = COUNTRY
    zoom: int = _COUNTRY_ZOOM

    @property
    def middle(self) -> tuple[float, float]:
        """Latitude and longitude of its middle, degrees."""
        (south, west), (north, east) = self.corners
        return (south + north) / 2, (west + east) / 2

    def fields(self) -> list[tuple[str, str]]:
        """Return the view as the fields of an address that `parse` reads back."""
        (south, west), (north, east) = self.corners
        return [("cadru", f"{south:.5f},{west:.5f},{north:.5f},{east:.5f}"), ("zoom", str(self.zoom))]

    @classmethod
    def parse(cls, fields: Mapping[str, str]) -> MapView:
        """Read a view of an address.

        Parameters
        ----------
        fields
            `cadru`: south, west, north and east with `,` between them; `zoom`. Both blank: the whole country.

        Returns
        -------
        MapView
            The view.

        Raises
        ------
        BadValueError
            Where a number is none, or outside its limits.
        """
        text, zoom = fields.get("cadru", "").strip(), fields.get("zoom", "").strip()
        if not text and not zoom:
            return cls()
        return cls(_corners(text) if text else COUNTRY, _zoom(zoom) if zoom else _COUNTRY_ZOOM)


def _corners(text: str) -> Corners:
    parts = text.split(",")
    try:
        south, west, north, east = (float(part) for part in parts)
    except ValueError:
        raise _view_error(text) from None
    is_sound = all(map(math.isfinite, (south, west, north, east)))
    is_on_earth = -_MOST_LAT <= south <= north <= _MOST_LAT and -_MOST_LON <= west <= east <= _MOST_LON
    if not (is_sound and is_on_earth):
        raise _view_error(text)
    return (south, west), (north, east)


def _view_error(text: str) -> BadValueError:
    words = _("Cadrul hărții are patru numere, sud, vest, nord și est, cu virgulă între ele, nu „{found}”.")
    return BadValueError(words.format(found=text[:80]))


def _zoom(text: str) -> int:
    try:
        zoom = int(text)
    except ValueError:
        zoom = -1
    if not 0 <= zoom <= MOST_ZOOM:
        raise BadValueError(
            _("Mărirea hărții este între 0 și {most}, nu „{found}”.").format(most=MOST_ZOOM, found=text[:20])
        )
    return zoom
