"""The search over the map, as suggestions and as a page; what was drawn filters marks, list and files alike."""

from __future__ import annotations

import html
import io
from urllib.parse import urlencode

import pandas as pd
import pytest

from api.map.tools import map_suggest
from providers.service_map.map_search import MapSearch
from providers.service_map.map_zone import MapZone
from tests.worlds.clients.form_browser import form

SUGGEST, RESULTS, POINTS, PAGE = "/api/map/search", "/simplu/harta/cautare", "/api/map/points", "/simplu/harta"


def found_of(browser, words, **more):
    answer = browser.get(f"{SUGGEST}?{urlencode({'q': words, **more})}")
    assert answer.status_code == 200
    return {group["title"]: group["found"] for group in answer.json()["groups"]}


@pytest.fixture
def service(demo):
    """A service of the map, with a name of its own."""
    snapshot = demo.snapshot()
    shown = snapshot.catalogue.services.iloc[snapshot.catalogue.map_points.rows]
    return shown[shown["registry"] == "social"].iloc[0]


def test_suggestions_are_by_kind_and_say_what_choosing_them_does(demo, as_role, service):
    browser = as_role()
    groups = found_of(browser, service["name"].upper(), loc=str(service["uat_siruta"]))
    found = groups["Servicii"][0]
    assert found["words"] == service["name"]
    assert service["name"] in html.unescape(browser.get(f"/api/map/card?id={found['id']}").text)
    place = found_of(browser, "parincae")["Localități"][0]
    assert place["loc"].startswith("Parincea")
    assert browser.get(f"{POINTS}?{urlencode({'loc': place['loc']})}").status_code == 200
    need = found_of(browser, "buletin")["Nevoi și tipuri de servicii"][0]
    assert browser.get(f"{POINTS}?serviciu={need['serviciu']}").status_code == 200


def test_a_provider_as_a_filter_shows_as_many_services_as_its_suggestion_says(demo, as_role, service):
    browser = as_role()
    provider = found_of(browser, service["organization"])["Furnizori"][0]
    of_provider = browser.get(f"{POINTS}?{urlencode({'furnizor': provider['furnizor']})}").json()
    assert provider["detail"].startswith(f"{of_provider['total']} servic")
    south, west, north, east = provider["corners"]
    for lat, lon, *_rest in of_provider["marks"]:
        assert south - 0.001 <= lat <= north + 0.001
        assert west - 0.001 <= lon <= east + 0.001


@pytest.mark.parametrize("page", ["/simplu/gasiti", "/simplu/referiri", "/simplu/lista"])
def test_every_screen_looks_for_a_service_by_its_name(demo, as_role, page):
    browser = as_role()
    sent = form(browser.get(page), RESULTS)
    assert [name for name, _value in sent.fields] == ["q"]
    assert "Luminița" in browser.get(f"{RESULTS}?{urlencode({'q': 'centrul luminitza'})}").text


def test_a_name_typed_in_the_bar_is_looked_for_near_the_team_s_own_community(demo, as_role, monkeypatch):
    asked = []
    monkeypatch.setattr(map_suggest, "search_map", lambda _s, _t, near, **_more: asked.append(near) or MapSearch())
    as_role().get(f"{RESULTS}?q=centrul")
    as_role("national").get(f"{RESULTS}?q=centrul")
    own = demo.gazetteer.place_of(None, 24089)
    assert asked[0] == (own.lat, own.lon)
    assert asked[1] != asked[0]


def test_without_a_script_the_same_is_a_page_of_links(demo, as_role, service):
    browser = as_role()
    said = html.unescape(browser.get(f"{RESULTS}?{urlencode({'q': service['name'], 'registru': 'social'})}").text)
    assert service["name"] in said
    provider = browser.get(f"{RESULTS}?{urlencode({'q': service['organization'], 'locuri': 'libere'})}")
    assert f"{PAGE}?locuri=libere&amp;furnizor=" in provider.text
    assert "Nimic cu acest nume" in browser.get(f"{RESULTS}?q=qwxzqwxz").text
    assert "două litere" in browser.get(RESULTS).text
    hostile = browser.get(f"{RESULTS}?{urlencode({'q': '<script>alert(1)</script>'})}")
    assert "<script>alert" not in hostile.text


@pytest.mark.parametrize("query", ["?q=scoala&loc=Nicăieri", "?q=scoala&cadru=1,2", "?q=scoala&zona=1,2"])
def test_what_is_wrong_in_an_address_is_said_in_words(demo, as_role, query):
    browser = as_role()
    assert browser.get(SUGGEST + query).status_code == 400
    page = browser.get(RESULTS + query)
    assert page.status_code == 400
    assert 'role="alert"' in page.text


@pytest.mark.parametrize("drawn", ["46.4,26.8,46.6,27.1", "46.5,27,12.5"])
def test_what_was_drawn_filters_marks_list_counts_and_files(demo, as_role, drawn):
    browser = as_role()
    zone, points = MapZone.parse(drawn), demo.snapshot().catalogue.map_points
    inside = points.rows[zone.holds(points.lats, points.lons)]
    of_view = browser.get(f"{POINTS}?zona={drawn}").json()
    expected = of_view["total"]
    assert 0 < expected <= len(inside)
    assert sum(mark[2] for mark in of_view["marks"]) == expected == sum(of_view["counts"]["registru"].values())
    assert zone.words in of_view["zone"]
    # A file is of the whole zone, however near somebody looks.
    sheet = pd.read_csv(
        io.BytesIO(browser.get(f"/api/map/services.csv?zona={drawn}&cadru=46.5,26.99,46.51,27&zoom=15").content)
    )
    ids = set(demo.snapshot().catalogue.services["service_id"].iloc[inside])
    assert len(sheet) == expected
    assert set(sheet["service_id"]) <= ids
    page = browser.get(f"{PAGE}?zona={drawn}").text
    assert "Ștergeți zona" in page
    assert f'name="zona" value="{zone.text}"' in page
