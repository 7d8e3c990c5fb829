from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from core.errors import NotMetricCrsError
from geo.maps.answer_map import (
    Background,
    Marker,
    Origin,
    answer_map,
    areas_around,
    bounds_of,
    names_around,
    spread_markers,
)
from geo.spatial.crs import MAP_CRS, METRIC_CRS
from geo.spatial.window_index import WindowIndex
from tests.worlds.clients.map_page import content, layer

HERE = Origin(46.48, 27.10, "Parincea, județul Bacău")


def marker(number: int, lat: float = 46.5, lon: float = 27.0, **said) -> Marker:
    return Marker(
        number, lat, lon, said.get("name", f"Centrul {number}"), said.get("lines", ("14 min",)), said.get("ok", True)
    )


def test_tiles_are_drawn_only_where_somebody_asked_for_them():
    assert content(answer_map(HERE, []))["map"]["tiles"] is None
    asked = {"template": "https://tiles.example/{z}/{x}/{y}.png", "attribution": "Example"}
    drawn = answer_map(HERE, [], tiles=asked["template"], attribution=asked["attribution"])
    assert content(drawn)["map"]["tiles"] == asked


def test_markers_carry_their_numbers_filled_where_confirmed_and_outlined_where_one_has_to_call():
    marks = layer(answer_map(HERE, [marker(1), marker(2, ok=False)]), "marks")["marks"]
    assert [(mark["number"], mark["state"]) for mark in marks] == [(1, "free"), (2, "ask")]


def test_markers_come_in_the_order_of_their_numbers_whatever_the_order_given():
    marks = layer(answer_map(None, [marker(3), marker(1), marker(2)]), "marks")["marks"]
    assert [mark["number"] for mark in marks] == [1, 2, 3]


def test_the_name_beside_the_start_is_short_and_its_title_whole():
    start = layer(answer_map(HERE, []), "origin")
    assert (start["name"], start["title"]) == ("Parincea", "Locul căutării: Parincea, județul Bacău")


def test_names_and_areas_lie_under_everything_else():
    background = Background({"type": "FeatureCollection", "features": []}, (("Tamași", 46.4, 27.0),))
    layers = content(answer_map(HERE, [marker(1)], background=background))["layers"]
    assert [each["kind"] for each in layers] == ["ground", "origin", "marks"]
    assert layers[0]["names"] == [["Tamași", 46.4, 27.0]]


def test_nothing_to_draw_shows_the_whole_country():
    (south, west), (north, east) = bounds_of(None, [])
    assert south < 44
    assert north > 48
    assert west < 21
    assert east > 29


def test_bounds_hold_every_point_and_are_never_a_mere_point():
    (south, west), (north, east) = bounds_of(HERE, [marker(1, 46.6, 26.9)])
    assert (south <= 46.48, north >= 46.6) == (True, True)
    assert (west <= 26.9, east >= 27.10) == (True, True)
    (south, west), (north, east) = bounds_of(HERE, [])
    assert north - south > 0.1
    assert east - west > 0.1


def test_services_in_one_spot_are_set_apart_and_the_first_keeps_its_place():
    shifts = spread_markers([marker(n) for n in range(1, 8)])
    assert shifts[0] == (0, 0)
    assert len(set(shifts)) == 7


@given(st.lists(st.tuples(st.floats(46.0, 46.2), st.floats(26.0, 26.2)), min_size=1, max_size=9))
def test_no_number_hides_another_where_there_is_room(points):
    marks = [marker(n, lat, lon) for n, (lat, lon) in enumerate(points, start=1)]
    shifts = spread_markers(marks)
    (south, west), (north, east) = bounds_of(None, marks)
    stretch = np.cos(np.radians((north + south) / 2))
    pixel = max(north - south, (east - west) * stretch) / 330
    spots = [(m.lon / pixel * stretch + dx, -m.lat / pixel + dy) for m, (dx, dy) in zip(marks, shifts, strict=True)]
    for i, (x, y) in enumerate(spots):
        for other_x, other_y in spots[:i]:
            assert np.hypot(x - other_x, y - other_y) >= 28.9


def squares() -> gpd.GeoDataFrame:
    # Four squares of 10 km that share borders, in the middle of the country.
    boxes = [shapely.box(500_000 + 10_000 * i, 500_000, 510_000 + 10_000 * i, 510_000) for i in range(4)]
    return gpd.GeoDataFrame({"uat_siruta": [1, 2, 3, 4]}, geometry=boxes, crs=METRIC_CRS)


def test_only_areas_around_the_view_are_cut_for_the_background():
    degrees = squares().to_crs(MAP_CRS)
    west, south, east, north = degrees.geometry.iloc[0].bounds
    cut = areas_around(squares(), ((south + 0.02, west + 0.02), (north - 0.02, east - 0.05)))
    assert len(cut["features"]) == 1
    assert cut["features"][0]["geometry"]["type"] == "Polygon"


def test_the_background_says_nothing_but_shapes():
    cut = areas_around(squares(), ((45.0, 24.0), (46.5, 26.5)))
    assert len(cut["features"]) == 4
    assert all(feature["properties"] == {} for feature in cut["features"])


def test_areas_in_degrees_are_refused():
    with pytest.raises(NotMetricCrsError):
        areas_around(squares().to_crs(MAP_CRS), ((45.0, 24.0), (46.5, 26.5)))


def uats() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": ["Satul A", "Orașul B", "Satul C", "Departe", "Sectorul 1"],
            "kind": ["commune", "municipality", "commune", "commune", "sector"],
            "lat": [46.5001, 46.5, 46.6, 48.0, 46.55],
            "lon": [27.0, 27.0, 27.1, 29.0, 27.05],
        }
    )


def named(*bounds, **options) -> list[str]:
    windows = WindowIndex(uats()["lat"], uats()["lon"])
    return [name for name, _lat, _lon in names_around(uats(), windows, bounds, **options)]


def test_of_two_names_in_one_place_the_town_is_printed():
    names = named((46.4, 26.9), (46.7, 27.2))
    assert names == ["Orașul B", "Satul C"]


def test_no_name_is_printed_where_a_mark_stands():
    names = named((46.4, 26.9), (46.7, 27.2), avoid=[(46.6, 27.1)])
    assert names == ["Orașul B"]


def test_the_mark_of_a_demonstration_is_printed_on_the_map_itself():
    assert content(answer_map(HERE, [marker(1)], note="Date demonstrative"))["map"]["note"] == "Date demonstrative"
    assert content(answer_map(HERE, [marker(1)]))["map"]["note"] == ""


def test_what_is_in_view_is_what_is_drawn_or_what_was_asked_for():
    view = content(answer_map(HERE, [marker(1)], bounds=((46.0, 26.0), (47.0, 27.5))))["view"]
    assert view["bounds"] == [[46.0, 26.0], [47.0, 27.5]]
    assert content(answer_map(None, []))["view"]["bounds"] == [list(corner) for corner in bounds_of(None, [])]
