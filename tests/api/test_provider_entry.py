"""A provider's own page of its entry: light, by its link alone, what it says shows, and it may be taken back."""

from __future__ import annotations

import pytest

from referrals.ledger import provider_tokens
from referrals.records.vocabulary import Actor
from referrals.workflow import county_worklist
from tests.worlds.clients.form_browser import Browser, form

UNIT = Actor("county", "ujss-bc", "BC")
CENTRE = "social:mmps:1"


@pytest.fixture
def link(demo) -> str:
    return "/l/" + county_worklist.make_places_link(demo, CENTRE, actor=UNIT)


def test_the_page_of_places_leads_to_the_entry_and_both_are_light(web, link):
    provider = Browser(web)
    assert f"{link}/date" in provider.get(link).text
    page = provider.get(f"{link}/date")
    assert page.url.path == f"{link}/date/1"
    assert "Luminița" in page.text
    assert len(page.content) < 30_000
    assert page.text.count('class="main"') == 1


def test_a_provider_who_reads_english_stays_in_english(web, link):
    provider = Browser(web)
    page = provider.get(f"{link}?lang=en")
    assert f'href="{link}/date?lang=en"' in page.text
    entry = provider.get(f"{link}/date?lang=en")
    assert entry.url.path == f"{link}/date/1"
    assert '<html lang="en"' in entry.text
    assert f'href="{link}?lang=en"' in entry.text
    upload = provider.get(f"{link}/fisier?lang=en")
    assert f'href="{link}/fisier?lang=en"' in page.text
    assert f'href="{link}?lang=en"' in upload.text


def test_what_is_said_shows_and_is_taken_back(web, demo, link):
    provider = Browser(web)
    page = provider.get(f"{link}/date/1")
    done = provider.submit(page, "", pas="entry", phone="0234 555 123", ages="60-", languages="hu")
    assert "2 informații se arată deja" in done.text
    assert "1 informație așteaptă unitatea județeană" in done.text
    assert demo.snapshot().catalogue.service(CENTRE)["phone"] == "0234555123"
    public = Browser(web).get(f"/simplu/serviciu/{CENTRE}").text
    assert "spus de furnizor la" in public
    assert "maghiară" in public


def test_a_field_that_cannot_be_read_is_said_beside_it_and_nothing_is_written(web, demo, link):
    provider, length = Browser(web), demo.ledger.audit_log_length()
    refused = provider.submit(
        provider.get(f"{link}/date/1"), "", pas="entry", phone="0234 555 123", hours="când se poate"
    )
    assert refused.status_code == 400
    assert 'id="hours-err"' in refused.text
    assert demo.ledger.audit_log_length() == length


def test_a_link_to_a_referral_a_wrong_number_and_a_revoked_link_open_no_entry(web, demo, link):
    assert Browser(web).get(f"{link}/date/2").status_code == 404
    assert Browser(web).get("/l/none/date/1").status_code == 404
    page = Browser(web).get(f"{link}/date/1")
    assert form(page, "")
    provider_tokens.revoke(demo.ledger, CENTRE, actor=UNIT)
    assert Browser(web).get(f"{link}/date/1").status_code == 404


def test_the_county_unit_accepts_what_waits_and_undoes_it(web, demo, link, as_role):
    provider = Browser(web)
    provider.submit(provider.get(f"{link}/date/1"), "", pas="entry", ages="60-")
    unit = as_role("county:BC")
    page = unit.get("/simplu/judetul-meu")
    assert "spune furnizorul" in page.text
    action = next(part for part in page.text.split('action="') if part.startswith("/simplu/semnal/")).split('"')[0]
    done = unit.submit(page, action, pas="accept")
    assert demo.snapshot().catalogue.service(CENTRE)["age_min"] == 60
    unit.submit(done, action, pas="undo")
    assert str(demo.snapshot().catalogue.service(CENTRE)["age_min"]) != "60"
