"""What an import would take away, counted without telling which protected services stand in both editions."""

from __future__ import annotations

import pytest

from providers.imports.import_guards import turned
from providers.rules.schema import services_table

SHELTER, DAY = "8790CR-VD-I", "8891CZ-C-II"


def row(key, service_type=DAY, county="BC", *, is_secret=False, lat=46.5, lon=27.1):
    return {
        "service_id": f"social:x:{key}", "registry": "social", "registry_key": key, "service_type": service_type,
        "name": f"Centrul {key}", "county": county, "lat": lat, "lon": lon, "is_secret": is_secret,
    }  # fmt: skip


def turns(now, before) -> list[tuple[str, str]]:
    table = turned(services_table(now), services_table(before))
    return sorted(zip(table["turn"], table["service_id"], strict=True))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ([row(1), row(2)], []),
        ([row(1)], [("gone", "social:x:2")]),
        ([row(1), row(2, "8899CPDH-I")], [("type", "social:x:2")]),
        ([row(1), row(2, lat=47.5)], [("moved", "social:x:2")]),
        ([row(1), row(2, lat=47.5, is_secret=True)], []),  # where it went is nobody's business
    ],
)
def test_a_public_service_is_named_with_what_becomes_of_it(now, expected):
    assert turns(now, [row(1), row(2)]) == expected


def test_protected_services_are_counted_by_type_and_county_whichever_they_are():
    before = [row(1, SHELTER, is_secret=True), row(2, SHELTER, is_secret=True), row(3, SHELTER, "CJ", is_secret=True)]
    same = [
        row(7, SHELTER, is_secret=True, lat=44.0),
        row(8, SHELTER, is_secret=True),
        row(9, SHELTER, "CJ", is_secret=True),
    ]
    assert turns(same, before) == []
    assert turns(before[:1], before) == turns(same[:1], before) == [("gone", ""), ("gone", "")]
    assert turns([], []) == []
