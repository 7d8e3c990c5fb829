"""The county unit's desk on plain pages: signals settled, the queue whole and filtered, links for providers."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from api.plain import county_worklist_pages
from referrals.campaigns import provider_invitations
from referrals.field import field_reports
from referrals.records import roles
from referrals.records.vocabulary import Actor
from referrals.workflow import county_worklist, field_intake
from tests.api.plain.test_plain_journey import number, refer
from tests.api.test_who_may import ROLES, is_refused
from tests.covering import each_once
from tests.worlds.clients.form_browser import form

TEAM = Actor("team", "demo-team", "BC", 24089)
SERVICE = "social:mmps:1"
DESK = "/simplu/judetul-meu"


def report(directory, what="phone", value="0234 555 123"):
    return field_intake.report_wrong(directory, SERVICE, what=what, actor=TEAM, value=value)


def state(directory, made):
    return field_reports.by_id(directory.ledger, made.report_id).state


def test_a_reported_number_is_settled_in_two_taps_and_counts_at_once(demo, as_role):
    made = report(demo)
    browser = as_role("county:BC")
    page = browser.get(DESK)
    assert "număr greșit" in page.text
    assert "propus: 0234 555 123" in page.text
    assert 'href="tel:0234555123"' in page.text  # the proposed number is tried by a press
    assert "Numărul bun" in page.text
    done = browser.submit(page, f"/simplu/semnal/{made.report_id}/pas", pas="accept")
    assert "Semnalul este acceptat." in done.text
    assert state(demo, made) == "accepted"
    assert made.value in str(demo.snapshot().catalogue.service(SERVICE)["phone"])


def test_the_list_of_referrals_of_a_county_unit_is_its_desk(demo, as_role):
    page = as_role("county:BC").get("/simplu/referiri")
    assert page.url.path == DESK
    assert "<h1>Referiri</h1>" in page.text


def test_a_signal_is_refused_and_no_longer_waits(demo, as_role):
    made = report(demo, "gone", "")
    browser = as_role("county:BC")
    done = browser.submit(browser.get(DESK), f"/simplu/semnal/{made.report_id}/pas", pas="reject")
    assert state(demo, made) == "rejected"
    assert "Niciun semnal din teren." in done.text


@pytest.mark.parametrize(
    ("role", "step"),
    each_once(list(ROLES), ("accept", "reject", "altceva"), also=[("county:BC", "accept"), ("county:BC", "reject")]),
)
def test_settling_over_http_follows_the_table_whatever_the_page_offered(role, step, demo, as_role):
    made = report(demo)
    browser = as_role(role)
    token = form(browser.get("/simplu/gasiti"), "/simplu/raspuns").fields[0]
    sent = browser.post(f"/simplu/semnal/{made.report_id}/pas", [token, ("pas", step)])
    actor = ROLES[role]
    allowed = actor is not None and roles.allows(actor, "field.settle", roles.Area("BC", None, SERVICE))
    settled = {"accept": "accepted", "reject": "rejected"}.get(step, "open")
    assert state(demo, made) == (settled if allowed else "open")
    if step != "altceva" and not allowed:
        assert is_refused(sent)


@pytest.mark.parametrize("role", ROLES)
def test_links_for_providers_follow_the_table(role, demo, as_role):
    browser = as_role(role)
    token = form(browser.get("/simplu/gasiti"), "/simplu/raspuns").fields[0]
    sent = browser.post("/simplu/furnizori/legatura", [token, ("serviciu", SERVICE)])
    actor = ROLES[role]
    allowed = actor is not None and roles.allows(actor, "link.service", roles.Area("BC", None, SERVICE))
    assert ("/l/" in sent.text) is allowed
    assert is_refused(sent) is not allowed
    seen = browser.get("/simplu/furnizori")
    may_list = actor is not None and roles.allows(actor, "link.service", roles.Area(actor.county))
    assert is_refused(seen) is not may_list


@pytest.mark.parametrize("role", ["team:24089", "national:", "admin:", ""])
def test_the_desk_is_the_county_units_alone(role, demo, as_role):
    assert is_refused(as_role(role).get(DESK))
    assert is_refused(as_role(role).get(f"{DESK}.xlsx"))


def test_another_county_sees_neither_signal_nor_queue(demo, as_role):
    made = number(refer(as_role()))
    wrong = report(demo)
    page = as_role("county:CJ").get(DESK)
    assert made not in page.text
    assert wrong.value not in page.text


def test_the_queue_is_filtered_and_comes_as_a_spreadsheet(demo, as_role):
    made = number(refer(as_role()))
    browser = as_role("county:BC")
    assert made in browser.get(DESK).text
    assert made in browser.get(f"{DESK}?parte=open&comunitate=24089").text
    for other in ("comunitate=22889", "parte=closed", "vechime=7", "stare=accepted", "ale_mele=1"):
        assert made not in browser.get(f"{DESK}?{other}").text, other
    assert made in browser.get(f"{DESK}?parte=closed&numar={made[3:7].lower()}").text, "found in whichever part it is"
    sheet = browser.get(f"{DESK}.xlsx?parte=open")
    assert sheet.content.startswith(b"PK")


def test_providers_without_a_fresh_report_are_listed_and_one_tap_makes_the_link(demo, as_role):
    browser = as_role("county:BC")
    page = browser.get("/simplu/furnizori?toti=1")
    assert page.status_code == 200
    table = county_worklist.providers_table(demo, actor=ROLES["county:BC"])
    assert all(f'value="{service_id}"' in page.text for service_id in table["service_id"].head(3))
    chosen = table["service_id"].iloc[0]
    made = browser.submit(page, "/simplu/furnizori/legatura", serviciu=chosen)
    assert re.search(r"/l/[\w.-]+", made.text)


def test_a_list_makes_one_link_a_provider_and_messages_ready_to_be_sent(demo, as_role):
    browser = as_role("county:BC")
    page = browser.get("/simplu/furnizori")
    assert "Programul nu trimite mesaje." in page.text
    made = browser.submit(page, "/simplu/furnizori/lista")
    old = county_worklist.providers_table(demo, actor=Actor("county", "demo-county", "BC"), only_old=True)
    addresses = re.findall(r"http://127\.0\.0\.1/l/[^<]+", made.text)
    assert len(set(addresses)) == len(addresses) == min(len(old), provider_invitations.MOST)
    assert as_role("").get(addresses[0].removeprefix("http://127.0.0.1")).status_code == 200
    for href in re.findall(r'href="((?:sms|mailto):[^"]+)"', made.text):
        assert "/l/" in unquote(href)
    assert len(made.content) < 30_000


@pytest.mark.parametrize("role", ROLES)
def test_only_a_county_unit_makes_a_list_of_its_own_county(role, demo, as_role):
    browser = as_role(role)
    token = form(browser.get("/simplu/gasiti"), "/simplu/raspuns").fields[0]
    sent = browser.post("/simplu/furnizori/lista", [token])
    if role == "county:BC":
        assert "/l/" in sent.text
    elif role != "admin:":
        assert is_refused(sent) or "/l/" not in sent.text


def test_a_long_queue_has_pages_and_the_file_has_every_row(demo, as_role, monkeypatch):
    monkeypatch.setattr(county_worklist_pages, "_ON_A_PAGE", 2)
    for _turn in range(3):
        refer(as_role())
    browser = as_role("county:BC")
    first, second = browser.get(DESK).text, browser.get(f"{DESK}?pagina=2").text
    assert (first.count("/simplu/referire/"), second.count("/simplu/referire/")) == (2, 1)
    assert "3 rânduri" in first
    assert "pagina=2" in first
    assert browser.get(f"{DESK}?pagina=99").text.count("/simplu/referire/") == 1
