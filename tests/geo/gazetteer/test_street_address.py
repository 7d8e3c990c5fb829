"""Addresses taken apart: two ways of writing one address compare equal, and no text breaks the reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.gazetteer.street_address import StreetAddress, fold_street, parse_address


@pytest.mark.parametrize(
    ("text", "street", "number", "block"),
    [
        ("Strada Mihai Eminescu nr. 12", "mihai eminescu", "12", ""),
        ("str. M. Eminescu, nr 12", "m eminescu", "12", ""),
        ("Str.Mihai Eminescu 12", "mihai eminescu", "12", ""),
        ("BD. UNIRII NR. 5 A, BL. C2, SC. B, AP. 7", "unirii", "5a", "c2"),
        ("B-dul Unirii, numărul 5A", "unirii", "5a", ""),
        ("Șos. Ștefan cel Mare 3-5", "stefan cel mare", "3", ""),
        ("Şoseaua Ştefan cel Mare nr.3-5", "stefan cel mare", "3", ""),
        ("Calea Vodă (Strada Lenin) nr. 7", "voda", "7", ""),
        ("Principală, nr. 25", "principala", "25", ""),
        ("Strada 1 Decembrie 1918 nr. 4", "1 decembrie 1918", "4", ""),
        ("Str. Gen. Gheorghe Magheru 9/A", "gheorghe magheru", "9a", ""),
        ("comuna Parincea, str. Principală nr. 2, județul Bacău", "principala", "2", ""),
        ("Strada Florilor", "florilor", "", ""),
        ("", "", "", ""),
    ],
)
def test_an_address_is_taken_apart(text, street, number, block):
    assert parse_address(text) == StreetAddress(street, number, block)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bulevardul Unirii", "bd. UNIRII"),
        ("Strada Sf. Gheorghe", "str Gheorghe"),
        ("Aleea Teilor", "aleea teilor"),
        ("Piaţa Victoriei", "Piața Victoriei"),
    ],
)
def test_kinds_ranks_and_marks_do_not_tell_streets_apart(one, other):
    assert fold_street(one) == fold_street(other)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text):
    read = parse_address(text)
    assert parse_address(text) == read
    assert read.street == read.street.lower()
