"""The clock on the wall and the public holidays of Romania."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import date

    from holidays import HolidayBase

BUCHAREST = ZoneInfo("Europe/Bucharest")


@cache
def _holidays() -> HolidayBase:
    import holidays

    return holidays.country_holidays("RO")


def is_public_holiday(day: date) -> bool:
    """Whether a day is a public holiday in Romania (package `holidays`)."""
    return day in _holidays()
