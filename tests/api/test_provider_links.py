from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest

from api import provider_links
from referrals.ledger import provider_tokens
from referrals.records.vocabulary import Actor
from tests.api.plain.test_plain_journey import number, open_referrals, refer, search
from tests.worlds.clients.form_browser import Browser, form
from tests.worlds.homes import small_world

COUNTY = Actor("county", "demo-county", "BC")


def link_of(browser, made) -> str:
    page = browser.submit(made, "/legatura")
    return re.search(r'value="http://127\.0\.0\.1(/l/[^"]+)"', page.text).group(1)


def state(directory) -> str:
    ((_id, found, *_rest),) = open_referrals(directory)
    return found


def test_a_provider_accepts_by_link_and_the_team_sees_it(web, demo, as_role):
    team = as_role()
    made = refer(team)
    provider = Browser(web, client="10.0.0.9", base="http://harta.example")
    page = provider.get(link_of(team, made))
    assert page.status_code == 200
    assert "Luminița" in page.text
    assert "C-" not in page.text
    done = provider.submit(page, "", pas="accept")
    assert "Am notat răspunsul" in done.text
    assert state(demo) == "accepted"
    assert "acceptată" in team.get(f"/simplu/referire/{number(made)}").text


def test_day_and_hour_of_an_acceptance_stand_where_the_team_looks_and_on_the_slip(web, demo, as_role):
    team = as_role()
    made = refer(team)
    provider = Browser(web)
    day = demo.ledger.today() + timedelta(days=3)
    done = provider.submit(provider.get(link_of(team, made)), "", pas="accept", ziua=day.isoformat(), ora="10:30")
    assert state(demo) == "accepted"
    for page in (done, *(team.get(f"/simplu/{where}") for where in ("astazi", f"referire/{number(made)}"))):
        assert f"{day.year}, 10:30" in page.text
    assert "Programare: " in team.get(f"/simplu/referire/{number(made)}/bilet").text


@pytest.mark.parametrize(("days", "hour"), [(3, ""), (3, "25:00"), (3, "la prânz"), (-1, "10:00"), (400, "10:00")])
def test_an_appointment_that_cannot_be_is_refused_and_nothing_is_answered(web, demo, as_role, days, hour):
    team = as_role()
    provider = Browser(web)
    day = demo.ledger.today() + timedelta(days=days)
    page = provider.get(link_of(team, refer(team)))
    refused = provider.submit(page, "", pas="accept", ziua=day.isoformat(), ora=hour)
    assert refused.status_code in (400, 409)
    assert f'value="{day.isoformat()}"' in refused.text
    assert state(demo) == "held"


def test_who_asks_to_be_called_stands_first_on_astazi_with_the_telephone_until_an_answer(web, demo, as_role):
    team = as_role()
    made = refer(team)
    provider = Browser(web)
    page = provider.get(link_of(team, made))
    asked = provider.submit(page, "", pas="call_me")
    assert "Echipa vede că o rugați să vă sune" in asked.text
    assert state(demo) == "held"
    today = team.get("/simplu/astazi").text
    assert "Roagă să fie sunat: " in today
    assert 'href="tel:' in today
    shown = team.get(f"/simplu/referire/{number(made)}").text
    assert "furnizorul roagă să fie sunat" in shown
    provider.submit(asked, "", pas="accept")
    assert "Roagă să fie sunat: " not in team.get("/simplu/astazi").text
    assert "furnizorul a acceptat" in team.get(f"/simplu/referire/{number(made)}").text  # in its history
    assert provider.submit(provider.get(str(page.url.path)), "", pas="call_me").status_code == 409


def test_opening_a_link_changes_nothing_however_often(web, demo, as_role):
    team = as_role()
    address = link_of(team, refer(team))
    for _ in range(5):
        Browser(web).get(address)
    assert state(demo) == "held"


def test_a_provider_declines_with_a_reason_and_the_team_is_offered_the_next(web, demo, as_role):
    team = as_role()
    made = refer(team)
    provider = Browser(web)
    page = provider.get(link_of(team, made))
    without = provider.submit(page, "", pas="decline")
    assert state(demo) == "held"
    assert without.status_code == 400
    provider.submit(provider.get(str(page.url.path)), "", pas="decline", motiv="no_places")
    assert state(demo) == "declined"
    assert "Următoarele servicii potrivite" in team.get(f"/simplu/referire/{number(made)}").text


def test_a_nonce_does_one_thing_once(web, demo, as_role):
    team = as_role()
    provider = Browser(web)
    page = provider.get(link_of(team, refer(team)))
    provider.submit(page, "", pas="accept")
    again = provider.submit(page, "", pas="start")
    assert again.status_code in (400, 409)
    assert state(demo) == "accepted"


def test_a_form_without_a_nonce_or_with_a_made_up_link_is_refused(web, demo, as_role):
    team = as_role()
    provider = Browser(web)
    page = provider.get(link_of(team, refer(team)))
    assert provider.submit(page, "", pas="accept", o_data="x").status_code == 400
    assert state(demo) == "held"
    wrong = provider.get("/l/WyJMLTEyMyJd.abc")
    assert wrong.status_code == 404
    assert "Linkul nu este valabil" in wrong.text


def test_guessing_links_is_slowed_down(web, demo):
    browser = Browser(web)
    codes = [browser.get(f"/l/guess{n}").status_code for n in range(22)]
    assert codes == [404] * 20 + [429] * 2


def test_a_link_for_a_referral_refuses_a_report_of_places(web, demo, as_role):
    team, provider = as_role(), Browser(web)
    page = provider.get(link_of(team, refer(team)))
    before = demo.capacity_of("social:mmps:1")
    refused = provider.submit(page, "", pas="places", stare="free", locuri="50")
    assert refused.status_code == 400
    assert "numai pentru răspunsul la o referire" in refused.text
    assert demo.capacity_of("social:mmps:1") == before


def test_a_link_for_places_reports_them_and_can_be_revoked(web, demo, as_role):
    token = provider_tokens.make_service_link(demo.ledger, "social:mmps:2", county="BC", actor=COUNTY)
    provider = Browser(web)
    page = provider.get(f"/l/{token}")
    done = provider.submit(page, "", stare="free", locuri="5")
    assert "Am notat: 5 locuri libere, azi." in done.text
    assert demo.capacity_of("social:mmps:2")["places_free"] == 5
    assert provider.submit(provider.get(f"/l/{token}"), "", stare="free", locuri="").status_code == 409
    provider_tokens.revoke(demo.ledger, "social:mmps:2", actor=COUNTY)
    assert provider.get(f"/l/{token}").status_code == 404


def test_a_link_works_in_a_live_home_without_an_account(web, live):
    token = provider_tokens.make_service_link(live.ledger, "social:mmps:2", county="BC", actor=COUNTY)
    page = Browser(web).get(f"/l/{token}")
    assert page.status_code == 200
    assert form(page, "").fields
    assert small_world.SECRET_TOWN not in page.text


def test_a_county_unit_makes_and_takes_back_the_link_for_places_and_a_team_cannot(web, demo, as_role):
    county = as_role("county:BC")
    page = search(county)
    fields = [*form(page, "/simplu/referire").fields, ("serviciu", "social:mmps:2")]
    told = county.post("/simplu/confirmare", fields)
    made = county.submit(told, "/confirmare/legatura", button=("fapta", "noua"))
    address = re.search(r'value="http://127\.0\.0\.1(/l/[^"]+)"', made.text).group(1)
    assert Browser(web).get(address).status_code == 200
    county.submit(told, "/confirmare/legatura", button=("fapta", "retrage"))
    assert Browser(web).get(address).status_code == 404
    for role in ("team:24089", "county:CJ"):
        other = as_role(role)
        own = [*form(search(other), "/simplu/referire").fields, ("serviciu", "social:mmps:2")]
        assert "/confirmare/legatura" not in other.post("/simplu/confirmare", own).text
        assert other.post("/simplu/confirmare/legatura", [*own, ("fapta", "noua")]).status_code == 403


def test_a_provider_reads_who_asks_and_meets_no_bar_that_leads_to_a_sign_in(web, demo, as_role):
    team = as_role()
    places = provider_tokens.make_service_link(demo.ledger, "social:mmps:2", county="BC", actor=COUNTY)
    asked, told = Browser(web).get(link_of(team, refer(team))), Browser(web).get(f"/l/{places}")
    for page in (asked, told):
        assert "<nav" not in page.text
        assert "/intra" not in page.text
        assert 'href="/simplu' not in page.text
    assert "Echipa comunitară din Parincea, județul Bacău" in asked.text


def test_a_provider_reports_with_one_press_and_reads_what_stands_there(web, demo):
    token = provider_tokens.make_service_link(demo.ledger, "social:mmps:2", county="BC", actor=COUNTY)
    provider = Browser(web)
    fields = form(provider.get(f"/l/{token}"), "").fields
    done = provider.post(f"/l/{token}", [*fields, ("locuri", "2")])
    assert "Am notat: 2 locuri libere, azi. Vă mulțumim." in done.text
    assert "Acum se arată: 2 locuri libere" in provider.get(f"/l/{token}").text


def test_the_sentence_that_goes_with_a_link_names_no_need_and_no_person(web, demo, as_role):
    team = as_role()
    page = team.submit(refer(team), "/legatura")
    for kind in ("sms:", "mailto:"):
        (sent,) = re.findall(rf'href="({kind}[^"]*)"', page.text)
        said, links = re.subn(r"(?<=/l/)[\w-]+", "", unquote(sent))  # what is drawn by lot may have any letters
        assert links == 1
        assert "R-" not in said
        assert "C-" not in said
        assert "Centru de zi" not in said


def test_a_fault_of_ours_on_a_link_s_page_leaves_the_link_out_of_the_log(web, demo, as_role, monkeypatch, caplog):
    address = link_of((team := as_role()), refer(team))

    def broken(*_places):
        raise ValueError("a fault of ours")

    monkeypatch.setattr(provider_links.referral_offers, "service_name", broken)
    assert Browser(web).get(address).status_code == 500
    assert "provider_links.show" in caplog.text
    assert address.removeprefix("/l/") not in caplog.text
