"""The queue: which messages are due, who is sending them now, and how each ended.

A sender leases what it takes, for as long as sending may last; a lease that ran out is free to the next one. The
e-mail that carries a message gets its number before it is first sent and keeps it at every try, so that a mailbox
sees that a second copy is one: killed between the server's acceptance and our note of it, a message goes twice.
"""

from __future__ import annotations

import random
import secrets
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy import and_, delete, func, or_, select, true, update

from referrals.database.models import messages, service_addresses

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Update

STATES = ("waiting", "sent", "failed", "dead", "skipped")
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 10
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
_AT_ONCE = 50
_AHEAD = timedelta(seconds=1)  # events of one service are a step apart, also where the clock stands
KEPT = timedelta(days=90)  # of what was sent, given up or passed over

SkipReason = Literal["no_address", "protected", "no_service", "stopped", "link_ended", "outdated", "lapsed", "restored"]
FailReason = Literal["server_away", "refused_for_now", "refused", "not_configured", "fault"]


@dataclass(frozen=True)
class QueuedMessage:
    """One message of the queue.

    Attributes
    ----------
    message_id
        Its number.
    kind, event, recipient
        What is told, of what, to whom.
    service_id, referral_id, link_id
        What it is about; "" = no such thing.
    county, uat_siruta
        Whose news it is.
    state, reason
        Where it stands, and why.
    attempts
        How often sending it was tried.
    made_at, due_at, lapses_at, done_at
        When it was written, may be sent, is of no use any more, and ended; UTC.
    mail_id
        Number of the e-mail that carries it; "" = none yet.
    """

    message_id: int
    kind: str
    event: str
    recipient: str
    service_id: str
    referral_id: str
    link_id: str
    county: str
    uat_siruta: int | None
    state: str
    reason: str
    attempts: int
    made_at: datetime
    due_at: datetime
    lapses_at: datetime
    done_at: datetime | None
    mail_id: str


_COLUMNS = [messages.c[each.name] for each in fields(QueuedMessage)]


def take_due(connection: Connection, now: datetime, *, most: int = _AT_ONCE) -> tuple[str, list[QueuedMessage]]:
    """Lease messages that are due and nobody else is sending, the oldest first.

    Parameters
    ----------
    connection
        Inside a writing transaction.
    now
        The moment, UTC.
    most
        How many; those that one e-mail carries come together, whatever the number.

    Returns
    -------
    tuple of str and list of QueuedMessage
        The lease, and what it holds.
    """
    row = messages.c
    is_free = or_(row.leased_until.is_(None), row.leased_until <= now)
    is_due = row.state.in_(("waiting", "failed")) & (row.due_at <= now + _AHEAD) & is_free
    lease = secrets.token_hex(16)
    holds = {"lease": lease, "leased_until": now + LEASE}
    some = select(row.message_id).where(is_due).order_by(row.due_at, row.message_id).limit(most)
    # Two at once: the second waits for the first one's rows and then finds them leased.
    connection.execute(update(messages).where(row.message_id.in_(some), is_due).values(holds))
    mails = select(row.mail_id).where(row.lease == lease, row.mail_id != "")
    connection.execute(
        update(messages)
        .where(row.mail_id.in_(mails), row.state.in_(("waiting", "failed")), is_free, row.lease != lease)
        .values(holds)
    )
    query = select(*_COLUMNS).where(row.lease == lease).order_by(row.message_id)
    return lease, [QueuedMessage(**each) for each in connection.execute(query).mappings()]


def put_in_mail(connection: Connection, lease: str, some: Sequence[QueuedMessage], now: datetime) -> str:
    """Give the e-mail that carries these its number and count a try; return "" where the lease was lost."""
    mail_id = some[0].mail_id or secrets.token_hex(16)
    row = messages.c
    held = connection.execute(
        update(messages)
        .where(row.message_id.in_([each.message_id for each in some]), row.lease == lease)
        .values(mail_id=mail_id, attempts=row.attempts + 1, leased_until=now + LEASE)
    )
    return mail_id if held.rowcount == len(some) else ""


def note_link(connection: Connection, message_id: int, link_id: str) -> None:
    """Remember which provider's link a message leads to."""
    connection.execute(update(messages).where(messages.c.message_id == message_id).values(link_id=link_id))


def settle(
    connection: Connection,
    lease: str,
    some: Iterable[QueuedMessage],
    state: Literal["sent", "dead", "skipped"],
    now: datetime,
    *,
    reason: SkipReason | FailReason | Literal[""] = "",
) -> None:
    """Write down how messages of a lease ended."""
    connection.execute(_of(lease, some).values(state=state, reason=reason, done_at=now, lease="", leased_until=None))


def try_later(
    connection: Connection, lease: str, some: Sequence[QueuedMessage], now: datetime, *, reason: FailReason
) -> None:
    """Give messages back to be tried later: after twice the time of the last pause, give or take a half."""
    tries = max(each.attempts for each in some)
    pause = min(_FIRST_PAUSE * 2 ** min(tries, 16), _LONGEST_PAUSE) * random.uniform(0.5, 1.5)  # noqa: S311
    connection.execute(
        _of(lease, some).values(state="failed", reason=reason, due_at=now + pause, lease="", leased_until=None)
    )


def postpone(connection: Connection, lease: str, some: Iterable[QueuedMessage], until: datetime) -> None:
    """Give messages back untried, to be sent from a moment on."""
    connection.execute(_of(lease, some).values(due_at=until, lease="", leased_until=None))


def _of(lease: str, some: Iterable[QueuedMessage]) -> Update:
    row = messages.c
    return update(messages).where(row.message_id.in_([each.message_id for each in some]), row.lease == lease)


def retry(connection: Connection, now: datetime, *, numbers: Sequence[int] = ()) -> int:
    """Put messages that failed or were given up back into the queue, all or these alone; give how many."""
    row = messages.c
    wanted = and_(row.state.in_(("failed", "dead")), row.message_id.in_(numbers) if numbers else true())
    fresh = {"state": "waiting", "reason": "", "attempts": 0, "due_at": now, "done_at": None}
    return connection.execute(update(messages).where(wanted).values(fresh)).rowcount


def send_again(connection: Connection, link_id: str, now: datetime) -> int:
    """Put what was not sent of a provider's link back into the queue, its address being known now; give how many."""
    row = messages.c
    fresh = {"state": "waiting", "reason": "", "attempts": 0, "due_at": now, "done_at": None}
    wanted = (row.link_id == link_id) & row.state.in_(("skipped", "dead")) & (row.lapses_at > now)
    return connection.execute(update(messages).where(wanted).values(fresh)).rowcount


def list_messages(connection: Connection, *, states: Sequence[str] = (), limit: int = 200) -> list[QueuedMessage]:
    """List messages, the newest first; of these states alone, where any are named."""
    query = select(*_COLUMNS).order_by(messages.c.message_id.desc()).limit(limit)
    if states:
        query = query.where(messages.c.state.in_(states))
    return [QueuedMessage(**each) for each in connection.execute(query).mappings()]


def count_by_state(connection: Connection) -> dict[str, int]:
    """Count the messages of every state."""
    query = select(messages.c.state, func.count()).group_by(messages.c.state)
    found = {str(state): int(count) for state, count in connection.execute(query)}
    return {state: found.get(state, 0) for state in STATES}


def forget_referral(connection: Connection, referral_id: str) -> None:
    """Delete what was told of a referral whose case is forgotten, sent or not."""
    connection.execute(delete(messages).where(messages.c.referral_id == referral_id))


def forget_old(connection: Connection, now: datetime) -> int:
    """Delete what ended, or was written and never sent, longer ago than messages are kept; give how many."""
    row = messages.c
    return connection.execute(delete(messages).where(row.made_at < now - KEPT, row.lapses_at < now)).rowcount


def hold_back_restored(connection: Connection, now: datetime) -> None:
    """Send nothing that a restored copy still has to send: since the copy was made it may have been sent."""
    row = messages.c
    ended = {"state": "skipped", "reason": "restored", "done_at": now, "lease": "", "leased_until": None}
    connection.execute(update(messages).where(row.state.in_(("waiting", "failed"))).values(ended))


def seal_service(connection: Connection, old: str, new: str, now: datetime) -> None:
    """Let nothing go out to a service that became protected, and keep it under its sealed key alone."""
    row = messages.c
    is_open = row.state.in_(("waiting", "failed"))
    ended = {"state": "skipped", "reason": "protected", "done_at": now}
    connection.execute(update(messages).where(row.service_id == old, is_open).values(ended))
    connection.execute(delete(service_addresses).where(service_addresses.c.service_id == old))
    connection.execute(
        delete(messages).where(row.service_id == old, row.recipient == f"service:{old}", row.referral_id == "")
    )
    connection.execute(
        update(messages)
        .where(row.service_id == old, row.recipient == f"service:{old}")
        .values(recipient=f"service:{new}")
    )
    connection.execute(update(messages).where(row.service_id == old).values(service_id=new))
