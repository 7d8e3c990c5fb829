"""Fixtures that the registries' tests share."""

from __future__ import annotations

import pytest

from geo.gazetteer.gazetteer import Gazetteer
from tests.worlds import raw_tables


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """SIRUTA with the embedded points, without boundaries."""
    return raw_tables.gazetteer()
