"""Licences and accreditation as registers print them: dates in three spellings, status in words."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from core.reading.curated_tables import FOLDER, read_rows
from core.text import fold
from providers.rules.schema import VOCABULARIES

if TYPE_CHECKING:
    from pathlib import Path

# Accreditation of social services began with OG 68/2003; a licence holds for five years at most.
EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2100, 1, 1)

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?", re.ASCII)
_ROMANIAN = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4})(?:\s*(?:[ T].*|a\.?|r\.?))?", re.ASCII)
_SHORT_YEAR = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{2})", re.ASCII)
_NAMED = re.compile(r"(\d{1,2}) ([a-z]+) (\d{2}|\d{4})(?: a| r)?", re.ASCII)  # as folded: points and hyphens are gone
_MONTHS = {
    "ian": 1, "feb": 2, "mar": 3, "apr": 4, "mai": 5, "iun": 6, "iul": 7, "aug": 8, "sep": 9, "oct": 10, "noi": 11,
    "nov": 11, "dec": 12,
}  # fmt: skip
_ROMAN = {
    text: n for n, text in enumerate(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"), 1)
}
_PERIOD = re.compile(r"\s+[-–—]\s+|\s*[–—]\s*|\s*\bp[aâ]n[aă] (?:la|în|in)\b\s*(?:data de)?\s*", re.IGNORECASE)
_FAULT = re.compile(r"(?:^|;)\s*[#=]")  # an error of the spreadsheet, or a formula without a result
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_SERIAL_EPOCH = dt.date(1899, 12, 30)  # day 0 of Excel's 1900 calendar, its false leap day of 1900 included


@dataclass(frozen=True)
class LicenceStatus:
    """What a status word says: of the licence, of the provider's accreditation, of the service itself."""

    licence: str
    accreditation: str
    operating: str


UNKNOWN = LicenceStatus("unknown", "unknown", "open")


@cache
def _words(folder: Path = FOLDER) -> dict[str, LicenceStatus]:
    columns = ("word", "licence_status", "accreditation_status", "operating_status", "basis")
    return {
        fold(row.text("word")): LicenceStatus(*(row.choice(c, VOCABULARIES[c]) for c in columns[1:4]))
        for row in read_rows(folder / "register_words.csv", columns)
    }


def read_status(text: str, folder: Path = FOLDER) -> LicenceStatus | None:
    """Read a status in words ("Activ", "licență retrasă din 2023").

    Of several words the gravest counts: "activ - suspendat" is suspended. A denied word is not read at all.

    Parameters
    ----------
    text
        The cell as it was published.
    folder
        Where the words stand (`register_words.csv`).

    Returns
    -------
    LicenceStatus or None
        UNKNOWN for an empty text, None where no known word is there.

    Examples
    --------
    >>> read_status("Suspendată").licence, read_status("") == UNKNOWN, read_status("abc")
    ('suspended', True, None)
    """
    folded = fold(text)
    if _FAULT.search(text):
        return None
    if not folded or not re.search(r"\w", folded):
        return UNKNOWN
    known = _words(folder)
    found = [known[w] for w in known if re.search(rf"\b{re.escape(w)}\b", folded)]
    gravest = max(found, key=_gravity) if found else None
    # "nu este activ": a denied word is not read at all.
    return None if gravest and gravest.licence == "active" and re.search(r"\b(nu|fara)\b", folded) else gravest


def _gravity(status: LicenceStatus) -> tuple[bool, int]:
    return status.operating == "closed", ("unknown", "active", "suspended", "withdrawn").index(status.licence)


def read_date(text: str) -> dt.date | None:
    """Read a date where one reading is possible; None where it is none.

    ISO; day, month and year in this order, the month in figures, in Roman ones or as its Romanian name, the year in two
    or four; a spreadsheet's day number. Month before day is read where the other order is no day (12/31/2020), and a
    year of two figures where no other order gives an earlier day. Days outside EARLIEST..LATEST are slips and None too.

    >>> read_date("01.02.2023") == read_date("2023-02-01 00:00:00") == read_date("44958") == read_date("1 feb. 2023")
    True
    >>> read_date("31-12-20"), read_date("20-12-31")
    (datetime.date(2020, 12, 31), None)
    """
    plain = text.strip()
    if found := _ISO.fullmatch(plain):
        day = _day(*(int(part) for part in found.groups()))
    elif found := _ROMANIAN.fullmatch(plain):
        first, second, year = (int(part) for part in found.groups())
        day = _day(year, second, first) or _day(year, first, second)
    elif found := _SHORT_YEAR.fullmatch(plain):
        first, second, last = (int(part) for part in found.groups())
        day, other = _day(2000 + last, second, first), _day(2000 + first, second, last)
        day = None if day and other and other < day and "-" in plain else day
    elif found := _NAMED.fullmatch(fold(plain)):
        named = _MONTHS.get(found[2][:3]) or _ROMAN.get(found[2], 0)
        century = 2000 if len(found[3]) == 2 else 0  # noqa: PLR2004
        day = _day(century + int(found[3]), named, int(found[1]))
    elif _SERIAL.fullmatch(plain):
        day = _SERIAL_EPOCH + dt.timedelta(days=int(float(plain)))
    else:
        return None
    return _within(day)


def read_last_day(text: str) -> dt.date | None:
    """Read the last day of a licence: of a period its end, of several texts (`;` between them) the earliest.

    >>> read_last_day("01.01.2020 - 31.12.2024"), read_last_day("5 ani; 2020-01-01"), read_last_day("5 ani")
    (datetime.date(2024, 12, 31), datetime.date(2020, 1, 1), None)
    """
    days = []
    for part in text.split(";"):
        # Its end first: a whole period may be read as the day with which it begins.
        day = read_date(_PERIOD.split(part.strip())[-1]) or read_date(part)
        if day is not None:
            days.append(day)
    return min(days, default=None)


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _within(day: dt.date | None) -> dt.date | None:
    return day if day is not None and EARLIEST <= day < LATEST else None
