"""Commands open their home anew each time; what of its editions was read before is kept."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module", autouse=True)
def _catalogues_are_kept(kept_catalogues):
    """Most commands read the same editions."""
