"""„Astăzi” on plain pages: each thing with its action, of the own area alone; and where the plain pages begin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from providers.finder.query_parsing import parse_query
from referrals.records.vocabulary import Actor
from referrals.today import count_work, team_work
from referrals.workflow import field_intake, next_best, referral_offers
from tests.worlds.clients.form_browser import Browser, form, forms
from tests.worlds.homes import small_world

TEAM = Actor("team", "account-1", "BC", 24089)
TODAY = "/simplu/astazi"


@pytest.fixture(autouse=True)
def _terms_are_near(monkeypatch):
    """Over holidays a term may be further away than a week."""
    monkeypatch.setattr(team_work, "SOON", timedelta(days=60))


def refer(directory, service: str = "social:mmps:1"):
    query = parse_query(directory.gazetteer, place="Parincea, Bacău", services=(small_world.CHILD_DAY_CENTRE,))
    return referral_offers.refer(directory, service, query, actor=TEAM, basis="consent", consent_at=datetime.now(UTC))


def state(directory, made) -> str:
    return directory.ledger.referral(made.referral_id, actor=TEAM).state


def press(browser: Browser, page, made, words: str):
    """Press the button of a referral by its words."""
    for each in forms(page):
        if made.referral_id in each.action and words in dict(each.fields).values():
            return browser.post(each.action, dict(each.fields))
    raise AssertionError(f"no {words} for {made.referral_id}")


def test_nobody_begins_with_the_finder_and_a_role_with_its_work(demo, web, as_role):
    assert form(Browser(web).get("/simplu"), "/simplu/raspuns").fields
    assert "De făcut acum" in as_role().get("/simplu").text
    assert Browser(web).get(TODAY).url.path == "/intra"


def test_an_empty_day_says_what_to_do_next(demo, as_role):
    page = as_role().get(TODAY).text
    assert "Nimic nu așteaptă." in page
    assert 'href="/simplu/gasiti"' in page


def test_what_expires_soon_is_called_accepted_and_met_by_its_buttons(demo, as_role):
    made, browser = refer(demo), as_role()
    page = browser.get(TODAY)
    assert "Așteaptă răspunsul: " in page.text
    assert 'href="tel:' in page.text
    assert made.case_ref in page.text
    after = press(browser, page, made, "accept")
    assert after.url.path == TODAY
    assert state(demo, made) == "accepted"
    assert "A acceptat: " in after.text
    after = press(browser, after, made, "start")
    assert state(demo, made) == "started"
    assert "persoana a ajuns" in after.text


def test_who_did_not_come_is_asked_why_before_the_referral_ends_and_what_was_done_is_said(demo, as_role):
    made, browser = refer(demo), as_role()
    demo.ledger.transition(made.referral_id, "accept", actor=TEAM)
    (drawer,) = [each for each in forms(browser.get(TODAY)) if ("pas", "cancel") in each.fields]
    assert [button["value"] for button in drawer.buttons] == [
        "unreachable",
        "no_show",
        "cannot_travel",
        "person_declined",
        "solved",
        "other",
    ]
    refused = browser.post(drawer.action, {**dict(drawer.fields), "motiv": "unreachable"})
    assert f"{made.referral_id}: referirea este anulată." in refused.text
    assert state(demo, made) == "cancelled"


def test_that_nobody_answered_is_noted_and_changes_no_state(demo, as_role):
    made, browser = refer(demo), as_role()
    (unanswered,) = [each for each in forms(browser.get(TODAY)) if each.action.endswith("/nu-raspunde")]
    after = browser.post(unanswered.action, dict(unanswered.fields))
    assert "nu a răspuns nimeni" in after.text
    (back,) = [each for each in forms(after) if each.action.endswith("/nota-anulata")]
    assert "apelul nu se mai numără" in browser.post(back.action, dict(back.fields)).text
    assert state(demo, made) == "held"


def test_a_refusal_offers_the_nearest_next_services_and_moves_the_case_with_one_press(demo, as_role):
    made, browser = refer(demo), as_role()
    demo.ledger.transition(made.referral_id, "decline", reason="no_places", actor=TEAM)
    page = browser.get(TODAY)
    assert "A refuzat: " in page.text
    assert "Căutați din nou cu aceleași date" in page.text
    (choice, *_others) = [each for each in forms(page) if each.action == "/simplu/referire/noua"]
    offers = next_best.next_bests(demo, made, [made.service_id])
    minutes = [getattr(offer, "minutes", 0.0) for offer in offers]
    assert minutes == sorted(minutes)
    browser.post(choice.action, {**dict(choice.fields), "serviciu": offers[0].service_id})
    moved = demo.ledger.referrals(actor=TEAM, case_ref=made.case_ref, states=("held", "asked"))
    assert list(moved["replaces"]) == [made.referral_id]


@pytest.mark.parametrize("role", ["team:22889", "county:CJ", "national:"])
def test_the_work_of_another_area_never_shows(role, demo, as_role):
    made = refer(demo)
    field_intake.report_wrong(demo, "social:mmps:1", what="phone", actor=TEAM, value="0234 555 123")
    page = as_role(role).get(TODAY).text
    assert made.referral_id not in page
    assert made.case_ref not in page
    assert "0234 555 123" not in page


@pytest.mark.parametrize("role", ["team:22889", "county:CJ", "national:"])
def test_a_call_about_a_referral_of_another_area_is_not_noted(role, demo, as_role):
    made, browser = refer(demo), as_role(role)
    token = dict(forms(browser.get("/simplu/gasiti"))[0].fields)["formular"]
    answer = browser.post(f"/simplu/referire/{made.referral_id}/nu-raspunde", {"formular": token})
    assert answer.status_code == 403


def test_a_county_unit_settles_a_signal_and_follows_its_referrals(demo, as_role):
    made = refer(demo)
    demo.ledger.transition(made.referral_id, "decline", reason="no_places", actor=TEAM)
    field_intake.report_wrong(demo, "social:mmps:1", what="phone", actor=TEAM, value="0234 555 123")
    page = as_role("county:BC").get(TODAY)
    assert "propus: " in page.text
    assert f'href="/simplu/referire/{made.referral_id}"' in page.text
    assert [each for each in forms(page) if each.action.startswith("/simplu/semnal/")]
    assert 'href="/simplu/furnizori"' in page.text


def test_the_nation_sees_where_to_look_and_no_case(demo, as_role):
    made = refer(demo)
    page = as_role("national:").get(TODAY).text
    assert "Ce nu merge" in page
    assert "Surse vechi" in page
    assert made.case_ref not in page


@pytest.mark.parametrize("role", ["team:24089", "county:BC"])
def test_the_count_in_the_bar_is_the_number_of_things_to_do(role, demo, as_role):
    made = refer(demo)
    refer(demo, "social:mmps:2")
    demo.ledger.transition(made.referral_id, "decline", reason="no_places", actor=TEAM)
    kind, _mark, area = role.partition(":")
    actor = TEAM if kind == "team" else Actor("county", "account-2", area)
    count = count_work(demo, actor)
    assert count > 0
    page = as_role(role).get(TODAY).text
    assert f'<span class="bar-count">{count}</span>' in page
    assert f"<small>{count}</small>" in page


def test_counting_reads_no_case_and_follows_every_step(demo):
    made = refer(demo)
    length = demo.ledger.audit_log_length()
    assert count_work(demo, TEAM) == 1
    assert demo.ledger.audit_log_length() == length
    demo.ledger.list_referrals(actor=TEAM)
    assert count_work(demo, TEAM) == 1
    demo.ledger.transition(made.referral_id, "cancel", actor=TEAM)
    assert count_work(demo, TEAM) == 0
    assert count_work(demo, None) == count_work(demo, Actor("national", "account-3")) == 0
