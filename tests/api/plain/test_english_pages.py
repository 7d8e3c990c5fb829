"""Plain pages and sign-in speak English where English was chosen; the slip and the provider's page stay Romanian."""

from __future__ import annotations

import re

import pytest

from tests.worlds.clients.form_browser import Browser, form, forms
from tests.worlds.clients.romanian_left import left_in, texts_of
from tests.worlds.homes import small_world

PLACE, NEED = "Parincea, județul Bacău", small_world.CHILD_DAY_CENTRE
NAMES = (
    *(str(row[column]) for row in small_world.services() for column in ("name", "organization", "hours") if row.get(column)),
    "Centrul „Speranța”", "Registru inventat", "Română", "Harta serviciilor comunitare",
)  # fmt: skip


def assert_english(page, status: int = 200) -> None:
    assert page.status_code == status
    assert '<html lang="en">' in page.text
    left = left_in(texts_of(page.text), NAMES)
    assert not left, "\n".join(left)


@pytest.fixture
def english(demo, web):
    browser = Browser(web)
    page = browser.get("/intra?lang=en")
    assert_english(page)
    browser.submit(page, "/intra", rol="team:24089", pagini="simplu")
    return browser


def answered(browser, need: str):
    return browser.submit(browser.get("/simplu/gasiti"), "/simplu/raspuns", loc=PLACE, cuvinte=need)


def referred(browser):
    asked = browser.submit(answered(browser, NEED), "/simplu/referire", button=("serviciu", "social:mmps:1"))
    assert_english(asked)
    return browser.submit(asked, "/referire/noua", temei="consent")


def test_the_form_and_what_is_wrong_with_it(english):
    assert_english(english.get("/simplu/gasiti"))
    for place, need in (("", ""), ("Qqqqq", "qqqqqq"), ("Băcești", "beaten")):
        said = {"loc": place, "cuvinte": need, "varsta": "300"}
        assert_english(english.submit(english.get("/simplu/gasiti"), "/simplu/raspuns", **said), 400)


@pytest.mark.parametrize("need", [NEED, "domestic-violence", "ID card", "child abuse", "8790CR-C-I", "no income"])
def test_answers(english, need):
    assert_english(answered(english, need))


def test_a_referral_from_the_question_to_its_end(english):
    made = referred(english)
    assert_english(made)
    assert_english(english.get("/simplu/referiri"))
    for step in ("accept", "start", "complete"):
        made = english.submit(made, "/pas", pas=step)
        assert_english(made)


def test_help_and_its_packs(english):
    assert_english(english.get("/simplu/ajutor"))


def test_the_pack_of_a_county(english):
    assert_english(english.get("/simplu/judet/BC.html"))


def test_the_slip_is_romanian_and_says_so(english):
    number = str(referred(english).url).rsplit("/", 1)[1]
    page = english.get(f"/simplu/referire/{number}/bilet")
    assert re.search(r'<pre lang="ro">.*(?:Adresa|Telefon|Localitatea)', page.text, re.DOTALL)
    assert_english(page)


def test_the_page_of_a_provider_is_romanian_whatever_the_language_of_the_browser(english):
    number = str(referred(english).url).rsplit("/", 1)[1]
    made = english.submit(english.get(f"/simplu/referire/{number}"), "/legatura")
    assert_english(made)
    link = re.search(r'value="http://127\.0\.0\.1(/l/[^"]+)"', made.text)
    assert link
    page = english.get(link[1])
    assert '<html lang="ro">' in page.text
    assert "Acceptăm persoana" in page.text
    assert_english(english.get(f"{link[1]}?lang=en"))  # asked for by its own link
    assert '<html lang="ro">' in english.get(link[1]).text


def test_what_a_call_told_and_a_protected_address(english):
    page = answered(english, NEED)
    fields = [*form(page, "/simplu/referire").fields, ("serviciu", "social:mmps:2")]
    told = english.post("/simplu/confirmare", fields)
    assert_english(told)
    assert_english(english.submit(told, "/confirmare/noua", stare="free", locuri="many"), 400)
    assert_english(english.submit(told, "/confirmare/noua", stare="free", locuri="4"))
    for each in forms(answered(english, "8790CR-VD-I")):
        if each.action.endswith("/protejat"):
            assert_english(
                english.post(each.action, [*each.fields, *((b["name"], b["value"]) for b in each.buttons[:1])])
            )


def test_pages_that_are_refused(english):
    assert_english(english.get("/simplu/referire/R-0000000000"), 404)
    assert_english(english.post("/simplu/raspuns", []), 403)


def test_signing_in_with_an_account(live, web):
    browser = Browser(web)
    page = browser.get("/intra?lang=en")
    assert_english(page)
    assert_english(browser.submit(page, "/intra", cont="nobody", parola="wrong-password"), 403)
