"""The plane against the ellipsoid: the bounds on which the exact search relies, and metres both ways."""

import threading
import time

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod, Transformer

from core.errors import NotMetricCrsError
from geo.spatial import crs

GEOD = Geod(ellps="WGS84")


def ratios(lat, lon, other_lat, other_lon):
    """True metres per planar metre, for pairs of points."""
    metres = GEOD.inv(lon, lat, other_lon, other_lat)[2]
    planar = np.hypot(*(crs.to_metric(lat, lon) - crs.to_metric(other_lat, other_lon)).T)
    return metres / planar


def test_metres_are_those_of_the_operation_that_proj_chooses_for_each_point():
    lat, lon = rectangle(60)
    chosen = Transformer.from_crs(crs.MAP_CRS, crs.METRIC_CRS, always_xy=True)
    np.testing.assert_array_equal(crs.to_metric(lat, lon), np.column_stack(chosen.transform(lon, lat)))


def test_a_thread_that_has_turned_no_degrees_yet_begins_within_milliseconds():
    crs.to_metric(46.0, 26.0)
    took = []

    def turn():
        before = time.thread_time()
        crs.to_metric(46.0, 26.0)
        took.append(time.thread_time() - before)

    for _ in range(5):
        thread = threading.Thread(target=turn)
        thread.start()
        thread.join()
    assert min(took) < 0.008  # seconds of processor; to choose an operation takes 0.035


MOST = 1.0003  # true metres in a planar one


def rectangle(steps):
    lat, lon = np.meshgrid(np.linspace(*crs.LAT_RANGE, steps), np.linspace(*crs.LON_RANGE, steps))
    return lat.ravel(), lon.ravel()


def test_the_bounds_hold_between_all_points_of_the_rectangle_around_romania():
    lat, lon = rectangle(20)
    a, b = np.triu_indices(len(lat), 1)
    found = ratios(lat[a], lon[a], lat[b], lon[b])
    assert found.min() > crs.GEODESIC_PER_PLANAR_MIN
    assert found.max() < MOST


@pytest.mark.parametrize("metres", [10, 1_000, 100_000])
def test_the_bounds_hold_in_every_direction_and_are_not_loose(metres):
    lat, lon = rectangle(40)
    lows, highs = [], []
    for azimuth in range(0, 180, 15):
        other_lon, other_lat, _back = GEOD.fwd(lon, lat, np.full(len(lat), azimuth), np.full(len(lat), metres))
        inside = crs.in_romania(other_lat, other_lon)
        found = ratios(lat[inside], lon[inside], other_lat[inside], other_lon[inside])
        lows.append(found.min())
        highs.append(found.max())
    assert crs.GEODESIC_PER_PLANAR_MIN < min(lows) < crs.GEODESIC_PER_PLANAR_MIN + 0.0005
    assert MOST - 0.0001 < max(highs) < MOST


def test_between_real_localities_the_plane_overstates_by_less_than_a_thousandth(real_data):
    places = pd.read_csv(real_data / "settlements" / "localities_2013.csv").dropna(subset=["lat", "lon"])
    rng = np.random.default_rng(3844)
    a, b = rng.integers(0, len(places), (2, 50_000))
    lat, lon = places["lat"].to_numpy(), places["lon"].to_numpy()
    apart = a != b
    found = ratios(lat[a[apart]], lon[a[apart]], lat[b[apart]], lon[b[apart]])
    assert found.min() > 0.9993
    assert found.max() < 1.00025


def test_the_centre_of_the_grid_is_where_its_definition_puts_it():
    # Stereo70: false easting and northing of 500 km at 46° N 25° E, on another ellipsoid some 100 m away.
    assert crs.to_metric(46.0, 25.0)[0] == pytest.approx([500_000, 500_000], abs=200)


def test_swapped_and_missing_coordinates_are_not_in_romania():
    assert list(crs.in_romania([46.5, 27.1, np.nan, 48.85], [27.1, 46.5, 27.1, 2.35])) == [True, False, False, False]


def test_a_layer_in_degrees_is_refused():
    import geopandas as gpd

    with pytest.raises(NotMetricCrsError, match="EPSG:4326"):
        crs.require_metric(gpd.GeoDataFrame(geometry=[], crs="EPSG:4326"))
