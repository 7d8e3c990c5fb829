"""Which names of localities a map prints at each zoom: the important from far, all of them near, none over another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.maps.point_clusters import mercator

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from geo.gazetteer.gazetteer import Gazetteer

COUNTY_SEAT, MUNICIPALITY, TOWN, COMMUNE, VILLAGE = range(5)
FIRST_ZOOM = (6, 7, 8, 9, 11)  # of each rank
LEAST_ZOOM, EVERY_ZOOM = 6, 11  # from EVERY_ZOOM all names are sent, and a script leaves out what has no room
BLOCK = 1024  # pixels along a side of the square of which names are asked
_TILE = 256
_LETTER, _LINE, _GAP = 7.4, 20.0, 12.0  # pixels of a name
_CELL = 64  # pixels


@dataclass(frozen=True)
class PlaceNames:
    """Localities with a point, the most important first.

    Attributes
    ----------
    codes
        SIRUTA; of Bucharest, which has no seat, that of the municipality.
    uats
        SIRUTA of the UAT of each.
    names
        As they are printed.
    lats, lons
        Degrees WGS84.
    ranks
        COUNTY_SEAT to VILLAGE.
    x, y
        On Web Mercator, 0 to 1 from west to east and from north to south.
    from_zoom
        The first zoom at which each is printed.
    """

    codes: NDArray[np.int64]
    uats: NDArray[np.int64]
    names: tuple[str, ...]
    lats: NDArray[np.float64]
    lons: NDArray[np.float64]
    ranks: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    from_zoom: NDArray[np.int64]

    def within(self, zoom: int, column: int, row: int) -> NDArray[np.int64]:
        """Return which are printed at a zoom in one square.

        Parameters
        ----------
        zoom
            0 and up.
        column, row
            Of the squares of BLOCK pixels, from the north-west of the world.

        Returns
        -------
        array
            Positions, the most important first.
        """
        side = BLOCK / (_TILE * 2**zoom)
        inside = (np.floor(self.x / side) == column) & (np.floor(self.y / side) == row)
        return np.flatnonzero(inside & (self.from_zoom <= zoom))


def place_names(gazetteer: Gazetteer) -> PlaceNames:
    """Choose for each zoom the names that have room, those of lower rank giving way.

    Parameters
    ----------
    gazetteer
        Localities and UATs; a village without a point of its own has no name on a map.

    Returns
    -------
    PlaceNames
        A name that is printed at a zoom is printed at every nearer one.
    """
    table = _ranked(gazetteer)
    lats, lons = table["lat"].to_numpy(float), table["lon"].to_numpy(float)
    x, y = mercator(lats, lons)
    ranks = table["rank"].to_numpy("int64")
    names = tuple(table["name"])
    return PlaceNames(
        table["code"].to_numpy("int64"), table["uat_siruta"].to_numpy("int64"), names, lats, lons, ranks, x, y,
        _first_zooms(x, y, ranks, names),
    )  # fmt: skip


def _ranked(gazetteer: Gazetteer) -> pd.DataFrame:
    import pandas as pd

    uats, found = gazetteer.uats, gazetteer.localities
    kinds = dict(zip(uats["uat_siruta"], uats["kind"], strict=True))
    seats = set(uats["seat_locality_siruta"].dropna().astype(int))
    of_counties = set(gazetteer.counties["seat_uat_siruta"].dropna().astype(int))
    order = {"municipality": MUNICIPALITY, "town": TOWN, "commune": COMMUNE, "sector": COMMUNE}

    def rank(code: int, uat: int) -> int:
        if code not in seats and kinds[uat] != "sector":
            return VILLAGE
        return COUNTY_SEAT if uat in of_counties else order[kinds[uat]]

    placed = found[found["lat"].notna() & ((found["precision"] == "locality") | found["locality_siruta"].isin(seats))]
    rows = placed.assign(
        code=placed["locality_siruta"],
        rank=[rank(*pair) for pair in zip(placed["locality_siruta"], placed["uat_siruta"], strict=True)],
    )[["code", "uat_siruta", "name", "lat", "lon", "rank"]]
    whole = uats[uats["seat_locality_siruta"].isna() & uats["lat"].notna() & (uats["kind"] == "municipality")]
    cities = whole.assign(code=whole["uat_siruta"], rank=COUNTY_SEAT)[rows.columns]
    return pd.concat([cities, rows]).sort_values(["rank", "name", "code"], kind="stable", ignore_index=True)


class _Page:
    """The names that stand on a map at one zoom, by cells of it."""

    def __init__(self, x: NDArray[np.float64], y: NDArray[np.float64], wide: list[float], zoom: int) -> None:
        scale = _TILE * 2**zoom
        self.x, self.y, self.wide = (x * scale).tolist(), (y * scale).tolist(), wide
        self.reach = int(2 * max(wide, default=0.0) // _CELL) + 1
        self.cells: dict[tuple[int, int], list[int]] = {}

    def put(self, at: int) -> None:
        self.cells.setdefault(self._cell(at), []).append(at)

    def has_room(self, at: int) -> bool:
        column, row = self._cell(at)
        near = (
            other
            for dx in range(-self.reach, self.reach + 1)
            for dy in (-1, 0, 1)
            for other in self.cells.get((column + dx, row + dy), ())
        )
        return not any(
            abs(self.x[at] - self.x[other]) < self.wide[at] + self.wide[other]
            and abs(self.y[at] - self.y[other]) < _LINE
            for other in near
        )

    def _cell(self, at: int) -> tuple[int, int]:
        return int(self.x[at] // _CELL), int(self.y[at] // _CELL)


def _first_zooms(
    x: NDArray[np.float64], y: NDArray[np.float64], ranks: NDArray[np.int64], names: tuple[str, ...]
) -> NDArray[np.int64]:
    found = np.full(len(x), EVERY_ZOOM)
    wide = [(_LETTER * len(name) + _GAP) / 2 for name in names]
    shown: list[int] = []
    for zoom in range(LEAST_ZOOM, EVERY_ZOOM):
        page = _Page(x, y, wide, zoom)
        for at in shown:
            page.put(at)
        for at in np.flatnonzero((np.take(FIRST_ZOOM, ranks) <= zoom) & (found == EVERY_ZOOM)).tolist():
            if page.has_room(at):
                page.put(at)
                shown.append(at)
                found[at] = zoom
    return found
