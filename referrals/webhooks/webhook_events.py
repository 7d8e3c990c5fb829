"""What a subscription is told, in order: steps of referrals out of the audit log, changes of services out of the feed.

Both are written already where the events happen, the audit log in the ledger's own transaction: they are the outbox,
and a subscription keeps only how far it has read. The log is in order within each of its chains, and all steps of a
referral stand in one chain. Of a service the feed tells that it changed, not how often: who is told reads it.
"""

from __future__ import annotations

import hashlib
import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from referrals.database.models import audit, chains, referrals, webhook_cursors
from referrals.interchange import change_feed
from referrals.records import roles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from referrals.interchange.change_feed import FeedState
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

# What happened, by the action in the audit log.
REFERRAL_EVENTS = {
    "referral.make": "referral.made",
    "referral.accept": "referral.accepted",
    "referral.decline": "referral.declined",
    "referral.start": "referral.started",
    "referral.complete": "referral.completed",
    "referral.break_off": "referral.broken_off",
    "referral.cancel": "referral.cancelled",
    "referral.expire": "referral.expired",
}
SERVICE_CHANGED, SERVICES_CHANGED, PING = "service.changed", "services.changed", "ping"
MOST_SERVICES = 200  # changed at a time that are told one by one: after an import the feed is to be read
_ROWS_A_CHAIN = 200
_REFUSED = "refused"


@dataclass(frozen=True)
class WebhookEvent:
    """One event of one subscription.

    event_id: the same at every try. kind: what happened, as docs/api/webhooks.md lists it. subject: number of the
    referral or id of the service; "" = of no one. detail: the referral's state, or how the service changed. at: when
    it happened.
    """

    event_id: str
    kind: str
    subject: str
    detail: str
    at: datetime

    def data(self) -> dict[str, str]:
        """Return what the payload says of it: ids and states."""
        if self.kind in (SERVICES_CHANGED, PING):
            return {}
        if self.kind == SERVICE_CHANGED:
            return {"service_id": self.subject, "change": self.detail}
        return {"referral_id": self.subject, "state": self.detail}


@dataclass(frozen=True)
class LogStep:
    """One row of the audit log that was read: where it stands, and what it tells the subscription, if anything."""

    chain: int
    position: int
    event: WebhookEvent | None


def event_id_of(webhook_id: str, *what: str) -> str:
    """Return the id under which a subscription is told of something."""
    return f"evt_{hashlib.sha256('|'.join((webhook_id, *what)).encode()).hexdigest()[:32]}"


def log_ends(connection: Connection) -> dict[int, int]:
    """Return the last position of every chain of the audit log."""
    return {int(row.chain): int(row.length) for row in connection.execute(select(chains.c.chain, chains.c.length))}


def read_log(connection: Connection, webhook_id: str, *, actor: Actor) -> list[LogStep]:
    """Read on in the audit log behind a subscription's cursors, by time, in order within each chain.

    Parameters
    ----------
    connection
        To the ledger.
    webhook_id
        Whose cursors.
    actor
        As whom its token acts: what it may not read is passed over.

    Returns
    -------
    list of LogStep
        Some of what is there; nothing where all was read.
    """
    cursors = webhook_cursors.c
    known = select(cursors.chain, cursors.position).where(cursors.webhook_id == webhook_id)
    reached = {int(row.chain): int(row.position) for row in connection.execute(known)}
    parts = []
    for chain, end in log_ends(connection).items():
        if end > reached.get(chain, 0):
            query = (
                select(audit)
                .where(audit.c.chain == chain, audit.c.position > reached.get(chain, 0))
                .order_by(audit.c.position)
                .limit(_ROWS_A_CHAIN)
            )
            parts.append(connection.execute(query).all())
    rows = list(heapq.merge(*parts, key=lambda row: row.at))
    seen = _readable(connection, [row.subject for row in rows if _is_step(row)], actor)
    return [
        LogStep(row.chain, row.position, _event(webhook_id, row) if _is_step(row) and row.subject in seen else None)
        for row in rows
    ]


def _is_step(row: Row[Any]) -> bool:
    """Whether it is a step that was taken: one that was refused is no step."""
    return row.action in REFERRAL_EVENTS and row.after != _REFUSED


def _event(webhook_id: str, row: Row[Any]) -> WebhookEvent:
    return WebhookEvent(
        event_id_of(webhook_id, row.digest), REFERRAL_EVENTS[row.action], row.subject, row.after, row.at
    )


def _readable(connection: Connection, numbers: Sequence[str], actor: Actor) -> set[str]:
    """Return those of some referrals that an actor may read."""
    row, found = referrals.c, set()
    asked = sorted(set(numbers))
    for start in range(0, len(asked), _ROWS_A_CHAIN):
        some = asked[start : start + _ROWS_A_CHAIN]
        query = select(row.referral_id, row.county, row.uat_siruta, row.service_id).where(row.referral_id.in_(some))
        for each in connection.execute(query):
            area = roles.Area(each.county, each.uat_siruta, each.service_id, each.referral_id)
            if roles.allows(actor, "referral.read", area):
                found.add(str(each.referral_id))
    return found


def may_still_read(connection: Connection, event: WebhookEvent, actor: Actor) -> bool:
    """Whether what is told late may still be told: the referral is there, and of the token's area."""
    return event.kind not in REFERRAL_EVENTS.values() or event.subject in _readable(connection, [event.subject], actor)


def read_feed(
    ledger: Ledger, upto: FeedState, webhook_id: str, after: tuple[str, int]
) -> list[tuple[int, WebhookEvent]]:
    """Read on in the feed of services behind a subscription's place.

    Parameters
    ----------
    ledger
        Where the feed is kept.
    upto
        How far it was brought up to date.
    webhook_id
        Who is told.
    after
        Epoch and sequence up to which it was told.

    Returns
    -------
    list of tuple of int and WebhookEvent
        The sequence up to which each event tells. Where many services changed, or the feed is another one, one event
        that names none: the feed is to be read.
    """
    epoch, sequence = after
    start = sequence if epoch == upto.epoch and sequence <= upto.sequence else 0
    found = change_feed.changes_after(ledger, upto, start, MOST_SERVICES + 1)
    if len(found) > MOST_SERVICES or (found and epoch != upto.epoch):
        name = event_id_of(webhook_id, upto.epoch, str(upto.sequence))
        return [(upto.sequence, WebhookEvent(name, SERVICES_CHANGED, "", "", found[-1].at))]
    return [
        (
            each.sequence,
            WebhookEvent(
                event_id_of(webhook_id, upto.epoch, str(each.sequence), each.key),
                SERVICE_CHANGED,
                each.key,
                each.change,
                each.at,
            ),
        )
        for each in found
    ]
