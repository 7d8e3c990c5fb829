"""Names under the marks: the important from far, none over another; main roads; both in squares that a browser keeps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.storage.home import make_home
from geo.gazetteer.gazetteer import load_gazetteer
from geo.maps.place_names import BLOCK, COUNTY_SEAT, EVERY_ZOOM, LEAST_ZOOM, VILLAGE, place_names
from geo.maps.point_clusters import mercator
from geo.roads.main_roads import open_main_roads
from providers.imports.importing import import_file
from tests.worlds.roads.road_village import layer_of

NAMES, ROADS = "/api/map/names", "/api/map/roads"
LETTER, LINE, GAP = 7.4, 20.0, 12.0


@pytest.fixture(scope="module")
def names():
    return place_names(load_gazetteer(None))


def squares(names, zoom):
    side = BLOCK / (256 * 2**zoom)
    return {(int(x // side), int(y // side)) for x, y in zip(names.x, names.y, strict=True)}


@pytest.mark.parametrize("zoom", range(LEAST_ZOOM, EVERY_ZOOM))
def test_no_name_stands_on_another_and_each_stays_when_the_map_comes_nearer(names, zoom):
    shown = np.flatnonzero(names.from_zoom <= zoom)
    x, y = names.x[shown] * 256 * 2**zoom, names.y[shown] * 256 * 2**zoom
    wide = np.array([(LETTER * len(names.names[at]) + GAP) / 2 for at in shown])
    order = np.argsort(y)
    for place, at in enumerate(order):
        near = order[place + 1 :][y[order[place + 1 :]] - y[at] < LINE]
        assert not (np.abs(x[near] - x[at]) < wide[near] + wide[at]).any()


def test_seats_of_counties_are_first_villages_last_and_near_every_place_has_its_name(names):
    first = names.from_zoom == LEAST_ZOOM
    assert (names.ranks[first] == COUNTY_SEAT).all()
    assert first.sum() > 15
    assert (names.from_zoom[names.ranks == VILLAGE] == EVERY_ZOOM).all()
    every = sum(len(names.within(EVERY_ZOOM, *square)) for square in squares(names, EVERY_ZOOM))
    assert every == len(names.names) > 3_000
    assert {"București", "Bacău", "Parincea"} <= set(names.names)


@given(st.integers(LEAST_ZOOM, 13), st.integers(0, 12_000))
def test_the_squares_of_a_zoom_share_its_names_out_as_a_walk_through_all_of_them(names, zoom, at):
    every = names
    at %= len(every.names)
    side = BLOCK / (256 * 2**zoom)
    square = int(every.x[at] // side), int(every.y[at] // side)
    slow = [
        other
        for other in range(len(every.names))
        if (int(every.x[other] // side), int(every.y[other] // side)) == square and every.from_zoom[other] <= zoom
    ]
    assert every.within(zoom, *square).tolist() == slow


def test_a_square_is_kept_for_as_long_as_its_address_names_the_editions_in_force(demo, as_role):
    browser = as_role()
    page = browser.get("/simplu/harta").text
    version = page.split("/api/map/names?v=")[1][:12]
    kept = browser.get(f"{NAMES}?v={version}&zoom=9&x=73&y=44")
    assert "immutable" in kept.headers["cache-control"]
    assert len(kept.content) < 8_000
    code, name, lat, lon, rank, _uat = kept.json()["names"][0]
    assert demo.gazetteer.by_siruta(code).name == name
    assert (43 < lat < 49, 20 < lon < 30, rank) == (True, True, 0)
    assert browser.get(f"{NAMES}?v=old&zoom=9&x=73&y=44").headers["cache-control"] == "no-store"
    assert browser.get(f"{ROADS}?zoom=9&x=73&y=44").json() == {"roads": []}
    assert "/api/map/roads" not in page


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "?zoom=9",
        "?zoom=99&x=1&y=1",
        "?zoom=9&x=-1&y=2",
        "?zoom=9&x=1.5&y=2",
        "?zoom=9&x=٣&y=2",
        "?zoom=9&x=99999&y=2",
    ],
)
def test_what_is_no_square_is_refused_in_words(demo, as_role, wrong):
    for address in (NAMES, ROADS):
        refused = as_role().get(address + wrong)
        assert refused.status_code == 400
        assert "numere întregi" in refused.json()["error"]


def test_main_roads_come_by_class_and_zoom_and_nothing_comes_where_there_are_none(tmp_path):
    home = make_home("live", tmp_path / "var")
    assert open_main_roads(home) is None
    path = tmp_path / "drumuri.geojson"
    layer_of().to_file(path)
    import_file(home, "roads", path)
    found = open_main_roads(home)

    def drawn(zoom):
        side = BLOCK / (256 * 2**zoom)
        x, y = (float(each[0]) / side for each in mercator(np.array([46.5]), np.array([27.1])))
        return [each for dx in (-1, 0, 1) for dy in (-1, 0, 1) for each in found.within(zoom, int(x) + dx, int(y) + dy)]

    far, near = drawn(7), drawn(13)
    assert {rank for rank, _line in far} <= {0, 1}
    assert {rank for rank, _line in near} >= {0, 1, 2}
    for _rank, line in near:
        assert line.shape[1] == 2
        assert ((line[:, 0] > 46) & (line[:, 0] < 47)).all()


def test_the_card_of_an_area_asks_from_the_locality_that_was_pressed(demo, as_role):
    browser = as_role()
    village = next(
        code
        for code, uat, seat in demo.gazetteer.localities[["locality_siruta", "uat_siruta", "is_seat"]].itertuples(
            index=False
        )
        if uat == 24089 and not seat
    )
    label = demo.gazetteer.by_siruta(int(village)).label
    assert label in browser.get(f"/api/map/area?siruta=24089&localitate={village}").text
    for other in ("1", "x", "54975", "46.5,27.1"):
        assert label not in browser.get(f"/api/map/area?siruta=24089&localitate={other}").text
