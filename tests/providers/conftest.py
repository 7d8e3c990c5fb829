"""Fixtures that the registries' tests share."""

from __future__ import annotations

import pytest
import raw_tables

from geo.gazetteer import Gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """SIRUTA with the embedded points, without boundaries."""
    return raw_tables.gazetteer()
