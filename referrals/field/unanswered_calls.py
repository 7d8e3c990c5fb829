"""Calls that nobody answered: written in the audit log of the service, and nothing of its places changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.i18n import _, ngettext
from referrals.database import audit, idempotency, refused_attempts
from referrals.database.models import audit as audit_rows
from referrals.field.withdrawn_reports import WITHIN
from referrals.records import roles
from referrals.records.ledger_errors import BadReportError
from referrals.records.roles import Area

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

ACTION = "call.unanswered"
TAKEN_BACK = "call.taken_back"
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


def take_back_unanswered(ledger: Ledger, service_id: str, *, actor: Actor) -> None:
    """Take back the last call that was noted by mistake: it is counted no more, and both stand in the audit log.

    Parameters
    ----------
    ledger
        In whose audit log it was written.
    service_id
        The key of the service in the ledger.
    actor
        Who noted it, at most `WITHIN` ago.

    Raises
    ------
    BadReportError
        Where the actor noted none within that time that is not taken back already.
    NotAllowedError
        Where the actor may not report places.
    """
    with refused_attempts.noted(ledger.store, "capacity.report", service_id, actor=actor, clock=ledger.clock):
        roles.require(actor, "capacity.report", Area(service_id=service_id))
    with ledger.store.write() as connection:
        audit.lock(connection, [service_id])
        calls = _standing(connection, service_id, ledger.clock() - WITHIN)
        own = [each for each in calls if (each.role, each.account) == (actor.role, actor.account)]
        if not own:
            raise BadReportError(_("Nota aceasta nu mai este, sau a făcut-o altcineva."))
        step = audit.AuditEvent(TAKEN_BACK, service_id, before=str(own[-1].position))
        audit.append(connection, service_id, step, actor=actor, at=ledger.clock())


def _standing(connection: Connection, service_id: str, since: datetime) -> list[Any]:
    """Return the calls since a moment that were not taken back, the latest last."""
    rows = audit_rows.c
    wanted = (
        select(rows.position, rows.at, rows.role, rows.account, rows.action, rows.before)
        .where(rows.chain == audit.chain_of(service_id), rows.subject == service_id, rows.at >= since)
        .where(rows.action.in_((ACTION, TAKEN_BACK)))
        .order_by(rows.position)
    )
    found = connection.execute(wanted).all()
    gone = {int(each.before) for each in found if each.action == TAKEN_BACK}
    return [each for each in found if each.action == ACTION and each.position not in gone]


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
    with ledger.store.read() as connection:
        calls = _standing(connection, service_id, ledger.clock() - _RECENT)
    return UnansweredCalls(len(calls), calls[-1].at if calls else None)


def unanswered_words(calls: UnansweredCalls, when: str) -> str:
    """Return in words how often nobody answered lately; empty where that was never. when: the last moment, in words."""
    if not calls.count:
        return ""
    text = ngettext(
        "În ultimele 7 zile, {n} apel fără răspuns; ultimul: {when}.",
        "În ultimele 7 zile, {n} apeluri fără răspuns; ultimul: {when}.",
        calls.count,
    )
    return text.format(n=calls.count, when=when)
