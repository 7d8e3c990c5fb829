from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadValueError
from core.i18n import use_language
from core.romanian_calendar import is_public_holiday
from providers.local.visit_days import day_in_words, is_on, last_given_day, parse_days, rule_in_words, upcoming_days

MONDAY = date(2026, 11, 30)
RULES = st.lists(
    st.one_of(
        st.integers(1, 7).map(lambda day: f"w{day}"),
        st.tuples(st.sampled_from([1, 2, 3, 4, -1]), st.integers(1, 7)).map(lambda each: f"m{each[0]}:{each[1]}"),
        st.dates(date(2026, 1, 1), date(2027, 12, 31)).map(date.isoformat),
    ),
    max_size=4,
).map(";".join)


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("3.12.2026", "2026-12-03"),
        ("2026-12-03, 17/12/2026", "2026-12-03;2026-12-17"),
        ("3 decembrie 2026", "2026-12-03"),
        ("joi", "w4"),
        ("În fiecare marți și sâmbătă", "w2;w6"),
        ("sambata", "w6"),
        ("săptămânal duminică", "w7"),
        ("prima joi din lună", "m1:4"),
        ("a doua marți; ultima vineri a lunii", "m2:2;m-1:5"),
        ("joi, joi", "w4"),
        ("every Thursday and Friday", "w4;w5"),
        ("the first Monday of the month, last friday", "m1:1;m-1:5"),
        ("  ", ""),
    ],
)
def test_days_are_read_as_people_write_them(typed, rule):
    assert parse_days(typed, today=MONDAY) == rule


@pytest.mark.parametrize(
    "typed", ["mâine", "a cincea joi", "31.2.2027", "29.11.2026", "3.12.2031", "<b>joi", "joi seara"]
)
def test_what_is_no_day_or_is_past_is_refused_by_its_words(typed):
    with pytest.raises(BadValueError):
        parse_days(typed, today=MONDAY)


def test_more_days_than_a_year_of_visits_are_refused():
    many = ",".join((MONDAY + timedelta(days=n)).isoformat() for n in range(61))
    with pytest.raises(BadValueError, match="60"):
        parse_days(many, today=MONDAY)


def obvious_days(rule: str, today: date) -> list[date]:
    """Every day that a person with a wall calendar would circle."""
    circled = []
    for code in filter(None, rule.split(";")):
        for n in range(121):
            day = today + timedelta(days=n)
            if code[0] == "w":
                hit = day.isoweekday() == int(code[1:])
            elif code[0] == "m":
                week, weekday = map(int, code[1:].split(":"))
                same = [d for d in range(1, 32) if _is_day(day, d) and day.replace(day=d).isoweekday() == weekday]
                hit = len(same) >= abs(week) and day.day == same[week - 1 if week > 0 else week]
            else:
                hit = False
            if hit and not is_public_holiday(day):
                circled.append(day)
        if code[0] not in "wm" and date.fromisoformat(code) >= today:
            circled.append(date.fromisoformat(code))
    return sorted(set(circled))


def _is_day(day: date, number: int) -> bool:
    try:
        day.replace(day=number)
    except ValueError:
        return False
    return True


@given(RULES, st.dates(date(2026, 1, 1), date(2027, 6, 30)))
def test_the_next_days_are_those_of_a_wall_calendar(rule, today):
    expected = obvious_days(rule, today)
    assert list(upcoming_days(rule, today=today, most=500)) == expected
    assert list(upcoming_days(rule, today=today)) == expected[:3]


def test_a_day_that_is_past_is_gone_and_one_of_today_is_still_there():
    rule = "2026-12-03;2026-12-10"
    assert upcoming_days(rule, today=date(2026, 12, 3))[0] == date(2026, 12, 3)
    assert upcoming_days(rule, today=date(2026, 12, 4)) == (date(2026, 12, 10),)
    assert upcoming_days(rule, today=date(2026, 12, 11)) == ()
    assert last_given_day(rule) == date(2026, 12, 10)
    assert last_given_day("w4;2026-12-10") is None


def test_nobody_comes_every_week_on_christmas_but_a_date_that_was_given_stands():
    assert not is_on("w5", date(2026, 12, 25))
    assert is_on("2026-12-25", date(2026, 12, 25))


def test_days_and_rules_are_said_in_both_languages():
    assert day_in_words(date(2026, 12, 3)) == "joi, 3 decembrie"
    assert rule_in_words("m1:4;2026-12-03;w2") == "prima joi din lună; în fiecare marți"
    with use_language("en"):
        assert day_in_words(date(2026, 12, 3)) == "Thursday, 3 December"
        assert rule_in_words("m-1:5") == "last Friday of the month"
