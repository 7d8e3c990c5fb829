"""What becomes of a plan of community services: adopted, sent back, replaced; its actions begun, done or given up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from cases.community.community_plan import locked_plan, require_version
from cases.community.plan_drafting import draft, new_number, note_step, set_row
from cases.community.plan_texts import MOST_REMARK, MOST_RESULT, tidy_words
from cases.community.plan_vocabulary import ACTION_STATES, ADOPTED, DRAFT, REPLACED, UNENDED, priority_name
from core.errors import BadValueError, UnknownCodeError
from core.i18n import _
from referrals.database.tables import community_plan_tables as t

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_WRITE, _SUPERVISE = "case.write", "case.supervise"
_OPEN, _DONE = "open", "done"
_PROGRESS = ("state", "begun_on", "ended_on", "result")


def adopt_plan(ledger: Ledger, plan_id: str, *, version: int, actor: Actor) -> None:
    """Put a draft in force; the plan of the year that was in force is replaced, and what the county asked is settled.

    Parameters
    ----------
    ledger
        Where the record is kept.
    plan_id, version
        Which draft, as it was read: nobody adopts what was changed since.
    actor
        A member of the team.

    Raises
    ------
    NotAllowedError
        For whoever is no team.
    UnknownCodeError
        For a plan that is not the team's.
    BadValueError
        Where it is no draft, has no priority, or a priority has no action.
    PlanChangedError
        Where it was changed since it was read.
    """
    plans, today = t.community_plans.c, ledger.today().isoformat()
    with ledger.store.write() as connection:
        plan = draft(connection, plan_id, actor)
        require_version(plan["version"], version)
        _require_whole(connection, plan_id)
        of_year = (plans.uat_siruta == plan["uat_siruta"], plans.year == plan["year"])
        in_force = select(t.community_plans).where(*of_year, plans.state == ADOPTED)
        for old in connection.execute(in_force).mappings().all():
            connection.execute(update(t.community_plans).where(plans.plan_id == old["plan_id"]).values(state=REPLACED))
            note_step(connection, old, "replace", old["plan_id"], actor, ledger, before=ADOPTED, after=REPLACED)
        adopted = {"state": ADOPTED, "adopted_on": today, "returned_on": "", "by": actor.account}
        connection.execute(update(t.community_plans).where(plans.plan_id == plan_id).values(**adopted))
        remarks = t.community_plan_remarks
        still = (remarks.c.plan_id.in_(select(plans.plan_id).where(*of_year)), remarks.c.state == _OPEN)
        connection.execute(update(remarks).where(*still).values(state=_DONE))
        note_step(connection, plan, "adopt", plan_id, actor, ledger, before=DRAFT, after=ADOPTED)


def _require_whole(connection: Any, plan_id: str) -> None:
    chosen, actions = t.community_priorities.c, t.community_actions.c
    query = select(chosen.kind, chosen.code).where(chosen.plan_id == plan_id)
    if connection.execute(query.limit(1)).first() is None:
        raise BadValueError(_("Alegeți întâi cel puțin o prioritate."))
    has_action = select(actions.action_id).where(actions.priority_id == chosen.priority_id).exists()
    bare = connection.execute(query.where(~has_action).order_by(chosen.rank).limit(1)).first()
    if bare is not None:
        words = _("Prioritatea „{name}” nu are nicio acțiune.")
        raise BadValueError(words.format(name=priority_name(bare.kind, bare.code)))


def drop_draft(ledger: Ledger, plan_id: str, *, version: int, actor: Actor) -> None:
    """Throw a draft away. Raises as `adopt_plan`, BadValueError where the plan was in force and was sent back."""
    with ledger.store.write() as connection:
        plan = draft(connection, plan_id, actor)
        require_version(plan["version"], version)
        if plan["adopted_on"]:
            raise BadValueError(_("Planul a fost adoptat și trimis înapoi: îndreptați-l și adoptați-l din nou."))
        note_step(connection, plan, "drop", plan_id, actor, ledger, before=DRAFT)
        for table in t.OF_COMMUNITY_PLANS:
            connection.execute(delete(table).where(table.c.plan_id == plan_id))


def note_progress(ledger: Ledger, action_id: str, state: str, result: str, *, version: int, actor: Actor) -> None:
    """Say how far an action of a plan in force is, and what came of it; the plans that go on with it are told.

    Parameters
    ----------
    ledger
        Where the record is kept.
    action_id, version
        Which action, as it was read.
    state, result
        `planned`, `begun`, `done` or `given_up`; in words, which an ended action needs.
    actor
        A member of the team.

    Raises
    ------
    NotAllowedError
        For whoever is no team.
    UnknownCodeError
        For an action that is not the team's, or a state that is none.
    BadValueError
        Where the plan is not in force, or an action ended without a result.
    PersonalDataError
        For a result that says who somebody is.
    PlanChangedError
        Where it was changed since it was read.
    """
    if state not in ACTION_STATES:
        raise UnknownCodeError(_("Alegeți cât de departe este acțiunea."))
    text = tidy_words(result, field=_("Rezultatul"), most=MOST_RESULT, may_be_blank=state in UNENDED)
    actions, today = t.community_actions, ledger.today().isoformat()
    with ledger.store.write() as connection:
        plan_id = connection.execute(select(actions.c.plan_id).where(actions.c.action_id == action_id)).scalar()
        plan = locked_plan(connection, plan_id or "", actor=actor, action=_WRITE)
        if plan["state"] != ADOPTED:
            raise BadValueError(_("Ce s-a făcut se scrie în planul adoptat."))
        row = dict(connection.execute(select(actions).where(actions.c.action_id == action_id)).mappings().one())
        values = {
            "state": state,
            "result": text,
            "begun_on": "" if state == "planned" else row["begun_on"] or today,
            "ended_on": "" if state in UNENDED else row["ended_on"] or today,
        }
        set_row(connection, actions, row, version, values)
        note_step(connection, plan, "progress", action_id, actor, ledger, before=row["state"], after=state)
        for copied, other in _copies(connection, row, plan["year"]):
            # What a copy says of progress is this; what it is to become is its own, and so is the version of a draft.
            is_draft = other["state"] == DRAFT
            by_name = values if is_draft else {**values, "version": copied["version"] + 1}
            connection.execute(update(actions).where(actions.c.action_id == copied["action_id"]).values(**by_name))
            if not is_draft:
                number = copied["action_id"]
                note_step(connection, other, "progress", number, actor, ledger, before=row["state"], after=state)


def _copies(connection: Connection, row: Mapping[str, Any], year: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return the actions that go on with one, each with its plan: in a draft or in force, of its year or a later one.

    Not those that say something of their own: the plan of the next year may be in force as well.
    """
    actions, plans = t.community_actions, t.community_plans
    # A revision and the next year's draft are copies of one action: what both go on with is where the copies start.
    first, before = row["action_id"], row["follows"]
    while before:  # also where the plan of that one is forgotten
        first = before
        before = connection.execute(select(actions.c.follows).where(actions.c.action_id == first)).scalar() or ""
    family, found = [first], [first]
    while found:
        following = select(actions.c.action_id).where(actions.c.follows.in_(found))
        found = [number for number in connection.execute(following).scalars() if number not in family]
        family += found
    others = [number for number in family if number != row["action_id"]]
    copies = []
    for copied in connection.execute(select(actions).where(actions.c.action_id.in_(others))).mappings().all():
        plan = connection.execute(select(plans).where(plans.c.plan_id == copied["plan_id"])).mappings().one()
        is_alive = plan["state"] in (DRAFT, ADOPTED) and plan["year"] >= year
        if is_alive and all(copied[name] == row[name] for name in _PROGRESS):
            copies.append((dict(copied), dict(plan)))
    return copies


def remark_plan(ledger: Ledger, plan_id: str, remark: str, *, sends_back: bool, version: int, actor: Actor) -> str:
    """Say something of a plan as the unit of its county; sent back, it is a draft until the team adopts it anew.

    Parameters
    ----------
    ledger
        Where the record is kept.
    plan_id, version
        Which plan, as it was read.
    remark
        In words.
    sends_back
        Whether the team is to adopt it anew.
    actor
        The unit of its county.

    Returns
    -------
    str
        Number of the remark.

    Raises
    ------
    NotAllowedError
        For whoever is no county unit.
    UnknownCodeError
        For a plan of another county.
    BadValueError
        Where it is to be sent back and is not in force, or the team is revising it already.
    PersonalDataError
        For a remark that says who somebody is.
    PlanChangedError
        Where it was changed since it was read.
    """
    text = tidy_words(remark, field=_("Observația"), most=MOST_REMARK)
    plans, today = t.community_plans.c, ledger.today().isoformat()
    row = {"remark_id": new_number("O"), "plan_id": plan_id, "remark": text, "made_on": today, "by": actor.account}
    with ledger.store.write() as connection:
        plan = locked_plan(connection, plan_id, actor=actor, action=_SUPERVISE)
        require_version(plan["version"], version)
        if sends_back:
            if plan["state"] != ADOPTED:
                raise BadValueError(_("Se trimite înapoi numai un plan adoptat."))
            of_year = (plans.uat_siruta == plan["uat_siruta"], plans.year == plan["year"], plans.state == DRAFT)
            if connection.execute(select(plans.plan_id).where(*of_year).limit(1)).first():
                raise BadValueError(
                    _("Echipa lucrează deja la o variantă nouă: scrieți observația fără a-l trimite înapoi.")
                )
            back = {"state": DRAFT, "returned_on": today}
            connection.execute(update(t.community_plans).where(plans.plan_id == plan_id).values(**back))
        values = {**row, "uat_siruta": plan["uat_siruta"], "sends_back": sends_back, "state": _OPEN}
        connection.execute(insert(t.community_plan_remarks), values)
        what, after = ("back", DRAFT) if sends_back else ("remark", "")
        note_step(connection, plan, what, plan_id, actor, ledger, before=plan["state"], after=after)
    return str(row["remark_id"])


def settle_plan_remark(ledger: Ledger, remark_id: str, *, actor: Actor) -> None:
    """Say that what the county unit asked of a plan was done. UnknownCodeError where it does not wait any more."""
    remarks = t.community_plan_remarks
    with ledger.store.write() as connection:
        waits = (remarks.c.remark_id == remark_id, remarks.c.state == _OPEN)
        plan_id = connection.execute(select(remarks.c.plan_id).where(*waits)).scalar()
        plan = locked_plan(connection, plan_id or "", actor=actor, action=_WRITE)
        done = connection.execute(update(remarks).where(*waits).values(state=_DONE))
        if done.rowcount != 1:
            raise UnknownCodeError(_("Observația nu mai așteaptă, sau nu este a dumneavoastră."))
        note_step(connection, plan, "remark.done", remark_id, actor, ledger, before=_OPEN, after=_DONE)
