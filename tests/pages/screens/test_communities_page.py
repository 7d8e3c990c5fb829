"""„Comunități” under AppTest: the map is for the browser tests; here is that every fact stands in words."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from core.storage.home import make_home
from core.text import collation_key
from pages.common import community_html
from tests.worlds.clients.page_words import words
from tests.worlds.homes import small_world
from tests.worlds.homes.atlas_world import make_atlas_world

PARINCEA, INVENTED, UNLISTED = 24089, 5309, 20297  # SIRUTA: two on the list of the demonstration, and Bacău
PAGE = "communities.py"


@pytest.fixture(scope="module")
def atlas_home(tmp_path_factory):
    return make_atlas_world(tmp_path_factory.mktemp("atlas") / "home")


@pytest.fixture
def country(in_home, atlas_home):
    return in_home(atlas_home.path).switch_page(PAGE).run()


@pytest.fixture
def sheet(in_home, atlas_home):
    def of(code, folder=atlas_home.path):
        app = in_home(folder)
        app.query_params["comunitate"] = str(code)
        return app.switch_page(PAGE).run()

    return of


def names(app) -> list[str]:
    return re.findall(r'target="_self">([^<]+)</a> <span', words(app))


def is_sound(app) -> bool:
    return not app.exception and "A apărut o eroare" not in words(app)


def test_the_list_shows_the_communities_the_first_first(country):
    assert is_sound(country)
    page = words(country)
    assert "139 de unități, pagina 1 din 6" in page
    assert len(names(country)) == 25
    ranks = [float(v.replace(",", ".")) for v in re.findall(r'<td class="hs-num">(\d,\d\d)</td></tr>', page)]
    assert ranks == sorted(ranks, reverse=True)


def test_the_legend_says_every_class_in_words_with_its_count(country):
    page = words(country)
    for said in ("marginalizare severă ", "marginalizare peste medie ", "marginalizare sub medie "):
        assert re.search(said + r"<b>[\d.]+</b></span></li>", page)
    assert "139 de comunități ale proiectului" in page
    assert "Limitele sunt aproximative" in page


def test_the_formula_of_the_priority_stands_on_the_screen(country):
    assert "Prioritate = clasa + p / (p + 1.000)" in words(country)
    assert "nu este un indicator oficial" in words(country)


def test_region_and_county_narrow_list_and_legend(country):
    country.selectbox(key="region").select("RO21").run()
    assert set(country.selectbox(key="county").options) == {"toate", "Bacău", "Botoșani", "Iași", "Neamț", "Suceava", "Vaslui"}  # fmt: skip
    country.selectbox(key="county").select("BC").run()
    assert sorted(names(country)) == ["Parava", "Parincea", "Pâncești"]
    assert "3 comunități ale proiectului" in words(country)


def test_another_region_lets_go_of_the_county(country):
    country.selectbox(key="county").select("BC").run()
    country.selectbox(key="region").select("RO12").run()
    assert is_sound(country)
    assert country.selectbox(key="county").value == ""


def test_search_and_sorting_change_the_list(country):
    country.text_input(key="search_list").set_value("parin").run()
    assert names(country) == ["Parincea"]
    country.text_input(key="search_list").set_value("").run()
    country.selectbox(key="sort").select("name").run()
    country.checkbox(key="rising").check().run()
    found = names(country)
    assert len(found) == 25
    assert found == sorted(found, key=collation_key)


def test_a_search_that_finds_nothing_says_how_to_go_on(country):
    country.text_input(key="search_list").set_value("nimic de felul acesta").run()
    assert "Nimic nu se potrivește" in words(country)


def test_all_communes_and_towns_can_be_listed_page_by_page(country):
    country.checkbox(key="everything").check().run()
    assert "3.186 de unități, pagina 1 din 128" in words(country)
    first = names(country)
    country.number_input(key="page_of_list").set_value(2).run()
    assert "pagina 2 din 128" in words(country)
    assert first != names(country)
    country.selectbox(key="county").select("BC").run()
    assert is_sound(country)
    assert "pagina 2 din 4" in words(country)


def test_the_sheet_tells_the_atlas_the_people_and_the_county_unit(sheet):
    app = sheet(PARINCEA)
    assert is_sound(app)
    page = words(app)
    assert "<h1>Parincea</h1>" in page
    assert "comunitate confirmată" in page
    assert "Centrul Județean de Resurse și de Asistență Educațională Bacău" in page
    assert re.search(r"<dt>Populație</dt><dd>[\d.]+ de oameni</dd>", page)
    assert "Unitatea județeană de suport și supervizare Bacău" in page
    assert re.search(rf'href="{re.escape(community_html.SHEET)}\d+" target="_self">Parava</a>', page)


def test_the_sheet_of_a_listed_community_leads_to_its_figures_and_of_another_does_not(sheet):
    assert f'href="/rapoarte?zona={PARINCEA}"' in words(sheet(PARINCEA))
    assert "/rapoarte?zona=" not in words(sheet(UNLISTED))


def test_an_invented_community_is_said_to_be_invented(sheet):
    assert "comunitate inventată pentru demonstrație" in words(sheet(INVENTED))


def test_the_sheet_names_the_nearest_service_with_minutes_and_places(sheet):
    page = words(sheet(PARINCEA))
    row = re.search(r"<tr><th [^>]*>Centru de zi pentru copii în risc</th>.*?</tr>", page).group()
    assert "Luminița" in row
    assert re.search(r"\d+ min", row)
    assert "3 locuri libere" in row


def test_what_is_missing_and_what_no_register_lists_are_told_apart(sheet):
    page = words(sheet(PARINCEA))
    assert "nu apar în niciun registru" in page
    assert "Registre încă neimportate aici" in page


def test_a_reach_changes_what_is_missing(in_home, tmp_path):
    home = make_atlas_world(tmp_path / "far")
    small_world.publish(home, "social", [small_world.service(1, 0.4, 0.0)])  # some 44 km away
    app = in_home(home.path)
    app.query_params["comunitate"] = str(PARINCEA)
    app.switch_page(PAGE).run()
    assert "Lipsește la cel mult 1 h: 1 tip de serviciu" in words(app)
    assert 0 < int(re.search(r"cel mai apropiat: 1 h (\d\d)", words(app)).group(1)) <= 30
    app.button_group(key="sheet_reach").set_value(90.0).run()
    assert "Nu lipsește nimic la cel mult 1 h 30" in words(app)


def test_a_protected_address_shows_nowhere_on_a_sheet(sheet):
    page = words(sheet(PARINCEA))
    assert small_world.SECRET_TOWN not in page
    assert "Adăpost de urgență" not in page
    assert "Adăposturile cu adresă protejată nu apar aici" in page


def test_a_code_that_is_no_unit_is_refused_in_words(sheet):
    for code in ("999999", "<script>", ""):
        page = words(sheet(code))
        assert "<script>" not in page
        assert "A apărut o eroare" not in page
    assert "Nu există o comună sau un oraș cu codul SIRUTA" in words(sheet("999999"))


def test_a_live_home_without_atlas_says_what_it_lacks_and_lists_everything(in_home, tmp_path):
    app = in_home(make_home("live", tmp_path / "live").path).switch_page(PAGE).run()
    assert is_sound(app)
    page = words(app)
    assert "Încă neimportate aici: atlasul rural, atlasul urban, lista comunităților, populația" in page
    assert "3.186 de unități" in page
    assert "nu se știe: atlasul nu este încărcat <b>3.186</b>" in page


def test_text_of_a_list_is_never_markup():
    hostile = "<script>alert(1)</script>"
    row = {
        "uat_siruta": 1, "name": hostile, "county": "BC", "county_name": hostile, "kind": hostile, "atlas_class": pd.NA,
        "is_atlas_loaded": False,
        "rate_percent": None, "population": pd.NA, "people_marginalised": pd.NA, "priority": None, "status": "confirmed",
        "source": hostile, "note": hostile, "lhdi": None,
    }  # fmt: skip
    for drawn in (
        community_html.render_units(pd.DataFrame([row]), caption=hostile),
        community_html.render_sheet_title(row),
        community_html.render_atlas_facts(row),
    ):
        assert "<script" not in drawn
