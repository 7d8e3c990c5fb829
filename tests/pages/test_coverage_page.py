from __future__ import annotations

import pytest
import small_world
from page_words import words

from geo.home import make_home
from referrals.facts import Actor

PAGE = "coverage.py"
SOMEBODY = Actor("county", "account-1", "BC")
CHILD_DAY_CENTRE = small_world.CHILD_DAY_CENTRE


@pytest.fixture(scope="module")
def peopled(tmp_path_factory):
    home = small_world.make_world(tmp_path_factory.mktemp("peopled") / "home")
    small_world.give_population(home)
    return home


@pytest.fixture
def opened(in_home):
    def start(folder, *, actor=SOMEBODY, **address):
        app = in_home(folder, actor=actor)
        for name, value in address.items():
            app.query_params[name] = value
        return app.switch_page(PAGE).run(timeout=60)

    return start


def is_sound(app):
    text = words(app)
    return not app.exception and "A apărut o eroare" not in text and "NaN" not in text and "nan%" not in text


def test_unasked_it_tells_how_to_begin(opened, peopled):
    app = opened(peopled.path)
    assert is_sound(app)
    assert "Cum începeți" in words(app)


def test_a_county_shows_figures_gaps_with_reasons_sources_and_the_mark_of_a_demonstration(opened, peopled):
    app = opened(peopled.path, serviciu=CHILD_DAY_CENTRE, judet="BC")
    text = words(app)
    assert is_sound(app)
    for part in ("Pe scurt", "Cele mai mari lipsuri", "Date demonstrative", "Populație inventată, la 2026-01-01",
                 "niciun serviciu în apropiere", "Cine are nevoie", "presupunere, de confirmat"):  # fmt: skip
        assert part in text, part


def test_a_scenario_is_kept_and_two_stand_side_by_side(opened, peopled):
    app = opened(peopled.path, serviciu=CHILD_DAY_CENTRE, judet="BC")
    app.button(key="cov_plan").click().run(timeout=60)
    assert "3 servicii noi de câte 20 de locuri" in words(app)
    app.number_input(key="cov_sites_most").set_value(0)
    app.number_input(key="cov_teams").set_value(1).run(timeout=60)
    app.button(key="cov_plan").click().run(timeout=60)
    assert is_sound(app)
    text = words(app)
    assert "Două scenarii alături" in text
    assert "Câștigă un loc" in text
    assert "Echipa 1, luni" in text


def test_a_county_unit_that_asks_for_another_county_gets_its_own(opened, peopled):
    app = opened(peopled.path, serviciu=CHILD_DAY_CENTRE, judet="CJ")
    assert app.selectbox(key="cov_judet").options == ["Bacău"]


def test_the_national_level_sees_the_whole_country_by_county(opened, peopled):
    app = opened(peopled.path, actor=Actor("national", account="n"), serviciu=CHILD_DAY_CENTRE)
    assert is_sound(app)
    assert "alegeți un județ" in words(app)


def test_services_that_take_everybody_have_no_places_for_each_person_and_say_so(opened, peopled):
    app = opened(peopled.path, serviciu="AUT-SPAS", judet="BC")
    app.selectbox(key="cov_measure").set_value("places_per_1000_2sfca").run(timeout=60)
    assert is_sound(app)
    assert "Aceste servicii primesc pe oricine" in words(app)
    assert "nu se știe" in words(app)


def test_protected_addresses_have_neither_map_nor_measures(opened, peopled):
    app = opened(peopled.path, serviciu=small_world.SHELTER, judet="BC")
    text = words(app)
    assert is_sound(app)
    assert "numără numai pe județ" in text
    assert small_world.SECRET_TOWN not in text
    assert "Cele mai mari lipsuri" not in text


def test_a_register_never_imported_is_said(opened, peopled):
    app = opened(peopled.path, serviciu="MED-GP", judet="BC")
    assert is_sound(app)
    assert "Registre încă neimportate aici: serviciile medicale" in words(app)


def test_without_population_it_says_what_to_import(opened, world):
    app = opened(world.path, serviciu=CHILD_DAY_CENTRE, judet="BC")
    assert is_sound(app)
    assert "harta import population" in words(app)


def test_a_county_unit_sees_its_county_only():
    from pages.shared import own_county

    assert own_county(Actor("county", account="a", county="BC")) == "BC"
    assert own_county(Actor("national", account="a")) is None
    assert own_county(None) is None


def test_an_empty_live_home_says_what_is_missing(opened, tmp_path):
    make_home("live", tmp_path / "live")
    app = opened(tmp_path / "live", serviciu=CHILD_DAY_CENTRE)
    assert is_sound(app)
