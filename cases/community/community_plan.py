"""A plan of community services as it is read: its priorities in order, who does what, what the county unit said."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, select

from cases.community.plan_texts import term_words
from cases.community.plan_vocabulary import (
    ADOPTED,
    DRAFT,
    UNENDED,
    action_state_label,
    plan_state_label,
    priority_name,
    responsible_label,
)
from core.errors import MapError, NotAllowedError, UnknownCodeError
from core.i18n import _, number
from providers.rules.wording import iso_day
from referrals.database import audit
from referrals.database.tables import community_plan_tables as t
from referrals.records import roles
from referrals.records.roles import Area

if TYPE_CHECKING:
    from collections.abc import Iterable

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor


class PlanChangedError(MapError, RuntimeError):
    """Somebody changed a row of a plan after it was shown; nothing of theirs is overwritten."""


@dataclass(frozen=True)
class PlanAction:
    """What is to be done for a priority.

    Attributes
    ----------
    action_id, version
        Its number, and which state of it this is.
    what, responsible, due_on
        In words; an institution or a profession by its code; the last day for it, ISO.
    state, begun_on, ended_on, result
        How far it is, since when, when it ended, and what came of it in words.
    is_late
        Whether the plan is in force, the day has passed and it has not ended.
    """

    action_id: str
    version: int
    what: str
    responsible: str
    due_on: str
    state: str
    begun_on: str
    ended_on: str
    result: str
    is_late: bool


@dataclass(frozen=True)
class PlanPriority:
    """What a team chose to do something about.

    Attributes
    ----------
    priority_id, version
        Its number, and which state of it this is.
    kind, code
        A need of the map, or a category of the nurses' form.
    rank, reason
        From 1; why, in words.
    actions
        In the order of their terms.
    """

    priority_id: str
    version: int
    kind: str
    code: str
    rank: int
    reason: str
    actions: tuple[PlanAction, ...]

    @property
    def name(self) -> str:
        """Name it."""
        return priority_name(self.kind, self.code)


@dataclass(frozen=True)
class PlanRemark:
    """What the county unit said of a plan. sends_back: it asked for the plan to be adopted anew."""

    remark_id: str
    remark: str
    made_on: str
    sends_back: bool
    is_open: bool


@dataclass(frozen=True)
class CommunityPlan:
    """The plan of a community for a year.

    Attributes
    ----------
    plan_id, version
        Its number, and which state of it this is: whatever changes in it makes another.
    county, uat_siruta, year, number
        Whose, of which year, and which one of the year, from 1.
    state, made_on, adopted_on, returned_on
        `draft`, `adopted` or `replaced`, and since when; returned_on: sent back by the county unit, not adopted anew.
    priorities, remarks
        By rank; the newest first.
    """

    plan_id: str
    version: int
    county: str
    uat_siruta: int
    year: int
    number: int
    state: str
    made_on: str
    adopted_on: str
    returned_on: str
    priorities: tuple[PlanPriority, ...]
    remarks: tuple[PlanRemark, ...]

    @property
    def actions(self) -> tuple[PlanAction, ...]:
        """Return the actions of all priorities, in their order."""
        return tuple(action for priority in self.priorities for action in priority.actions)

    @property
    def title(self) -> str:
        """Name the plan: its year, its number where it was revised, and its state."""
        revised = _(", varianta {n}").format(n=self.number) if self.number > 1 else ""
        state = plan_state_label(self.state, is_returned=bool(self.returned_on))
        return _("Planul pe {year}{revised}: {state}").format(year=self.year, revised=revised, state=state)

    def as_json(self) -> dict[str, object]:
        """Return it for programs."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Format it in lines: each priority with its reason, below it what is done about it."""
        sentences = [self.title + (_(" din {day}").format(day=iso_day(self.adopted_on)) if self.adopted_on else "")]
        for priority in self.priorities:
            sentences.append(f"{priority.rank}. {priority.name}: {priority.reason}")
            sentences += [f"   – {action_words(action).line()}" for action in priority.actions]
        waiting = [each.remark for each in self.remarks if each.is_open]
        return [*sentences, *(_("Observație a unității județene: {words}").format(words=words) for words in waiting)]


@dataclass(frozen=True)
class ActionWords:
    """An action of a plan in the language of the screen, part by part; "" where there is nothing to say.

    Attributes
    ----------
    what, responsible, term
        What is done, who answers for it, and until when: a year, a month or a day.
    state, late, result
        How far it is; that it is late; what came of it.
    """

    what: str
    responsible: str
    term: str
    state: str
    late: str
    result: str

    @property
    def progress(self) -> str:
        """Format how far it is, and that it is late."""
        return ", ".join(filter(None, (self.state, self.late)))

    def line(self, *, is_short: bool = False) -> str:
        """Format it in one line. is_short: without what is done and that it is late, which stand beside."""
        term = _("termen {day}").format(day=self.term)
        head, state = ("", self.state) if is_short else (self.what, self.progress)
        return " · ".join(filter(None, (head, self.responsible, term, state, self.result)))


def action_words(action: PlanAction) -> ActionWords:
    """Format the parts of an action, for a line, a sheet or a table."""
    return ActionWords(
        action.what,
        responsible_label(action.responsible),
        term_words(action.due_on),
        action_state_label(action.state),
        _("întârziată") if action.is_late else "",
        action.result,
    )


def late_words(plan: CommunityPlan) -> str:
    """Return in words how many actions of a plan there are, how many are done and how many late."""
    done, late = sum(each.state == "done" for each in plan.actions), sum(each.is_late for each in plan.actions)
    words = _("Acțiuni: {n}; făcute: {done}; întârziate: {late}.")
    return words.format(n=number(len(plan.actions)), done=number(done), late=number(late))


def list_plans(ledger: Ledger, uat_siruta: int, county: str, *, actor: Actor) -> list[CommunityPlan]:
    """List the plans of a community, the newest first.

    Parameters
    ----------
    ledger
        Where the record is kept.
    uat_siruta, county
        Which community: SIRUTA and letters of its county.
    actor
        Its team, or the unit of its county.

    Returns
    -------
    list of CommunityPlan
        Of a year the draft first, then the one in force, then those that it replaced.

    Raises
    ------
    NotAllowedError
        For everybody else.
    """
    roles.require(actor, "case.read", Area(county, uat_siruta))
    return _plans(ledger, t.community_plans.c.uat_siruta == uat_siruta, t.community_plans.c.county == county)


def adopted_plan(ledger: Ledger, uat_siruta: int) -> CommunityPlan | None:
    """Return the plan of a community that is in force.

    Parameters
    ----------
    ledger
        Where the record is kept.
    uat_siruta
        Which community.

    Returns
    -------
    CommunityPlan or None
        This year's, else the last one; None where there is none. No reader is asked for: who shows it looks whether
        its reader may read it.
    """
    plan, today = t.community_plans.c, ledger.today()
    found = _plans(ledger, plan.uat_siruta == uat_siruta, plan.state == ADOPTED, plan.year <= today.year)
    return found[0] if found else None


def _plans(ledger: Ledger, *where: Any) -> list[CommunityPlan]:
    today = ledger.today().isoformat()
    with ledger.store.read() as connection:
        rows = [dict(row) for row in connection.execute(select(t.community_plans).where(*where)).mappings()]
        ids = [row["plan_id"] for row in rows]
        priorities, actions, remarks = (
            _by(connection, table, key, ids)
            for table, key in (
                (t.community_priorities, "plan_id"),
                (t.community_actions, "priority_id"),
                (t.community_plan_remarks, "plan_id"),
            )
        )
    plans = []
    for row in rows:
        is_in_force = row["state"] == ADOPTED
        chosen = [
            PlanPriority(
                **_only(each, PlanPriority),
                actions=tuple(
                    PlanAction(
                        **_only(action, PlanAction),
                        is_late=is_in_force and action["state"] in UNENDED and action["due_on"] < today,
                    )
                    for action in sorted(
                        actions[each["priority_id"]], key=lambda action: (action["due_on"], action["action_id"])
                    )
                ),
            )
            for each in sorted(priorities[row["plan_id"]], key=lambda each: each["rank"])
        ]
        items = sorted(remarks[row["plan_id"]], key=lambda each: (each["made_on"], each["remark_id"]), reverse=True)
        parts = tuple(PlanRemark(**_only(each, PlanRemark), is_open=each["state"] == "open") for each in items)
        plans.append(CommunityPlan(**_only(row, CommunityPlan), priorities=tuple(chosen), remarks=parts))
    order = {DRAFT: 0, ADOPTED: 1}
    return sorted(plans, key=lambda each: (-each.year, order.get(each.state, 2), -each.number))


def _by(connection: Connection, table: Table, key: str, plans: Iterable[str]) -> defaultdict[str, list[dict[str, Any]]]:
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in connection.execute(select(table).where(table.c.plan_id.in_(list(plans)))).mappings():
        found[row[key]].append(dict(row))
    return found


def _only(row: dict[str, Any], kind: type[Any]) -> dict[str, Any]:
    """Return the columns of a row that a class has."""
    names = kind.__dataclass_fields__
    return {name: value for name, value in row.items() if name in names}


def locked_plan(connection: Connection, plan_id: str, *, actor: Actor, action: str) -> dict[str, Any]:
    """Return the row of a plan for somebody who may change it, nobody else changing it meanwhile.

    Raises NotAllowedError where the role never may, UnknownCodeError where there is no such plan or it is of another
    area: which of the two is nobody's business.
    """
    if roles.reach(actor.role, action) == "":
        raise NotAllowedError(_("Rolul dumneavoastră nu permite această acțiune."))
    query = select(t.community_plans).where(t.community_plans.c.plan_id == plan_id)
    row = connection.execute(query).mappings().first()
    if row is None or not roles.allows(actor, action, Area(row["county"], row["uat_siruta"])):
        raise UnknownCodeError(_("Planul nu există, sau nu este al dumneavoastră."))
    if audit.lock(connection, [f"cases:{row['uat_siruta']}"]):
        row = connection.execute(query).mappings().first()
        if row is None:  # thrown away while we waited
            raise UnknownCodeError(_("Planul nu există, sau nu este al dumneavoastră."))
    return dict(row)


def require_version(kept: int, seen: int) -> None:
    """Refuse a change of what somebody else has changed since it was shown."""
    if kept != seen:
        raise PlanChangedError(
            _("Între timp altcineva a schimbat aici. Nu s-a scris nimic peste: citiți ce este acum și apăsați din nou.")
        )
