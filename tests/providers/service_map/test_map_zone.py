"""Rectangles and circles drawn on the map: read back from an address, and exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadValueError
from geo.spatial.crs import geodesic_m
from providers.service_map.map_zone import MapZone

LAT, LON = st.floats(43.6, 48.3), st.floats(20.3, 29.7)
POINTS = st.lists(st.tuples(LAT, LON), min_size=1, max_size=30)


@given(POINTS, LAT, LON, st.floats(0.002, 1), st.floats(0.002, 2))
def test_a_rectangle_holds_what_stands_between_its_sides(points, south, west, high, wide):
    zone = MapZone.parse(f"{south},{west},{south + high},{west + wide}")
    lats, lons = np.array(points).T
    expected = [zone.south <= lat <= zone.north and zone.west <= lon <= zone.east for lat, lon in points]
    assert zone.holds(lats, lons).tolist() == expected
    assert MapZone.parse(zone.text) == zone


@given(POINTS, LAT, LON, st.floats(0.01, 300))
def test_a_circle_holds_what_is_no_farther_than_its_radius_and_its_rectangle_holds_it(points, lat, lon, km):
    zone = MapZone.parse(f"{lat},{lon},{km}")
    lats, lons = np.array(points).T
    expected = geodesic_m(*zone.middle, lats, lons) <= zone.km * 1000
    held = zone.holds(lats, lons)
    assert held.tolist() == expected.tolist()
    assert (lats[held] >= zone.south).all()
    assert (lats[held] <= zone.north).all()
    assert (lons[held] >= zone.west).all()
    assert (lons[held] <= zone.east).all()
    assert MapZone.parse(zone.text) == zone


@pytest.mark.parametrize(
    "said",
    ["1", "1,2", "1,2,3,4,5", "a,b,c", "nan,1,2", "inf,1,2,3", "46,27,0", "46,27,-3", "46,27,301", "46,27,1e9",
     "47,27,46,28", "46,28,47,27", "46,27,46,27", "46,27,46.0001,27.0001", "-91,0,1,1", "46,27,<script>", ",,,"],
)  # fmt: skip
def test_a_zone_that_is_none_is_refused_in_words(said):
    with pytest.raises(BadValueError):
        MapZone.parse(said)


def test_a_zone_says_its_size():
    assert "5" in MapZone.parse("46.5,27,5").words
    assert "×" in MapZone.parse("46.5,27,46.6,27.2").words
