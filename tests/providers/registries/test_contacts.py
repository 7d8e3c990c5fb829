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
        ("+40 (0)234 513 296", "0234513296"),
        ("0234 513 296 / 114 520", "0234513296"),
        ("0258/780623/780624", "0258780623"),
        ("0234-513296-97", "0234513296"),
        ("0722.000.111 0733.000.222", "0722000111; 0733000222"),
        ("TelVerde 0800 800 100", "0800800100"),
        ("(0234) 513296 (L-V 8-16)", "0234513296"),
        ("+373 22 123456", "0037322123456"),
        ("116 111", "116111"),
        ("cam. 112", ""),
        ("sala 1205, et. 12", ""),
        ("7,22E+08", ""),
    ],
)
def test_telephones_come_out_in_national_form_or_not_at_all(typed, shown):
    assert contacts.phones(typed) == shown


@pytest.mark.parametrize(
    ("typed", "lost"),
    [("0234513296", False), ("0234513296 (L-V 8-16)", False), ("nu are", False), ("0234513296, 513297", True),
     ("0234-513296-97", True), ("cam. 112", True), ("0234 513 296 int. 112", False)],
)  # fmt: skip
def test_a_cell_in_which_a_number_was_lost_is_told_from_one_that_was_read_whole(typed, lost):
    assert contacts.is_phone_lost(typed) is lost


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
