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
    """Read a date: ISO, dd.mm.yyyy (or / or -), or a spreadsheet's day number; None where it is none.

    Days outside EARLIEST..LATEST are slips and None too.

    >>> read_date("01.02.2023") == read_date("2023-02-01 00:00:00") == read_date("44958")
    True
    """
    plain = text.strip()
    try:
        if found := _ISO.fullmatch(plain):
            day = dt.date(*(int(part) for part in found.groups()))
        elif found := _ROMANIAN.fullmatch(plain):
            day = dt.date(int(found[3]), int(found[2]), int(found[1]))
        elif _SERIAL.fullmatch(plain):
            day = _SERIAL_EPOCH + dt.timedelta(days=int(float(plain)))
        else:
            return None
    except ValueError:
        return None
    return day if EARLIEST <= day < LATEST else None
