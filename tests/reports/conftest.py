"""A demonstration home with the communities and a small simulated year in it."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from core.storage.home import open_home
from referrals.workflow.directory import open_directory
from reports.demo.demo_year import Sizes, seed_ledger
from tests.worlds.build_once import build_once
from tests.worlds.homes.atlas_world import make_atlas_world

DAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def year_home(tmp_path_factory):
    """The home of `directory`: a copy, for one process, of the year that is made up once."""

    def build(folder):
        opened = open_directory(make_atlas_world(folder / "home"))
        seed_ledger(opened, day=DAY, sizes=Sizes(people=1500, referrals=4000))
        opened.ledger.close()

    built = build_once(tmp_path_factory, "year", build)
    return open_home(shutil.copytree(built / "home", tmp_path_factory.mktemp("year") / "home"))


@pytest.fixture(scope="session")
def directory(year_home):
    return open_directory(year_home)


@pytest.fixture(scope="module", autouse=True)
def _catalogues_are_kept(kept_catalogues):
    """Most tests open a home of their own with the places that all have."""
