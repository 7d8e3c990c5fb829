"""Working days of Romania, by the wall clock in Bucharest."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.romanian_calendar import BUCHAREST
from referrals.records.working_time import deadline, is_working_day


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BUCHAREST)


@pytest.mark.parametrize(
    ("made", "ends", "why"),
    [
        ("2026-03-02T09:00", "2026-03-05T09:00", "Monday to Thursday"),
        ("2026-03-06T15:00", "2026-03-11T15:00", "Friday over the weekend to Wednesday"),
        ("2026-03-07T10:00", "2026-03-12T00:00", "Saturday counts from Monday's midnight"),
        ("2026-03-26T10:00", "2026-03-31T10:00", "over the night when summer time begins"),
        ("2025-10-23T10:00", "2025-10-28T10:00", "over the night when summer time ends"),
        ("2026-04-08T12:00", "2026-04-15T12:00", "Good Friday to Easter Monday (Orthodox, 10 to 13 April 2026)"),
        ("2026-11-27T12:00", "2026-12-04T12:00", "St Andrew's Monday and the National Day on Tuesday"),
        ("2025-12-31T12:00", "2026-01-09T12:00", "New Year, Epiphany and St John's (1, 2, 6, 7 January)"),
    ],
)
def test_a_hold_ends_three_working_days_later_at_the_same_hour(made, ends, why):
    assert deadline(local(made), 3) == local(ends), why


def test_the_hour_in_utc_moves_with_the_clocks():
    summer = deadline(local("2025-10-24T15:00"), 3)
    assert (summer - local("2025-10-24T15:00").astimezone(UTC)) == timedelta(days=5, hours=1)


def by_hand(made: datetime, days: int) -> datetime:
    """Step through the minutes' days one by one, the slow and obvious way."""
    day, hour = made.date(), made.time()
    counted = 0 if is_working_day(day) else None
    while counted is None or counted < days:
        day += timedelta(days=1)
        if is_working_day(day):
            if counted is None:
                counted, hour = 0, datetime.min.time()
            else:
                counted += 1
    return datetime.combine(day, hour, BUCHAREST)


@settings(deadline=None)
@given(st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 20)), st.integers(1, 12))
def test_the_deadline_agrees_with_counting_days_by_hand(moment, days):
    made = moment.replace(tzinfo=BUCHAREST)
    assert deadline(made, days) == by_hand(made, days)


def test_saturday_and_a_public_holiday_are_free():
    assert not is_working_day(date(2026, 3, 7))
    assert not is_working_day(date(2026, 12, 1))
    assert is_working_day(date(2026, 3, 2))
