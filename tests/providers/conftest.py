"""Fixtures that the registries' tests share."""

from __future__ import annotations

import pytest

from geo.gazetteer.gazetteer import Gazetteer
from tests.worlds.files import raw_tables


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """SIRUTA with the embedded points, without boundaries."""
    return raw_tables.gazetteer()


@pytest.fixture(scope="module", autouse=True)
def _catalogues_are_kept(kept_catalogues):
    """Most tests open a home of their own with the places that all have."""
