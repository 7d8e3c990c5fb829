"""Campaigns on plain pages: planned, started, followed, called, stopped, each by whoever may in the own county."""

from __future__ import annotations

import pytest

from referrals.campaigns import campaign_table, fresh_share_table
from referrals.campaigns.campaign_status import asked_providers
from referrals.records.vocabulary import Actor
from tests.worlds.clients.form_browser import Browser
from tests.worlds.homes import small_world

PAGE = "/simplu/campanii"
UNIT = Actor("county", "demo-county", "BC")


@pytest.fixture
def unit(demo, as_role):
    return as_role("county:BC")


def started(unit) -> str:
    made = unit.submit(unit.get(PAGE), "/noua")
    return made.url.path


def test_a_campaign_says_whom_it_asks_before_it_is_started_and_then_who_answered(unit, demo):
    page = unit.get(PAGE)
    assert "Porniți campania" in page.text
    assert "la telefon" in page.text or "pe lista tipărită" in page.text
    here = started(unit)
    shown = unit.get(here)
    assert "Furnizori care au răspuns: 0 din" in shown.text
    assert small_world.SECRET_TOWN not in shown.text
    assert len(shown.content) < 30_000
    again = unit.get(PAGE)
    assert "Nu mai este pe cine întreba" in again.text
    assert here.rpartition("/")[2] in again.text


def test_a_call_is_noted_and_the_provider_has_answered(unit, demo):
    here = started(unit)
    number = here.rpartition("/")[2]
    _made, asked = asked_providers(demo, number, actor=UNIT)
    call = unit.get(f"{here}/{asked[0].ask_id}")
    assert unit.submit(call, "", pas="places").status_code == 400, "nothing was said"
    said = {f"liber_{n}": "2" for n in range(len(asked[0].services))}
    done = unit.submit(call, "", pas="places", **said)
    assert "Am notat ce ați aflat la telefon" in done.text
    _made, after = asked_providers(demo, number, actor=UNIT)
    assert [one.is_done for one in after if one.ask_id == asked[0].ask_id] == [True]
    wrong = unit.submit(call, "", pas="places", liber_0="mult")
    assert "nu este un număr de locuri" in wrong.text


def test_a_provider_answers_by_its_link_and_the_share_of_fresh_reports_moves(unit, demo, web):
    def share() -> tuple[int, int]:
        now = fresh_share_table(demo, [demo.ledger.clock()], actor=UNIT)
        return int(now["fresh"].sum()), int(now["services"].sum())

    before, counted = share()
    number = started(unit).rpartition("/")[2]
    most = campaign_table(demo, number, actor=UNIT).sort_values("asked").iloc[-1]
    provider, asked = Browser(web), int(most["asked"])
    page = provider.get(most["link"])
    done = provider.submit(page, "", pas="several", **{f"liber_{n}": "2" for n in range(asked)})
    assert "Vă mulțumim" in done.text
    assert share() == (before + asked, counted)


def test_an_address_is_kept_and_the_same_words_are_said_whether_it_exists(unit, demo):
    here = started(unit)
    _made, asked = asked_providers(demo, here.rpartition("/")[2], actor=UNIT)
    page = unit.get(f"{here}/{asked[0].ask_id}")
    for email in ("exista@example.ro", "nu-exista@example.ro"):
        assert "Adresa este păstrată" in unit.submit(page, "/adresa", email=email, telefon="").text
    assert "nu este o adresă de e-mail" in unit.submit(page, "/adresa", email="fără semn", telefon="").text
    _made, after = asked_providers(demo, here.rpartition("/")[2], actor=UNIT)
    assert [one.channel for one in after if one.ask_id == asked[0].ask_id] == ["message"]


def test_files_of_a_campaign_are_given_and_it_is_stopped(unit):
    here = started(unit)
    assert unit.get(f"{here}.pdf").content.startswith(b"%PDF")
    assert "/l/" in unit.get(f"{here}.csv").text
    assert unit.get(f"{here}.xlsx").content.startswith(b"PK")
    assert "Campania este oprită" in unit.submit(unit.get(here), here, pas="stop").text
    assert "Opriți campania" not in unit.get(here).text


@pytest.mark.parametrize("role", ["team:24089", "national:", "county:CJ"])
def test_nobody_else_sees_or_touches_a_county_s_campaign(unit, as_role, role):
    here = started(unit)
    other = as_role(role)
    for address in (here, f"{here}.csv", f"{here}/1"):
        assert other.get(address).status_code in (403, 404)
    if role != "county:CJ":
        assert other.get(PAGE).status_code == 403


def test_a_county_unit_that_names_another_county_is_refused(unit, demo):
    page = unit.get(PAGE)
    refused = unit.submit(page, "/noua", judet="CJ")
    assert refused.status_code == 403
