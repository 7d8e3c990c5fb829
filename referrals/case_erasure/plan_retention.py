"""Forgetting plans of community services: drafts and replaced ones whose year is long over, and what was said of them.

A plan in force stays: it is the community's, and names institutions. Remarks about it go, and who wrote it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from referrals.database import audit
from referrals.database.tables import community_plan_tables as t

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from referrals.records.vocabulary import Actor

_AT_ONCE = 200  # plans: one transaction does not hold everybody up
_IN_FORCE = "adopted"


def erase_old_plans(connection: Connection, before: datetime, *, actor: Actor, now: datetime) -> int:
    """Delete plans that never were in force or are replaced, of years over before a moment; give how many were due.

    Of a plan in force the remarks and the account go, and the plan stays.
    """
    plan, remarks = t.community_plans.c, t.community_plan_remarks.c
    has_remarks = select(remarks.plan_id).where(remarks.plan_id == plan.plan_id).exists()
    due = select(plan.plan_id, plan.uat_siruta, plan.state).where(
        plan.year < before.year, (plan.state != _IN_FORCE) | (plan.by != "") | has_remarks
    )
    found = connection.execute(due.order_by(plan.plan_id).limit(_AT_ONCE)).all()
    audit.lock(connection, {f"cases:{row.uat_siruta}" for row in found})
    for row in found:
        tables = (t.community_plan_remarks,) if row.state == _IN_FORCE else t.OF_COMMUNITY_PLANS
        for table in tables:
            connection.execute(delete(table).where(table.c.plan_id == row.plan_id))
        connection.execute(update(t.community_plans).where(plan.plan_id == row.plan_id).values(by=""))
        step = audit.AuditEvent("community_plan.retention", row.plan_id, before=row.state)
        audit.append(connection, f"cases:{row.uat_siruta}", step, actor=actor, at=now)
    return len(found)
