"""The one module that knows coordinate systems: metres for every distance, degrees for the map."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from pyproj import Geod, Transformer
from pyproj.transformer import TransformerGroup

from core.errors import NotMetricCrsError

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

METRIC_CRS = "EPSG:3844"  # Pulkovo 1942(58) / Stereo70, the national grid, metres
MAP_CRS = "EPSG:4326"  # degrees: files, folium and nothing else

# Romania with a margin of some 20 km: what lies outside was mistyped, swapped or lost its comma.
LAT_RANGE = (43.4, 48.5)
LON_RANGE = (20.0, 30.0)

# Least true metres (WGS84) per planar metre, which an exact search needs as a bound. Stereo70's scale factor is
# 0.99975 in its centre, so at most 1.00025 true metres lie in a planar one; away from the centre the plane
# overstates: by up to 0.07 % between localities of Romania, 0.123 % in the corners of the rectangle above.
# tests/geo/spatial/test_crs.py measures both over that rectangle; beyond it the bounds do not hold.
GEODESIC_PER_PLANAR_MIN = 0.9987
_EARTH_M = 6_371_008.8  # mean radius


@cache
def _geod() -> Geod:
    return Geod(ellps="WGS84")


@cache
def _to_metric() -> Transformer:
    """Return the best operation between the two, as PROJ lists them, by its definition.

    pyproj makes its transformers anew in every thread, and every run of a screen is one: to choose among the operations
    takes 35 ms of processor, to read the definition of one a quarter of one.
    """
    best = TransformerGroup(MAP_CRS, METRIC_CRS, always_xy=True).transformers[0]
    return Transformer.from_pipeline(best.definition)


def to_metric(lat: ArrayLike, lon: ArrayLike) -> NDArray[np.float64]:
    """Turn degrees into metres of the national grid.

    Parameters
    ----------
    lat, lon
        WGS84 degrees (EPSG:4326), a number or an array.

    Returns
    -------
    NDArray[np.float64]
        Easting and northing in METRIC_CRS (EPSG:3844), metres, of shape (n, 2).
    """
    x, y = _to_metric().transform(np.asarray(lon, float), np.asarray(lat, float))
    return np.column_stack([np.atleast_1d(x), np.atleast_1d(y)])


def to_degrees(x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
    """Turn metres of the national grid into degrees.

    Parameters
    ----------
    x, y
        Easting and northing in METRIC_CRS (EPSG:3844), metres, a number or an array.

    Returns
    -------
    NDArray[np.float64]
        Longitude and latitude, WGS84 degrees (EPSG:4326), of shape (n, 2): x before y, as geometries have them.
    """
    lon, lat = _to_metric().transform(np.asarray(x, float), np.asarray(y, float), direction="INVERSE")
    return np.column_stack([np.atleast_1d(lon), np.atleast_1d(lat)])


def shapes_in_degrees(shapes: NDArray[np.object_], grid: float) -> NDArray[np.object_]:
    """Turn geometries of the national grid into degrees, for a screen.

    `to_crs` of geopandas looks for the operation anew in each thread, and each run of a screen is one: it costs 35 ms.

    Parameters
    ----------
    shapes
        Geometries in METRIC_CRS (EPSG:3844).
    grid
        Degrees to which points are rounded; a shape may come out empty.

    Returns
    -------
    NDArray[np.object_]
        Geometries in MAP_CRS, one for each.
    """
    import shapely

    degrees = shapely.transform(shapes, lambda points: to_degrees(points[:, 0], points[:, 1]))
    return np.asarray(shapely.set_precision(degrees, grid, "pointwise"))


def geodesic_m(lat: ArrayLike, lon: ArrayLike, lats: ArrayLike, lons: ArrayLike) -> NDArray[np.float64]:
    """Compute metres on the WGS84 ellipsoid between points (Karney 2013, Journal of Geodesy 87, through pyproj.Geod).

    Parameters
    ----------
    lat, lon
        Where from, WGS84 degrees: one point for all, or as many as there are others.
    lats, lons
        Where to, WGS84 degrees.

    Returns
    -------
    NDArray[np.float64]
        Metres, one for each point of `lats`; NaN where a coordinate is.
    """
    to_lat = np.atleast_1d(np.asarray(lats, float))
    to_lon = np.atleast_1d(np.asarray(lons, float))
    from_lat = np.broadcast_to(np.asarray(lat, float), to_lat.shape)
    from_lon = np.broadcast_to(np.asarray(lon, float), to_lon.shape)
    return np.asarray(_geod().inv(from_lon, from_lat, to_lon, to_lat)[2])


def rough_metres(lat: float, lon: float, lats: NDArray[np.float64], lons: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute metres on a sphere cut flat at the middle latitude: quick, within a hundredth of `geodesic_m` here.

    Parameters
    ----------
    lat, lon
        Where from, WGS84 degrees.
    lats, lons
        Where to, WGS84 degrees, finite.

    Returns
    -------
    NDArray[np.float64]
        Metres, one for each point.
    """
    north = np.radians(lats - lat)
    east = np.radians(lons - lon) * np.cos(np.radians((lats + lat) / 2))
    metres: NDArray[np.float64] = _EARTH_M * np.hypot(north, east)
    return metres


def in_romania(lat: ArrayLike, lon: ArrayLike) -> NDArray[np.bool_]:
    """Return which points lie in the rectangle around Romania (NaN: no)."""
    la, lo = np.asarray(lat, float), np.asarray(lon, float)
    return (la >= LAT_RANGE[0]) & (la <= LAT_RANGE[1]) & (lo >= LON_RANGE[0]) & (lo <= LON_RANGE[1])


def require_metric(layer: gpd.GeoDataFrame) -> None:
    """Raise NotMetricCrsError unless `layer` is in METRIC_CRS."""
    if layer.crs != METRIC_CRS:
        raise NotMetricCrsError(f"expected {METRIC_CRS}, got {layer.crs}; call .to_crs() on load")
