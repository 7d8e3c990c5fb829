from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.storage.home import open_home
from providers.finder.query_parsing import parse_query
from referrals.records.vocabulary import Actor
from referrals.workflow import referral_offers
from referrals.workflow.directory import open_directory
from tests.worlds.clients.page_words import words
from tests.worlds.homes import small_world

TEAM = Actor("team", "account-1", "BC", 24089)
COMMUNE = "24098"  # SIRUTA
NEEDS = [small_world.CHILD_DAY_CENTRE, "identity-papers"]
WORDS = "Ar putea merge împreună"


@pytest.fixture
def own_world(world, tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    home = open_home(Path(shutil.copytree(world.path, tmp_path / "home")))
    directory = open_directory(home)
    query = parse_query(directory.gazetteer, place=COMMUNE, services=(small_world.CHILD_DAY_CENTRE,))
    referral_offers.refer(directory, "social:mmps:1", query, actor=TEAM, basis="consent", consent_at=datetime.now(UTC))
    directory.ledger.close()
    return home


def test_the_team_sees_who_of_its_community_could_come_along(in_home, own_world):
    page = words(in_home(own_world.path, actor=TEAM, loc=COMMUNE, nevoie=NEEDS))
    assert WORDS in page
    assert "1 persoană" in page


def test_nobody_else_sees_it(in_home, own_world):
    for actor in (None, Actor("national", "account-2"), Actor("county", "account-3", "CJ")):
        page = words(in_home(own_world.path, actor=actor, loc=COMMUNE, nevoie=NEEDS))
        assert "Un singur drum" in page
        assert WORDS not in page
