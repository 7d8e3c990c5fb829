"""„Lista pentru persoană” under AppTest: kept from an answer, put in order, emptied and taken back."""

from __future__ import annotations

import re

import pytest

from pages.common import shared
from referrals.records.vocabulary import Actor
from referrals.visit_list import keep_service, kept_lists, list_kept
from tests.worlds.clients.page_words import words
from tests.worlds.homes.small_world import CHILD_DAY_CENTRE

TEAM = Actor("team", "echipa-1", "BC", 24089)
CENTRE, OTHER = "social:mmps:1", "social:mmps:3"


@pytest.fixture(autouse=True)
def _one_session(monkeypatch):
    kept_lists._kept.clear()
    monkeypatch.setattr(shared, "session_id", lambda _home: "one")


def ids():
    return [each.service_id for each in list_kept("one").services]


def names(app):
    return re.findall(r"<h2>\d+\. (.*?)</h2>", words(app))


def test_an_offer_is_kept_with_one_press_and_leads_to_the_list(in_home, world):
    app = in_home(world.path, actor=TEAM, loc="24098", nevoie=CHILD_DAY_CENTRE)
    app.button(key=f"keep-0-{CENTRE}").click().run()
    assert ids() == [CENTRE]
    assert "Este pe lista pentru persoană" in words(app)
    assert f"keep-0-{CENTRE}" not in {each.key for each in app.button}


def test_the_list_is_put_in_order_emptied_and_taken_back(in_home, world):
    keep_service("one", CENTRE)
    keep_service("one", OTHER)
    app = in_home(world.path, actor=TEAM, page="lista")
    first, second = names(app)
    app.button(key="list-sus-2").click().run()
    assert names(app) == [second, first]
    app.button(key="list-empty").click().run()
    assert "Lista este goală." in words(app)
    app.button(key="list-undo").click().run()
    assert names(app) == [second, first]
    assert "/simplu/lista.pdf?limba=en" in words(app)
    assert 'class="qr"' in words(app)


def test_who_is_not_signed_in_is_asked_to_and_sees_no_list(in_home, world):
    keep_service("one", CENTRE)
    app = in_home(world.path, actor=None, page="lista")
    assert names(app) == []
