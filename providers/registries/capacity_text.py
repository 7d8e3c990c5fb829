"""Licensed capacity as clerks write it: "25", "25 /zi", "14 - 20", "120 /L", "_"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.text import fold

MOST_PLACES = 10_000  # more than any licence in the register holds (570 a day in 2017): a slip of the keys

_NUMBER = r"(\d{1,3}(?:\.\d{3})+|\d+)(?:[.,]0{1,2}(?!\d))?"
_PLACES = r"(?:loc|locuri|pers|persoane|persoana|beneficiari|beneficiar|copii|paturi|adulti|varstnici)?"
_WORDS = rf"(?:de\s+)?{_PLACES}\.?"
_PERIOD = r"(?:(?:/|pe|pe o|in fiecare)\s*(?P<period>zi|zile|z|l|luna|luni)\.?)?"
_ONE = re.compile(rf"(?:max|maxim|maximum|cel mult)?\.?\s*{_NUMBER}\s*{_WORDS}\s*{_PERIOD}", re.ASCII)
_RANGE = re.compile(rf"(?:intre\s*)?{_NUMBER}\s*(?:-|–|—|pana la|la|si)\s*{_NUMBER}\s*{_WORDS}\s*{_PERIOD}", re.ASCII)
_UNITS = {"z": "per_day", "l": "per_month"}


@dataclass(frozen=True)
class Capacity:
    """A capacity read from words.

    Attributes
    ----------
    places_max
        Places; None = not known.
    unit
        `places`, `per_day` or `per_month`; None = not known.
    flag
        Code of a doubt; "" where there is none.
    """

    places_max: int | None
    unit: str | None
    flag: str = ""


_UNKNOWN = Capacity(None, None)


def parse(text: str) -> Capacity:
    """Read a capacity as published; what cannot be read safely is not known, never 0.

    A range counts its smaller number (flag `capacity_range`): a place promised has to exist. 0, more
    than MOST_PLACES and other words are not known (flag `capacity_unread`). "/zi" is a day, "/L" or
    "/lună" a month.

    >>> parse("25 /zi"), parse("14 - 20").places_max, parse("_").places_max
    (Capacity(places_max=25, unit='per_day', flag=''), 14, None)
    """
    plain = _plain(text)
    if not re.search(r"\w", plain.replace("_", "")) or plain in ("fara", "nu", "nu e cazul", "nu este cazul", "n/a"):
        return _UNKNOWN
    one, both = _ONE.fullmatch(plain), _RANGE.fullmatch(plain)
    if one:
        return _capacity(_whole(one[1]), one["period"], "")
    if both:
        return _capacity(min(_whole(both[1]), _whole(both[2])), both["period"], "capacity_range")
    return Capacity(None, None, "capacity_unread")


def _plain(text: str) -> str:
    """Lower case without diacritics; signs stay, for they say what a number means."""
    return " ".join("".join(fold(c) or c for c in text).lower().split())


def _whole(digits: str) -> int:
    return int(digits.replace(".", "")[:9])


def _capacity(places: int, period: str | None, flag: str) -> Capacity:
    if not 0 < places <= MOST_PLACES:
        return Capacity(None, None, "capacity_unread")
    return Capacity(places, _UNITS.get((period or "")[:1], "places"), flag)
