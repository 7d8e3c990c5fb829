"""The list for a person on plain pages: kept from an answer and a service's page, ordered, emptied, taken back, printed."""

from __future__ import annotations

import re

import pytest

from api.http.service_links import service_address
from referrals.visit_list import kept_lists
from tests.api.plain.test_plain_journey import search
from tests.worlds.clients.form_browser import form, forms
from tests.worlds.homes import small_world

PAGE, KEPT = "/simplu/lista", "/simplu/lista/pastreaza"
CENTRE, OTHER = "social:mmps:1", "social:mmps:3"
PROTECTED = "protected:8790CR-VD-I:BC:1"


@pytest.fixture(autouse=True)
def _no_lists():
    kept_lists._kept.clear()


@pytest.fixture
def team(demo, as_role):
    return as_role()


def keep(browser, *services):
    for service in services:
        page = browser.get(service_address(service))
        page = browser.submit(page, KEPT, button=("serviciu", service))
    return page


def names(page) -> list[str]:
    return re.findall(r"<h2>\d+\. (.*?)</h2>", page.text)


def take(browser, step, service=""):
    token = form(browser.get(PAGE), PAGE).fields[0]
    return browser.post(PAGE, [token, ("pas", step), ("serviciu", service)])


def test_from_a_service_s_page_it_is_kept_and_the_page_leads_to_the_list(team):
    page = keep(team, CENTRE)
    assert "Pe lista pentru persoană: 1 serviciu." in page.text
    assert f'href="{PAGE}">Este pe lista' in page.text
    shown = team.get(PAGE)
    for said in ("Luminița", "0234 512 345", "luni–vineri", "raportat", "Asociația Exemplu", 'class="qr"'):
        assert said in shown.text
    assert f"http://127.0.0.1{service_address(CENTRE)}" in shown.text


def test_from_an_answer_it_is_kept_and_the_answer_is_read_on(team):
    answer = search(team)
    asked = form(answer, "/simplu/referire").fields
    page = team.post(KEPT, [*asked, ("serviciu", CENTRE)])
    assert page.url.path == KEPT
    assert "Pe lista pentru persoană: 1 serviciu." in page.text
    assert f'href="{PAGE}">Este pe lista' in page.text
    assert any(button.get("formaction") == KEPT for each in forms(page) for button in each.buttons)
    assert team.get(KEPT).url.path == PAGE  # reloaded, the address leads to the list


def test_an_answer_to_several_needs_stays_small_and_leads_to_the_service_that_is_kept(team):
    page = team.get("/simplu/gasiti")
    answer = team.submit(page, "/simplu/raspuns", loc="Parincea, județul Bacău", cuvinte="haine; copil neglijat")
    assert answer.text.count('class="need"') == 2
    assert KEPT not in answer.text
    kept = keep(team, CENTRE)
    assert kept.status_code == 200
    assert 'class="done"' in kept.text


def test_services_are_put_in_order_taken_off_and_all_of_it_is_taken_back(team):
    keep(team, CENTRE, OTHER)
    first, second = names(team.get(PAGE))
    assert names(take(team, "sus", OTHER)) == [second, first]
    assert names(take(team, "scoate", CENTRE)) == [second]
    assert names(take(team, "inapoi")) == [second, first]
    emptied = take(team, "goleste")
    assert "Lista este goală." in emptied.text
    assert names(team.submit(emptied, PAGE, pas="inapoi")) == [second, first]
    assert take(team, "orice").status_code == 400


def test_a_list_is_seen_by_its_own_session_alone_and_only_by_who_is_signed_in(team, as_role):
    keep(team, CENTRE)
    assert names(as_role().get(PAGE)) == []
    nobody = as_role("")
    assert "Păstrați pe listă" not in nobody.get(service_address(CENTRE)).text
    assert names(nobody.get(PAGE)) == []
    assert nobody.get(PAGE).url.path != PAGE  # led to where a role is chosen


def test_a_form_without_its_seal_and_an_unknown_service_keep_nothing(team):
    assert team.post(KEPT, [("serviciu", CENTRE)]).status_code == 403
    token = form(team.get(service_address(CENTRE)), KEPT).fields[0]
    assert team.post(KEPT, [token, ("serviciu", "../etc/passwd")]).status_code == 404
    assert names(team.get(PAGE)) == []


def test_a_full_list_is_said_where_one_more_was_asked_for(team, monkeypatch):
    monkeypatch.setattr(kept_lists, "MOST_SERVICES", 1)
    page = keep(team, CENTRE, OTHER)
    assert page.status_code == 409
    assert "Lista are deja 1 serviciu." in page.text


def test_with_a_protected_service_only_its_public_face_is_shown_and_nothing_is_sent(team):
    keep(team, CENTRE)
    assert 'id="legatura"' in team.get(PAGE).text
    keep(team, PROTECTED)
    page = team.get(PAGE).text
    assert "adresă protejată" in page
    assert 'id="legatura"' not in page
    for hidden in (small_world.SECRET_TOWN, "Strada Ascunsă", "0234999999"):
        assert hidden not in page


@pytest.mark.parametrize(("asked", "title"), [("ro", "română"), ("hu", "română"), ("en", "English")])
def test_the_sheet_is_given_in_the_languages_that_are_offered(team, monkeypatch, asked, title):
    from reports.documents import visit_list_pdf

    said = {}

    def paper(_directory, kept, *, language, **_options):
        said.update(language=language, services=[each.service_id for each in kept])
        return b"%PDF"

    monkeypatch.setattr(visit_list_pdf, "visit_list_pdf", paper)
    keep(team, CENTRE)
    sheet = team.get(f"{PAGE}.pdf?limba={asked}")
    assert (sheet.headers["content-type"], sheet.headers["cache-control"]) == ("application/pdf", "no-store")
    assert said == {"language": {"română": "ro", "English": "en"}[title], "services": [CENTRE]}


def test_a_list_of_five_stays_small(team):
    keep(team, *(f"social:mmps:{number}" for number in (1, 2, 3, 4, 5)))
    before = team.moved
    team.get(PAGE)
    assert team.moved - before < 30_000
