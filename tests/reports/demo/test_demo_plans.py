"""The plans of a demonstration: invented, saying so, in each state, and made once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cases.community.community_plan import list_plans
from cases.community.plan_counts import plans_of_county, plans_of_nation
from core.errors import HomeError
from referrals.records.vocabulary import Actor
from referrals.workflow.directory import open_directory
from reports.demo.demo_plans import seed_demo_plans
from tests.worlds.homes import small_world
from tests.worlds.homes.atlas_world import add_atlas
from tests.worlds.homes.ledger_world import COUNTY, NATIONAL

TEAM = Actor("team", "demo-team", "BC", 24089, profession="social")


@pytest.fixture
def directory(tmp_path):
    home = small_world.make_world(tmp_path / "demo", mode="demo")
    add_atlas(home)
    found = open_directory(home)
    yield found
    found.ledger.close()


@pytest.mark.parametrize("today", [date(2026, 11, 22), date(2027, 1, 2)])
def test_a_demonstration_has_invented_plans_that_say_so(directory, today):
    seed_demo_plans(directory, today=today)
    then = datetime.combine(today, time(12), ZoneInfo("Europe/Bucharest"))
    ledger = replace(directory.ledger, clock=lambda: then)
    (plan,) = list_plans(ledger, 24089, "BC", actor=TEAM)
    assert (plan.state, plan.year, len(plan.actions)) == ("adopted", today.year, 6)
    assert all("inventat" in each.reason for each in plan.priorities)
    assert {each.state for each in plan.actions} == {"planned", "begun", "done", "given_up"}
    if today.month > 6:
        assert sum(each.is_late for each in plan.actions) == 1
    assert plans_of_nation(ledger, actor=NATIONAL).communities
    assert directory.ledger.verify_audit() == []
    before = plans_of_county(ledger, "BC", actor=COUNTY)
    assert before.rows
    seed_demo_plans(directory, today=today + timedelta(days=9))
    assert plans_of_county(ledger, "BC", actor=COUNTY) == before


def test_a_live_home_gets_no_invented_plan(tmp_path):
    found = open_directory(small_world.make_world(tmp_path / "live", mode="live"))
    with pytest.raises(HomeError):
        seed_demo_plans(found, today=date(2026, 11, 22))
    found.ledger.close()
