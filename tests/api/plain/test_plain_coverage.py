"""„Acoperire” on plain pages: the answer of the application's screen, its calls, its plans, its files."""

from __future__ import annotations

import re

import pytest

from tests.worlds.homes import small_world

PAGE = "/simplu/acoperire"
DAY = small_world.CHILD_DAY_CENTRE
QUESTION = f"{PAGE}?serviciu={DAY}&judet=BC&masura=free"
COUNTY = "county:BC"


@pytest.fixture
def peopled(demo):
    small_world.give_population(demo.home)
    return demo


def test_the_answer_says_three_numbers_gaps_calls_and_sources_within_thirty_kilobytes(peopled, as_role):
    page = as_role(COUNTY).get(QUESTION)
    assert page.status_code == 200
    for part in ("nu au loc azi", "nu au serviciu la cel mult 30 min", "Cele mai mari lipsuri", "Ce ar ajuta, alături",
                 "0. Telefoane", "Cine are nevoie", "Descărcați CSV", "/acoperire?serviciu="):  # fmt: skip
        assert part in page.text, part
    assert len(page.content) < 30_000


def test_a_service_is_found_by_words_and_asked_back_where_they_may_mean_several(peopled, as_role):
    browser = as_role(COUNTY)
    assert "nu au loc" in browser.get(f"{PAGE}?cuvinte=Centru de zi pentru copii în risc&judet=BC").text
    asked = browser.get(f"{PAGE}?cuvinte=copii in risc&judet=BC")
    assert "La ce vă gândiți?" in asked.text
    assert f'value="{DAY}"' in asked.text
    chosen = browser.get(f"{PAGE}?cuvinte=copii in risc&judet=BC&serviciu={DAY}")
    assert "nu au loc" in chosen.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("serviciu=<b>x</b>", "Nu există serviciul sau nevoia"),
        (f"serviciu={DAY}&minute=31", "nu se poate alege"),
        (f"serviciu={DAY}&masura=x", "Nu există măsura"),
        (f"serviciu={DAY}&scenariu=x", "nu este un scenariu"),
        (f"serviciu={DAY}&judet=BC&scenariu=most~3~20~0~0~01234~10~n~0~1~5~100~10~~~~tel 0722123456", "Numele scenariului"),
        (f"serviciu={DAY}" + "&scenariu=x" * 7, "cel mult 6 scenarii"),
    ],
)  # fmt: skip
def test_what_an_address_says_wrongly_is_refused_in_words(peopled, as_role, query, said):
    page = as_role("national:").get(f"{PAGE}?{query}")
    assert page.status_code == 400
    assert said in page.text
    assert "<b>x</b>" not in page.text


def test_a_scenario_goes_into_the_address_and_stands_beside_the_calls(peopled, as_role):
    browser = as_role(COUNTY)
    asked = f"{PAGE}/scenariu?serviciu={DAY}&judet=BC&masura=free&cauta=most&noi=2&locuri=9&jur=1&nume=Varianta mică"
    page = browser.get(asked)
    assert page.url.path == PAGE
    assert "1. Varianta mică" in page.text
    assert "Verificat separat" in page.text
    nothing = browser.get(f"{PAGE}/scenariu?serviciu={DAY}&judet=BC&cauta=most&noi=0")
    assert nothing.status_code == 400
    assert "Spuneți ce se poate adăuga" in nothing.text


def test_a_team_sees_its_own_county_and_plans_nothing(peopled, as_role):
    browser = as_role()
    page = browser.get(QUESTION.replace("judet=BC", "judet=CJ"))
    assert "Bacău · 30 min" in page.text
    assert "Scenariile le pregătește unitatea județeană" in page.text
    plan = f"{PAGE}/scenariu?serviciu={DAY}&judet=BC&cauta=most&noi=2"
    assert browser.get(plan).status_code == 400


def test_what_a_call_told_is_noted_and_the_answer_knows_of_it(peopled, as_role):
    browser = as_role(COUNTY)
    page = browser.get(QUESTION)
    called = re.findall(r'name="furnizor" value="([^"]+)"', page.text)
    assert called
    form = browser.submit(page, f"{PAGE}/sunat", furnizor=called[0])
    assert "Am sunat: ce a spus?" in form.text
    done = browser.submit(form, f"{PAGE}/sunat/nou", stare="full")
    assert "Am notat" in done.text
    assert called[0] not in re.findall(r'name="furnizor" value="([^"]+)"', done.text)


def test_protected_services_have_no_answer_below_the_county(peopled, as_role):
    page = as_role(COUNTY).get(f"{PAGE}?serviciu={small_world.SHELTER}&judet=BC")
    assert page.status_code == 400
    assert small_world.SECRET_TOWN not in page.text


def test_the_csv_is_in_romanian_with_decimal_commas(peopled, as_role):
    text = as_role(COUNTY).get(f"{PAGE}.csv?serviciu={DAY}&judet=BC").content.decode("utf-8-sig")
    head, first, *_rest = text.splitlines()
    assert head.startswith("SIRUTA;Denumire;Județ;")
    assert "_" not in head
    assert re.search(r";\d+,\d+;", first)
    assert not re.search(r"\d\.\d", first)


@pytest.mark.parametrize(("ending", "begins"), [("xlsx", b"PK"), ("pdf", b"%PDF")])
def test_the_files_of_the_answer_come_from_its_address(peopled, as_role, ending, begins):
    answer = as_role(COUNTY).get(f"{PAGE}.{ending}?serviciu={DAY}&judet=BC")
    assert answer.content.startswith(begins)
    assert f'filename="acoperire-{DAY}-BC-demonstrativ.{ending}"' in answer.headers["content-disposition"]


def test_the_other_language_keeps_the_question(peopled, as_role):
    page = as_role(COUNTY).get(QUESTION)
    other = re.search(r'href="([^"]+)" lang="en"', page.text)[1].replace("&amp;", "&")
    english = as_role(COUNTY).get(other)
    assert str(english.url).endswith(f"serviciu={DAY}&judet=BC&masura=free&lang=en")
    assert "have no place today" in english.text
