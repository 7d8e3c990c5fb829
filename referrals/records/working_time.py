"""When a hold ends: counted in Romanian working days, by the clock on the wall in Bucharest."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from core.romanian_calendar import BUCHAREST, is_public_holiday


def is_working_day(day: date) -> bool:
    """Whether offices work: neither Saturday, Sunday nor a public holiday in Romania (package `holidays`)."""
    return day.weekday() < 5 and not is_public_holiday(day)  # noqa: PLR2004


def deadline(made_at: datetime, working_days: int) -> datetime:
    """Return the moment so many working days later, in UTC.

    The hour on the wall stays: made on Friday at 15:00, three working days end on Wednesday at 15:00, also when the
    clocks change in between. What is made on a free day counts from the next working day's midnight: made on Saturday,
    three working days end as Thursday begins.

    Parameters
    ----------
    made_at
        When it was made, with a time zone.
    working_days
        How many; weekends and public holidays of Romania are none.

    Returns
    -------
    datetime
        The moment, UTC.

    Examples
    --------
    >>> deadline(datetime(2025, 10, 24, 12, 0, tzinfo=UTC), 3).isoformat()  # summer time ends on the 26th
    '2025-10-29T13:00:00+00:00'
    """
    local = made_at.astimezone(BUCHAREST)
    day, hour = local.date(), local.timetz().replace(tzinfo=None)
    if not is_working_day(day):
        hour = time(0)
        while not is_working_day(day):
            day += timedelta(days=1)
    for _ in range(working_days):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return datetime.combine(day, hour, BUCHAREST).astimezone(UTC)
