"""Places for the tests of this room: the embedded gazetteer, and the real boundaries once read."""

import pytest

from geo import boundaries
from geo.gazetteer import Gazetteer, load_gazetteer
from geo.layer import Layer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return load_gazetteer(None)


@pytest.fixture(scope="session")
def real_boundaries(real_data) -> Layer:
    return boundaries.load(real_data / "boundaries" / "uat_2021.geojson")
