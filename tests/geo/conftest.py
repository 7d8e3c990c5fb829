"""Places for the tests of this room: the embedded gazetteer, and the real boundaries once read."""

import pytest

from core.reading.tidied_table import TidiedTable
from geo.gazetteer.gazetteer import Gazetteer, load_gazetteer
from geo.layers import boundaries


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return load_gazetteer(None)


@pytest.fixture(scope="session")
def real_boundaries(real_data) -> TidiedTable:
    return boundaries.load(real_data / "boundaries" / "uat_2021.geojson")
