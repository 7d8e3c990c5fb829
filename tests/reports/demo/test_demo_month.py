from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.errors import HomeError
from referrals.campaigns.campaign_status import asked_providers, list_campaigns
from referrals.records.vocabulary import Actor
from referrals.workflow.directory import open_directory
from reports.demo import demo_month
from reports.demo.demo_month import seed_demo_month
from tests.worlds.homes import small_world

COUNTY = Actor("county", "test", "BC")


def test_a_campaign_is_half_answered_and_a_place_comes_free_for_whoever_was_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(demo_month, "TYPES", ("8891CZ-C-II",))
    directory = open_directory(small_world.make_world(tmp_path / "home"))
    today = directory.ledger.today()
    seed_demo_month(directory, today=today)
    (made,) = list_campaigns(directory.ledger, actor=COUNTY)
    _made, asked = asked_providers(directory, made.campaign_id, actor=COUNTY)
    assert sum(one.is_done for one in asked) == (len(asked) + 1) // 2
    referrals = directory.ledger.referrals(actor=COUNTY)
    assert list(referrals["state"]) == ["declined"]
    assert referrals["made_at"].max().date() < today
    assert directory.ledger.verify_counts() == []
    seed_demo_month(directory, today=today + timedelta(days=30))
    assert len(list_campaigns(directory.ledger, actor=COUNTY)) == 1
    directory.ledger.close()


def test_a_live_home_is_never_filled(tmp_path):
    directory = open_directory(small_world.make_world(tmp_path / "home", mode="live"))
    with pytest.raises(HomeError):
        seed_demo_month(directory, today=date(2026, 11, 22))
    directory.ledger.close()
