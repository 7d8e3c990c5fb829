"""Periods that a report speaks of: a month, a quarter, a year, or the whole time of the project."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.errors import BadValueError
from core.i18n import _
from providers.rules import wording

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"(20\d\d)-?[TQ]([1-4])", re.IGNORECASE)
_YEAR = re.compile(r"20\d\d")
_FIRST, _LAST = "2020-01", "2099-12"  # before and after everything: the whole time


@dataclass(frozen=True)
class Period:
    """Months from `first` to `last`, both included.

    Attributes
    ----------
    first, last
        For instance 2026-03.
    text
        How it was asked for; `all` = the whole time of the project.
    """

    first: str
    last: str
    text: str

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole time of the project."""
        return self.text == "all"

    def label(self) -> str:
        """Format it: martie 2026, trimestrul 1 din 2026, anul 2026, toată perioada."""
        if self.is_whole:
            return _("toată perioada")
        year = self.first[:4]
        if self.first == self.last:
            return f"{month_name(self.first)} {year}"
        if _YEAR.fullmatch(self.text):
            return _("anul {year}").format(year=year)
        return _("trimestrul {n} din {year}").format(n=(int(self.first[5:]) + 2) // 3, year=year)


def parse_period(text: str) -> Period:
    """Read a period as people write it.

    Parameters
    ----------
    text
        2026-03, 2026-T1 (2026-Q1), 2026 or all (tot).

    Returns
    -------
    Period
        The months meant.

    Raises
    ------
    BadValueError
        Saying what is expected.

    Examples
    --------
    >>> parse_period("2026-t2")
    Period(first='2026-04', last='2026-06', text='2026-T2')
    """
    sentence = text.strip()
    if sentence.casefold() in {"all", "tot", "toată perioada"}:
        return Period(_FIRST, _LAST, "all")
    if _MONTH.fullmatch(sentence):
        return Period(sentence, sentence, sentence)
    if quarter := _QUARTER.fullmatch(sentence):
        year, number = quarter[1], int(quarter[2])
        return Period(f"{year}-{3 * number - 2:02d}", f"{year}-{3 * number:02d}", f"{year}-T{number}")
    if _YEAR.fullmatch(sentence):
        return Period(f"{sentence}-01", f"{sentence}-12", sentence)
    raise BadValueError(
        _("Perioada „{text}” nu este o lună (2026-03), un trimestru (2026-T1), un an (2026) sau „all”.").format(
            text=text[:20]
        )
    )


def months_between(first: str, last: str) -> list[str]:
    """List the months from one to another, both included.

    >>> months_between("2025-11", "2026-01")
    ['2025-11', '2025-12', '2026-01']
    """
    start, end = (int(text[:4]) * 12 + int(text[5:]) - 1 for text in (first, last))
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(start, end + 1)]


def last_months(last: str, count: int) -> list[str]:
    """List so many months, the newest first.

    >>> last_months("2026-01", 3)
    ['2026-01', '2025-12', '2025-11']
    """
    end = int(last[:4]) * 12 + int(last[5:]) - 1
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(end, end - count, -1)]


def month_name(month: str) -> str:
    """Name the month of 2026-03."""
    return wording.month_name(int(month[5:7]))
