"""Layers of the map: the values of the coverage's core, the joined view as map, table and file; nothing protected."""

from __future__ import annotations

import html
import io
import random
import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api import atlas_areas
from api.map import coverage_layer
from core.i18n import written_day
from core.romanian_calendar import BUCHAREST
from providers.planning.coverage_tables import by_level
from providers.planning.coverage_travel import REACH_STATES
from providers.rules import taxonomy
from providers.rules.wording import minute_words
from providers.service_map.map_layers import COLOURS, EXTRAS, MINUTES, MapLayers, minutes_offered
from referrals.local import local_intake
from referrals.local.local_intake import LocalTyped
from referrals.records.vocabulary import Actor
from reports.planning import coverage_query, kept_coverage
from reports.planning.served_areas import changed_areas, served_areas, worst_first
from reports.planning.travel_layers import isochrone_layer
from tests.covering import daily
from tests.worlds.homes import coverage_world

PAGE, COVERAGE, JOINED, CSV = "/simplu/harta", "/api/map/coverage", "/api/map/joined", "/api/map/joined.csv"
CENTRE, SHELTER, HOME_CARE, SCHOOL = "8891CZ-C-II", "8790CR-VD-I", "8810ID-I", "EDU-SCHOOL"
BACAU = "20297"
PEOPLE = coverage_world.people(2000)
PUBLIC = sorted(code for code, each in taxonomy.service_types().items() if not each.is_secret)
ANY = random.Random(45).sample([(code, minutes) for code in PUBLIC for minutes in MINUTES], 8)


@pytest.fixture(autouse=True)
def _peopled(monkeypatch):
    """Give the small world people, and classes of the atlas in turn: it imports neither."""
    read = atlas_areas.view_of

    def view_of(home):
        view = read(home)
        classes = pd.array([None, 1, 2, 3, 4], "Int64").take(np.arange(len(view.table)) % 5)
        return replace(view, table=view.table.assign(atlas_class=classes, is_atlas_loaded=True, rate_percent=12.5))

    monkeypatch.setattr(atlas_areas, "view_of", view_of)
    for module in (coverage_query, kept_coverage):
        monkeypatch.setattr(module, "load_people", lambda *_: PEOPLE)
    coverage_layer._tables.clear()


@pytest.mark.parametrize(
    ("code", "minutes"), daily([(CENTRE, 30), (HOME_CARE, 15), (SCHOOL, 60), *ANY], lambda case: case not in ANY[2:])
)
def test_the_colours_are_those_of_the_coverage_itself(demo, as_role, code, minutes):
    coverage = coverage_query.ask(demo, code, reach_minutes=float(minutes))
    table = served_areas(coverage, atlas_areas.view_of(demo.home).table)
    found = as_role().get(f"{COVERAGE}?serviciu={code}&minute={minutes}&culoare=acoperire").json()
    expected = dict(zip(table["uat_siruta"].astype("str"), (table["state"] + 1).tolist(), strict=True))
    assert found["grades"] == {code: grade for code, grade in expected.items() if grade}
    joined = as_role().get(f"{COVERAGE}?serviciu={code}&minute={minutes}&culoare=legat").json()["grades"]
    assert {int(code): grade for code, grade in joined.items()} == {
        code: grade for code, grade in zip(table["uat_siruta"], table["joined"], strict=True) if grade
    }
    levels = by_level(coverage, "uat").set_index("uat_siruta")["people"]
    asked = table[table["people"] > 0].set_index("uat_siruta")["people"]
    assert asked.to_dict() == levels[levels.index.isin(asked.index)].to_dict()


def test_the_joined_table_is_the_map_in_words_and_leads_on(demo, as_role):
    browser = as_role()
    ask = f"?serviciu={CENTRE}&culoare=legat"
    page = browser.get(PAGE + ask)
    sheet = pd.read_csv(io.BytesIO(browser.get(CSV + ask).content))
    coverage = coverage_query.ask(demo, CENTRE)
    ranked = worst_first(served_areas(coverage, atlas_areas.view_of(demo.home).table))
    assert sheet["uat_siruta"].tolist() == ranked["uat_siruta"].tolist()
    assert sheet["joined"].is_monotonic_decreasing
    assert sheet["is_synthetic"].all()
    grades = browser.get(COVERAGE + ask).json()["grades"]
    assert dict(zip(sheet["uat_siruta"].astype("str"), sheet["joined"], strict=True)) == grades
    said = html.unescape(page.text)
    first = sheet.iloc[0]
    assert f"/comunitati?comunitate={first['uat_siruta']}" in said
    assert f"/acoperire?serviciu={CENTRE}&minute=30&judet={first['county']}" in said
    assert first["name"] in said
    county = browser.get(JOINED + ask + "&judet=CJ").text
    assert ", Cluj" in county
    assert ", Bacău" not in county


def test_the_legend_counts_every_commune_once(demo, as_role):
    for colour in ("acoperire", "legat"):
        found = as_role().get(f"{COVERAGE}?serviciu={CENTRE}&culoare={colour}").json()
        said = re.findall(r"<b>([\d.]+)</b>", found["legend"])
        counted = sum(int(count.replace(".", "")) for count in said)
        everywhere = len(atlas_areas.view_of(demo.home).table)
        assert counted == (len(found["grades"]) if colour == "legat" else everywhere)
        assert "Surse și reguli" in found["legend"]


def test_nothing_is_coloured_by_protected_services_and_the_page_says_why(demo, as_role):
    browser = as_role()
    page = browser.get(f"{PAGE}?serviciu={SHELTER}&culoare=acoperire")
    assert page.status_code == 200
    assert "numai pe județ" in page.text
    refused = browser.get(f"{COVERAGE}?serviciu={SHELTER}&culoare=acoperire")
    assert refused.status_code == 400
    assert list(refused.json()) == ["error"]
    card = browser.get(f"/api/map/area?siruta={BACAU}&serviciu={SHELTER}")
    assert "numai pe județ" in card.text


WRONG = ("culoare=x", "minute=31", "minute=-1", "minute=nan", "strat=<b>", "judet=XX", "culoare=<script>", "semne=x")


def test_a_layer_that_is_none_is_refused_in_words(demo, as_role):
    browser = as_role()
    for query in WRONG:
        page = browser.get(f"{PAGE}?{query}")
        assert page.status_code == 400, query
        assert 'role="alert"' in page.text, query
        assert "<script>" not in page.text.replace("<script defer", ""), query
        answer = browser.get(f"{COVERAGE}?serviciu={CENTRE}&{query}")
        assert answer.status_code == 400, query
        assert answer.json()["error"], query


def test_the_card_of_an_area_says_what_is_found_and_what_lacks(demo, as_role):
    browser = as_role()
    card = browser.get(f"/api/map/area?siruta={BACAU}&serviciu={CENTRE}&minute=30")
    coverage = coverage_query.ask(demo, CENTRE)
    row = served_areas(coverage, atlas_areas.view_of(demo.home).table).set_index("uat_siruta").loc[int(BACAU)]
    assert coverage.title in card.text
    assert row[list(REACH_STATES)].sum() == row["people"]
    assert f"/acoperire?serviciu={CENTRE}" in html.unescape(card.text)
    more = browser.get(f"/api/map/area/more?siruta={BACAU}")
    assert more.status_code == 200
    assert "la cel mult 1 h" in more.text
    assert all(each.name not in more.text for each in taxonomy.service_types().values() if each.is_secret)
    assert browser.get("/api/map/area/more?siruta=<b>").status_code == 400


def test_referrals_of_an_area_are_counted_for_whoever_may_count_them(demo, as_role):
    said = "Nicio referire făcută de aici."
    assert said in as_role("county:BC").get("/api/map/area/more?siruta=24089").text
    assert said not in as_role("county:CJ").get("/api/map/area/more?siruta=24089").text
    assert said not in as_role("").get("/api/map/area/more?siruta=24089").text


@settings(max_examples=30)
@given(
    st.sampled_from(COLOURS), st.sampled_from(minutes_offered(CENTRE)), st.sets(st.sampled_from(EXTRAS)), st.booleans()
)
def test_layers_are_read_back_from_their_own_address(colour, minutes, extras, has_marks):
    layers = MapLayers(colour, minutes, frozenset(extras), "BC", has_marks=has_marks)
    fields = layers.fields()
    assert MapLayers.parse(dict(fields), [v for name, v in fields if name == "strat"], {"BC"}) == layers
    assert {name for name, _value in fields} <= set(MapLayers.FIELDS)


def test_how_far_one_comes_is_that_of_the_travel_model_and_says_so(demo, as_role):
    browser = as_role()
    refused = browser.get("/api/map/reach?strat=ajung")
    assert refused.status_code == 400
    assert "locul" in refused.json()["error"]
    found = browser.get("/api/map/reach?loc=24098&strat=ajung").json()
    place = demo.gazetteer.resolve("24098")
    layer = isochrone_layer(demo.home, demo.gazetteer, place, MINUTES, mode="car")
    assert [each["geometry"] for each in found["areas"]] == [each["geometry"] for each in layer["features"]]
    assert "linie dreaptă" in found["legend"]
    page = browser.get(f"{PAGE}?loc=24098&strat=ajung")
    for each in layer["features"]:
        assert f"{minute_words(each['properties']['minutes'])} (" in page.text


def test_local_resources_are_on_the_map_of_those_who_may_read_them_alone(demo, as_role):
    county = Actor("county", "ujss-bc", "BC")
    said = {"place": "Parincea, Bacău", "needs": ("no-income",), "offers": "alimente"}
    local_intake.add(demo, LocalTyped("Parohia <b>", **said), actor=county)
    local_intake.add(demo, LocalTyped("Caravana", **said, days="joi"), actor=county)
    address = "/api/map/local?strat=local"
    own = as_role("county:BC").get(address).json()
    (mark,) = own["marks"]
    place = demo.gazetteer.resolve("Parincea, Bacău")
    assert mark[:5] == [place.lat, place.lon, 1, 0, place.label]
    assert "Parohia &lt;b&gt;" in mark[5]
    assert "Parohia &lt;b&gt;" in own["list"]
    assert "Caravana" not in own["list"]
    both = as_role("county:BC").get(f"{address}&strat=calendar").json()
    assert both["marks"][0][2:4] == [2, 0]
    assert "Caravana" in as_role("county:BC").get(f"{PAGE}?strat=calendar").text
    for other in (as_role("county:CJ"), as_role("")):
        found = other.get(f"{address}&strat=calendar")
        assert "Parohia" not in found.text
        assert found.json()["marks"] == []


def test_counties_side_by_side_are_drawn_and_counted_within_a_page(demo, as_role):
    browser = as_role()
    page = browser.get(f"/simplu/harta/judete?serviciu={CENTRE}")
    assert page.status_code == 200
    assert len(page.content) < 200_000
    assert page.text.count("<figure>") == 42
    coverage = coverage_query.ask(demo, CENTRE)
    people = by_level(coverage, "national")["people"].iloc[0]
    rows = re.findall(r'<tr><th scope="row">.*?</th><td>([\d.]+)</td>', page.text)
    assert sum(int(count.replace(".", "")) for count in rows) == people
    refused = browser.get(f"/simplu/harta/judete?serviciu={SHELTER}")
    assert refused.status_code == 400
    assert "<figure>" not in refused.text


def test_a_comparison_is_of_two_coverages_and_says_with_which_day(demo, as_role):
    browser = as_role()
    address = f"?serviciu={CENTRE}&culoare=schimbare&acum=90"
    found = browser.get(COVERAGE + address).json()
    day = demo.ledger.today() - timedelta(days=90)
    at = datetime.combine(day, time(23, 59, 59), BUCHAREST).astimezone(UTC)
    atlas = atlas_areas.view_of(demo.home).table
    now, before = (served_areas(coverage_query.ask(demo, CENTRE, at=moment), atlas) for moment in (None, at))
    expected = dict(zip(now["uat_siruta"].astype("str"), changed_areas(now, before).tolist(), strict=True))
    assert found["grades"] == {code: grade for code, grade in expected.items() if grade}
    for grade, ours, theirs in zip(expected.values(), now["state"], before["state"], strict=True):
        assert grade == (0 if ours < 0 else 2 if ours < theirs else 3 if ours > theirs else 1 if ours == 0 else 4)
    assert written_day(day) in found["legend"]
    assert written_day(day) in browser.get(PAGE + address).text
    assert browser.get(f"{COVERAGE}?serviciu={CENTRE}&culoare=schimbare&acum=8").status_code == 400
