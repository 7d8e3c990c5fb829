"""A draft of a plan of community services: begun, its priorities chosen and ordered, its actions written down.

Whatever is changed is a row with a version: who saw an older one is refused, so that nobody overwrites another unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, Table, delete, func, insert, select, update

from cases.community.community_plan import locked_plan, require_version
from cases.community.plan_texts import MOST_ACTION, MOST_REASON, YEARS_AHEAD, tidy_words, typed_term
from cases.community.plan_vocabulary import ADOPTED, DRAFT, KINDS, RESPONSIBLES, UNENDED, priority_codes
from core.errors import BadValueError, UnknownCodeError
from core.i18n import _
from referrals.database import audit
from referrals.database.tables import community_plan_tables as t
from referrals.ledger.referral_request import random_code
from referrals.records import roles
from referrals.records.roles import Area

if TYPE_CHECKING:
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

MOST_PRIORITIES, MOST_ACTIONS = 15, 20
_WRITE = "case.write"
FIRST_VERSION = {"version": 1}


@dataclass(frozen=True)
class ActionTerms:
    """What an action is: in words, an institution or a profession by its code, and the term as it was typed."""

    what: str
    responsible: str
    term: str


def begin_plan(ledger: Ledger, year: int, *, actor: Actor) -> str:
    """Begin the draft of a plan of a team's community, with what there is already; return its number.

    Of a year with a plan in force it is a revision of that one, with all of it; else priorities and unfinished actions
    of the last plan in force are carried over. What is noted of an action afterwards reaches its copy.

    Parameters
    ----------
    ledger
        Where the record is kept.
    year
        From last year to five years ahead.
    actor
        A member of the team.

    Raises
    ------
    NotAllowedError
        For whoever is no team.
    BadValueError
        For another year, or where the year has a draft.
    """
    area = Area(actor.county, actor.uat_siruta)
    roles.require(actor, _WRITE, area)
    require_year(ledger, year)
    with ledger.store.write() as connection:
        row, source = open_draft(connection, ledger, year, area, actor)
        if source is not None:
            _copy(connection, source.plan_id, row["plan_id"], year, is_whole=source.year == year)
        note_step(connection, row, "begin", row["plan_id"], actor, ledger, after=str(year))
    return str(row["plan_id"])


def require_year(ledger: Ledger, year: int) -> None:
    """Refuse a plan of a year that is long over, or far to come."""
    this = ledger.today().year
    if not this - 1 <= year <= this + YEARS_AHEAD:
        raise BadValueError(
            _("Planul este pentru un an între {first} și {last}.").format(first=this - 1, last=this + YEARS_AHEAD)
        )


def open_draft(
    connection: Connection, ledger: Ledger, year: int, area: Area, actor: Actor
) -> tuple[dict[str, Any], Row[Any, Any] | None]:
    """Write an empty draft of a community; return its row, and number and year of the plan in force before it.

    BadValueError where the year has a draft.
    """
    plan = t.community_plans.c
    audit.lock(connection, [f"cases:{area.uat_siruta}"])
    own = plan.uat_siruta == area.uat_siruta
    if connection.execute(select(plan.plan_id).where(own, plan.year == year, plan.state == DRAFT)).first():
        raise BadValueError(_("Pentru {year} este deja o ciornă: lucrați la ea.").format(year=year))
    last = connection.execute(select(func.max(plan.number)).where(own, plan.year == year)).scalar_one()
    before = select(plan.plan_id, plan.year).where(own, plan.state == ADOPTED, plan.year <= year)
    source = connection.execute(before.order_by(plan.year.desc()).limit(1)).first()
    row: dict[str, Any] = {
        "plan_id": new_number("Y"),
        "county": area.county,
        "uat_siruta": area.uat_siruta,
        "year": year,
    }
    row |= {"number": (last or 0) + 1, "state": DRAFT, "made_on": ledger.today().isoformat(), "by": actor.account}
    connection.execute(insert(t.community_plans), {**row, "adopted_on": "", "returned_on": "", **FIRST_VERSION})
    return row, source


def _copy(connection: Connection, source: str, plan_id: str, year: int, *, is_whole: bool) -> None:
    """Copy priorities and actions of a plan; not the ended ones where it is another year's."""
    chosen = connection.execute(select(t.community_priorities).where(t.community_priorities.c.plan_id == source))
    for old in chosen.mappings().all():
        priority_id = new_number("T")
        copied = {**old, "priority_id": priority_id, "plan_id": plan_id, **FIRST_VERSION}
        connection.execute(insert(t.community_priorities), copied)
        actions = t.community_actions
        of_old = select(actions).where(actions.c.priority_id == old["priority_id"])
        for action in connection.execute(of_old).mappings().all():
            if not is_whole and action["state"] not in UNENDED:
                continue
            moved = {"action_id": new_number("N"), "plan_id": plan_id, "priority_id": priority_id, **FIRST_VERSION}
            due = action["due_on"] if action["due_on"] >= f"{year}-01-01" else f"{year}-12-31"
            connection.execute(insert(actions), {**action, **moved, "due_on": due, "follows": action["action_id"]})


def add_priority(ledger: Ledger, plan_id: str, kind: str, code: str, reason: str, *, actor: Actor) -> str:
    """Choose a priority of a draft, the last in rank; return its number.

    kind, code: `need` and a need of the map, or `category` and a category of the nurses' form. reason: why, in words.
    Raises NotAllowedError for whoever is no team, UnknownCodeError for a plan that is not the team's or a code that is
    none, BadValueError where the plan is no draft, has the priority or is full, PersonalDataError for a text that says
    who somebody is.
    """
    text = tidy_words(reason, field=_("Motivul"), most=MOST_REASON)
    if kind not in KINDS or code not in priority_codes(kind):
        raise UnknownCodeError(_("Alegeți o nevoie sau o vulnerabilitate din listă."))
    priority, priority_id = t.community_priorities.c, new_number("T")
    with ledger.store.write() as connection:
        plan = draft(connection, plan_id, actor)
        there = connection.execute(
            select(priority.kind, priority.code, priority.rank).where(priority.plan_id == plan_id)
        ).all()
        if any((row.kind, row.code) == (kind, code) for row in there):
            raise BadValueError(_("Prioritatea este deja în plan."))
        if len(there) >= MOST_PRIORITIES:
            raise BadValueError(_("Un plan are cel mult {n} priorități.").format(n=MOST_PRIORITIES))
        row = {"priority_id": priority_id, "plan_id": plan_id, "uat_siruta": plan["uat_siruta"], "kind": kind}
        rank = max((each.rank for each in there), default=0) + 1
        connection.execute(
            insert(t.community_priorities), {**row, "code": code, "rank": rank, "reason": text, **FIRST_VERSION}
        )
        note_step(connection, plan, "priority", priority_id, actor, ledger, after=code)
    return priority_id


def set_reason(ledger: Ledger, priority_id: str, reason: str, *, version: int, actor: Actor) -> None:
    """Say another reason for a priority. Raises as `add_priority`, and PlanChangedError where it was changed since."""
    text = tidy_words(reason, field=_("Motivul"), most=MOST_REASON)
    with ledger.store.write() as connection:
        plan, row = _row(connection, t.community_priorities, priority_id, actor)
        set_row(connection, t.community_priorities, row, version, {"reason": text})
        note_step(connection, plan, "priority", priority_id, actor, ledger, before=row["code"], after=row["code"])


def raise_priority(ledger: Ledger, priority_id: str, *, version: int, actor: Actor) -> None:
    """Let a priority and the one before it change places; the first stays. Raises as `set_reason`."""
    priority = t.community_priorities.c
    with ledger.store.write() as connection:
        plan, row = _row(connection, t.community_priorities, priority_id, actor)
        above = select(t.community_priorities).where(priority.plan_id == row["plan_id"], priority.rank < row["rank"])
        found = connection.execute(above.order_by(priority.rank.desc()).limit(1)).mappings().first()
        require_version(row["version"], version)
        if found is None:
            return
        for one, rank in ((row, found["rank"]), (dict(found), row["rank"])):
            set_row(connection, t.community_priorities, one, one["version"], {"rank": rank})
        note_step(
            connection, plan, "order", priority_id, actor, ledger, before=str(row["rank"]), after=str(found["rank"])
        )


def drop_priority(ledger: Ledger, priority_id: str, *, version: int, actor: Actor) -> None:
    """Take a priority without actions out of a draft. Raises as `set_reason`, BadValueError where it has actions."""
    priority, action = t.community_priorities.c, t.community_actions.c
    with ledger.store.write() as connection:
        plan, row = _row(connection, t.community_priorities, priority_id, actor)
        require_version(row["version"], version)
        if connection.execute(select(action.action_id).where(action.priority_id == priority_id).limit(1)).first():
            raise BadValueError(_("Scoateți întâi acțiunile acestei priorități."))
        connection.execute(delete(t.community_priorities).where(priority.priority_id == priority_id))
        after = (priority.plan_id == row["plan_id"], priority.rank > row["rank"])
        connection.execute(update(t.community_priorities).where(*after).values(rank=priority.rank - 1))
        note_step(connection, plan, "priority", priority_id, actor, ledger, before=row["code"])


def add_action(ledger: Ledger, priority_id: str, terms: ActionTerms, *, actor: Actor) -> str:
    """Write an action for a priority of a draft; return its number. The same action twice is one.

    Raises as `add_priority`, BadValueError for a term that is none.
    """
    action, action_id = t.community_actions.c, new_number("N")
    with ledger.store.write() as connection:
        plan, priority = _row(connection, t.community_priorities, priority_id, actor)
        values = _values(terms, plan["year"])
        there = (
            connection.execute(select(t.community_actions).where(action.priority_id == priority_id)).mappings().all()
        )
        for one in there:
            if all(one[name] == value for name, value in values.items()):
                return str(one["action_id"])
        if len(there) >= MOST_ACTIONS:
            raise BadValueError(_("O prioritate are cel mult {n} acțiuni.").format(n=MOST_ACTIONS))
        row = {"action_id": action_id, "plan_id": plan["plan_id"], "priority_id": priority["priority_id"], **values}
        blank = {"state": "planned", "begun_on": "", "ended_on": "", "result": "", "follows": ""}
        connection.execute(
            insert(t.community_actions), {**row, "uat_siruta": plan["uat_siruta"], **blank, **FIRST_VERSION}
        )
        note_step(connection, plan, "action", action_id, actor, ledger, after=values["due_on"])
    return action_id


def set_action(ledger: Ledger, action_id: str, terms: ActionTerms, *, version: int, actor: Actor) -> None:
    """Change what an action of a draft is. Raises as `add_action`, and PlanChangedError where it was changed since."""
    with ledger.store.write() as connection:
        plan, row = _row(connection, t.community_actions, action_id, actor)
        values = _values(terms, plan["year"])
        set_row(connection, t.community_actions, row, version, values)
        note_step(connection, plan, "action", action_id, actor, ledger, before=row["due_on"], after=values["due_on"])


def drop_action(ledger: Ledger, action_id: str, *, version: int, actor: Actor) -> None:
    """Take an action out of a draft. Raises as `set_action`."""
    with ledger.store.write() as connection:
        plan, row = _row(connection, t.community_actions, action_id, actor)
        require_version(row["version"], version)
        connection.execute(delete(t.community_actions).where(t.community_actions.c.action_id == action_id))
        note_step(connection, plan, "action", action_id, actor, ledger, before=row["due_on"])


def _values(terms: ActionTerms, year: int) -> dict[str, str]:
    """Return the columns of what an action is; BadValueError and PersonalDataError where that cannot be."""
    what = tidy_words(terms.what, field=_("Acțiunea"), most=MOST_ACTION)
    if terms.responsible not in RESPONSIBLES:
        raise BadValueError(_("Alegeți cine răspunde: o instituție sau o profesie."))
    return {"what": what, "responsible": terms.responsible, "due_on": typed_term(terms.term, year)}


def draft(connection: Connection, plan_id: str, actor: Actor) -> dict[str, Any]:
    """Return the row of a team's draft, locked; BadValueError where the plan is none any more."""
    plan = locked_plan(connection, plan_id, actor=actor, action=_WRITE)
    if plan["state"] != DRAFT:
        raise BadValueError(_("Planul este adoptat: începeți o variantă nouă ca să îl schimbați."))
    return plan


def _row(connection: Connection, table: Table, number: str, actor: Actor) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the plan, locked, and a row of it; UnknownCodeError where it is not there, or not any more."""
    key = next(iter(table.primary_key.columns))
    plan_id = connection.execute(select(table.c.plan_id).where(key == number)).scalar()
    plan = draft(connection, plan_id or "", actor)
    row = connection.execute(select(table).where(key == number)).mappings().first()
    if row is None:
        raise UnknownCodeError(_("Între timp altcineva a scos acest rând din plan."))
    return plan, dict(row)


def set_row(connection: Connection, table: Table, row: Mapping[str, Any], seen: int, values: Mapping[str, Any]) -> None:
    """Change a row that nobody changed since it was seen; PlanChangedError otherwise."""
    require_version(row["version"], seen)
    key = next(iter(table.primary_key.columns))
    still = (key == row[key.name], table.c.version == seen)
    done = connection.execute(update(table).where(*still).values(**values, version=seen + 1))
    require_version(seen if done.rowcount == 1 else seen + 1, seen)


def note_step(
    connection: Connection,
    plan: Mapping[Any, Any],
    what: str,
    subject: str,
    actor: Actor,
    ledger: Ledger,
    *,
    before: str = "",
    after: str = "",
) -> None:
    """Write a step in the audit log (codes and days, no text), and let the plan be another version."""
    versions = t.community_plans
    connection.execute(
        update(versions).where(versions.c.plan_id == plan["plan_id"]).values(version=versions.c.version + 1)
    )
    step = audit.AuditEvent(f"community_plan.{what}", subject, before=before, after=after)
    audit.append(connection, f"cases:{plan['uat_siruta']}", step, actor=actor, at=ledger.clock())


def new_number(letter: str) -> str:
    """Draw the number of a row."""
    word = random_code(10)
    return f"{letter}-{word[:5]}-{word[5:]}"
