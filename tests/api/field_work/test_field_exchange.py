"""The exchange over HTTP: signed in, from our own page, never kept, and refused in words."""

from __future__ import annotations

import json

import pytest

from tests.worlds.clients.form_browser import Browser
from tests.worlds.homes.case_world import Phone, code

CASE = code("C", 1)


@pytest.fixture
def phone():
    return Phone(1)


@pytest.fixture
def team(as_role):
    return as_role()


def send(browser, message, token=None, **headers):
    said = {"Content-Type": "application/json", "X-Harta-Formular": token or "", **headers}
    return browser._ask("POST", "/teren/schimb", json.dumps(message), said)


def token_of(browser) -> str:
    return browser.get("/teren/sesiune").json()["token"]


def opening(phone, case=CASE):
    return phone.change("case.open", case, opened_on="2026-01-05", source="outreach")


def test_a_member_of_a_team_exchanges_and_nothing_is_kept_in_a_cache(demo, team, phone):
    who = team.get("/teren/sesiune")
    assert (who.json()["role"], who.json()["uat_siruta"], who.json()["is_demo"]) == ("team", 24089, True)
    answer = send(team, phone.message(opening(phone)), who.json()["token"])
    assert answer.status_code == 200
    assert [each["result"] for each in answer.json()["results"]] == ["applied"]
    assert [each["case_ref"] for each in answer.json()["cases"]] == [CASE]
    assert {who.headers["cache-control"], answer.headers["cache-control"]} == {"no-store"}
    again = send(team, phone.message(since=answer.json()["next"]), who.json()["token"]).json()
    assert (again["cases"], again["results"]) == ([], [])


def test_without_a_session_or_a_token_nothing_is_taken_in(web, live, demo, team, phone):
    nobody = Browser(web)
    assert nobody.get("/teren/sesiune").status_code == 401
    assert send(nobody, phone.message(opening(phone))).status_code == 401
    for token in (None, "x", token_of(team)[:-2]):
        refused = send(team, phone.message(opening(phone)), token)
        assert refused.status_code in (401, 403)
    with demo.ledger.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM cases").scalar_one() == 0


def test_a_page_of_another_site_sends_nothing(demo, team, phone):
    token = token_of(team)
    other = {"Sec-Fetch-Site": "cross-site"}
    assert send(team, phone.message(opening(phone)), token, **other).status_code == 403
    assert send(team, phone.message(opening(phone)), token, Origin="https://example.org").status_code == 403
    assert send(team, phone.message(opening(phone)), token).status_code == 200


def test_a_county_unit_is_no_team_and_what_is_no_message_is_said(demo, as_role, team, phone):
    county = as_role("county:BC")
    assert send(county, phone.message(opening(phone)), token_of(county)).status_code == 403
    token = token_of(team)
    for content in ("", "[]", "{", '{"device": 1}'):
        answer = team._ask("POST", "/teren/schimb", content or " ",
                           {"Content-Type": "application/json", "X-Harta-Formular": token})  # fmt: skip
        assert answer.status_code in (400, 409), content
        assert "Actualizați" in answer.json()["error"]
    wrong = team._ask("POST", "/teren/schimb", "a=b", {"X-Harta-Formular": token})
    assert wrong.status_code == 415
    huge = team._ask("POST", "/teren/schimb", '"' + "x" * 2_100_000 + '"',
                     {"Content-Type": "application/json", "X-Harta-Formular": token})  # fmt: skip
    assert huge.status_code == 413


@pytest.mark.parametrize("body", ["[" * 200_000, '{"device": NaN', "\x00", '"text"', "[]"], ids=range(5))
def test_what_is_no_message_is_refused_in_words(demo, team, body):
    answer = team._ask("POST", "/teren/schimb", body, {"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert "nu are forma cunoscută" in answer.text
