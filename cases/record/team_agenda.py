"""The agenda of a community: what is to be done, by day, with its open cases."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, or_, select

from cases.record.book_rows import rows_by_case
from cases.record.county_access import reason_of, tell_team
from cases.rules.case_tasks import CaseTask, task_label, tasks_of
from cases.rules.case_vocabulary import OPEN_STATES, UNFINISHED
from core.i18n import _
from referrals.database import audit
from referrals.database.models import referrals
from referrals.database.tables import case_tables as t
from referrals.records import roles
from referrals.records.roles import Area

if TYPE_CHECKING:
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_OF_CASE = tuple(
    t.cases.c[name] for name in ("case_ref", "state", "level", "level_said", "opened_on", "next_review")
)  # what tells a task


@dataclass(frozen=True)
class CaseAgenda:
    """What is to be done in a community up to a day, the most pressing first."""

    until: str
    tasks: tuple[CaseTask, ...]

    def as_json(self) -> dict[str, object]:
        """Return it for programs."""
        return {"until": self.until, "tasks": [asdict(task) for task in self.tasks]}

    def lines(self) -> list[str]:
        """Format it in lines."""
        late = _("întârziat")
        if not self.tasks:
            return [_("Nimic de făcut până la {day}.").format(day=self.until)]
        return [
            " · ".join(filter(None, (task.due_on, task_label(task.kind), task.case_ref, late if task.is_late else "")))
            for task in self.tasks
        ]


def agenda_of(
    ledger: Ledger, uat_siruta: int, county: str, *, actor: Actor, until: str = "", reason: str = ""
) -> CaseAgenda:
    """Work out what is to be done in a community up to a day.

    until: ISO; "" = today. reason: why a county unit asks, which the team of the cases sees; a team need not say.
    Raises NotAllowedError outside the actor's area, BadValueError where a county unit gives no reason.
    """
    roles.require(actor, "case.read", Area(county, uat_siruta))
    text, now = reason_of(actor, reason), ledger.clock()
    end = until or ledger.today().isoformat()
    due = _due(ledger, uat_siruta, end)
    if text:
        subject = f"cases:{uat_siruta}"
        opened = [{"case_ref": ref, "uat_siruta": uat_siruta} for ref in sorted({each.case_ref for each in due})]
        with ledger.store.write() as connection:
            audit.lock(connection, [subject])
            tell_team(connection, opened, text, actor=actor, now=now, until=now)
            step = audit.AuditEvent("case.list", subject, after=str(len(opened)))
            audit.append(connection, subject, step, actor=actor, at=now)
    return CaseAgenda(end, due)


def late_work(ledger: Ledger, uat_siruta: int, county: str, *, actor: Actor) -> tuple[CaseTask, ...]:
    """List what is late in a community, for the supervision of its county; NotAllowedError for others."""
    roles.require(actor, "case.supervise", Area(county, uat_siruta))
    return tuple(each for each in _due(ledger, uat_siruta, ledger.today().isoformat()) if each.is_late)


def _due(ledger: Ledger, uat: int, until: str) -> tuple[CaseTask, ...]:
    with ledger.store.read() as connection:
        tasks = _tasks(connection, uat, ledger.today().isoformat(), until)
    due = (each for each in tasks if each.due_on <= until)
    return tuple(sorted(due, key=lambda each: (each.due_on, each.kind, each.case_ref)))


def _tasks(connection: Connection, uat: int, today: str, until: str) -> list[CaseTask]:
    """List the tasks of open cases; of those that are due later than a day only what costs nothing to leave in."""
    columns, plans, items, remarks = t.assessments.c, t.plans.c, t.plan_items.c, t.supervised.c
    is_open = (t.cases.c.uat_siruta == uat, t.cases.c.state.in_(OPEN_STATES))
    opened = [dict(row) for row in connection.execute(select(*_OF_CASE).where(*is_open)).mappings()]
    refs = select(t.cases.c.case_ref).where(*is_open)
    assessments = rows_by_case(
        connection, select(columns.case_ref, columns.on_day, columns.complete).where(columns.case_ref.in_(refs))
    )
    agreed = rows_by_case(
        connection,
        select(plans.case_ref, plans.plan_id, plans.state, plans.agreed_on).where(
            plans.case_ref.in_(refs), plans.state == "agreed"
        ),
    )
    in_force = {plan["plan_id"] for of_case in agreed.values() for plan in of_case}
    # An item asks on its day; before it where its referral failed; after it where nobody knows whether it helped.
    asks = or_(
        items.state.in_(UNFINISHED) & or_(items.due_on <= until, items.referral_id != ""),
        (items.state == "done") & (items.result == "unknown") & (items.referral_id != ""),
    )
    work = rows_by_case(
        connection,
        select(
            items.case_ref, items.plan_id, items.item_id, items.state, items.result, items.due_on, items.done_on,
            func.coalesce(referrals.c.state, "").label("referral_state"),
        )
        .outerjoin(referrals, referrals.c.referral_id == items.referral_id)
        .where(items.case_ref.in_(refs), asks),
    )  # fmt: skip
    asked = rows_by_case(
        connection,
        select(remarks.case_ref, remarks.state, remarks.due_on).where(
            remarks.case_ref.in_(refs), remarks.state == "open"
        ),
    )
    visits = t.visits.c
    urgent = [case["case_ref"] for case in opened if (case["level_said"] or case["level"]) == "urgent"]
    latest = select(visits.case_ref, func.max(visits.on_day)).where(visits.case_ref.in_(urgent))
    seen = dict(map(tuple, connection.execute(latest.group_by(visits.case_ref)))) if urgent else {}
    return [
        task
        for case in opened
        for task in tasks_of(
            case,
            assessments[case["case_ref"]],
            agreed[case["case_ref"]],
            [item for item in work[case["case_ref"]] if item["plan_id"] in in_force],
            asked[case["case_ref"]],
            today=today,
            last_seen=seen.get(case["case_ref"], ""),
        )
    ]
