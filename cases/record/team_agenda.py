"""The agenda of a community: what is to be done, by day, with its open cases."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, func, select

from cases.rules.case_tasks import CaseTask, task_label, tasks_of
from cases.rules.case_vocabulary import OPEN_STATES
from core.i18n import _
from referrals.database.models import referrals
from referrals.database.tables import case_tables as t
from referrals.records import roles
from referrals.records.roles import Area

if TYPE_CHECKING:
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor


@dataclass(frozen=True)
class CaseAgenda:
    """What is to be done in a community up to a day, the most pressing first."""

    until: str
    tasks: tuple[CaseTask, ...]

    def as_json(self) -> dict[str, object]:
        """Return it for programs."""
        return {"until": self.until, "tasks": [asdict(task) for task in self.tasks]}

    def lines(self) -> list[str]:
        """Say it in lines."""
        late = _("întârziat")
        if not self.tasks:
            return [_("Nimic de făcut până la {day}.").format(day=self.until)]
        return [
            " · ".join(filter(None, (task.due_on, task_label(task.kind), task.case_ref, late if task.is_late else "")))
            for task in self.tasks
        ]


def agenda_of(ledger: Ledger, uat_siruta: int, county: str, *, actor: Actor, until: str = "") -> CaseAgenda:
    """Work out what is to be done in a community up to a day.

    until: ISO; "" = today. Raises NotAllowedError outside the actor's area.
    """
    roles.require(actor, "case.read", Area(county, uat_siruta))
    today = ledger.today().isoformat()
    with ledger.store.read() as connection:
        tasks = _tasks(connection, uat_siruta, today)
    end = until or today
    due = sorted(
        (each for each in tasks if each.due_on <= end), key=lambda each: (each.due_on, each.kind, each.case_ref)
    )
    return CaseAgenda(end, tuple(due))


def _tasks(connection: Connection, uat: int, today: str) -> list[CaseTask]:
    cases = select(t.cases).where(t.cases.c.uat_siruta == uat, t.cases.c.state.in_(OPEN_STATES))
    opened = [dict(row) for row in connection.execute(cases).mappings()]
    refs = select(t.cases.c.case_ref).where(t.cases.c.uat_siruta == uat, t.cases.c.state.in_(OPEN_STATES))
    said, plans, items, remarks = t.assessments.c, t.plans.c, t.plan_items.c, t.supervised.c
    assessments = _by_case(connection, select(said.case_ref, said.on_day, said.complete).where(said.case_ref.in_(refs)))
    agreed = _by_case(
        connection,
        select(plans.case_ref, plans.state, plans.agreed_on).where(plans.case_ref.in_(refs), plans.state == "agreed"),
    )
    work = _by_case(
        connection,
        select(
            items.case_ref, items.item_id, items.state, items.result, items.due_on, items.done_on,
            func.coalesce(referrals.c.state, "").label("referral_state"),
        )
        .outerjoin(referrals, referrals.c.referral_id == items.referral_id)
        .join(t.plans, plans.plan_id == items.plan_id)
        .where(items.case_ref.in_(refs), plans.state == "agreed"),
    )  # fmt: skip
    asked = _by_case(
        connection,
        select(remarks.case_ref, remarks.state, remarks.due_on).where(
            remarks.case_ref.in_(refs), remarks.state == "open"
        ),
    )
    visits = t.visits.c
    latest = select(visits.case_ref, func.max(visits.on_day)).where(visits.case_ref.in_(refs)).group_by(visits.case_ref)
    seen = dict(map(tuple, connection.execute(latest)))
    return [
        task
        for case in opened
        for task in tasks_of(
            case,
            assessments[case["case_ref"]],
            agreed[case["case_ref"]],
            work[case["case_ref"]],
            asked[case["case_ref"]],
            today=today,
            last_seen=seen.get(case["case_ref"], ""),
        )
    ]


def _by_case(connection: Connection, query: Select[Any]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        found[row["case_ref"]].append(dict(row))
    return found
