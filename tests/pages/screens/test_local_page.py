"""„Resurse locale” under AppTest: a team adds, the county unit checks, and the answer shows it."""

from __future__ import annotations

import shutil

import pytest

from referrals.records.vocabulary import Actor
from tests.worlds.clients.page_words import words

PAGE = "local.py"
TEAM = Actor("team", "echipa-1", "BC", 24089)
COUNTY = Actor("county", "ujss-bc", "BC")


@pytest.fixture
def home(world, tmp_path):
    return shutil.copytree(world.path, tmp_path / "home")


def open_page(in_home, home, who):
    return in_home(home, actor=who).switch_page(PAGE).run()


def field(app, label):
    return next(each for each in (*app.text_input, *app.text_area) if each.label == label)


def test_a_team_adds_a_resource_and_its_county_unit_checks_it(in_home, home):
    app = open_page(in_home, home, TEAM)
    field(app, "Denumire").set_value("Parohia")
    field(app, "Ce oferă").set_value("Haine")
    app.multiselect[0].set_value(["clothes"])
    next(each for each in app.button if each.label == "Adăugați").click()
    app.run()
    assert "resursă locală, neverificată" in words(app)
    assert not any(each.label == "Confirmați că este corect" for each in app.button)
    county = open_page(in_home, home, COUNTY)
    next(each for each in county.button if each.label == "Confirmați că este corect").click().run()
    assert "verificată de UJSS la" in words(county)
    assert not any(
        "Parohia" in text for text in words(open_page(in_home, home, Actor("county", "x", "VS"))).splitlines()
    )


def test_what_is_wrong_is_said_and_nobody_signed_in_sees_no_list(in_home, home):
    app = open_page(in_home, home, TEAM)
    next(each for each in app.button if each.label == "Adăugați").click()
    app.run()
    assert "Denumire: completați." in words(app) or "cel puțin o nevoie" in words(app)
    assert "Adăugați o resursă" not in words(open_page(in_home, home, None))
