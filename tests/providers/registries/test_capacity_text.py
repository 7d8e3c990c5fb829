from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.registries.capacity_text import MOST_PLACES, Capacity, parse

UNKNOWN = Capacity(None, None)


@pytest.mark.parametrize(
    ("text", "places", "unit"),
    [
        ("25", 25, "places"),
        (" 12 ", 12, "places"),
        ("25 /zi", 25, "per_day"),
        ("25/zi", 25, "per_day"),
        ("500 /ZI", 500, "per_day"),
        ("120 /L", 120, "per_month"),
        ("30 /l", 30, "per_month"),
        ("30 /lună", 30, "per_month"),
        ("40 de beneficiari pe lună", 40, "per_month"),
        ("20 locuri", 20, "places"),
        ("20 de locuri", 20, "places"),
        ("max. 20 locuri/zi", 20, "per_day"),
        ("1.200", 1200, "places"),
    ],
)
def test_a_capacity_is_read_with_its_unit(text, places, unit):
    assert parse(text) == Capacity(places, unit)


@pytest.mark.parametrize("text", ["14 - 20", "14-20", "14 – 20 locuri", "între 14 și 20", "20 - 14"])
def test_of_a_range_the_smaller_number_counts_and_is_flagged(text):
    assert parse(text) == Capacity(14, "places", "capacity_range")


@pytest.mark.parametrize("text", ["", "_", "-", "  ", "__", "fără", "nu e cazul", "N/A"])
def test_blank_is_not_known_and_nothing_to_doubt(text):
    assert parse(text) == UNKNOWN


@pytest.mark.parametrize(
    "text", ["0", "-5", "20+5", "peste 100", "12.5", "½", "٣", "abc", "1e9", "99999999999", "=1+1"]
)
def test_what_cannot_be_read_safely_is_not_known_and_flagged(text):
    assert parse(text) == Capacity(None, None, "capacity_unread")


@given(st.text(max_size=30))
def test_any_text_gives_a_capacity_that_can_be_held_or_none(text):
    found = parse(text)
    assert (found.places_max is None) == (found.unit is None)
    assert found.places_max is None or 0 < found.places_max <= MOST_PLACES


@given(st.integers(1, MOST_PLACES), st.sampled_from(["", "/zi", " /L"]))
def test_a_plain_number_is_itself(places, period):
    assert parse(f"{places}{period}").places_max == places
