"""A view drawn whole, for paper and pictures: its areas by step, and where a point stands; on Web Mercator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.maps.point_clusters import CELLS_A_TILE, MOST_ZOOM, mercator
from geo.spatial.crs import MAP_CRS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

_EQUATOR_M = 40_075_016.686  # of Web Mercator's sphere
_ROUND_METRES = (1, 2, 5)


@dataclass(frozen=True)
class ViewFrame:
    """Where a view lies on a sheet: `width` × `height` units, from its upper left corner.

    Attributes
    ----------
    corners
        South-west and north-east, (lat, lon) in degrees WGS84.
    x0, y0, scale
        Corner on the unit square of Web Mercator, and units of the sheet a side of that square.
    """

    width: float
    height: float
    corners: tuple[tuple[float, float], tuple[float, float]]
    x0: float
    y0: float
    scale: float

    @classmethod
    def fitted(
        cls, corners: Sequence[tuple[float, float]], width: float, most_height: float, *, least_height: float = 0.0
    ) -> ViewFrame:
        """Fit a view into a width; what is taller or lower than allowed is cut or widened north and south alike.

        Parameters
        ----------
        corners
            South-west and north-east corner, (lat, lon) in degrees WGS84.
        width
            Units of the sheet.
        most_height, least_height
            Units of the sheet.

        Returns
        -------
        ViewFrame
            With the view's middle in its middle, and all of it inside.
        """
        (south, west), (north, east) = corners
        (x0, x1), (y1, y0) = mercator(np.array([south, north]), np.array([west, east]))
        wide, high = max(float(x1 - x0), 1e-9), max(float(y1 - y0), 1e-9)
        scale = min(width / wide, most_height / high)
        height = min(max(high * scale, least_height), most_height)
        left, top = (x0 + x1) / 2 - width / scale / 2, (y0 + y1) / 2 - height / scale / 2
        right, bottom = left + width / scale, top + height / scale
        fitted = ((_latitude(bottom), (left - 0.5) * 360), (_latitude(top), (right - 0.5) * 360))
        return cls(width, height, fitted, float(left), float(top), float(scale))

    def at(self, lats: ArrayLike, lons: ArrayLike) -> NDArray[np.float64]:
        """Return where points stand on the sheet, of shape (n, 2)."""
        x, y = mercator(np.atleast_1d(np.asarray(lats, float)), np.atleast_1d(np.asarray(lons, float)))
        return np.column_stack([(x - self.x0) * self.scale, (y - self.y0) * self.scale])

    @property
    def metres_a_unit(self) -> float:
        """Metres of the ground in a unit of the sheet, in the middle of the view."""
        (south, _west), (north, _east) = self.corners
        return float(_EQUATOR_M * np.cos(np.radians((south + north) / 2)) / self.scale)

    def scale_bar(self, most: float) -> tuple[float, float]:
        """Return (units, metres) of the longest bar of round metres that is at most so many units long."""
        metres = most * self.metres_a_unit
        power = 10.0 ** np.floor(np.log10(metres))
        rounded = max(step * power for step in _ROUND_METRES if step * power <= metres)
        return rounded / self.metres_a_unit, float(rounded)

    def zoom_of_cells(self, least: float) -> int:
        """Return the finest zoom at which a cell of `grid_clusters` is at least so many units wide on the sheet."""
        zoom = np.floor(np.log2(max(self.scale / (CELLS_A_TILE * least), 1.0)))
        return int(np.clip(zoom, 0, MOST_ZOOM))


@dataclass(frozen=True)
class DrawnArea:
    """An area on a sheet. grade: its step, 0 = not known. rings: closed outlines, holes too, as arrays of (x, y)."""

    grade: int
    rings: tuple[NDArray[np.float64], ...]

    @property
    def path(self) -> str:
        """Its outlines as the `d` of an SVG path, to a tenth of a unit."""
        return "".join("M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in ring[:-1].tolist()) + "Z" for ring in self.rings)


def drawn_areas(
    areas: gpd.GeoDataFrame, grades: Mapping[int, int], frame: ViewFrame, *, finest: float
) -> tuple[DrawnArea, ...]:
    """Return the areas of a view as they stand on the sheet, cut at its edge.

    Parameters
    ----------
    areas
        `uat_siruta` and outlines.
    grades
        Step of each UAT by its SIRUTA code; 0 where it has none.
    frame
        Where the view lies.
    finest
        Units: what is smaller is left out of outlines.

    Returns
    -------
    tuple of DrawnArea
        In the order given, without those out of view.
    """
    (south, west), (north, east) = frame.corners
    degrees = areas.to_crs(MAP_CRS)
    seen = degrees[degrees.intersects(shapely.box(west, south, east, north))]
    cut = shapely.clip_by_rect(seen.geometry.to_numpy(), west, south, east, north)
    shapes = shapely.simplify(shapely.transform(cut, lambda points: frame.at(points[:, 1], points[:, 0])), finest)
    found = []
    for code, shape in zip(seen["uat_siruta"].tolist(), shapes, strict=True):
        rings = tuple(map(shapely.get_coordinates, _rings(shape)))
        if rings:
            found.append(DrawnArea(grades.get(int(code), 0), rings))
    return tuple(found)


def _rings(shape: Any) -> list[Any]:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return [ring for part in parts for ring in (part.exterior, *part.interiors) if not ring.is_empty]


def _latitude(y: float) -> float:
    return float(np.degrees(np.arcsin(np.tanh((0.5 - y) * 2 * np.pi))))
