"""Which area holds a point: a spatial index over the imported boundaries, asked for many points at once.

Reads the geometry as bytes, without geopandas: the first answer comes in a tenth of a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from geo.spatial.crs import to_metric

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from core.storage.home import Home


@dataclass(frozen=True)
class AreaIndex:
    """Areas in METRIC_CRS, and a spatial index over them.

    Attributes
    ----------
    shapes
        Polygons or multipolygons in METRIC_CRS.
    uats
        SIRUTA of the UAT of each area; None where the areas are counties.
    counties
        Letters of the county of each area.
    """

    shapes: NDArray[np.object_]
    uats: NDArray[np.object_]
    counties: NDArray[np.object_]

    def uat_at(self, lats: ArrayLike, lons: ArrayLike) -> NDArray[np.object_]:
        """Return the UAT (in Bucharest the sector) that holds each point, None outside all areas (degrees)."""
        return self._at(lats, lons, self.uats)

    def county_at(self, lats: ArrayLike, lons: ArrayLike) -> NDArray[np.object_]:
        """Return the county letters of each point, None outside all areas (degrees)."""
        return self._at(lats, lons, self.counties)

    def _at(self, lats: ArrayLike, lons: ArrayLike, values: NDArray[np.object_]) -> NDArray[np.object_]:
        points = _points(lats, lons)
        found = np.full(len(points), None, dtype=object)
        which, area = self._tree.query(points, predicate="intersects")
        # A point on a border touches several areas: the first in the table is taken, so that the answer is one.
        order = np.argsort(-area, kind="stable")
        found[which[order]] = values[area[order]]
        return found

    @cached_property
    def _tree(self) -> shapely.STRtree:
        shapely.prepare(self.shapes)
        return shapely.STRtree(self.shapes)


def area_index(areas: pd.DataFrame) -> AreaIndex:
    """Index a table of areas.

    Parameters
    ----------
    areas
        `uat_siruta`, `county` and `geometry` of `geo.layers.boundaries.tidy`, METRIC_CRS: a GeoDataFrame, or a table
        with the geometry as WKB bytes.

    Returns
    -------
    AreaIndex
        The index, in the order of the rows.
    """
    shapes = areas["geometry"].to_numpy()
    if len(shapes) and isinstance(shapes[0], bytes):
        shapes = shapely.from_wkb(shapes)
    return AreaIndex(
        np.asarray(shapes, dtype=object),
        np.array([None if pd.isna(code) else int(code) for code in areas["uat_siruta"]], dtype=object),
        areas["county"].to_numpy(dtype=object),
    )


def area_index_of(home: Home) -> AreaIndex | None:
    """Index the boundaries that a home imported; None where there are none."""
    from core.storage.editions import EditionStore

    areas = EditionStore(home).current_table("boundaries", "boundaries", ["uat_siruta", "county", "geometry"])
    return None if areas is None else area_index(areas)


def _points(lats: ArrayLike, lons: ArrayLike) -> NDArray[np.object_]:
    lat, lon = np.atleast_1d(np.asarray(lats, float)), np.atleast_1d(np.asarray(lons, float))
    known = np.isfinite(lat) & np.isfinite(lon)
    xy = np.full((len(lat), 2), np.nan)
    if known.any():
        xy[known] = to_metric(lat[known], lon[known])
    points = np.full(len(lat), None, dtype=object)
    finite = np.isfinite(xy).all(axis=1)
    points[finite] = shapely.points(xy[finite])
    return points
