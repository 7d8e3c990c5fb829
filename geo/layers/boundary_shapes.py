"""Shapes of boundaries: parts joined, mended into one coverage without overlaps, thinned for the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from geo.spatial.crs import MAP_CRS

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

MAP_TOLERANCE_M = 500  # at the national scale of a screen, 500 m is about one pixel
MAP_DIGITS = 4  # of a degree: 11 m
_MOST_OVERLAP = 0.001  # of the smaller of two features of one code, above which they are the same thing twice
_POLYGON, _COLLECTION = 3, 7  # type ids of shapely


def map_layer(areas: gpd.GeoDataFrame, *, tolerance_m: float = MAP_TOLERANCE_M) -> gpd.GeoDataFrame:
    """Thin areas for drawing: neighbours keep a common border (`shapely.coverage_simplify`).

    Parameters
    ----------
    areas
        Areas of `tidy`, in METRIC_CRS.
    tolerance_m
        Detail that may be lost, metres.

    Returns
    -------
    gpd.GeoDataFrame
        `area_id`, `uat_siruta`, `name`, `county`, `kind` (those that `areas` has) and `geometry` in MAP_CRS, rounded to
        MAP_DIGITS of a degree; an area too small to draw keeps its full shape.
    """
    thin = areas[[c for c in ("area_id", "uat_siruta", "name", "county", "kind") if c in areas]].copy()
    shapes = areas.geometry.to_numpy()
    if len(shapes):
        shapes = shapely.coverage_simplify(shapes, tolerance_m)
    layer = areas.geometry.set_axis(thin.index).copy()
    layer[:] = shapes
    rounded = shapely.transform(layer.to_crs(MAP_CRS).to_numpy(), lambda xy: np.round(xy, MAP_DIGITS))
    invalid = ~shapely.is_valid(rounded)
    rounded[invalid] = _polygons_only(shapely.make_valid(rounded[invalid]))
    return frame_of(thin, rounded, MAP_CRS)


def dissolve_counties(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Join the UATs of each county into one outline.

    Parameters
    ----------
    areas
        UATs with `county` and `geometry`, as `tidy` or `map_layer` gives them, in any CRS.

    Returns
    -------
    gpd.GeoDataFrame
        `county`, `geometry`, sorted by letters, in the CRS of `areas`.
    """
    shapes = areas.geometry.to_numpy()
    letters = sorted(areas["county"].unique())
    union = [shapely.coverage_union_all(shapes[(areas["county"] == c).to_numpy()]) for c in letters]
    return frame_of(pd.DataFrame({"county": letters}), np.array(union, dtype=object), areas.crs)


def frame_of(table: pd.DataFrame, shapes: NDArray[np.object_], crs: Any) -> gpd.GeoDataFrame:
    """Put shapes beside the rows of a table."""
    import geopandas as gpd

    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, index=table.index, crs=crs))


def is_another_part(shape: Any, before: Any) -> bool:
    """Whether a feature lies beside what is known of its unit: a common border, no more than a sliver over it."""
    common = shapely.intersection(shape, before)
    smaller = min(shape.area, before.area)
    return bool(smaller > 0 and common.length > 0 and common.area <= _MOST_OVERLAP * smaller)


def join_parts(codes: NDArray[np.int64], shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Put the parts of each unit in its first feature; the others stay empty."""
    whole = shapes.copy()
    places: dict[int, list[int]] = {}
    for at, code in enumerate(codes.tolist()):
        places.setdefault(int(code), []).append(at)
    for some in places.values():
        if len(some) > 1:
            whole[some[0]] = shapely.union_all(shapely.make_valid(shapes[some]))
            whole[some[1:]] = shapely.Polygon()
    return whole


def areas_only(degrees: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return the shapes, collections of polygons and other things (lines, points) without the other things."""
    shapes: NDArray[np.object_] = degrees.geometry.to_numpy().copy()
    for at in np.flatnonzero(shapely.get_type_id(shapes) == _COLLECTION).tolist():
        flat = shapely.get_parts(shapes[at])
        while (nested := shapely.get_type_id(flat) > _POLYGON).any():
            flat = np.concatenate([flat[~nested], shapely.get_parts(flat[nested])])
        polygons = flat[shapely.get_type_id(flat) == _POLYGON]
        if len(polygons):
            shapes[at] = shapely.union_all(shapely.make_valid(polygons))
    return shapes


def clean_coverage(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Make one coverage of areas: what two of them claim goes to the one with the longer common border."""
    if not len(shapes):
        return shapes
    # The stubs of shapely do not know this function of 2.2 yet.
    clean: NDArray[np.object_] = shapely.coverage_clean(  # type: ignore[attr-defined]
        _polygons_only(shapely.make_valid(shapes))
    )
    return clean


def _polygons_only(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Drop the lines and points that mending leaves beside polygons."""
    mixed = np.flatnonzero(~np.isin(shapely.get_type_id(shapes), (3, 6)))
    shapes = shapes.copy()
    for i in mixed:
        parts = shapely.get_parts(shapely.get_parts(shapes[i]))
        shapes[i] = shapely.union_all(parts[np.isin(shapely.get_type_id(parts), (3, 6))])
        if shapely.is_empty(shapes[i]):
            shapes[i] = shapely.Polygon()
    return shapes
