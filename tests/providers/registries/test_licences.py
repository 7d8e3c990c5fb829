from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.registries.licences import EARLIEST, LATEST, UNKNOWN, read_date, read_status


@pytest.mark.parametrize(
    "text", ["2023-02-01", "2023-02-01 00:00:00", "01.02.2023", "1.2.2023", "01/02/2023", "01-02-2023", "44958"]
)
def test_one_day_in_every_spelling(text):
    assert read_date(text) == dt.date(2023, 2, 1)


@pytest.mark.parametrize(
    "text", ["", "abc", "31.02.2023", "2023", "02.2023", "1899-12-31", "9999-12-31", "5 ani", "-1", "99999"]
)
def test_what_is_no_day_of_a_licence_is_none(text):
    assert read_date(text) is None


@given(st.dates(EARLIEST, LATEST - dt.timedelta(1)))
def test_every_day_reads_back(day):
    assert read_date(day.isoformat()) == read_date(day.strftime("%d.%m.%Y")) == day
    assert read_date(str((day - dt.date(1899, 12, 30)).days)) == day


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        ("Activ", "active"),
        ("ACTIVĂ", "active"),
        ("Licență provizorie", "active"),
        ("suspendată", "suspended"),
        ("Activ - suspendat", "suspended"),
        ("Retrasă din 2023", "withdrawn"),
        ("Expirat", "withdrawn"),
        ("Inactiv", "withdrawn"),
        ("radiat", "withdrawn"),
    ],
)
def test_status_words_are_understood_and_the_gravest_counts(text, licence):
    status = read_status(text)
    assert status is not None
    assert status.licence == licence


def test_a_closed_service_is_closed():
    status = read_status("Închis")
    assert status is not None
    assert (status.operating, status.licence) == ("closed", "withdrawn")


def test_no_word_says_nothing_and_an_unknown_word_is_not_guessed():
    assert read_status("") == read_status(" - ") == UNKNOWN
    assert read_status("abc") is None
    assert read_status("nu este activ") is None


@given(st.text(max_size=30))
def test_any_text_is_read_or_left(text):
    day = read_date(text)
    assert day is None or EARLIEST <= day < LATEST
    read_status(text)
