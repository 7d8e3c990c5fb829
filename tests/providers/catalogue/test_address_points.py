"""Services at their door: what is matched, what is left at its locality, and that one protected is never moved."""

from __future__ import annotations

import pandas as pd
import pytest

from providers.catalogue.address_points import LOWEST_SCORE, AddressIndex, address_index, at_addresses, score
from providers.rules.schema import services_table

PARINCEA, UNIT = 24098, 24089
POINTS = pd.DataFrame(
    [
        (PARINCEA, UNIT, "principala", "12", 46.471, 27.101),
        (PARINCEA, UNIT, "mihai eminescu", "3", 46.472, 27.102),
        (PARINCEA, UNIT, "scolii", "5", 46.473, 27.103),
        (PARINCEA, UNIT, "scolii", "5", 46.493, 27.133),
        (pd.NA, UNIT, "florilor", "1", 46.474, 27.104),
    ],
    columns=["locality_siruta", "uat_siruta", "street", "number", "lat", "lon"],
)


@pytest.fixture(scope="module")
def index() -> AddressIndex:
    return address_index(POINTS)


def found(index: AddressIndex, address: str) -> tuple[float, float] | None:
    match = index.match(address, locality_siruta=PARINCEA, uat_siruta=UNIT)
    return (match.lat, match.lon) if match else None


@pytest.mark.parametrize(
    ("address", "point"),
    [
        ("Str. Principală nr. 12", (46.471, 27.101)),
        ("PRINCIPALA 12", (46.471, 27.101)),
        ("strada Mihai Eminesc, nr. 3", (46.472, 27.102)),  # a letter is missing
        ("Eminescu Mihai nr. 3", (46.472, 27.102)),
        ("str. Florilor 1", (46.474, 27.104)),  # known by its unit alone
        ("Str. Principală nr. 13", None),  # the number is never guessed
        ("Str. Principală", None),
        ("Strada Unirii nr. 12", None),
        ("str. Școlii nr. 5", None),  # stands in two places
        ("", None),
    ],
)
def test_a_street_may_be_misspelt_and_a_number_may_not(index, address, point):
    assert found(index, address) == point


def test_streets_that_differ_in_a_number_are_never_alike():
    assert score("1 mai", "11 mai") == 0
    assert score("1 decembrie 1918", "1 decembrie 1919") == 0
    assert score("unirii", "unirea") < LOWEST_SCORE


def service(number: int, **cells: object) -> dict[str, object]:
    return {
        "service_id": f"education:{number}", "registry": "education", "registry_key": str(number),
        "service_type": "EDU-SCHOOL", "name": "Școala", "organization": "Școala", "lat": 46.4, "lon": 27.0,
        "position_precision": "locality", "address": "Principală 12", "locality_siruta": PARINCEA, "uat_siruta": UNIT,
        "source_row": number, **cells,
    }  # fmt: skip


def test_only_what_stands_at_its_locality_is_moved_and_says_so(index):
    services = services_table(
        [
            service(1),
            service(2, position_precision="address"),
            service(3, is_secret=True),
            service(4, address=None),
            service(5, address="Necunoscută 9", position_precision="uat"),
        ]
    )
    moved = at_addresses(services, index)
    assert moved["position_precision"].tolist() == ["address", "address", "locality", "locality", "uat"]
    assert moved["lat"].tolist() == [46.471, 46.4, 46.4, 46.4, 46.4]
    assert moved["flags"].tolist() == ["place_from_address", "", "", "", ""]
    assert services["lat"].eq(46.4).all()
