"""One small drawing of each county, its communes and towns by class, as SVG that a page holds without any script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

SIDE = 120  # units: the longer side of a county's drawing
_FINEST = 0.9  # units: what is smaller is left out


@dataclass(frozen=True)
class SmallMap:
    """The outlines of a county's UATs in a box of `width` × `height` units: `d` of an SVG path by SIRUTA."""

    width: int
    height: int
    paths: Mapping[int, str]


def small_maps(areas: gpd.GeoDataFrame, county_of: Mapping[int, str]) -> dict[str, SmallMap]:
    """Draw every county to its own scale.

    Parameters
    ----------
    areas
        `uat_siruta` and outlines, METRIC_CRS.
    county_of
        Letters of the county by SIRUTA of the UAT.

    Returns
    -------
    dict
        By the letters of the county. North is up; a UAT too small to be drawn has an empty path.
    """
    found = {}
    county = areas["uat_siruta"].map(county_of)
    for letters, rows in areas.groupby(county):
        west, south, east, north = rows.total_bounds
        scale = SIDE / max(east - west, north - south, 1.0)

        def on_paper(points: Any, west: float = west, north: float = north, scale: float = scale) -> Any:
            return np.column_stack([(points[:, 0] - west) * scale, (north - points[:, 1]) * scale])

        shapes = shapely.simplify(shapely.transform(rows.geometry.to_numpy(), on_paper), _FINEST)
        paths = {int(code): _path(shape) for code, shape in zip(rows["uat_siruta"], shapes, strict=True)}
        width, height = (max(1, round(side * scale)) for side in (east - west, north - south))
        found[str(letters)] = SmallMap(width, height, paths)
    return found


def _path(shape: Any) -> str:
    rings = [shapely.get_coordinates(part.exterior) for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return "".join(map(_ring, rings))


def _ring(points: Any) -> str:
    """Write a ring by differences: half as long as by points."""
    at = np.rint(points).astype(int)
    at = at[:-1][np.any(np.diff(at, axis=0) != 0, axis=1)]
    if len(at) < 3:  # noqa: PLR2004 - a line has no area
        return ""
    steps = " ".join(f"{x},{y}" for x, y in np.diff(at, axis=0).tolist())
    return f"M{at[0][0]},{at[0][1]}l{steps}z"
