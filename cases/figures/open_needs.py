"""Open needs that no referral answers yet: demand that is known, by community and need, small counts hidden."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, exists, func, select

from cases.figures.told_counts import count_words, in_fives, rounding_words
from cases.instrument.instrument_model import RESTRICTED
from cases.rules.case_vocabulary import OPEN_STATES, TAKEN_REFERRAL
from core.i18n import _
from providers.rules.needs import need_name
from referrals.database.models import referrals
from referrals.database.tables.case_tables import case_needs, cases, plan_items
from referrals.records import roles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_ANSWERED = (*TAKEN_REFERRAL, "completed")


@dataclass(frozen=True)
class OpenNeeds:
    """How many people need what and have no accepted referral for it.

    Attributes
    ----------
    rows
        `county`, `uat_siruta` (None = of the county as a whole: needs that come of restricted findings alone), `need`,
        `people` (None = fewer than may be told).
    is_rounded
        Whether people are told in fives, rounded down.
    """

    rows: tuple[dict[str, Any], ...]
    is_rounded: bool

    def as_json(self) -> dict[str, object]:
        """Return it for programs."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Format it in lines."""
        if not self.rows:
            return [_("Nicio nevoie fără răspuns.")]
        sentences = [
            f"{row['uat_siruta'] or row['county']} · {need_name(row['need'])} · {count_words(row['people'])}"
            for row in self.rows
        ]
        return [*sentences, rounding_words()] if self.is_rounded else sentences


def open_needs(ledger: Ledger, *, actor: Actor, county: str = "", uat_siruta: int | None = None) -> OpenNeeds:
    """Count the people with an open need that nobody has accepted a referral for, by community and need.

    A need that the person does not want help with is none here. Needs that come of restricted findings alone are
    counted by county, for a county unit and above, never by community; whoever is not the team is told fives, rounded
    down, as of the diagnosis and of coverage, and of fewer than five that they are few.
    Raises NotAllowedError outside the actor's area.
    """
    area, uat = roles.require_area(actor, "case.counts", county, uat_siruta)
    needs = case_needs.c
    is_own = actor.role == "team"
    where = [cases.c.county == area] if area else []
    if uat is not None:
        where.append(needs.uat_siruta == uat)
    queries = [_counted((cases.c.county, needs.uat_siruta), *where, needs.sees != RESTRICTED)]
    if uat is None and not is_own:
        queries.append(_counted((cases.c.county,), *where, needs.sees == RESTRICTED, ~_is_also_the_teams()))
    found: list[dict[str, Any]] = []
    with ledger.store.read() as connection:
        for query in queries:
            found += [
                {
                    "county": of,
                    "uat_siruta": at[0] if at else None,
                    "need": need,
                    "people": people if is_own else in_fives(people) or None,
                }
                for of, *at, need, people in map(tuple, connection.execute(query))
            ]
    return OpenNeeds(tuple(found), is_rounded=not is_own)


def is_open_need() -> tuple[ColumnElement[bool], ...]:
    """Say when a need of an open case is open: not ended, wanted, and no referral for it was accepted.

    A referral is for it by its need, or by the item of the plan that it was made from.
    """
    needs, made, items = case_needs.c, referrals.c, plan_items.c
    by_need = exists().where(made.case_ref == needs.case_ref, made.need == needs.need, made.state.in_(_ANSWERED))
    by_item = exists().where(
        items.case_ref == needs.case_ref,
        items.need == needs.need,
        items.referral_id == made.referral_id,
        made.state.in_(_ANSWERED),
    )
    return cases.c.state.in_(OPEN_STATES), needs.ended_on == "", needs.declined.is_(False), ~by_need, ~by_item


def _is_also_the_teams() -> ColumnElement[bool]:
    """Say that a need which is hidden is one that the team knows of as well: it is counted there."""
    other = case_needs.alias()
    own = case_needs.c
    of_team = (other.c.case_ref == own.case_ref, other.c.need == own.need, other.c.sees != RESTRICTED)
    return exists().where(*of_team, other.c.ended_on == "")


def _counted(place: Sequence[ColumnElement[Any]], *where: ColumnElement[bool]) -> Select[Any]:
    """Count open needs by where they are."""
    needs = case_needs.c
    by = (*place, needs.need)
    return (
        select(*by, func.count(case_needs.c.case_ref.distinct()))
        .join(cases, cases.c.case_ref == needs.case_ref)
        .where(*is_open_need(), *where)
        .group_by(*by)
        .order_by(*by)
    )
