"""A service's own page: found under every id it ever had, the same for everybody, and with a question also the way."""

from __future__ import annotations

import pytest

from api.http.service_links import service_address
from tests.api.test_plain_journey import search
from tests.worlds import small_world
from tests.worlds.form_browser import form

OWN_SECRET, PUBLIC_SECRET = "social:mmps:6", "protected:8790CR-VD-I:BC:1"
CENTRE = "social:mmps:1"


@pytest.fixture
def team(demo, as_role):
    return as_role()


def test_anybody_of_a_demonstration_reads_what_is_public_with_its_age(demo, as_role):
    page = as_role("").get(service_address(CENTRE))
    assert page.status_code == 200
    for said in (
        "Luminița",
        "0234 512 345",
        "0744111222",
        "luni–vineri",
        "3 locuri libere",
        "din registru, 12.10.2026",
    ):
        assert said in page.text
    assert "Referiți persoana" not in page.text


def test_an_id_of_before_registries_had_sources_leads_on(demo, as_role):
    page = as_role("").get(service_address("social:1"))
    assert page.url.path == service_address(CENTRE)


@pytest.mark.parametrize("unknown", ["social:mmps:404", "nimic", OWN_SECRET, "../etc", "x" * 500])
def test_an_id_that_is_none_is_said_in_words(demo, as_role, unknown):
    page = as_role("").get(service_address(unknown))
    assert page.status_code == 404


def test_the_key_of_a_protected_service_opens_nothing_and_its_public_page_tells_no_door(demo, as_role):
    browser = as_role("county:BC")
    key = demo.snapshot().catalogue.sealed[PUBLIC_SECRET]
    assert browser.get(service_address(key)).status_code == 404
    page = browser.get(service_address(PUBLIC_SECRET))
    assert page.status_code == 200
    assert "adresă protejată" in page.text
    for hidden in (small_world.SECRET_TOWN, "Strada Ascunsă", "0234999999", "12.10.2026", key, "Referiți persoana"):
        assert hidden not in page.text


def test_hostile_words_of_a_register_stay_words(demo, as_role):
    page = as_role("").get(service_address("social:mmps:2"))
    assert "<img" not in page.text
    assert "&lt;img" in page.text


def test_with_a_question_the_page_tells_the_way_and_refers_and_leads_back(team):
    asked = form(search(team), "/simplu/referire").fields
    page = team.post(service_address(CENTRE), asked)
    assert "min" in page.text.split('class="way">')[1][:80]
    assert "Luminița" in team.submit(page, "/simplu/raspuns").text
    consent = team.submit(page, "/simplu/referire", serviciu=CENTRE)
    assert "Pe ce temei?" in consent.text


def test_nothing_of_the_question_stands_in_the_address(team):
    asked = form(search(team), "/simplu/referire").fields
    page = team.post(service_address(CENTRE), [*asked, ("varsta", "9")])
    assert (page.url.path, page.url.query) == (service_address(CENTRE), b"")


def test_who_is_not_taken_reads_why_instead_of_a_button(team):
    asked = form(search(team), "/simplu/referire").fields
    page = team.post(service_address("social:mmps:4"), asked)
    assert "licența a expirat" in page.text
    assert "/simplu/referire" not in page.text.replace("/simplu/referiri", "")


def test_without_a_question_a_team_says_from_where_the_person_comes(team):
    page = team.get(service_address(CENTRE))
    shown = team.submit(page, "", loc="Parincea, județul Bacău")
    assert 'action="/simplu/referire"' in shown.text
    wrong = team.submit(page, "", loc="Nicăieri cu totul")
    assert wrong.status_code == 400
    assert 'id="loc-err"' in wrong.text or 'name="loc_ales"' in wrong.text


def test_a_page_stays_small(demo, as_role):
    assert len(as_role().get(service_address(CENTRE)).text.encode()) < 30_000
