"""People whom teams know to need a service: open needs without an accepted referral, by community and kind of service.

Told to everybody who sees a coverage, so it is held to docs/decisions/0065: nothing of restricted findings, a need of
fewer than five people of a community counts nobody, and what is told is rounded down to fives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from cases.figures.figure_queries import COUNTS
from cases.figures.open_needs import is_open_need
from cases.figures.told_counts import in_fives
from cases.instrument.instrument_model import RESTRICTED
from cases.rules.case_terms import term
from providers.rules.needs import answer_rows, need_answers, needs
from providers.rules.person import Person
from referrals.database.models import referrals
from referrals.database.tables.case_tables import case_needs, cases
from referrals.database.tables.exchange_tables import case_changes
from referrals.records.vocabulary import LEAST_SHOWN

if TYPE_CHECKING:
    from cases.instrument.instrument_model import Instrument
    from referrals.ledger.ledger import Ledger

_EVER = "9999-12"
_MID_YEAR = 7  # a birth without a month counts from the middle of its year, as the instrument has it


@dataclass(frozen=True)
class OpenNeed:
    """An open need of a person of a community. age: full years; None and "" = not known."""

    uat_siruta: int
    case_ref: str
    need: str
    age: int | None
    sex: str


def demand_from_cases(ledger: Ledger, code: str, instrument: Instrument) -> dict[int, int]:
    """Count the people in need of a service type, or with a need, of every community that works with cases.

    Parameters
    ----------
    ledger
        Where the record is kept.
    code
        Of a service type or a need.
    instrument
        The one in force: needs of its restricted findings are counted by nobody here.

    Returns
    -------
    dict of int to int
        By SIRUTA, multiples of five; 0 also where there are fewer than five. Empty where no community works with
        cases, and for what answers a need of restricted findings first: there the rules go on.
    """
    held_back = {need for rule in instrument.rules if rule.sees == RESTRICTED for need in rule.needs}
    counted = counted_needs(code)
    if not counted or not held_back.isdisjoint(counted):
        return {}
    with ledger.store.read() as connection:
        working = communities_with_cases(connection)
        if not working:
            return {}
        found = _read_needs(connection, counted, working, ledger.today())
    return told_people(found, code, working)


@cache  # asked of every open need
def counted_needs(code: str) -> frozenset[str]:
    """Return the needs whose people are demand for a code: itself, or those that a type answers first (else at all)."""
    if code in needs():
        return frozenset((code,))
    answered = [each for rows in need_answers().values() for each in rows if each.service_type == code]
    first = frozenset(each.need for each in answered if each.role == "first")
    return first or frozenset(each.need for each in answered)


def communities_with_cases(connection: Connection) -> frozenset[int]:
    """Return the communities that work with cases: so many people of theirs were assessed (`case_terms.csv`)."""
    least = term("demand_assessed")
    assessed = connection.execute(COUNTS["EVAL"]("", _EVER, ""))
    return frozenset(uat for uat, count in map(tuple, assessed) if count >= least)


def told_people(found: Iterable[OpenNeed], code: str, working: Collection[int]) -> dict[int, int]:
    """Count people by community as they may be told: each once, needs of fewer than five left out, in fives.

    Parameters
    ----------
    found
        Open needs of these communities.
    code
        Of a service type or a need.
    working
        Communities to tell of.

    Returns
    -------
    dict of int to int
        A number for each of `working`.

    Examples
    --------
    >>> some = [OpenNeed(1, f"C-{n}", "no-income", 40, "F") for n in range(7)]
    >>> told_people(some, "no-income", [1, 2])
    {1: 5, 2: 0}
    """
    people: defaultdict[tuple[int, str], set[str]] = defaultdict(set)
    for each in found:
        if is_answered_by(each, code):
            people[each.uat_siruta, each.need].add(each.case_ref)
    together: defaultdict[int, set[str]] = defaultdict(set)
    for (uat, _need), who in people.items():
        if len(who) >= LEAST_SHOWN:
            together[uat] |= who
    return {uat: in_fives(len(together[uat])) for uat in sorted(working)}


def is_answered_by(each: OpenNeed, code: str) -> bool:
    """Tell whether a code is that of the need, or of a type that answers it first for somebody of this age and sex."""
    if code == each.need:
        return True
    if each.need not in counted_needs(code):
        return False
    person = Person(age=each.age, sex=each.sex or None)
    return any(row.service_type == code for row in answer_rows(each.need, person))


def demand_state(ledger: Ledger) -> str:
    """Return a text that changes with what `demand_from_cases` says; "" where there never was a case.

    The ledger's own counter tells of places alone, so acceptances are counted here; of people's ages nothing tells.
    Each look at a coverage asks for it, and it walks through all referrals: so it is kept until somebody commits.
    """
    return ledger.store.kept("demand", _read_state)


def _read_state(connection: Connection) -> str:
    last = connection.execute(select(func.max(case_changes.c.seq))).scalar()
    if last is None:
        return ""
    made = referrals.c
    answered = func.count(made.accepted_at), func.max(made.accepted_at), func.max(made.closed_at)
    return ":".join(map(str, (last, *connection.execute(select(*answered)).one())))


def _read_needs(
    connection: Connection, wanted: Collection[str], working: Collection[int], today: date
) -> list[OpenNeed]:
    table = case_needs.c
    query = (
        select(table.uat_siruta, table.case_ref, table.need, cases.c.born, cases.c.sex)
        .join(cases, cases.c.case_ref == table.case_ref)
        .where(*is_open_need(), table.need.in_(wanted), table.sees != RESTRICTED, table.uat_siruta.in_(working))
    )
    return [
        OpenNeed(uat, ref, need, age_at(born, today), sex)
        for uat, ref, need, born, sex in map(tuple, connection.execute(query))
    ]


def age_at(born: str, day: date) -> int | None:
    """Return the age in full years of somebody born in a year, or in a month of one; None where that is not known.

    >>> age_at("1956", date(2026, 3, 2)), age_at("2024-03", date(2026, 3, 2)), age_at("", date(2026, 3, 2))
    (69, 2, None)
    """
    if not born:
        return None
    year, _dash, month = born.partition("-")
    months = 12 * (day.year - int(year)) + day.month - int(month or _MID_YEAR)
    return max(months, 0) // 12
