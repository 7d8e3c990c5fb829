"""The areas of a sheet are coloured as the page is: same steps, same counts, and words where there is nothing to show."""

from __future__ import annotations

from collections import Counter

import pytest
from starlette.requests import Request

from api import atlas_areas
from api.http.request_view import RequestView
from api.map import coverage_layer
from api.map.coverage_layer import asked_of
from api.map.tools.sheet_colours import sheet_colours
from core.i18n import number
from geo.maps.area_patterns import PATTERNS
from providers.service_map.map_layers import CLASS, OF_SERVICE, PEOPLE, PLAIN, RATE
from reports.planning import kept_coverage
from tests.worlds.homes import coverage_world

COVERAGE, PDF, PICTURE = "/api/map/coverage", "/api/map/harta.pdf", "/api/map/harta.svg"
CENTRE, SHELTER = "8891CZ-C-II", "8790CR-VD-I"
NEAR = "cadru=46.5,26.9,46.6,27.1&zoom=12"


@pytest.fixture
def peopled(monkeypatch):
    """Give the small world people: it imports none."""
    monkeypatch.setattr(kept_coverage, "load_people", lambda *_: coverage_world.people(2000))
    coverage_layer._tables.clear()
    yield
    coverage_layer._tables.clear()


def colours(demo, query):
    request = Request({"type": "http", "method": "GET", "path": "/", "query_string": query.encode(), "headers": []})
    view = RequestView(request, demo.home, None, "ro")
    return sheet_colours(view, *asked_of(view))


@pytest.mark.parametrize("colour", OF_SERVICE)
def test_the_colours_of_a_service_are_those_that_the_page_is_sent(demo, as_role, peopled, colour):
    query = f"serviciu={CENTRE}&culoare={colour}"
    found = colours(demo, query)
    sent = as_role().get(f"{COVERAGE}?{query}").json()
    assert {str(code): grade for code, grade in found.grades.items()} == sent["grades"]
    counts = Counter(f"{found.kind}-{grade}" for grade in sent["grades"].values())
    assert {key.code: key.count for key in found.keys if not key.code.endswith("-0")} == {
        mark: number(counts[mark]) for mark in PATTERNS if mark.startswith(found.kind) and not mark.endswith("-0")
    }
    assert found.title in sent["legend"]
    whole = len(atlas_areas.view_of(demo.home).table)
    assert sum(int(key.count.replace(".", "")) for key in found.keys) == whole


@pytest.mark.parametrize("colour", [CLASS, RATE, PEOPLE])
def test_the_colours_of_the_atlas_are_counted_by_step(demo, colour):
    found = colours(demo, f"culoare={colour}")
    counts = Counter(f"class-{grade}" for grade in found.grades.values())
    assert {key.code: key.count for key in found.keys} == {
        f"class-{step}": number(counts[f"class-{step}"]) for step in range(5)
    }


@pytest.mark.parametrize("query", ["culoare=acoperire", f"culoare=schimbare&serviciu={CENTRE}"])
def test_where_nothing_can_be_coloured_the_sheet_is_made_and_says_why(demo, as_role, query):
    found = colours(demo, query)  # nothing chosen; nobody knows how many people there are
    assert (found.grades, found.keys) == ({}, ())
    page = as_role().get(f"{PICTURE}?{query}&{NEAR}")
    assert page.status_code == 200
    assert found.title[:40] in page.text


def test_of_a_protected_service_no_area_is_coloured(demo, peopled):
    found = colours(demo, f"culoare=legat&serviciu={SHELTER}")
    assert (found.grades, found.keys) == ({}, ())
    assert colours(demo, f"culoare={PLAIN}").grades == {}


def test_patterns_are_drawn_on_the_map_and_in_its_legend(demo, as_role, peopled):
    said = as_role().get(f"{PICTURE}?{NEAR}&culoare=rata").text
    for step in (0, 2, 3, 4):
        assert f'<pattern id="class-{step}"' in said
        assert f'height="18" fill="url(#class-{step})"' in said
    assert as_role().get(f"{PDF}?{NEAR}&culoare=schimbare&serviciu={CENTRE}").content.startswith(b"%PDF")
