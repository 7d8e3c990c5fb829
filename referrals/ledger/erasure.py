"""Forgetting a person: on request, and when the retention period is over. The audit log stays whole.

What is left of an erased referral is a count: which service, which need, which UAT, when, how it ended.
The case reference, the locality, the note and the date of consent are gone, and with them the thread
that joined one person's referrals.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, select, update

from core.errors import BadValueError
from core.i18n import _
from referrals.case_erasure import record_erasure
from referrals.database import audit
from referrals.database.models import CASE_TABLES, PLAN_TABLES, answered, local_entries, provider_answers, referrals
from referrals.database.tables.table_base import UtcTime
from referrals.ledger import lifecycle
from referrals.outbox import message_queue
from referrals.records import roles
from referrals.records.roles import Area

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from referrals.records.vocabulary import Actor, Referral

# How long a closed referral keeps its case reference. Assumed: the project's own schedule sets it by SETTING.
RETENTION_DAYS = 730
SETTING = "HARTA_RETENTION_DAYS"
_LEAST_DAYS = 30  # below it a slip of the pen would forget work in hand
ANSWERS_KEPT = timedelta(days=30)  # nobody sends a form again after that
LOCAL_KEPT = timedelta(days=365)  # of an entry of local knowledge that was refused or taken out
PURGED = (
    "referrals",
    "answered_requests",
    "messages",
    "provider_answers",
    "monthly_reports",
    *(table.name for table in (*CASE_TABLES, *PLAN_TABLES)),
)  # tables out of whose files the erased must go too
_AT_ONCE = 500  # one transaction does not hold everybody up


@dataclass(frozen=True)
class Due:
    """What is past its time: referrals and cases to be forgotten, closed since when, and open ones as old.

    records: case records closed before, to be forgotten too.
    overdue: referrals that nobody has closed though their last step is older than the period; who has them
    closes them, retention does not.
    """

    days: int
    before: datetime
    referrals: int
    cases: int
    oldest: datetime | None
    overdue: int
    records: int = 0


def retention_days() -> int:
    """Read for how many days a closed referral keeps its case reference; BadValueError for a setting that is none."""
    text = os.environ.get(SETTING, "").strip()
    if not text:
        return RETENTION_DAYS
    if not text.isascii() or not text.isdigit() or int(text) < _LEAST_DAYS:
        raise BadValueError(
            _("{setting} este „{found}”; trebuie să fie un număr de zile, cel puțin {least}.").format(
                setting=SETTING, found=text[:20], least=_LEAST_DAYS
            )
        )
    return int(text)


def due(connection: Connection, days: int, now: datetime) -> Due:
    """Count what is past its time; nothing is changed."""
    before = now - timedelta(days=days)
    row = connection.execute(
        select(
            func.count().label("referrals"),
            func.count(referrals.c.case_ref.distinct()).label("cases"),
            func.min(referrals.c.closed_at).label("oldest"),
        ).where(referrals.c.closed_at < before, referrals.c.case_ref != "")
    ).one()
    last_step = func.coalesce(referrals.c.started_at, referrals.c.accepted_at, referrals.c.made_at)
    overdue = select(func.count()).where(
        referrals.c.closed_at.is_(None), last_step < bindparam("before", before, UtcTime)
    )
    return Due(
        days,
        before,
        row.referrals,
        row.cases,
        row.oldest,
        connection.execute(overdue).scalar_one(),
        record_erasure.count_old_records(connection, before),
    )


def referrals_of(connection: Connection, case_ref: str) -> list[str]:
    """List the numbers of a case's referrals, in the order in which they were made."""
    query = select(referrals.c.referral_id).where(referrals.c.case_ref == case_ref)
    return list(connection.execute(query.order_by(referrals.c.made_at, referrals.c.referral_id)).scalars())


def erase_case(connection: Connection, case_ref: str, *, actor: Actor, now: datetime) -> int:
    """Erase all of a case's referrals, closing the open ones first (their places come back); give how many."""
    query = select(referrals).where(referrals.c.case_ref == case_ref)
    rows = connection.execute(query).mappings().all()
    # Telephones are told in the order of writing: all chains at once, or two writers could wait for each other.
    audit.lock(connection, {row["service_id"] for row in rows} | {f"cases:{row['uat_siruta']}" for row in rows})
    found = [lifecycle.from_row(row) for row in connection.execute(query).mappings()]
    for one in found:
        roles.require(actor, "case.erase", Area(one.county, one.uat_siruta))
    for one in found:
        lifecycle.close_for_erasure(connection, one, actor=actor, now=now)
        _blank(connection, one, "case.erase", actor=actor, now=now)
    # A case without a record has referrals alone; words of others may name it too.
    record_erasure.forget_words(connection, {(one.uat_siruta, one.county, case_ref) for one in found}, now)
    return len(found)


def erase_old(connection: Connection, before: datetime, *, actor: Actor, now: datetime) -> int:
    """Erase referrals closed before `before`, some at a time; give how many (0: nothing left)."""
    query = (
        select(referrals)
        .where(referrals.c.closed_at < before, referrals.c.case_ref != "")
        .order_by(referrals.c.closed_at, referrals.c.referral_id)
        .limit(_AT_ONCE)
    )
    found = [lifecycle.from_row(row) for row in connection.execute(query).mappings()]
    audit.lock(connection, {one.service_id for one in found})
    for one in found:
        _blank(connection, one, "case.retention", actor=actor, now=now)
    return len(found)


def forget_local_entries(connection: Connection, before: datetime, *, actor: Actor, now: datetime) -> int:
    """Delete entries of local knowledge that were refused or taken out before `before`; give how many."""
    query = select(local_entries.c.entry_id, local_entries.c.county, local_entries.c.state).where(
        local_entries.c.state.in_(("refused", "removed")), local_entries.c.settled_at < before
    )
    found = connection.execute(query.order_by(local_entries.c.entry_id).limit(_AT_ONCE)).all()
    audit.lock(connection, {f"local:{row.county}" for row in found})
    for row in found:
        connection.execute(delete(local_entries).where(local_entries.c.entry_id == row.entry_id))
        step = audit.AuditEvent("local.forget", f"local:{row.entry_id}", before=row.state)
        audit.append(connection, f"local:{row.county}", step, actor=actor, at=now)
    return len(found)


def erase_numbers(connection: Connection, numbers: Iterable[str], *, actor: Actor, now: datetime) -> list[str]:
    """Erase the referrals with these numbers that are there and not erased yet; give which."""
    wanted = set(numbers)
    query = select(referrals).where(referrals.c.case_ref != "").order_by(referrals.c.referral_id)
    found = [
        lifecycle.from_row(row) for row in connection.execute(query).mappings().all() if row["referral_id"] in wanted
    ]
    audit.lock(connection, {one.service_id for one in found})
    for one in found:
        lifecycle.close_for_erasure(connection, one, actor=actor, now=now)
        _blank(connection, one, "case.erase", actor=actor, now=now)
    return [one.referral_id for one in found]


def _blank(connection: Connection, one: Referral, action: str, *, actor: Actor, now: datetime) -> None:
    connection.execute(
        update(referrals)
        .where(referrals.c.referral_id == one.referral_id)
        .values(case_ref="", locality_siruta=None, note="", consent_at=None)
    )
    # A remembered request is a digest that a known case reference would open.
    connection.execute(delete(answered).where(answered.c.outcome == one.referral_id))
    connection.execute(delete(provider_answers).where(provider_answers.c.referral_id == one.referral_id))
    message_queue.forget_referral(connection, one.referral_id)
    # The audit log names the referral, not the case.
    audit.append(connection, one.service_id, audit.AuditEvent(action, one.referral_id), actor=actor, at=now)
