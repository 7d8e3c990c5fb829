"""What a team finds at its desk: activities of the community, moves of cases, cases joined or perhaps one person's."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from cases.exchange.case_endings import JOINED
from cases.rules.case_terms import days_after, term
from cases.rules.case_vocabulary import OPEN_STATES
from referrals.database.tables import case_tables as t
from referrals.records import roles
from referrals.records.roles import Area

if TYPE_CHECKING:
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_MOVE_STATES = ("offered", "confirmed")


@dataclass(frozen=True)
class CaseMove:
    """A case on its way between two communities.

    Attributes
    ----------
    move_id, case_ref
        Its number, and the case.
    from_uat, to_uat, offered_on
        Between which communities, and since when.
    state
        `offered` (waits for the county unit) or `confirmed` (waits for the other team).
    is_own
        Whether the own team offers it; otherwise it is offered to the own team.
    """

    move_id: str
    case_ref: str
    from_uat: int
    to_uat: int
    offered_on: str
    state: str
    is_own: bool


@dataclass(frozen=True)
class JoinedCase:
    """A case that was joined into an older one. undone_until: the last day on which it can be parted."""

    case_ref: str
    joined_into: str
    on_day: str
    undone_until: str


def list_activities(ledger: Ledger, *, actor: Actor, since: str) -> list[dict[str, Any]]:
    """List the activities of a team's community since a day, the newest first.

    Each: `activity_id`, `on_day`, `kind`, `members` (codes, a space between), `participants`. Raises NotAllowedError
    for whoever is no team.
    """
    _require_team(actor)
    done = t.activities.c
    query = (
        select(done.activity_id, done.on_day, done.kind, done.members, done.participants)
        .where(done.uat_siruta == actor.uat_siruta, done.on_day >= since)
        .order_by(done.on_day.desc(), done.activity_id)
    )
    with ledger.store.read() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def list_moves(ledger: Ledger, *, actor: Actor) -> list[CaseMove]:
    """List the moves that a team waits for: its own offers, and cases offered to it once they are confirmed.

    Raises NotAllowedError for whoever is no team.
    """
    _require_team(actor)
    moves = t.case_moves.c
    query = (
        select(moves.move_id, moves.case_ref, moves.from_uat, moves.to_uat, moves.offered_on, moves.state)
        .where(
            or_(
                (moves.from_uat == actor.uat_siruta) & moves.state.in_(_MOVE_STATES),
                (moves.to_uat == actor.uat_siruta) & (moves.state == _MOVE_STATES[1]),
            )
        )
        .order_by(moves.offered_on, moves.move_id)
    )
    with ledger.store.read() as connection:
        rows = connection.execute(query).mappings().all()
    return [CaseMove(**row, is_own=row["from_uat"] == actor.uat_siruta) for row in rows]


def joined_cases(ledger: Ledger, *, actor: Actor) -> list[JoinedCase]:
    """List the cases of a team's community that were joined and can still be parted.

    Raises NotAllowedError for whoever is no team.
    """
    _require_team(actor)
    table, days = t.cases.c, term("join_undone")
    oldest = days_after(ledger.today().isoformat(), -days)
    query = (
        select(table.case_ref, table.joined_into, table.closed_on)
        .where(table.uat_siruta == actor.uat_siruta, table.outcome == JOINED, table.closed_on >= oldest)
        .where(table.erased_at.is_(None))
        .order_by(table.closed_on.desc(), table.case_ref)
    )
    with ledger.store.read() as connection:
        rows = connection.execute(query).all()
    return [JoinedCase(*row, days_after(row.closed_on, days)) for row in rows]


def likely_same(ledger: Ledger, *, actor: Actor) -> list[tuple[str, str]]:
    """List open cases of one household, birth and sex: newer and older, which may be one person and may be twins.

    Raises NotAllowedError for whoever is no team.
    """
    _require_team(actor)
    table = t.cases.c
    query = (
        select(table.household_id, table.born, table.sex, table.case_ref)
        .where(table.uat_siruta == actor.uat_siruta, table.state.in_(OPEN_STATES))
        .where(table.household_id != "", table.born != "")
        .order_by(table.opened_on, table.case_ref)
    )
    alike: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    with ledger.store.read() as connection:
        for household, born, sex, ref in map(tuple, connection.execute(query)):
            alike[household, born, sex].append(ref)
    return [(newer, older) for older, *others in alike.values() for newer in others]


def _require_team(actor: Actor) -> None:
    roles.require(actor, "case.write", Area(actor.county, actor.uat_siruta))
