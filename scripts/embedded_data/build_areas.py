"""Approximate areas of UATs: weighted Thiessen cells of the settlements, dissolved, clipped to the country.

No openly licensed package carries the boundaries, so each place of a 500 m grid goes to the UAT of its
nearest settlement. Distance is weighted, because a settlement of many people, and a seat whose UAT has
villages too small for GeoNames, reach further; and a share of the distance to the middle of the UAT's
settlements is added, because UATs are compact. The four constants were chosen against the real areas
(median intersection over union 0.57 unweighted; tests/data/test_approximate_areas.py prints what it is now).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from geo.spatial.crs import METRIC_CRS, to_metric
from scripts.embedded_data.build_sources import LOCALITY_LEVEL

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROMANIA = "642"  # ISO 3166-1 numeric
CELL_M = 500.0
SIMPLIFY_M = 500
_MARGIN_M = 5_000  # the grid reaches past the outline, so that clipping leaves no strip
_NEIGHBOURS = 24  # settlements looked at for each cell
_FEWEST_PEOPLE = 200
_POPULATION_POWER = 0.12
_VILLAGES_POWER = 0.15
_COMPACTNESS = 0.25
_SEATS = ("PPLA", "PPLA2")


def outline(topology: dict[str, Any]) -> shapely.Geometry:
    """Take Romania out of a TopoJSON of countries, in METRIC_CRS."""
    country = next(c for c in topology["objects"]["countries"]["geometries"] if c.get("id") == ROMANIA)
    scale, move = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    polygons = [country["arcs"]] if country["type"] == "Polygon" else country["arcs"]
    rings = [_ring(topology["arcs"], polygon[0]) * scale + move for polygon in polygons]
    return shapely.union_all([shapely.Polygon(to_metric(ring[:, 1], ring[:, 0])) for ring in rings])


def areas(settlements: pd.DataFrame, siruta: pd.DataFrame, country: Any) -> gpd.GeoDataFrame:
    """Make the table of approximate areas: `uat_siruta` (the six sectors instead of Bucharest), geometry.

    settlements: `build_settlements.settlements`; a UAT without a settlement gets no area. The areas
    share their borders exactly, in whole metres of METRIC_CRS.
    """
    points = _cell_points(settlements, siruta)
    x, y = _grid(country)
    labels = nearest_uat(np.column_stack([x, y]) + CELL_M / 2, points)
    squares = shapely.box(x, y, x + CELL_M, y + CELL_M)
    codes, group = np.unique(labels, return_inverse=True)
    order = np.argsort(group, kind="stable")
    parts = np.split(squares[order], np.cumsum(np.bincount(group))[:-1])
    cells: Any = np.array([shapely.coverage_union_all(part) for part in parts])
    cells = shapely.coverage_simplify(cells, SIMPLIFY_M)
    inside: Any = shapely.intersection(cells, country)
    inside = shapely.coverage_clean(inside, snapping_distance=1)  # type: ignore[attr-defined]  # stubs older than 2.2
    whole: Any = shapely.set_precision(inside, 1, mode="pointwise")
    table = gpd.GeoDataFrame({"uat_siruta": codes}, geometry=shapely.normalize(whole), crs=METRIC_CRS)
    return table[~table.is_empty].reset_index(drop=True)


def nearest_uat(xy: NDArray[np.float64], points: pd.DataFrame) -> NDArray[np.int64]:
    """Say which UAT each place goes to. points: x, y, uat_siruta, weight, middle_x, middle_y."""
    codes = points["uat_siruta"].to_numpy()
    middles, weights = points[["middle_x", "middle_y"]].to_numpy(), points["weight"].to_numpy()
    tree = cKDTree(points[["x", "y"]].to_numpy())
    result = np.empty(len(xy), dtype="int64")
    for start in range(0, len(xy), 100_000):  # 24 neighbours of a million cells at once would fill the memory
        part = xy[start : start + 100_000]
        found: Any = tree.query(part, k=min(_NEIGHBOURS, len(points)))
        distance, near = found
        to_middle = np.linalg.norm(part[:, None, :] - middles[near], axis=2)
        best = np.argmin(distance / weights[near] + _COMPACTNESS * to_middle, axis=1)
        result[start : start + 100_000] = codes[near[np.arange(len(part)), best]]
    return result


def _cell_points(settlements: pd.DataFrame, siruta: pd.DataFrame) -> pd.DataFrame:
    table = settlements[settlements["precision"] == "settlement"].copy()
    sectors = siruta[siruta["DENLOC"].str.startswith("BUCUREȘTI SECTORUL")]
    is_sector = table["locality_siruta"].isin(sectors["SIRUTA"])
    table = table[is_sector | ~table["uat_siruta"].isin(sectors["SIRSUP"])]
    known = table.groupby("uat_siruta")["locality_siruta"].nunique()
    villages = siruta[siruta["NIV"] == LOCALITY_LEVEL].groupby("SIRSUP").size()
    per_point = table["uat_siruta"].map(villages / known.clip(lower=1)).astype("float64")
    people = table["population"].fillna(0).clip(lower=_FEWEST_PEOPLE).astype("float64")
    reach = per_point.where(table["feature"].isin(_SEATS), 1.0) ** _VILLAGES_POWER
    table["weight"] = reach * (people / 1000) ** _POPULATION_POWER
    is_sector = table["locality_siruta"].isin(sectors["SIRUTA"])
    table["uat_siruta"] = table["uat_siruta"].where(~is_sector, table["locality_siruta"]).astype("int64")
    table[["x", "y"]] = to_metric(table["lat"], table["lon"])
    middles = table.groupby("uat_siruta")[["x", "y"]].transform("mean")
    return table.assign(middle_x=middles["x"], middle_y=middles["y"])


def _grid(country: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    west, south, east, north = (np.array(country.bounds) // CELL_M * CELL_M).tolist()
    x, y = np.meshgrid(
        np.arange(west - _MARGIN_M, east + _MARGIN_M, CELL_M),
        np.arange(south - _MARGIN_M, north + _MARGIN_M, CELL_M),
    )
    shapely.prepare(near := country.buffer(_MARGIN_M))
    kept = shapely.contains_xy(near, x, y)
    return x[kept], y[kept]


def _ring(arcs: list[list[list[int]]], numbers: list[int]) -> NDArray[np.float64]:
    """Join TopoJSON arcs into one ring; a negative number ~n is arc n backwards."""
    parts = [np.cumsum(np.array(arcs[n if n >= 0 else ~n]), axis=0)[:: 1 if n >= 0 else -1] for n in numbers]
    return np.vstack([parts[0], *(part[1:] for part in parts[1:])]).astype("float64")
