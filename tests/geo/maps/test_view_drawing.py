"""A view on a sheet: where points stand, how long the scale is, which areas are drawn."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.maps.point_clusters import mercator
from geo.maps.view_drawing import ViewFrame, drawn_areas
from geo.spatial.crs import MAP_CRS, geodesic_m

VIEWS = st.tuples(st.floats(43.7, 47.5), st.floats(20.3, 28.5), st.floats(0.01, 1.5), st.floats(0.01, 1.5))


@given(VIEWS, st.floats(100, 300), st.floats(80, 200))
def test_all_of_a_view_is_on_its_sheet_and_its_corners_are_those_of_the_sheet(view, width, most):
    lat, lon, high, wide = view
    frame = ViewFrame.fitted(((lat, lon), (lat + high, lon + wide)), width, most, least_height=40)
    (south, west), (north, east) = frame.corners
    assert south <= lat + 1e-9
    assert west <= lon + 1e-9
    assert north >= lat + high - 1e-9
    assert east >= lon + wide - 1e-9
    assert 40 <= frame.height <= most
    assert frame.at([south, north], [west, east]) == pytest.approx(np.array([[0, frame.height], [width, 0]]), abs=1e-4)


@given(VIEWS)
def test_the_scale_is_of_round_metres_and_as_long_as_they_are(view):
    lat, lon, high, wide = view
    frame = ViewFrame.fitted(((lat, lon), (lat + high, lon + wide)), 174, 150)
    long, metres = frame.scale_bar(35)
    assert 35 / 2.6 < long <= 35
    assert f"{metres:.0f}".rstrip("0") in ("1", "2", "5")
    middle = (frame.corners[0][0] + frame.corners[1][0]) / 2
    degrees = long / frame.scale * 360
    assert geodesic_m(middle, lon, [middle], [lon + degrees])[0] == pytest.approx(metres, rel=0.01)


def test_marks_have_their_room():
    frame = ViewFrame.fitted(((46, 26), (47, 27.5)), 174, 150)
    zoom = frame.zoom_of_cells(9.0)
    assert frame.scale / (3 * 2**zoom) >= 9.0 > frame.scale / (3 * 2 ** (zoom + 1))


def test_areas_in_view_are_cut_at_its_edge_and_the_others_left_out():
    areas = gpd.GeoDataFrame(
        {"uat_siruta": [1, 2, 3]},
        geometry=[shapely.box(26, 46, 27, 47), shapely.box(26.4, 46.4, 26.5, 46.5), shapely.box(20, 44, 21, 45)],
        crs=MAP_CRS,
    )
    frame = ViewFrame.fitted(((46.2, 26.2), (46.6, 26.8)), 100, 100)
    whole, inner = drawn_areas(areas, {1: 4}, frame, finest=0.01)
    assert (whole.grade, inner.grade) == (4, 0)
    assert whole.rings[0].min() == pytest.approx(0, abs=1e-6)
    x, y = mercator(np.array([46.4]), np.array([26.4]))
    corner = [(x[0] - frame.x0) * frame.scale, (y[0] - frame.y0) * frame.scale]
    assert np.abs(inner.rings[0] - corner).sum(axis=1).min() == pytest.approx(0, abs=1e-6)
    assert inner.path.startswith("M")
    assert inner.path.endswith("Z")
