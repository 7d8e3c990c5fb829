"""Calls that nobody answered: written in the audit log of the service, and nothing of its places changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from core.i18n import ngettext
from referrals.database import audit, idempotency, refused_attempts
from referrals.database.models import audit as audit_rows
from referrals.records import roles
from referrals.records.roles import Area

if TYPE_CHECKING:
    from datetime import datetime

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

ACTION = "call.unanswered"
_RECENT = timedelta(days=7)


@dataclass(frozen=True)
class UnansweredCalls:
    """How many calls to a service stayed without an answer lately, and when the last was made (UTC)."""

    count: int
    last: datetime | None


def note_unanswered(ledger: Ledger, service_id: str, *, actor: Actor, key: str = "") -> None:
    """Write down that nobody answered at a service.

    Parameters
    ----------
    ledger
        In whose audit log it is written.
    service_id
        The key of the service in the ledger.
    actor
        Who called: whoever may report places.
    key
        Makes a form sent twice one call; "" = none.

    Raises
    ------
    NotAllowedError
        Where the actor may not report places.
    """
    with refused_attempts.noted(ledger.store, "capacity.report", service_id, actor=actor, clock=ledger.clock):
        roles.require(actor, "capacity.report", Area(service_id=service_id))
    with ledger.store.write() as connection:
        audit.lock(connection, [service_id])
        request = idempotency.fingerprint(ACTION, {"service_id": service_id})
        if idempotency.lookup(connection, key, request) is not None:
            return
        audit.append(connection, service_id, audit.AuditEvent(ACTION, service_id), actor=actor, at=ledger.clock())
        idempotency.store_outcome(connection, key, request, "noted", ledger.clock())


def recent_unanswered(ledger: Ledger, service_id: str) -> UnansweredCalls:
    """Count the calls of the last seven days that nobody answered; by whom they were made is not told.

    Parameters
    ----------
    ledger
        In whose audit log they are.
    service_id
        The key of the service in the ledger.

    Returns
    -------
    UnansweredCalls
        None of them: 0 and None.
    """
    rows = audit_rows.c
    wanted = (
        select(func.count(), func.max(rows.at))
        .where(rows.chain == audit.chain_of(service_id), rows.subject == service_id, rows.action == ACTION)
        .where(rows.at >= ledger.clock() - _RECENT)
    )
    with ledger.store.read() as connection:
        count, last = connection.execute(wanted).one()
    return UnansweredCalls(int(count), last)


def unanswered_words(calls: UnansweredCalls, when: str) -> str:
    """Say how often nobody answered lately; empty where that was never. when: the last moment, in words."""
    if not calls.count:
        return ""
    said = ngettext(
        "În ultimele 7 zile, {n} apel fără răspuns; ultimul: {when}.",
        "În ultimele 7 zile, {n} apeluri fără răspuns; ultimul: {when}.",
        calls.count,
    )
    return said.format(n=calls.count, when=when)
