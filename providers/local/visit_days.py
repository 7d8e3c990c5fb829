"""Days on which something comes to a place: given dates, a day of every week, or a day of every month.

A rule is kept as codes with `;` between them: `2026-12-03` (that day), `w4` (every Thursday), `m1:4` (the first
Thursday of a month), `m-1:5` (the last Friday).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from core.errors import BadValueError
from core.i18n import _
from core.romanian_calendar import is_public_holiday
from core.text import fold
from providers.registries.licences import read_date
from providers.rules.opening_hours import day_name
from providers.rules.wording import month_name

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_DAYS = 60  # parts of one rule
_HORIZON = 120  # days that a rule is looked along
# As they are folded, where â is i, as they are typed without diacritics, and in English.
_WEEKDAYS = {
    "luni": 1, "marti": 2, "miercuri": 3, "joi": 4, "vineri": 5, "simbata": 6, "sambata": 6, "duminica": 7,
    "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5, "saturday": 6, "sunday": 7,
}  # fmt: skip
_ORDINALS = {
    "prima": 1, "primul": 1, "a doua": 2, "al doilea": 2, "a treia": 3, "al treilea": 3,
    "a patra": 4, "al patrulea": 4, "ultima": -1, "ultimul": -1,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1,
}  # fmt: skip
_EVERY = re.compile(r"^(in )?(fiecare|saptam[ai]nal)\s+|^in\s+|^(on )?(every|the)\s+")
_OF_MONTH = re.compile(r"\s+(din|a|ale|ai)\s+(fiecarei\s+)?(luna|lunii|luni)$|\s+of\s+(the|every|each)\s+month$")
_PARTS = re.compile(r"\s*[,;]\s*|\s+si\s+|\s+and\s+")
_WEEK = 7
_YEARS_AHEAD = 2


def parse_days(text: str, *, today: date) -> str:
    """Understand days as they are typed.

    Parameters
    ----------
    text
        Dates ("3.12.2026, 10.12.2026"), days of every week ("joi", "în fiecare marți și joi") or of every month
        ("prima joi din lună", "ultima vineri"), with commas or "și" between them, or in English; empty = none.
    today
        Dates before it are refused, and those more than two years ahead.

    Returns
    -------
    str
        The rule in codes; empty where nothing was typed.

    Raises
    ------
    BadValueError
        Naming what was not understood and how days are written.

    Examples
    --------
    >>> parse_days("3.12.2026; prima joi din lună, în fiecare marți", today=date(2026, 11, 30))
    '2026-12-03;m1:4;w2'
    """
    parts = [part for part in _PARTS.split(_fold_typed(text)) if part]
    codes = list(dict.fromkeys(_code(part, today) for part in parts))
    if len(codes) > MOST_DAYS:
        raise BadValueError(_("Sunt prea multe zile: scrieți cel mult {n}.").format(n=MOST_DAYS))
    return ";".join(codes)


def _fold_typed(text: str) -> str:
    """Write a typed text in small letters without diacritics; commas, points and strokes stay."""
    kept = re.split(r"([,;./:-])", text)
    return "".join(piece if index % 2 else f" {fold(piece)} " for index, piece in enumerate(kept)).strip()


def _code(part: str, today: date) -> str:
    plain = re.sub(r"\s*([./:-])\s*", r"\1", " ".join(part.split()))
    if (found := read_date(plain)) is not None:
        if found < today or found.year > today.year + _YEARS_AHEAD:
            raise BadValueError(_("Ziua „{found}” a trecut sau este prea departe.").format(found=part.strip()[:20]))
        return found.isoformat()
    words = _OF_MONTH.sub("", _EVERY.sub("", plain))
    if words in _WEEKDAYS:
        return f"w{_WEEKDAYS[words]}"
    ordinal, _space, weekday = words.rpartition(" ")
    if ordinal in _ORDINALS and weekday in _WEEKDAYS:
        return f"m{_ORDINALS[ordinal]}:{_WEEKDAYS[weekday]}"
    raise _unclear_error(part)


def _unclear_error(part: str) -> BadValueError:
    return BadValueError(
        _("Nu înțeleg ziua „{found}”. Scrieți o dată (3.12.2026), „joi” sau „prima joi din lună”.").format(
            found=part.strip()[:40]
        )
    )


def is_on(rule: str, day: date) -> bool:
    """Return whether a rule names a day; a day of every week or month does not fall on a public holiday.

    >>> is_on("w4", date(2026, 12, 3)), is_on("m1:4", date(2026, 12, 10)), is_on("w5", date(2026, 12, 25))
    (True, False, False)
    """
    codes = rule.split(";") if rule else []
    return day.isoformat() in codes or (
        any(_falls_on(code, day) for code in codes if code[0] in "wm") and not is_public_holiday(day)
    )


def _falls_on(code: str, day: date) -> bool:
    if code[0] == "w":
        return day.isoweekday() == int(code[1:])
    week, weekday = (int(part) for part in code[1:].split(":"))
    if day.isoweekday() != weekday:
        return False
    if week > 0:
        return (day.day - 1) // _WEEK + 1 == week
    return day.day + _WEEK > monthrange(day.year, day.month)[1]


@lru_cache(maxsize=4096)  # many questions of one day ask the same
def upcoming_days(rule: str, *, today: date, most: int = 3) -> tuple[date, ...]:
    """Return the next days of a rule, today among them; days that are past are never given.

    Parameters
    ----------
    rule
        Codes of `parse_days`.
    today
        The day of the question.
    most
        How many days are returned.

    Returns
    -------
    tuple of date
        In their order; days of a rule within 120 days.

    Examples
    --------
    >>> [day.isoformat() for day in upcoming_days("m1:4;2026-12-11", today=date(2026, 11, 30), most=2)]
    ['2026-12-03', '2026-12-11']
    """
    ahead = (today + timedelta(days=n) for n in range(_HORIZON + 1)) if rule_repeats(rule) else ()
    found = {day for day in _given(rule) if day >= today} | {day for day in ahead if is_on(rule, day)}
    return tuple(sorted(found)[:most])


def rule_repeats(rule: str) -> bool:
    """Return whether something comes every week or month, and not on dates alone."""
    return any(code[0] in "wm" for code in rule.split(";") if code)


def last_given_day(rule: str) -> date | None:
    """Return the last date of a rule that names dates alone; None where something comes every week or month."""
    return None if rule_repeats(rule) else max(_given(rule), default=None)


def _given(rule: str) -> Iterator[date]:
    yield from (date.fromisoformat(code) for code in rule.split(";") if code and code[0] not in "wm")


def day_in_words(day: date) -> str:
    """Write a day as it is said: "joi, 3 decembrie".

    >>> day_in_words(date(2026, 12, 3))
    'joi, 3 decembrie'
    """
    return _("{weekday}, {day} {month}").format(
        weekday=day_name(day.weekday()), day=day.day, month=month_name(day.month)
    )


def rule_in_words(rule: str) -> str:
    """Write a rule as it is said: "în fiecare marți; prima joi din lună"; of dates alone nothing."""
    return "; ".join(_rule_words(code) for code in rule.split(";") if code and code[0] in "wm")


def _rule_words(code: str) -> str:
    if code[0] == "w":
        return _("în fiecare {weekday}").format(weekday=day_name(int(code[1:]) - 1))
    week, weekday = code[1:].split(":")
    name = day_name(int(weekday) - 1)
    return {
        "1": _("prima {weekday} din lună"),
        "2": _("a doua {weekday} din lună"),
        "3": _("a treia {weekday} din lună"),
        "4": _("a patra {weekday} din lună"),
        "-1": _("ultima {weekday} din lună"),
    }[week].format(weekday=name)
