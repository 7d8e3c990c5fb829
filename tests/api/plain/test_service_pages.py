"""A service's own page: found under every id it ever had, the same for everybody, and with a question also the way."""

from __future__ import annotations

import re

import pytest

from api.http.kept_question import keep_question
from api.http.service_links import FROM_FINDER, service_address
from api.http.session import session_of
from providers.finder.query_parsing import make_query, parse_query
from providers.rules.person import Person
from referrals.workflow import field_intake
from tests.api.plain.test_plain_journey import COUNTY, search
from tests.worlds.clients.form_browser import form
from tests.worlds.homes import small_world

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


def test_from_the_application_the_question_comes_along_in_the_session_alone(team, demo, as_role):
    place = parse_query(demo.gazetteer, place="Parincea, Bacău", services=(small_world.CHILD_DAY_CENTRE,)).origin
    asked = make_query(origin=place, wanted=(small_world.CHILD_DAY_CENTRE,), person=Person(age=9))
    keep_question(session_of(dict(team.cookies), demo.home).session_id, [asked])
    page = team.get(f"{service_address(CENTRE)}?{FROM_FINDER}")
    assert ("varsta", "9") in form(page, "/simplu/referire").fields
    assert f'href="/gasiti?loc={place.locality_siruta or place.uat_siruta}&amp;nevoie=' in page.text
    assert "/simplu/referire" not in team.get(service_address(CENTRE)).text.replace("/simplu/referiri", "")
    other = as_role().get(f"{service_address(CENTRE)}?{FROM_FINDER}").text
    assert 'name="varsta" value="9"' not in other


def test_who_is_not_taken_reads_why_instead_of_a_button(team):
    asked = form(search(team), "/simplu/referire").fields
    page = team.post(service_address("social:mmps:4"), asked)
    assert "licența a expirat" in page.text
    assert "/simplu/referire" not in page.text.replace("/simplu/referiri", "")


def test_without_a_question_a_team_says_from_where_the_person_comes(team):
    page = team.get(service_address(CENTRE))
    shown = team.submit(page, service_address(CENTRE), loc="Parincea, județul Bacău")
    assert 'action="/simplu/referire"' in shown.text
    wrong = team.submit(page, service_address(CENTRE), loc="Nicăieri cu totul")
    assert wrong.status_code == 400
    assert 'id="loc-err"' in wrong.text or 'name="loc_ales"' in wrong.text


def test_a_page_stays_small(demo, as_role):
    assert len(as_role().get(service_address(CENTRE)).text.encode()) < 30_000


# --- what is done from the page -----------------------------------------------------------------------


def step(browser, name, service=CENTRE, **said):
    token = form(browser.get(service_address(service)), "/am-sunat").fields[0]
    return browser.post(f"{service_address(service)}/{name}", [token, *said.items()])


def test_a_call_is_noted_with_one_press_and_taken_back_with_one(team, demo):
    before = demo.capacity_of(CENTRE)
    noted = step(team, "am-sunat", locuri="2")
    assert "Am notat: 2 locuri libere, azi." in noted.text
    assert demo.capacity_of(CENTRE)["places_free"] == 2
    number = re.search(r'name="nota" value="(\d+)"', noted.text)[1]
    undone = step(team, "nota-anulata", nota=number)
    assert "Nota a fost anulată" in undone.text
    assert demo.capacity_of(CENTRE) == before
    assert step(team, "nota-anulata", nota=number).status_code == 409


def test_a_note_sent_again_by_a_reload_is_one_note_and_is_taken_back_whole(team, demo):
    before = demo.capacity_of(CENTRE)
    sent = [*form(team.get(service_address(CENTRE)), "/am-sunat").fields, ("locuri", "2")]
    numbers = {
        re.search(r'name="nota" value="(\d+)"', team.post(f"{service_address(CENTRE)}/am-sunat", sent).text)[1]
        for _time in range(2)
    }
    assert len(numbers) == 1
    step(team, "nota-anulata", nota=numbers.pop())
    assert demo.capacity_of(CENTRE) == before
    again = team.post(f"{service_address(CENTRE)}/am-sunat", sent)
    assert "a fost anulată" in again.text
    assert demo.capacity_of(CENTRE) == before


def test_a_call_without_an_answer_sent_again_is_one_call(team):
    sent = [*form(team.get(service_address(CENTRE)), "/am-sunat").fields, ("stare", "no_answer")]
    for _time in range(2):
        page = team.post(f"{service_address(CENTRE)}/am-sunat", sent)
    assert "1 apel fără răspuns" in page.text


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"locuri": "0"}, "full"),
        ({"stare": "waitlist"}, "waitlist"),
        ({"stare": "assess"}, "assess"),
        ({"locuri": "40"}, "free"),
    ],
)
def test_each_word_of_a_call_is_one_press(team, demo, said, status):
    assert step(team, "am-sunat", **said).status_code == 200
    assert demo.capacity_of(CENTRE)["status"] == status


def test_a_call_without_an_answer_stands_on_the_page_and_changes_no_place(team, demo):
    before = demo.capacity_of(CENTRE)
    assert "nu a răspuns nimeni" in step(team, "am-sunat", stare="no_answer").text
    assert demo.capacity_of(CENTRE) == before
    assert "1 apel fără răspuns" in team.get(service_address(CENTRE)).text


def test_a_call_without_an_answer_is_taken_back_once(team):
    assert 'name="nota" value="apel"' in step(team, "am-sunat", stare="no_answer").text
    undone = step(team, "nota-anulata", nota="apel")
    assert "apelul nu se mai numără" in undone.text
    assert "apel fără răspuns" not in undone.text
    assert step(team, "nota-anulata", nota="apel").status_code == 409


@pytest.mark.parametrize("typed", ["multe", "", "-1", "99999"])
def test_a_number_that_is_none_is_said_beside_its_field(team, typed):
    page = step(team, "am-sunat", locuri=typed)
    assert page.status_code == 400
    assert 'aria-describedby="locuri-err"' in page.text


def test_after_a_note_the_question_is_still_there(team):
    asked = form(search(team), "/simplu/referire").fields
    page = team.post(service_address(CENTRE), asked)
    noted = team.submit(page, "/am-sunat", locuri="2")
    assert 'action="/simplu/referire"' in noted.text
    assert "Înapoi la listă" in noted.text


def test_a_wrong_fact_is_chosen_filled_in_and_sent(team, demo):
    page = step(team, "gresit", ce="phone", corect="0234 555 123")
    assert "Sesizarea a fost transmisă: număr greșit." in page.text
    assert "un coleg propune 0234 555 123" in page.text
    assert "cineva a semnalat că numărul" not in page.text.casefold()  # the line with day and number says it once
    assert [(each["what"], each["value"]) for each in field_intake.queue(demo, actor=COUNTY)] == [
        ("phone", "0234555123")
    ]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "ce"),
        ({"ce": "phone", "corect": "abc"}, "corect"),
        ({"ce": "moved", "corect": "Nicăieri"}, "corect"),
        ({"ce": "closed"}, "pana"),
    ],
)
def test_what_is_wrong_with_a_report_stands_beside_its_field(team, demo, said, field):
    page = step(team, "gresit", **said)
    assert page.status_code == 400
    assert f'id="{field}-err"' in page.text
    assert field_intake.queue(demo, actor=COUNTY) == []


def test_who_has_no_role_has_no_buttons_and_is_led_to_sign_in_by_the_steps(demo, as_role):
    nobody = as_role("")
    page = nobody.get(service_address(CENTRE))
    for said in ("am-sunat", "gresit", "Referiți o persoană"):
        assert said not in page.text
    token = form(nobody.get("/simplu"), "/simplu/raspuns").fields[0]
    for name in ("am-sunat", "gresit", "nota-anulata"):
        sent = nobody.post(f"{service_address(CENTRE)}/{name}", [token, ("locuri", "2"), ("ce", "gone"), ("nota", "1")])
        assert sent.url.path == "/intra"
    assert demo.capacity_of(CENTRE)["places_free"] == 3


def test_the_address_of_a_step_leads_to_the_page(team):
    for name in ("am-sunat", "gresit", "nota-anulata"):
        assert team.get(f"{service_address(CENTRE)}/{name}").url.path == service_address(CENTRE)
