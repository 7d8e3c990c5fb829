"""Clusters of points against a look at every point, one by one."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from geo.maps.point_clusters import CELLS_A_TILE, MOST_ZOOM, finest_zoom, grid_clusters, mercator

LAT = st.floats(43.6, 48.3) | st.sampled_from([46.0, 47.5])
LON = st.floats(20.2, 29.8) | st.sampled_from([25.0, 27.5])
POINTS = st.lists(st.tuples(LAT, LON, st.integers(0, 2)), max_size=60)


def obvious_cells(points, zoom):
    cells = defaultdict(list)
    n = 2**zoom * CELLS_A_TILE
    for lat, lon, state in points:
        (x,), (y,) = mercator(np.array([lat]), np.array([lon]))
        cells[math.floor(y * n), math.floor(x * n)].append((lat, lon, state))
    return cells


@given(POINTS, st.integers(0, MOST_ZOOM))
def test_clusters_hold_what_a_look_at_every_point_finds(points, zoom):
    lats, lons, states = np.array(points, float).reshape(-1, 3).T
    found = grid_clusters(lats, lons, states.astype(np.int8), n_states=3, zoom=zoom)
    expected = [own for _cell, own in sorted(obvious_cells(points, zoom).items())]
    assert found.size.tolist() == [len(own) for own in expected]
    for place, own in enumerate(expected):
        assert found.by_state[place].tolist() == [sum(state == n for _lat, _lon, state in own) for n in range(3)]
        assert found.lat[place] == pytest.approx(sum(lat for lat, _lon, _state in own) / len(own))
        assert found.lon[place] == pytest.approx(sum(lon for _lat, lon, _state in own) / len(own))
        assert found.is_one_place[place] == (len({(lat, lon) for lat, lon, _state in own}) == 1)
        assert points[found.first[place]] in own


@given(LAT, LON)
def test_the_projection_is_web_mercator(lat, lon):
    x, y = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True).transform(lon, lat)
    half = 20_037_508.342789244  # metres of EPSG:3857 from the middle to the edge of the world
    (ours_x,), (ours_y,) = mercator(np.array([lat]), np.array([lon]))
    assert (ours_x, ours_y) == pytest.approx(((x + half) / (2 * half), (half - y) / (2 * half)), abs=1e-9)


@given(LAT, LON, st.floats(0.0001, 60), st.floats(0.0001, 100))
def test_no_view_has_more_cells_than_a_screen_shows(lat, lon, high, wide):
    corners = ((max(-85.0, lat - high), lon - wide), (min(85.0, lat + high), lon + wide))
    zoom = finest_zoom(corners)
    (x0, x1), (y1, y0) = mercator(np.array([corners[0][0], corners[1][0]]), np.array([corners[0][1], corners[1][1]]))
    assert max(x1 - x0, y1 - y0) * 2**zoom * CELLS_A_TILE <= 48.001
    assert zoom == 18 or max(x1 - x0, y1 - y0) * 2 ** (zoom + 1) * CELLS_A_TILE > 47.999


def test_the_widest_screen_is_shown_at_its_own_zoom():
    # 1,920 pixels of a map at zoom 12, on which a tile is 256.
    wide = 360 * 1_920 / (256 * 2**12)
    assert finest_zoom(((46.0, 26.0), (46.1, 26.0 + wide))) >= 12


def test_a_cell_does_not_move_while_somebody_pans():
    rng = np.random.default_rng(5)
    lats, lons = rng.uniform(44, 48, 500), rng.uniform(21, 29, 500)
    whole = grid_clusters(lats, lons, np.zeros(500, np.int8), n_states=1, zoom=8)
    east = lons > 25
    part = grid_clusters(lats[east], lons[east], np.zeros(east.sum(), np.int8), n_states=1, zoom=8)
    seen = {(round(a, 9), round(b, 9)) for a, b in zip(whole.lat, whole.lon, strict=True)}
    moved = [(a, b) for a, b in zip(part.lat, part.lon, strict=True) if (round(a, 9), round(b, 9)) not in seen]
    assert all(lon < 25.5 for _lat, lon in moved)  # only cells that the edge of the view cuts
