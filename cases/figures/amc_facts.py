"""What the health ministry's indicators are counted from: the people of an area in some months, and work there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from cases.figures.amc_indicators import FROM
from cases.figures.case_demand import age_at
from cases.figures.case_figures import category_of
from cases.figures.figure_queries import NEVER
from cases.instrument.instrument_model import RESTRICTED
from cases.rules.case_terms import last_day_of
from referrals.database.tables import case_tables as t

_ASIDE = "info"  # a level of findings that are no vulnerability
_SOCIAL = frozenset(("ID", "POV", "INC", "LIV", "FAM", "EDU", "VIF", "SOC"))  # the socio-economic part of the form
_ADULT, _OLD = 18, 65
_FERTILE = range(15, 46)
_AGES = ((1, "VCV_01"), (5, "VCV_02"), (14, "VCV_03"), (_ADULT, "VCV_04"), (_OLD, "VCV_05"))
_NEWBORN, _NEWBORN_MONTHS = "VCV_00", 1
# Ages are computed of the last day: what an assessment found goes out of date.
_COMPUTED = frozenset((*(code for _least, code in _AGES), "VCV_06", "VGR_10", _NEWBORN))
_NAMED_SOURCES = ("outreach", "doctor")


@dataclass
class AmcFound:
    """Findings and their categories, open at the end of the period or some time in it; the restricted ones apart."""

    at_end: set[str] = field(default_factory=set)
    during: set[str] = field(default_factory=set)
    apart_at_end: set[str] = field(default_factory=set)
    apart_during: set[str] = field(default_factory=set)
    problems: set[str] = field(default_factory=set)
    is_newborn: bool = False


@dataclass
class AmcPerson:
    """A case in the period. words: `person_words`; ended_as: the outcome, blank while it is open or where it moved."""

    words: set[str]
    found: AmcFound
    services: Counter[str] = field(default_factory=Counter)
    is_opened: bool = False
    is_open: bool = False
    is_assessed: bool = False
    ended_as: str = ""

    def of_all_findings(self) -> set[str]:
        """Say whether "any" problem was found, a "social" one, or "nothing" of somebody who was assessed."""
        words = {"any"} if self.found.problems else {"nothing"} if self.is_assessed else set()
        return words | ({"social"} if self.found.at_end & _SOCIAL else set())


@dataclass
class AmcFacts:
    """What an area has in a period. activities: number and participants by kind; assessments: first ones and later."""

    people: dict[str, AmcPerson]
    activities: dict[str, tuple[int, int]]
    services: int = 0
    first_assessments: int = 0
    later_assessments: int = 0


def person_words(born: str, sex: str, source: str, day: date, *, is_newborn: bool = False) -> set[str]:
    """Return what is known of a person without an assessment: sex, who told of them, the age on a day in AMC codes.

    >>> sorted(person_words("2014", "F", "outreach", date(2026, 11, 30)))
    ['F', 'VCV_03', 'child', 'from:outreach']
    """
    words = {f"{FROM}{source if source in _NAMED_SOURCES else 'other'}"} | ({sex} if sex else set())
    age = age_at(born, day)
    if age is None:
        return words
    words.add(_NEWBORN if is_newborn else next((code for least, code in _AGES if age < least), "VCV_06"))
    if age < _ADULT:
        words.add("child")
    if sex == "F" and age in _FERTILE:
        words.add("VGR_10")
    return words


def read_facts(connection: Connection, first: str, last: str, uats: Collection[int] | None) -> AmcFacts:
    """Read what the indicators of some communities (None = all) are counted from, of the months from first to last."""
    day = last_day_of(last)
    spells, cases = t.case_spells.c, t.cases.c
    of_period = [spells.is_counted.is_(True), spells.begun_in <= last]
    of_period.append(or_(spells.ended_in == "", spells.ended_in >= first))
    if uats is not None:
        of_period.append(spells.uat_siruta.in_(uats))
    found = _findings(connection, first, last, select(spells.case_ref).where(*of_period))
    query = (
        select(
            spells.case_ref, spells.begun_as, spells.begun_in, spells.ended_as, spells.ended_in, spells.outcome,
            cases.born, cases.sex, cases.source,
        )
        .join(t.cases, cases.case_ref == spells.case_ref)
        .where(*of_period)
    )  # fmt: skip
    people: dict[str, AmcPerson] = {}
    for ref, begun_as, begun_in, ended_as, ended_in, outcome, born, sex, source in map(
        tuple, connection.execute(query)
    ):
        mine = found[ref]
        if ref not in people:
            is_newborn = mine.is_newborn and _may_be_newborn(born, day)
            people[ref] = AmcPerson(person_words(born, sex, source, day, is_newborn=is_newborn), mine)
        person, is_over = people[ref], ended_in != "" and ended_in <= last
        person.is_opened |= begun_as == "opened" and begun_in >= first
        person.is_open |= not is_over
        if is_over and ended_as == "closed" and outcome not in (*NEVER, "erased"):
            person.ended_as = outcome
    facts = AmcFacts(people, _activities(connection, first, last, uats))
    _add_services(connection, first, last, uats, facts)
    _add_assessments(connection, first, last, select(spells.case_ref).where(*of_period), facts)
    return facts


def _findings(connection: Connection, first: str, last: str, mine: Select[Any]) -> defaultdict[str, AmcFound]:
    table, categories = t.findings.c, category_of()
    query = select(table.case_ref, table.code, table.sees, table.level, table.ended_in).where(
        table.case_ref.in_(mine), table.opened_in <= last, or_(table.ended_in == "", table.ended_in >= first)
    )
    found: defaultdict[str, AmcFound] = defaultdict(AmcFound)
    for ref, code, sees, level, ended_in in map(tuple, connection.execute(query)):
        of_case, is_still = found[ref], ended_in == "" or ended_in > last
        if code in _COMPUTED:
            of_case.is_newborn |= code == _NEWBORN and is_still
            continue
        is_problem, is_apart = level != _ASIDE, sees == RESTRICTED
        codes = {code, categories.get(code, code)} if is_problem else {code}
        (of_case.apart_during if is_apart else of_case.during).update(codes)
        if is_still:
            (of_case.apart_at_end if is_apart else of_case.at_end).update(codes)
            if is_problem and not is_apart:
                of_case.problems.add(code)
    return found


def _may_be_newborn(born: str, day: date) -> bool:
    """Tell whether somebody may still be new-born at the end: by the month of birth, where it is known."""
    year, _dash, month = born.partition("-")
    return bool(month) and 12 * (day.year - int(year)) + day.month - int(month) <= _NEWBORN_MONTHS


def _add_services(connection: Connection, first: str, last: str, uats: Collection[int] | None, facts: AmcFacts) -> None:
    """Add the services of visits to the people who received them; those to a household count in the sum alone."""
    table = t.visits.c
    query = select(table.case_ref, table.services).where(table.counted_in.between(first, last), table.services != "")
    for ref, services in map(tuple, connection.execute(_in_area(query, table.uat_siruta, uats))):
        given = services.split()
        if ref in facts.people:
            facts.people[ref].services.update(given)
        if ref in facts.people or not ref:
            facts.services += len(given)


def _add_assessments(connection: Connection, first: str, last: str, mine: Select[Any], facts: AmcFacts) -> None:
    """Mark who was assessed, and count the assessments of the period: a person's first one, and the others."""
    table = t.assessments.c
    query = select(table.case_ref, table.counted_in, func.count()).where(
        table.case_ref.in_(mine), table.counted_in <= last
    )
    made: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for ref, month, count in map(tuple, connection.execute(query.group_by(table.case_ref, table.counted_in))):
        made[ref][month] = count
    for ref, months in made.items():
        if ref not in facts.people:
            continue
        facts.people[ref].is_assessed = True
        is_first = min(months) >= first
        facts.first_assessments += is_first
        facts.later_assessments += sum(count for month, count in months.items() if month >= first) - is_first


def _activities(
    connection: Connection, first: str, last: str, uats: Collection[int] | None
) -> dict[str, tuple[int, int]]:
    table = t.activities.c
    query = select(table.kind, func.count(), func.sum(table.participants)).where(table.counted_in.between(first, last))
    rows: Iterable[tuple[Any, ...]] = map(
        tuple, connection.execute(_in_area(query, table.uat_siruta, uats).group_by(table.kind))
    )
    return {kind: (count, int(people or 0)) for kind, count, people in rows}


def _in_area(query: Select[Any], column: Any, uats: Collection[int] | None) -> Select[Any]:
    return query if uats is None else query.where(column.in_(uats))
