"""Several needs in the application: one way, its telephones, and one agreement for a referral a stop."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from core.storage.home import open_home
from referrals.records.vocabulary import Actor
from referrals.workflow.directory import open_directory
from tests.worlds.clients.page_words import words
from tests.worlds.homes import small_world

TEAM, ELSEWHERE = Actor("team", "account-1", "BC", 24089), Actor("county", "account-3", "CJ")
PARINCEA, DAY, PAPERS = "24098", small_world.CHILD_DAY_CENTRE, "identity-papers"


@pytest.fixture
def own_world(world, tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    return open_home(Path(shutil.copytree(world.path, tmp_path / "home")))


@pytest.fixture
def directory(own_world):
    opened = open_directory(own_world)
    yield opened
    opened.ledger.close()


@pytest.fixture
def asked(in_home, own_world):
    def start(actor=TEAM, needs=(DAY, PAPERS)):
        return in_home(own_world.path, actor=actor, loc=PARINCEA, nevoie=list(needs))

    return start


def press(app, key):
    return app.button(key=key).click().run()


def cases(directory) -> list[tuple[str, str]]:
    table = directory.ledger.referrals(actor=TEAM)
    return sorted(zip(table["need"], table["case_ref"], strict=True))


def agreed(app):
    app = press(app, "refer-trip")
    app = app.radio(key="temei").set_value("consent").run()
    return press(app, "go-trip")


def test_one_agreement_makes_a_referral_a_stop_all_of_one_case(asked, directory):
    app = agreed(asked())
    assert not app.exception
    made = cases(directory)
    assert [need for need, _case in made] == sorted((DAY, PAPERS))
    assert len({case for _need, case in made}) == 1
    assert len(re.findall(r"S-a făcut referirea R-", words(app))) == 2


def test_both_needs_are_referred_in_four_taps_after_the_answer(asked, directory):
    app = press(asked(), "refer-trip")  # 1
    app = app.radio(key="temei").set_value("public_task").run()  # 2
    press(app, "go-trip")  # 3
    assert len(cases(directory)) == 2


def test_without_a_ground_nothing_is_made_and_the_field_says_so(asked, directory):
    app = press(press(asked(), "refer-trip"), "go-trip")
    assert "Cereți întâi acordul persoanei" in words(app)
    assert cases(directory) == []


def test_each_stop_has_its_telephone_and_its_town(asked):
    page = words(asked())
    trip = page[page.index("hs-trip") :][:3000]
    assert "tel:0234512345" in trip


def test_after_the_referrals_the_button_is_gone_until_the_next_search(asked):
    app = agreed(asked())
    assert "refer-trip" not in {button.key for button in app.button}
    assert "refer-trip" in {button.key for button in press(press(app, "change"), "search").button}


def test_who_may_not_refer_the_person_has_no_button(asked):
    for actor in (ELSEWHERE, None):
        assert "refer-trip" not in {button.key for button in asked(actor).button}
