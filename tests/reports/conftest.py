"""A demonstration home with the communities and a small simulated year in it."""

from __future__ import annotations

from datetime import date

import pytest

from referrals.desk import open_desk
from reports.simulated_year import Sizes, fill
from tests.pages.atlas_world import add_atlas
from tests.pages.small_world import make_world

DAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def year_home(tmp_path_factory):
    return add_atlas(make_world(tmp_path_factory.mktemp("year") / "home"))


@pytest.fixture(scope="session")
def desk(year_home):
    opened = open_desk(year_home)
    fill(opened, day=DAY, sizes=Sizes(people=1500, referrals=4000))
    return opened
