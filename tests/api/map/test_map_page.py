"""The page of the map and what it asks for: the same services on map, list and card; nothing hostile, nothing protected."""

from __future__ import annotations

import html
import io
import json
import re

import geopandas as gpd
import pandas as pd

from api.map import map_page
from api.map.tools import map_export
from tests.worlds.clients.form_browser import forms

PAGE, POINTS, CARD = "/simplu/harta", "/api/map/points", "/api/map/card"


def social(snapshot) -> int:
    """How many social services the map has."""
    points = snapshot.catalogue.map_points
    return int((points.registry == points.registries.index("social")).sum())


def test_without_a_script_the_page_is_filters_a_drawing_and_a_list(demo, as_role):
    page = as_role().get(PAGE + "?registru=social")
    assert page.status_code == 200
    assert "<svg" in page.text
    drawing = re.search(r"<svg.*?</svg>", page.text, re.DOTALL)
    assert len(drawing[0].encode()) < 20_000
    assert page.text.count('class="map-row"') == social(demo.snapshot())
    assert 'aria-current="page"' in page.text
    assert "Surse" in page.text


def test_a_team_begins_around_its_community_and_others_with_the_country(demo, as_role):
    def corners(page) -> list[float]:
        said = re.search(r"services\.csv\?[^\"]*?cadru=([\d.,-]+)", html.unescape(page.text).replace("%2C", ","))
        return [float(each) for each in said[1].split(",")]

    south, west, north, east = corners(as_role().get(PAGE))
    assert south < 46.48 < north
    assert west < 27.1 < east
    assert north - south < 1
    low, _left, high, _right = corners(as_role("county:BC").get(PAGE))
    assert high - low > 4


def test_marks_list_and_counts_are_of_the_same_services(demo, as_role):
    browser = as_role()
    points = demo.snapshot().catalogue.map_points
    found = browser.get(POINTS + "?registru=social").json()
    total = social(demo.snapshot())
    assert found["total"] == total == sum(mark[2] for mark in found["marks"]) == sum(found["legend"])
    assert sum(found["counts"]["registru"].values()) == len(points)
    assert found["list"].count('class="map-row"') == total
    said = html.unescape(found["list"])
    single = [
        mark
        for mark in browser.get(POINTS + "?registru=social&cadru=46.3,26.7,46.7,27.3&zoom=14").json()["marks"]
        if mark[2] == 1
    ]
    assert single
    assert all(mark[8] in said for mark in single)


def test_every_row_of_the_list_knows_the_mark_that_stands_for_it(demo, as_role):
    browser = as_role()
    for zoom in (7, 12, 18):
        found = browser.get(f"{POINTS}?cadru=46.3,26.7,46.7,27.3&zoom={zoom}").json()
        names = [html.unescape(name) for name in re.findall(r'class="map-name">(.*?)</span>', found["list"])]
        assert len(names) == len(found["listed_at"]) > 0
        catalogue = demo.snapshot().catalogue
        for name, place in zip(names, found["listed_at"], strict=True):
            mark = found["marks"][place]
            assert found["listed_at"].count(place) <= mark[2]
            assert mark[2] > 1 or mark[8] == name
            near = catalogue.services.query("name == @name")
            assert ((near["lat"] - mark[0]).abs() < 2).any()


def test_without_its_marks_the_map_shows_the_colours_and_the_list_stays(demo, as_role):
    browser = as_role()
    page, without = (browser.get(f"{PAGE}?registru=social{more}") for more in ("", "&semne=fara"))
    drawn = [re.search(r'<svg class="map-still".*?</svg>', each.text, re.DOTALL)[0] for each in (page, without)]
    assert "<circle" in drawn[0]
    assert re.sub(r"<(circle|rect|text).*?>(?:\d*</text>)?", "", drawn[0]).split() == drawn[1].split()
    assert without.text.count('class="map-row"') == page.text.count('class="map-row"') == social(demo.snapshot())
    assert '<option value="fara" selected>ascunse</option>' in without.text
    assert "semne=fara" in html.unescape(re.search(r'data-settings="([^"]*)"', without.text)[1])


def test_a_filter_is_kept_in_the_form_and_changes_marks_and_list(demo, as_role):
    browser = as_role()
    all_marks = browser.get(POINTS).json()["total"]
    page = browser.get(PAGE + "?locuri=libere&loc=Parincea, Bacău&km=30")
    fields = dict(forms(page)[0].fields)
    assert fields["locuri"] == "libere"
    assert fields["loc"].startswith("Parincea")
    fewer = browser.get(POINTS + "?locuri=libere").json()
    assert 0 < fewer["total"] < all_marks
    assert fewer["counts"]["locuri"]["sunati"] == all_marks - fewer["total"] - fewer["counts"]["locuri"]["fara"]


def test_a_card_says_what_an_answer_says_and_leads_to_the_question_from_its_locality(demo, as_role):
    browser = as_role()
    row = int(demo.snapshot().catalogue.map_points.rows[0])
    service = demo.snapshot().catalogue.services.iloc[row]
    card = browser.get(f"{CARD}?id={service['service_id']}&serviciu=child-abuse")
    assert card.status_code == 200
    assert service["name"] in card.text
    fields = dict(forms(card)[0].fields)
    place = demo.snapshot().gazetteer.nearest_locality(service["lat"], service["lon"])
    assert fields["loc"] == place.label
    assert "46." not in json.dumps(fields)  # never a point
    answer = browser.submit(card, "/simplu/harta/raspuns", cuvinte="")
    assert answer.status_code == 200
    assert place.name in answer.text


def test_what_is_wrong_in_an_address_is_said_in_words(demo, as_role):
    browser = as_role()
    for query in ("?locuri=x", "?cadru=1,2,3", "?zoom=-4", "?serviciu=<script>", "?loc=Nicăieri", "?km=abc"):
        page = browser.get(PAGE + query)
        assert page.status_code == 400, query
        assert 'role="alert"' in page.text, query
        assert "<script>" not in page.text.replace("<script defer", ""), query
        answer = browser.get(POINTS + query)
        assert answer.status_code == 400, query
        assert answer.json()["error"], query


def test_the_card_of_an_area_says_the_atlas_and_what_is_inside_and_asks_from_it(demo, as_role):
    browser = as_role()
    card = browser.get("/api/map/area?siruta=24089")
    assert card.status_code == 200
    assert "Parincea" in card.text
    points = demo.snapshot().catalogue.map_points
    inside = demo.snapshot().catalogue.services.iloc[points.rows].query("uat_siruta == 24089 and registry == 'social'")
    assert re.search(rf"Servicii sociale: {len(inside)} servici", card.text)
    assert dict(forms(card)[0].fields)["loc"].startswith("Parincea")
    for wrong in ("", "1", "24089'", "<b>"):
        refused = browser.get(f"/api/map/area?siruta={wrong}")
        assert refused.status_code == 400
        assert "<b>" not in refused.text


def test_what_is_in_view_is_downloaded_for_a_spreadsheet_and_for_a_gis(demo, as_role, tmp_path):
    browser = as_role()
    query = "?registru=social&cadru=46,26.5,47,27.5&zoom=9"
    total = browser.get(POINTS + query).json()["total"]
    assert total
    sheet = pd.read_csv(io.BytesIO(browser.get("/api/map/services.csv" + query).content))
    (tmp_path / "view.gpkg").write_bytes(browser.get("/api/map/services.gpkg" + query).content)
    layer = gpd.read_file(tmp_path / "view.gpkg")
    assert len(sheet) == len(layer) == total
    assert sorted(sheet["service_id"]) == sorted(layer["service_id"])
    assert sheet["is_synthetic"].all()
    assert layer.crs == "EPSG:4326"
    assert layer.geometry.x.between(26.5, 27.5).all()


def test_a_file_of_the_whole_country_is_refused_in_words(demo, as_role, monkeypatch):
    monkeypatch.setattr(map_export, "MOST_ROWS", 3)
    page = as_role().get("/api/map/services.csv")
    assert page.status_code >= 400
    assert "Apropiați harta sau filtrați" in page.text


def test_a_card_of_nothing_or_of_a_protected_service_is_refused(demo, as_role):
    browser = as_role()
    secret = demo.snapshot().catalogue.services.query("is_secret")["service_id"].tolist()
    for wanted in ["", "social:none:1", *secret[:2]]:
        page = browser.get(f"{CARD}?id={wanted}")
        assert page.status_code == 400
        assert 'role="alert"' in page.text


def test_a_live_home_answers_nobody_who_is_not_signed_in(live, web):
    from tests.worlds.clients.form_browser import Browser

    for address in (PAGE, POINTS, CARD, map_export.CSV, map_export.GEOPACKAGE):
        page = Browser(web).get(address)
        assert "map-row" not in page.text
        assert "marks" not in page.text


def test_the_words_of_each_state_are_the_same_in_filter_and_legend(demo, as_role):
    page = as_role().get(PAGE).text
    for words in map_page.state_words().values():
        assert page.count(words) >= 2


def test_a_place_of_the_filter_is_asked_back_in_the_own_county_first(demo, as_role):
    said = as_role("team:24089").get(PAGE + "?loc=Deleni").text
    choices = said[said.index("Alegeți una:") :]
    assert choices.index("județul Bacău") < choices.index("județul Constanța")
