"""How long things may take in the case record, by level: `data/reports/case_terms.csv`, a row a term, all assumed."""

from __future__ import annotations

import csv
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache

from core.resources import DATA
from core.romanian_calendar import BUCHAREST
from referrals.records.working_time import deadline

FILE = DATA / "reports" / "case_terms.csv"
_LIKE = {"": "medium", "unknown": "medium"}  # a level that is not known is treated as the middle one


@dataclass(frozen=True)
class CaseTerm:
    """One term: what it is for, of which level ("" = any), how much of what (`working_days`, `days`, `number`)."""

    name: str
    level: str
    amount: int
    unit: str
    basis: str


@cache
def case_terms() -> dict[tuple[str, str], CaseTerm]:
    """Return every term by its name and level."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [CaseTerm(r["name"], r["level"], int(r["amount"]), r["unit"], r["basis"]) for r in csv.DictReader(file)]
    return {(row.name, row.level): row for row in rows}


def term(name: str, level: str = "") -> int:
    """Return how much a term is, for a level or for any."""
    known = case_terms()
    found = known.get((name, _LIKE.get(level, level))) or known[name, ""]
    return found.amount


@lru_cache(maxsize=20_000)  # counting working days costs more than all else of an agenda
def due_day(start: str, name: str, level: str = "") -> str:
    """Return the day by which a thing is due that began on a day: by working days or by days, as the term says."""
    known = case_terms()
    found = known.get((name, _LIKE.get(level, level))) or known[name, ""]
    if found.unit == "working_days":
        noon = datetime.combine(date.fromisoformat(start), time(12), BUCHAREST)
        return deadline(noon, found.amount).astimezone(BUCHAREST).date().isoformat()
    return days_after(start, found.amount)


def last_day_of(month: str) -> date:
    """Return the last day of a month.

    >>> last_day_of("2028-02")
    datetime.date(2028, 2, 29)
    """
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, monthrange(year, number)[1])


def days_after(day: str, count: int) -> str:
    """Return the day so many days after (before, where the count is negative) a day."""
    return (date.fromisoformat(day) + timedelta(days=count)).isoformat()
