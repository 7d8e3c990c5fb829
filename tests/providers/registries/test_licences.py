from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.registries.licences import EARLIEST, LATEST, UNKNOWN, read_date, read_last_day, read_status


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


@pytest.mark.parametrize(
    "text",
    ["31-12-20", "31.12.20", "31 decembrie 2020", "31 dec. 2020", "31.XII.2020", "12/31/2020", "2020-12-31T00:00:00"],
)
def test_a_day_is_read_where_one_reading_is_possible(text):
    assert read_date(text) == dt.date(2020, 12, 31)


def test_of_a_day_with_two_readings_the_one_that_ends_later_is_not_guessed():
    assert read_date("20-12-31") is None
    assert read_date("05/06/2020") == dt.date(2020, 6, 5)


@pytest.mark.parametrize(
    ("text", "day"),
    [("01.01.2020 - 31.12.2024", dt.date(2024, 12, 31)), ("5 ani; 2020-01-01", dt.date(2020, 1, 1)), ("5 ani", None),
     ("de la 1.1.2020 până la 31.12.2024", dt.date(2024, 12, 31)), ("2029-01-01; 2024-01-01", dt.date(2024, 1, 1))],
)  # fmt: skip
def test_the_last_day_of_a_licence_is_the_end_of_its_period_and_the_earliest_of_several(text, day):
    assert read_last_day(text) == day


def test_a_status_beside_an_error_of_the_spreadsheet_is_not_read():
    assert read_status("Activă; #REF!") is None
    assert read_status("=formulă") is None


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
