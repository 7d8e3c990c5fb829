"""A link that opens several services: one page answers for all, a blank is not said, one button confirms what stands."""

from __future__ import annotations

import pytest

from referrals.ledger import provider_tokens
from referrals.records.vocabulary import Actor
from tests.worlds.clients.form_browser import Browser, form, forms

UNIT = Actor("county", "ujss-bc", "BC")
KEYS = ("social:mmps:1", "social:mmps:5")


@pytest.fixture
def link(demo) -> str:
    with demo.ledger.store.write() as connection:
        made = provider_tokens.make_services_link(connection, KEYS, county="BC", actor=UNIT, now=demo.ledger.clock())
    return "/l/" + provider_tokens.token_of(provider_tokens.signing_key(demo.ledger), made)


def places(demo):
    table = demo.ledger.capacity_now(KEYS).set_index("service_id")
    return {key: (table.at[key, "status"], table.at[key, "places_free"]) for key in KEYS if key in table.index}


def test_one_page_answers_for_all_and_a_blank_changes_nothing(web, demo, link):
    before = places(demo)
    provider = Browser(web)
    page = provider.get(link)
    assert "Luminița" in page.text
    assert len(page.content) < 30_000
    assert places(demo) == before, "opening changes nothing"
    done = provider.submit(page, "", pas="several", liber_0="4", liber_1="")
    assert "Am notat locurile la 1 serviciu. Vă mulțumim." in done.text
    assert places(demo)[KEYS[0]] == ("free", 4)
    assert places(demo).get(KEYS[1]) == before.get(KEYS[1])
    provider.submit(provider.get(link), "", pas="several", liber_0="0", liber_1="2")
    assert places(demo) == {KEYS[0]: ("full", 0), KEYS[1]: ("free", 2)}


def test_what_stands_is_confirmed_with_one_button(web, demo, link):
    provider = Browser(web)
    provider.submit(provider.get(link), "", pas="several", liber_0="3", liber_1="0")
    before, length = places(demo), demo.ledger.audit_log_length()
    done = provider.submit(provider.get(link), "", pas="same")
    assert "Am notat locurile la 2 servicii" in done.text
    assert places(demo) == before
    assert demo.ledger.audit_log_length() == length + 2


@pytest.mark.parametrize("typed", ["-1", "x", "99999", "1.5"])
def test_what_is_no_number_of_places_is_said_and_nothing_changes(web, demo, link, typed):
    provider, before = Browser(web), places(demo)
    page = provider.get(link)
    assert form(page, "")
    refused = provider.submit(page, "", pas="several", liber_0=typed, liber_1="1")
    assert refused.status_code == 409
    assert places(demo) == before
    assert provider.submit(provider.get(link), "", pas="several", liber_0="", liber_1="").status_code == 409


def test_two_numbers_for_one_service_are_asked_back_and_nothing_that_was_said_is_lost(web, demo, link):
    provider, before = Browser(web), places(demo)
    refused = provider.submit(provider.get(link), "", pas="several", liber_0=["2", "12"], liber_1="3")
    assert refused.status_code == 409
    assert "ați spus și 12, și 2" in refused.text
    assert places(demo) == before
    shown = [pair for each in forms(refused) for pair in each.fields if pair[0].startswith("liber_")]
    assert shown == [("liber_0", "2"), ("liber_0", "12"), ("liber_1", "3"), ("liber_1", "")]
    done = provider.submit(refused, "", pas="several", liber_0="2", liber_1="3")
    assert "Am notat locurile la 2 servicii" in done.text


def test_the_pages_of_a_referral_s_link_and_of_one_service_stay_as_they_were(web, demo):
    token = provider_tokens.make_service_link(demo.ledger, KEYS[0], county="BC", actor=UNIT)
    page = Browser(web).get(f"/l/{token}")
    assert "Cum stați cu locurile?" in page.text


def test_what_is_typed_goes_before_what_is_confirmed_of_the_rest(web, demo, link):
    provider = Browser(web)
    provider.submit(provider.get(link), "", pas="several", liber_0="3", liber_1="2")
    length = demo.ledger.audit_log_length()
    done = provider.submit(provider.get(link), "", pas="same", liber_0="1", liber_1="")
    assert "Am notat locurile la 2 servicii" in done.text
    assert places(demo) == {KEYS[0]: ("free", 1), KEYS[1]: ("free", 2)}
    assert demo.ledger.audit_log_length() == length + 2
