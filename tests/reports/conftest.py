"""A demonstration home with the communities and a small simulated year in it."""

from __future__ import annotations

from datetime import date

import pytest

from referrals.workflow.directory import open_directory
from reports.demo.demo_year import Sizes, seed_ledger
from tests.worlds.atlas_world import make_atlas_world

DAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def year_home(tmp_path_factory):
    return make_atlas_world(tmp_path_factory.mktemp("year") / "home")


@pytest.fixture(scope="session")
def directory(year_home):
    opened = open_directory(year_home)
    seed_ledger(opened, day=DAY, sizes=Sizes(people=1500, referrals=4000))
    return opened
