"""A world of one's own whose team works with cases, for the screens about them."""

from __future__ import annotations

import shutil

import pytest

from core.storage.home import Home
from tests.worlds.homes.case_days import keep_cases


@pytest.fixture
def home(world, tmp_path):
    return Home(shutil.copytree(world.path, tmp_path / "home"), world.mode)


@pytest.fixture
def refs(home):
    return keep_cases(home)
