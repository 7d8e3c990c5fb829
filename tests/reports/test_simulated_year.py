from __future__ import annotations

from datetime import date

import pytest

from geo.errors import HomeError
from referrals.desk import open_desk
from referrals.facts import Actor
from reports.simulated_year import Sizes, fill, live_in
from tests.pages.atlas_world import add_atlas
from tests.pages.small_world import make_world

COUNTY = Actor("county", "test", "BC")


def test_the_ledgers_own_checks_hold_after_a_made_up_year(desk):
    assert desk.ledger.verify_audit() == []
    assert desk.ledger.verify_counts() == []


def test_a_year_is_made_once(desk):
    with pytest.raises(HomeError):
        fill(desk, day=date(2026, 11, 22), sizes=Sizes(people=10, referrals=10))


def test_a_demonstration_is_lived_in_up_to_last_month_and_a_used_one_is_left_alone(tmp_path):
    desk = open_desk(add_atlas(make_world(tmp_path / "home")))
    live_in(desk, today=date(2026, 11, 22))
    made = desk.ledger.referrals(actor=COUNTY)
    assert len(made)
    assert made["made_at"].max().date() < date(2026, 11, 1)
    assert desk.ledger.verify_counts() == []
    live_in(desk, today=date(2026, 12, 22))
    assert len(desk.ledger.referrals(actor=COUNTY)) == len(made)
    desk.ledger.close()


def test_a_live_home_is_never_filled(tmp_path):
    desk = open_desk(add_atlas(make_world(tmp_path / "home", mode="live")))
    with pytest.raises(HomeError):
        fill(desk, day=date(2026, 11, 22), sizes=Sizes(people=10, referrals=10))
    desk.ledger.close()
