"""Telephones, addresses and codes as people type them."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.registries import contacts


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("0258780623", "0258780623"),
        ("258780623", "0258780623"),
        ("0258/780623", "0258780623"),
        ("0258780623/0258780601", "0258780623; 0258780601"),
        ("+40 258 780 623", "0258780623"),
        ("0040258780623", "0258780623"),
        ("0258.780.623 int. 12", "0258780623"),
        ("0734 111 222, 0734 111 222", "0734111222"),
        ("0734111222 sau 0234111222", "0734111222; 0234111222"),
        ("112", "112"),
        ("0000000000", ""),
        ("02587806", ""),
        ("nu are", ""),
        ("=1+1", ""),
    ],
)
def test_telephones_come_out_in_national_form_or_not_at_all(typed, shown):
    assert contacts.phones(typed) == shown


@given(st.text(max_size=40))
def test_whatever_is_typed_a_telephone_is_digits_and_cleaning_twice_changes_nothing(typed):
    once = contacts.phones(typed)
    assert all(part.isascii() and part.isdigit() for part in once.split("; ") if once)
    assert contacts.phones(once) == once
    assert contacts.website(contacts.website(typed)) == contacts.website(typed)
    assert contacts.emails(contacts.emails(typed)) == contacts.emails(typed)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("www.example.ro/", "www.example.ro/"),
        ("http: // a.example.ro", "http://a.example.ro"),
        ("javascript:alert(1)", ""),
        ('http://a.ro/"onclick=', ""),
        ("in constructie", ""),
        ("a@b.ro", ""),
    ],
)
def test_only_a_web_address_is_shown_as_one(typed, shown):
    assert contacts.website(typed) == shown


@pytest.mark.parametrize(
    ("typed", "code"), [("RO40558651", "40558651"), ("0", ""), ("12a", ""), ("4905584", "4905584")]
)
def test_a_fiscal_code_is_digits(typed, code):
    assert contacts.fiscal_code(typed) == code


def test_an_address_without_a_street_has_no_number_either():
    streets = pd.Series([" PRINCIPALĂ", "NU ARE", "Unirii", " "])
    numbers = pd.Series(["18 ", "5", "FN", "-"])
    assert contacts.street_address(streets, numbers).tolist() == ["PRINCIPALĂ 18", "", "Unirii", ""]
