"""What a county unit has before it when it supervises: its communities, the sessions of the year, remarks that wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, exists, func, insert, select, update

from cases.rules.case_vocabulary import OPEN_STATES, UNFINISHED
from core.errors import UnknownCodeError
from core.i18n import _
from referrals.case_erasure import case_digest
from referrals.case_erasure.record_erasure import note_row
from referrals.database import audit
from referrals.database.models import accounts
from referrals.database.tables import case_tables as t
from referrals.database.tables.exchange_tables import case_changes
from referrals.records import roles
from referrals.records.roles import Area

if TYPE_CHECKING:
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_OPEN = "open"


@dataclass(frozen=True)
class SupervisedCommunity:
    """A community as its county unit supervises it.

    Attributes
    ----------
    uat_siruta
        Which.
    open_cases, urgent
        How many cases are open, and how many of these are urgent.
    late_actions, late_reviews
        Open cases with an action past its deadline, and open cases whose review day has passed.
    open_remarks
        Remarks that ask for something and were not seen to.
    sessions
        Sessions of this year that spoke of it or of one of its cases.
    last_session
        Day of the last of them; "" = none this year.
    """

    uat_siruta: int
    open_cases: int = 0
    urgent: int = 0
    late_actions: int = 0
    late_reviews: int = 0
    open_remarks: int = 0
    sessions: int = 0
    last_session: str = ""


@dataclass(frozen=True)
class RemarkShown:
    """A remark of a session.

    Attributes
    ----------
    remark_id, supervision_id
        Its number, and its session's.
    on_day, kind
        Of the session.
    uat_siruta, case_ref
        What it is about; "" = the community as a whole.
    remark
        In words.
    asks, due_on, is_open, is_late
        Whether something is to be done, until when ("" = no day), whether it waits, and whether that day has passed.
    """

    remark_id: str
    supervision_id: str
    on_day: str
    kind: str
    uat_siruta: int
    case_ref: str
    remark: str
    asks: bool
    due_on: str
    is_open: bool
    is_late: bool


def supervised_communities(ledger: Ledger, county: str, *, actor: Actor) -> list[SupervisedCommunity]:
    """Count by community what a county unit looks at: all that have a team, a case, or a session of this year.

    Raises NotAllowedError where the actor is not the county's unit.
    """
    roles.require(actor, "case.supervise", Area(county))
    today = ledger.today().isoformat()
    cases, items, columns, sessions = t.cases.c, t.plan_items.c, t.supervised.c, t.supervisions.c
    is_open = (cases.county == county) & cases.state.in_(OPEN_STATES)
    is_late = exists().where(
        items.case_ref == cases.case_ref, items.state.in_(UNFINISHED), items.due_on < today,
        items.plan_id == t.plans.c.plan_id, t.plans.c.state == "agreed",
    )  # fmt: skip
    counted = {
        "open_cases": _by_uat(is_open),
        "urgent": _by_uat(is_open, t.LEVEL_IN_FORCE == "urgent"),
        "late_actions": _by_uat(is_open, is_late),
        "late_reviews": _by_uat(is_open, cases.next_review != "", cases.next_review < today),
    }
    held = (
        select(columns.uat_siruta, func.count(sessions.supervision_id.distinct()), func.max(sessions.on_day))
        .join(t.supervisions, sessions.supervision_id == columns.supervision_id)
        .where(sessions.county == county, sessions.on_day >= today[:4])
        .group_by(columns.uat_siruta)
    )
    waiting = (
        select(columns.uat_siruta, func.count())
        .join(t.supervisions, sessions.supervision_id == columns.supervision_id)
        .where(sessions.county == county, columns.state == _OPEN)
        .group_by(columns.uat_siruta)
    )
    teams = select(accounts.c.uat_siruta).where(
        accounts.c.county == county, accounts.c.role == "team", accounts.c.state == "active"
    )
    found: dict[int, dict[str, Any]] = {}
    with ledger.store.read() as connection:
        for uat in connection.execute(teams).scalars():
            if uat is not None:
                found.setdefault(uat, {})
        for name, query in {**counted, "open_remarks": waiting}.items():
            for uat, count in map(tuple, connection.execute(query)):
                found.setdefault(uat, {})[name] = count
        for uat, count, last in map(tuple, connection.execute(held)):
            found.setdefault(uat, {}).update(sessions=count, last_session=last)
    return [SupervisedCommunity(uat, **values) for uat, values in sorted(found.items())]


def _by_uat(*where: Any) -> Select[Any]:
    return select(t.cases.c.uat_siruta, func.count()).where(*where).group_by(t.cases.c.uat_siruta)


def list_remarks(ledger: Ledger, *, actor: Actor, only_open: bool = False) -> list[RemarkShown]:
    """List remarks of supervision, late ones and then those that wait first: of the own county, of a team's community.

    Raises NotAllowedError for everybody else.
    """
    roles.require(actor, "case.read", Area(actor.county, actor.uat_siruta))
    columns, sessions = t.supervised.c, t.supervisions.c
    query = select(
        columns.remark_id, columns.supervision_id, sessions.on_day, sessions.kind, columns.uat_siruta, columns.case_ref,
        columns.remark, columns.asks, columns.due_on, columns.state,
    ).join(t.supervisions, sessions.supervision_id == columns.supervision_id)  # fmt: skip
    if actor.role == "team":
        query = query.where(columns.uat_siruta == actor.uat_siruta)
    else:
        query = query.where(sessions.county == actor.county)
    if only_open:
        query = query.where(columns.state == _OPEN)
    today = ledger.today().isoformat()
    with ledger.store.read() as connection:
        rows = connection.execute(query.order_by(sessions.on_day.desc(), columns.remark_id)).mappings().all()
    shown = [_shown(dict(row), today) for row in rows]
    return sorted(shown, key=lambda each: (not each.is_open, not each.is_late))


def _shown(row: dict[str, Any], today: str) -> RemarkShown:
    is_open = row.pop("state") == _OPEN
    return RemarkShown(**row, is_open=is_open, is_late=is_open and "" < row["due_on"] < today)


def settle_remark(ledger: Ledger, remark_id: str, *, actor: Actor) -> None:
    """Say that what a remark asked for was done: the team it is about, or the county unit that made it.

    Raises UnknownCodeError where the actor has no such remark, or it does not wait any more.
    """
    now = ledger.clock()
    with ledger.store.write() as connection:
        row = _remark(connection, remark_id)
        own = "case.write" if actor.role == "team" else "case.supervise"
        # Whether there is such a remark elsewhere is nobody's business.
        if row is None or not roles.allows(actor, own, Area(row["county"], row["uat_siruta"])):
            raise UnknownCodeError(_("Observația nu mai așteaptă, sau nu este a dumneavoastră."))
        subject = f"cases:{row['uat_siruta']}"
        audit.lock(connection, [subject])
        columns = t.supervised.c
        still = update(t.supervised).where(columns.remark_id == remark_id, columns.state == _OPEN)
        connection.execute(still.values(state="done"))
        if row["case_ref"]:
            values = note_row(row["uat_siruta"], row["case_ref"], "remark.settle", now)
            connection.execute(insert(case_changes), values)
        about = case_digest(row["case_ref"]) if row["case_ref"] else subject
        step = audit.AuditEvent("case.remark.done", about, after=remark_id)
        audit.append(connection, subject, step, actor=actor, at=now)


def _remark(connection: Connection, remark_id: str) -> dict[str, Any] | None:
    columns, sessions = t.supervised.c, t.supervisions.c
    query = (
        select(columns.uat_siruta, columns.case_ref, sessions.county)
        .join(t.supervisions, sessions.supervision_id == columns.supervision_id)
        .where(columns.remark_id == remark_id, columns.state == _OPEN)
    )
    found = connection.execute(query).mappings().first()
    return None if found is None else dict(found)
