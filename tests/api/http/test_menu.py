"""The menu of the bar: a role's entries, its work, and everything else behind its name."""

from __future__ import annotations

import pytest

from api.http.menu import menu_for, screens_for
from geo.gazetteer.gazetteer import load_gazetteer
from referrals.records.vocabulary import Actor

TEAM, COUNTY = Actor("team", "a", "BC", 24089), Actor("county", "b", "BC")
NATION, ADMIN = Actor("national", "c"), Actor("admin", "d")


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer()


def names(entries) -> list[str]:
    return [each.screen.name for each in entries]


@pytest.mark.parametrize(
    ("actor", "entries"),
    [
        (None, ["find", "map", "figures"]),
        (TEAM, ["today", "find", "referrals", "map", "monthly"]),
        (COUNTY, ["today", "referrals", "coverage", "figures", "map"]),
        (NATION, ["today", "figures", "communities", "coverage", "map"]),
        (ADMIN, ["today", "registers", "figures", "coverage", "map"]),
    ],
)
def test_each_role_has_its_own_entries_and_loses_no_screen(gazetteer, actor, entries):
    menu = menu_for(actor, gazetteer, is_demo=True)
    assert names(menu.entries) == entries
    assert {*names(menu.entries), *names(menu.others), "news"} == {*screens_for(actor), "news"}  # news: at the bell


@pytest.mark.parametrize(
    ("actor", "name"),
    [(TEAM, "Echipa Parincea"), (COUNTY, "UJSS Bacău"), (NATION, "Nivel național"), (None, "")],
)
def test_the_name_is_of_the_role_and_never_of_a_person(gazetteer, actor, name):
    assert menu_for(actor, gazetteer, is_demo=True).name == name


def test_work_is_counted_beside_today_alone(gazetteer):
    menu = menu_for(TEAM, gazetteer, is_demo=True, count=4)
    assert [each.count for each in menu.entries] == [4, 0, 0, 0, 0]


def test_nobody_is_led_to_a_role_and_in_a_live_home_nowhere_else(gazetteer):
    assert menu_for(None, gazetteer, is_demo=True).sign_in == "Alegeți un rol"
    live = menu_for(None, gazetteer, is_demo=False)
    assert (live.entries, live.others, live.sign_in) == ((), (), "Autentificare")
    assert menu_for(TEAM, gazetteer, is_demo=False).sign_in == ""
