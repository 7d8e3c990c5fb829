"""The counts behind the figures of cases, each a query by community.

What counts in a month does so by the month that stands in its row (`counted_in` and its like), which never lies in a
month that was filed when the fact arrived; so a sum over months is the count of the whole period.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, func, not_, or_, select

from cases.exchange.case_endings import JOINED
from cases.instrument.instrument_model import RESTRICTED
from cases.rules.case_vocabulary import BY_MISTAKE, GOALS_MET
from referrals.database.tables import case_tables as t

NEVER = (BY_MISTAKE, JOINED)  # outcomes of cases that should not have been there
_s, _v, _i, _f = t.case_spells.c, t.visits.c, t.plan_items.c, t.findings.c
# Cases that are in no figure: read once, and given to every query that follows.
UNCOUNTED = "uncounted"
_LEFT_OUT: BindParameter[Any] = bindparam(UNCOUNTED, expanding=True)
_ASIDE = ("info",)  # levels of findings that are no vulnerability
CountQuery = Callable[[str, str, str], Select[Any]]


def _counted() -> ColumnElement[bool]:
    return _s.is_counted.is_(True)


def _by_uat(table: Any, *where: ColumnElement[bool], what: Any = None) -> Select[Any]:
    return select(table.c.uat_siruta, func.count() if what is None else what).where(*where).group_by(table.c.uat_siruta)


def _registered(last: str) -> ColumnElement[bool]:
    left = and_(_s.outcome.in_(NEVER), _s.ended_in <= last)
    return and_(_counted(), _s.begun_as == "opened", _s.begun_in <= last, not_(left))


def _open_at(last: str) -> ColumnElement[bool]:
    return and_(_counted(), _s.begun_in <= last, or_(_s.ended_in == "", _s.ended_in > last))


def _closed(first: str, last: str) -> ColumnElement[bool]:
    return and_(_s.ended_as == "closed", _s.ended_in.between(first, last), _s.outcome.not_in((*NEVER, "erased")))


def _opened(first: str, last: str, _day: str) -> Select[Any]:
    return _by_uat(t.case_spells, _counted(), _s.begun_as == "opened", _s.begun_in.between(first, last))


def _assessed(_first: str, last: str, _day: str) -> Select[Any]:
    done = exists().where(t.assessments.c.case_ref == _s.case_ref, t.assessments.c.counted_in <= last)
    return _by_uat(t.case_spells, _registered(last), done)


def _planned(_first: str, last: str, _day: str) -> Select[Any]:
    plans = t.plans.c
    agreed = exists().where(plans.case_ref == _s.case_ref, plans.agreed_in != "", plans.agreed_in <= last)
    return _by_uat(t.case_spells, _registered(last), agreed)


def _households(_first: str, last: str, _day: str) -> Select[Any]:
    households = func.count(t.cases.c.household_id.distinct())
    return (
        select(_s.uat_siruta, households)
        .join(t.cases, t.cases.c.case_ref == _s.case_ref)
        .where(_open_at(last), t.cases.c.household_id != "")
        .group_by(_s.uat_siruta)
    )


def _visits(first: str, last: str, *also: ColumnElement[bool], what: Any = None) -> Select[Any]:
    counted = (_v.counted_in.between(first, last), _v.case_ref.not_in(_LEFT_OUT))
    return _by_uat(t.visits, *counted, *also, what=what)


def _visits_by(member: str) -> CountQuery:
    return lambda first, last, _day: _visits(first, last, _v.members.contains(member))


def _items(*where: ColumnElement[bool]) -> Select[Any]:
    return _by_uat(t.plan_items, _i.case_ref.not_in(_LEFT_OUT), *where)


def _late(_first: str, last: str, day: str) -> Select[Any]:
    unfinished = or_(_i.done_in == "", _i.done_in > last)
    return _items(_i.due_in != "", _i.due_in <= last, _i.due_on < day, unfinished)


def _findings(*where: ColumnElement[bool]) -> Select[Any]:
    return _by_uat(t.findings, _f.case_ref.not_in(_LEFT_OUT), _f.level.not_in(_ASIDE), *where)


def _reviews(_first: str, last: str, day: str) -> Select[Any]:
    due = t.cases.c.next_review
    return (
        select(_s.uat_siruta, func.count())
        .join(t.cases, t.cases.c.case_ref == _s.case_ref)
        .where(_open_at(last), due != "", due < day)
        .group_by(_s.uat_siruta)
    )


def _supervised(first: str, last: str, column: str, *where: ColumnElement[bool]) -> Select[Any]:
    table = t.supervised
    return _by_uat(table, table.c.counted_in.between(first, last), *where, what=func.count(table.c[column].distinct()))


# Of the months from the first to the last; the third is the last day of the last.
COUNTS: dict[str, CountQuery] = {
    "BEN": lambda _first, last, _day: _by_uat(t.case_spells, _registered(last)),
    "EVAL": _assessed,
    "PLAN": _planned,
    "C-NEW": _opened,
    "C-OPEN": lambda _first, last, _day: _by_uat(t.case_spells, _open_at(last)),
    "C-CLOSED": lambda first, last, _day: _by_uat(t.case_spells, _closed(first, last)),
    "C-GOALS": lambda first, last, _day: _by_uat(t.case_spells, _closed(first, last), _s.outcome == GOALS_MET),
    "C-HOUSE": _households,
    "V-ALL": lambda first, last, _day: _visits(first, last),
    "V-SOC": _visits_by("social"),
    "V-MED": _visits_by("medical"),
    "V-EDU": _visits_by("educational"),
    "V-SEEN": lambda first, last, _day: _visits(
        first, last, _v.case_ref != "", what=func.count(_v.case_ref.distinct())
    ),
    "A-DONE": lambda first, last, _day: _items(_i.state == "done", _i.done_in.between(first, last)),
    "A-DUE": lambda first, last, _day: _items(_i.due_in.between(first, last)),
    "A-LATE": _late,
    "F-SOLVED": lambda first, last, _day: _findings(_f.ending == "resolved", _f.ended_in.between(first, last)),
    "R-DUE": _reviews,
    "S-MEET": lambda first, last, _day: _supervised(first, last, "supervision_id"),
    "S-CASES": lambda first, last, _day: _supervised(first, last, "case_ref", t.supervised.c.case_ref != ""),
}


def uncounted_cases() -> Select[Any]:
    """List the cases that are in no figure."""
    return select(_s.case_ref).where(_s.is_counted.is_(False))


def open_findings(last: str, uats: Collection[int] | None, *, restricted: bool) -> Select[Any]:
    """Count the findings open at the end of a month by community and code: those that are restricted, or the others."""
    still = or_(_f.ended_in == "", _f.ended_in > last)
    seen = _f.sees == RESTRICTED if restricted else _f.sees != RESTRICTED
    where = [_f.case_ref.not_in(_LEFT_OUT), _f.level.not_in(_ASIDE), _f.opened_in <= last, still, seen]
    if uats is not None:
        where.append(_f.uat_siruta.in_(uats))
    # A code that two members found, or that stood in two cases which were joined, is one of its case; of an erased
    # case each counts by itself.
    of_whom = func.coalesce(func.nullif(_f.case_ref, ""), _f.finding_id)
    return select(_f.uat_siruta, _f.code, func.count(of_whom.distinct())).where(*where).group_by(_f.uat_siruta, _f.code)


def first_plans(first: str, last: str, uats: Collection[int] | None) -> Select[Any]:
    """List, of the plans that were a case's first to be agreed, those of some months: community, opening, agreement."""
    plans = t.plans.c
    of_months = select(plans.case_ref).where(plans.agreed_in.between(first, last))
    if uats is not None:
        here = select(_s.case_ref).where(_s.uat_siruta.in_(uats), _s.begun_as == "opened")
        of_months = of_months.where(plans.case_ref.in_(here))
    firsts = (
        select(
            plans.case_ref, func.min(plans.agreed_in).label("agreed_in"), func.min(plans.agreed_on).label("agreed_on")
        )
        .where(plans.agreed_in != "", plans.case_ref.in_(of_months), plans.case_ref.not_in(_LEFT_OUT))
        .group_by(plans.case_ref)
        .subquery()
    )
    opened = select(_s.case_ref, _s.uat_siruta, _s.begun_on).where(_s.begun_as == "opened", _counted()).subquery()
    return (
        select(opened.c.uat_siruta, opened.c.begun_on, firsts.c.agreed_on)
        .join(opened, opened.c.case_ref == firsts.c.case_ref)
        .where(firsts.c.agreed_in.between(first, last))
    )
