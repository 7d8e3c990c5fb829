"""Open needs that no referral answers yet: demand that is known, by community and need, small counts hidden."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select

from cases.rules.case_vocabulary import OPEN_STATES
from core.i18n import _, number
from referrals.database.models import referrals
from referrals.database.tables.case_tables import case_needs, cases
from referrals.records import roles
from referrals.records.roles import Area

if TYPE_CHECKING:
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_ANSWERED = ("accepted", "started", "completed")
_LEAST_SHOWN = 5  # a smaller count above a community could name somebody (docs/decisions/0011)


@dataclass(frozen=True)
class OpenNeeds:
    """How many people need what and have no accepted referral for it.

    Attributes
    ----------
    rows
        `uat_siruta`, `need`, `people`; None = fewer than may be told.
    """

    rows: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, object]:
        """Return it for programs."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Say it in lines."""
        few = _("mai puțin de {n}").format(n=_LEAST_SHOWN)
        return [
            f"{row['uat_siruta']} · {row['need']} · {few if row['people'] is None else number(row['people'])}"
            for row in self.rows
        ]


def open_needs(ledger: Ledger, *, actor: Actor, county: str = "", uat_siruta: int | None = None) -> OpenNeeds:
    """Count the people with an open need that nobody has accepted a referral for, by community and need.

    A need that the person does not want help with is none here. Needs that come of restricted findings alone are
    counted for a county unit and above, never for a community; whoever is not the team sees no count below five.
    Raises NotAllowedError outside the actor's area.
    """
    area, own = roles.own_area(actor, county)
    uat = own if uat_siruta is None else uat_siruta
    roles.require(actor, "case.counts", Area(area, uat))
    needs, made = case_needs.c, referrals.c
    answered = exists().where(made.case_ref == needs.case_ref, made.need == needs.need, made.state.in_(_ANSWERED))
    query = (
        select(needs.uat_siruta, needs.need, func.count())
        .join(cases, cases.c.case_ref == needs.case_ref)
        .where(cases.c.state.in_(OPEN_STATES), needs.ended_on == "", needs.declined.is_(False), ~answered)
        .group_by(needs.uat_siruta, needs.need)
        .order_by(needs.uat_siruta, needs.need)
    )
    if area:
        query = query.where(cases.c.county == area)
    if uat is not None:
        query = query.where(needs.uat_siruta == uat, needs.sees == "team")
    is_own = actor.role == "team"
    with ledger.store.read() as connection:
        found = [
            {"uat_siruta": at, "need": need, "people": people if is_own or people >= _LEAST_SHOWN else None}
            for at, need, people in map(tuple, connection.execute(query))
        ]
    return OpenNeeds(tuple(found))
