from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from numpy.random import default_rng

from core.errors import HomeError
from referrals.ledger.referral_request import validate_case_reference
from referrals.records.vocabulary import Actor
from referrals.workflow.directory import open_directory
from reports.demo import demo_year
from reports.demo.demo_year import Sizes, _case_reference, seed_demo_year, seed_ledger
from tests.worlds.homes.atlas_world import make_atlas_world

COUNTY = Actor("county", "test", "BC")


def test_the_ledgers_own_checks_hold_after_a_made_up_year(directory):
    assert directory.ledger.verify_audit() == []
    assert directory.ledger.verify_counts() == []


def test_a_year_is_made_once(directory):
    with pytest.raises(HomeError):
        seed_ledger(directory, day=date(2026, 11, 22), sizes=Sizes(people=10, referrals=10))


@pytest.mark.slow
def test_a_demonstration_is_lived_in_up_to_last_month_and_a_used_one_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(demo_year, "DEMO_SIZES", Sizes(people=300, referrals=600))
    directory = open_directory(make_atlas_world(tmp_path / "home"))
    seed_demo_year(directory, today=date(2026, 11, 22))
    made = directory.ledger.referrals(actor=COUNTY)
    assert len(made)
    assert made["made_at"].max().date() < date(2026, 11, 1)
    assert directory.ledger.verify_counts() == []
    seed_demo_year(directory, today=date(2026, 12, 22))
    assert len(directory.ledger.referrals(actor=COUNTY)) == len(made)
    directory.ledger.close()


def test_a_live_home_is_never_filled(tmp_path):
    directory = open_directory(make_atlas_world(tmp_path / "home", mode="live"))
    with pytest.raises(HomeError):
        seed_ledger(directory, day=date(2026, 11, 22), sizes=Sizes(people=10, referrals=10))
    directory.ledger.close()


def test_made_up_cases_have_codes_that_the_ledger_takes_each_its_own():
    codes = [_case_reference(number) for number in (0, 1, 29, 30, 33_999)]
    assert [validate_case_reference(code) for code in codes] == codes
    assert len(set(codes)) == len(codes)


def test_no_report_of_a_made_up_year_is_filed_on_a_day_to_come():
    communities = pd.DataFrame([{"uat_siruta": 24089, "county": "BC"}] * 20)
    for day in (date(2026, 12, 1), date(2026, 12, 20)):
        made = list(demo_year._reports(communities, default_rng(1), day))
        assert made
        assert max(each["filed_at"].date() for each in made) <= day
