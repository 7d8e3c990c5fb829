"""From the map to the answer: the same services, order, numbers and words as the finder's; nothing of a person in an address."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from api.map.answer_on_map import address_of
from providers.finder.finder import find
from providers.finder.offer_view import view_of
from providers.finder.query_parsing import make_query
from providers.rules.person import Person
from providers.service_map.map_answer import FREE, FULL, states_of
from tests.worlds.clients.form_browser import form, forms
from tests.worlds.homes.small_world import CHILD_DAY_CENTRE, HELPLINE_NEED, SECRET_TOWN

PAGE, ANSWER, WAY = "/simplu/harta/raspuns", "/api/map/answer", "/api/map/way"
PLACE = "24089"
ROW = re.compile(
    r'<details class="map-row"[^>]*?(?: data-number="(\d+)")?>\s*<summary>.*?class="map-name">(.*?)</span>(.*?)</summary>',
    re.DOTALL,
)
CHIP = re.compile(r'class="chip (\w+)">(.*?)</span>')


@pytest.fixture
def ask(demo, as_role):
    """Send a question as a form of the map does."""
    browser = as_role()
    seal = form(browser.get("/simplu/harta?loc=24089"), PAGE).fields[0]

    def send(address, *needs, **said):
        return browser.post(address, [seal, ("loc", PLACE), *(("nevoie", need) for need in needs), *said.items()])

    return send


def settings(page):
    return json.loads(html.unescape(re.search(r'data-settings="([^"]*)"', page.text)[1]))


def rows(text):
    """(number, name, kind and words of the chip) of each row."""
    return [(number, html.unescape(name), CHIP.findall(rest)) for number, name, rest in ROW.findall(text)]


def visited(demo, need):
    query = make_query(origin=demo.gazetteer.resolve(PLACE), wanted=(need,), person=Person(), k=5)
    return find(demo.snapshot(), query).listed


@pytest.mark.parametrize("need", [CHILD_DAY_CENTRE, "food", "child-abuse"])
def test_pins_list_and_plain_answer_are_the_same_services_in_the_same_order_with_the_same_words(demo, ask, need):
    wanted = [
        (str(place), each.name, each.service_id, view_of(each).places)
        for place, each in enumerate(visited(demo, need), start=1)
    ]
    assert wanted
    found = ask(ANSWER, need).json()
    assert [(str(pin[0]), pin[4]) for pin in found["pins"]] == [(number, key) for number, _n, key, _p in wanted]
    assert [pin[3] for pin in found["pins"]] == [places.kind for *_rest, places in wanted]
    assert all(
        f"{number}. {name}: {places.words}" in pin[5]
        for pin, (number, name, _k, places) in zip(found["pins"], wanted, strict=True)
    )
    numbered = [row for row in rows(found["html"]) if row[0]]
    assert [(number, name) for number, name, _chip in numbered] == [(number, name) for number, name, *_rest in wanted]
    assert [chip for *_rest, chip in numbered] == [[(p.kind, html.escape(p.words))] for *_rest, p in wanted]
    plain = ask("/simplu/raspuns", need).text
    cards = re.findall(r'<article class="hs-row [^>]*>.*?<h3>(.*?)</h3>', plain, re.DOTALL)
    assert [html.unescape(name) for name in cards] == [name for _number, name, _chip in rows(found["html"])]
    page = ask(PAGE, need)
    assert rows(page.text) == rows(found["html"])
    drawn = re.search(r'<svg class="map-still".*?</svg>', page.text, re.DOTALL)[0]
    assert re.findall(r'class="pin (\w+)"', drawn) == [pin[3] for pin in found["pins"]]


def test_a_service_has_the_same_state_as_a_mark_of_all_services_and_as_a_pin(demo, ask):
    snapshot = demo.snapshot()
    kinds = {pin[4]: pin[3] for need in (CHILD_DAY_CENTRE, "food") for pin in ask(ANSWER, need).json()["pins"]}
    names = {FREE: "free", FULL: "full"}
    marks = {key: names.get(int(states_of(snapshot)[snapshot.catalogue.row_of(key)]), "ask") for key in kinds}
    assert kinds == marks


def test_under_a_filter_in_a_zone_mark_row_card_and_answer_say_the_same_of_a_service(ask, as_role):
    browser = as_role()
    found = ask(ANSWER, CHILD_DAY_CENTRE).json()
    said = {number: (name, chip) for number, name, chip in rows(found["html"]) if number}
    for number, lat, lon, kind, key, *_rest in found["pins"]:
        near = f"/api/map/points?serviciu={CHILD_DAY_CENTRE}&zona={lat},{lon},0.1&cadru={lat - 0.01},{lon - 0.01},{lat + 0.01},{lon + 0.01}&zoom=18"
        listed = [(name, chip) for _number, name, chip in rows(browser.get(near).json()["list"])]
        assert said[str(number)] in listed
        card = browser.get(f"/api/map/card?id={key}&loc={PLACE}&serviciu={CHILD_DAY_CENTRE}")
        assert [(name, chip) for _number, name, chip in rows(card.text)] == [said[str(number)]]
        own = {"free": "libere", "ask": "sunati", "full": "fara"}[kind]
        for value, place in (("libere", 3), ("sunati", 4), ("fara", 5)):
            kept = browser.get(f"{near}&locuri={value}").json()
            names = [name for _number, name, _chip in rows(kept["list"])]
            assert (said[str(number)][0] in names) == (value == own)
            assert sum(mark[place] for mark in kept["marks"]) == kept["total"] == len(names)


def test_what_is_known_of_a_person_is_in_no_address_and_a_sensitive_need_neither(demo, ask):
    found = ask(ANSWER, CHILD_DAY_CENTRE, varsta="9", sex="F").json()
    assert dict(found["address"]) == {"loc": "Parincea, județul Bacău", "serviciu": CHILD_DAY_CENTRE, "raspuns": "1"}
    page = ask(PAGE, CHILD_DAY_CENTRE, varsta="9", sex="F")
    said = settings(page)
    assert "varsta" not in said["fields"]
    assert parse_qs(said["fields"])["raspuns"] == ["1"]
    assert ("varsta", "9") in form(page, "/simplu/raspuns").fields  # the body of the next form has it
    for link in re.findall(r'(?:href|src|data-file)="([^"]*)"', page.text):
        assert not {"varsta", "sex", "grup"} & set(parse_qs(urlsplit(html.unescape(link)).query))
    hidden = ask(ANSWER, HELPLINE_NEED).json()
    assert hidden["address"] == []
    assert "quick-exit" in hidden["html"]
    assert HELPLINE_NEED not in settings(ask(PAGE, HELPLINE_NEED))["fields"]


def test_a_point_that_is_typed_becomes_its_locality(demo, ask, as_role):
    found = ask(ANSWER, CHILD_DAY_CENTRE, loc_ales="46.4711,27.0822").json()
    place = demo.gazetteer.nearest_locality(46.4711, 27.0822)
    assert found["here"] == [place.lat, place.lon, place.label]
    assert "46.4711" not in json.dumps(found)


def test_an_address_opens_the_answer_from_its_place_to_its_need_and_the_address_of_a_form_leads_to_the_map(
    demo, as_role
):
    browser = as_role()
    page = browser.get(f"/simplu/harta?loc={PLACE}&serviciu={CHILD_DAY_CENTRE}&raspuns=1")
    assert [pin[4] for pin in settings(page)["answer"]["pins"]] == [
        each.service_id for each in visited(demo, CHILD_DAY_CENTRE)
    ]
    assert settings(browser.get(f"/simplu/harta?loc={PLACE}&serviciu={CHILD_DAY_CENTRE}"))["answer"] is None
    assert settings(browser.get("/simplu/harta?raspuns=1"))["answer"] is None
    assert browser.get(PAGE).url.path == "/simplu/harta"


def test_what_is_not_clear_is_asked_back_on_the_map(demo, ask):
    found = ask(ANSWER, cuvinte="ajutor pentru un copil bătut și flămând")
    assert found.status_code == 400
    assert 'action="/simplu/harta/raspuns"' in found.json()["ask"]
    assert ask(ANSWER, cuvinte="<script>").json()["ask"].count("<script>") == 0


def test_the_way_to_a_service_of_the_answer_is_drawn_and_said_to_be_straight_where_it_is(demo, ask):
    first = next(each for each in visited(demo, CHILD_DAY_CENTRE) if each.minutes > 1)
    drawn = ask(WAY, CHILD_DAY_CENTRE, drum=first.service_id).json()
    assert [part["kind"] for part in drawn["way"]] == ["straight"]
    assert drawn["way"][0]["line"][-1] == [first.lon, first.lat]
    assert "linie dreaptă, nu drum" in drawn["html"]
    page = ask(PAGE, CHILD_DAY_CENTRE, drum=first.service_id)
    assert '<path class="way"' in page.text


def test_nothing_protected_is_a_pin_or_the_end_of_a_way(demo, ask):
    secret = demo.snapshot().catalogue.services.query("is_secret")["service_id"].tolist()
    for need in (CHILD_DAY_CENTRE, HELPLINE_NEED, "food"):
        found = ask(ANSWER, need).json()
        assert not {pin[4] for pin in found["pins"]} & set(secret)
        assert SECRET_TOWN not in json.dumps(found, ensure_ascii=False)
        for key in [*secret, "social:mmps:404", ""]:
            assert ask(WAY, need, drum=key).status_code == 400


def test_a_question_without_the_seal_of_our_forms_is_refused(demo, as_role):
    browser = as_role()
    for address in (PAGE, ANSWER, WAY):
        assert browser.post(address, [("loc", PLACE), ("nevoie", "food")]).status_code == 403


def test_a_row_of_the_answer_leads_to_the_referral_and_the_panel_to_the_whole_answer(demo, ask, as_role):
    page = ask(PAGE, CHILD_DAY_CENTRE)
    asked = form(page, "/simplu/referire")
    assert {button["value"] for button in asked.buttons if button.get("name") == "serviciu"}
    assert ("nevoie", CHILD_DAY_CENTRE) in form(page, "/simplu/raspuns").fields


def test_the_plain_answer_and_the_finder_lead_to_the_map_with_the_same_question(demo, ask, as_role):
    plain = ask("/simplu/raspuns", CHILD_DAY_CENTRE, varsta="9")
    (to_map,) = [each for each in forms(plain) if any(button.get("formaction") == PAGE for button in each.buttons)]
    assert {("varsta", "9"), ("nevoie", CHILD_DAY_CENTRE), ("loc", to_map.fields[1][1])} <= set(to_map.fields)

    def address(need):
        query = make_query(origin=demo.gazetteer.resolve(PLACE), wanted=(need,), person=Person(age=9))
        return address_of([find(demo.snapshot(), query)])

    said = parse_qs(address(CHILD_DAY_CENTRE))
    assert (said["serviciu"], said["raspuns"], len(said)) == ([CHILD_DAY_CENTRE], ["1"], 3)
    assert address(HELPLINE_NEED) == ""
    page = as_role().get("/simplu/harta?" + address(CHILD_DAY_CENTRE))
    assert settings(page)["answer"]["pins"]


def test_around_an_answer_each_filter_counts_what_it_would_list_also_within_a_distance_and_open_now(demo, as_role):
    browser = as_role()
    asked = f"/api/map/points?loc={PLACE}&serviciu={CHILD_DAY_CENTRE}&raspuns=1&km=9&cadru=43,20,49,30&zoom=9"
    around = browser.get(asked).json()
    assert 0 < around["total"] == around["list"].count('class="map-row"')
    assert around["total"] < browser.get(asked.replace("km=9", "km=90")).json()["total"]
    for name in ("deschis", "licenta", "locuri", "livrare", "registru"):
        for value, count in around["counts"][name].items():
            chosen = browser.get(f"{asked}&{name}={value}").json()
            assert (chosen["total"], chosen["list"].count('class="map-row"')) == (count, count)
