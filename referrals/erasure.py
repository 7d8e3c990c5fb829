"""Forgetting a person: on request, and when the retention period is over. The trail stays whole.

What is left of an erased referral is a count: which service, which need, which UAT, when, how it ended.
The case reference, the locality, the note and the date of consent are gone, and with them the thread
that joined one person's referrals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from referrals import audit, life, roles
from referrals.models import answered, referrals
from referrals.roles import Area

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from referrals.facts import Actor, Referral

# How long a closed referral keeps its case reference. Assumed: to be set by the project's own schedule.
RETENTION_DAYS = 730
_AT_ONCE = 500  # one transaction does not hold everybody up


def referrals_of(connection: Connection, case_ref: str) -> list[str]:
    """List the numbers of a case's referrals, in the order in which they were made."""
    query = select(referrals.c.referral_id).where(referrals.c.case_ref == case_ref)
    return list(connection.execute(query.order_by(referrals.c.made_at, referrals.c.referral_id)).scalars())


def erase_case(connection: Connection, case_ref: str, *, actor: Actor, now: datetime) -> int:
    """Erase all of a case's referrals, closing the open ones first (their places come back); give how many."""
    query = select(referrals).where(referrals.c.case_ref == case_ref)
    services = sorted({row["service_id"] for row in connection.execute(query).mappings()})
    audit.lock(connection, services)
    found = [life.from_row(row) for row in connection.execute(query).mappings()]
    for one in found:
        roles.require(actor, "case.erase", Area(one.county, one.uat_siruta))
    for one in found:
        life.close_for_erasure(connection, one, actor=actor, now=now)
        _blank(connection, one, "case.erase", actor=actor, now=now)
    return len(found)


def erase_old(connection: Connection, before: datetime, *, actor: Actor, now: datetime) -> int:
    """Erase referrals closed before `before`, some at a time; give how many (0: nothing left)."""
    query = (
        select(referrals)
        .where(referrals.c.closed_at < before, referrals.c.case_ref != "")
        .order_by(referrals.c.closed_at, referrals.c.referral_id)
        .limit(_AT_ONCE)
    )
    found = [life.from_row(row) for row in connection.execute(query).mappings()]
    audit.lock(connection, {one.service_id for one in found})
    for one in found:
        _blank(connection, one, "case.retention", actor=actor, now=now)
    return len(found)


def _blank(connection: Connection, one: Referral, action: str, *, actor: Actor, now: datetime) -> None:
    connection.execute(
        update(referrals)
        .where(referrals.c.referral_id == one.referral_id)
        .values(case_ref="", locality_siruta=None, note="", consent_at=None)
    )
    # A remembered request is a digest that a known case reference would open.
    connection.execute(delete(answered).where(answered.c.outcome == one.referral_id))
    # The trail names the referral, not the case.
    audit.append(connection, one.service_id, audit.Step(action, one.referral_id), actor=actor, at=now)
