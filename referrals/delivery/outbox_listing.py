"""What whoever runs the machine sees of the outbox, and does with it: no address, no text, numbers and states alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.errors import BadValueError
from core.i18n import _
from providers.rules import protected_keys
from referrals.database import audit
from referrals.outbox import message_queue
from referrals.records import roles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor


def list_outbox(ledger: Ledger, *, actor: Actor, states: Sequence[str] = (), limit: int = 200) -> dict[str, Any]:
    """Return how many messages are in each state, and the newest of them; NotAllowedError for who keeps no machine."""
    roles.require(actor, "message.manage")
    if unknown := set(states) - set(message_queue.STATES):
        raise BadValueError(
            _("Stare necunoscută: „{found}”. Stările sunt: {known}.").format(
                found=min(unknown)[:20], known=", ".join(message_queue.STATES)
            )
        )
    with ledger.store.read() as connection:
        counts = message_queue.count_by_state(connection)
        some = message_queue.list_messages(connection, states=states, limit=limit)
    return {"counts": counts, "messages": [_facts(each) for each in some]}


def _facts(one: message_queue.QueuedMessage) -> dict[str, Any]:
    who, colon, number = one.recipient.partition(":")
    public = protected_keys.public_form(number) if who == "service" else number
    return {
        "message": one.message_id,
        "kind": one.kind,
        "to": f"{who}{colon}{public}",
        "referral": one.referral_id,
        "state": one.state,
        "reason": one.reason,
        "attempts": one.attempts,
        "made_at": one.made_at.isoformat(),
        "due_at": one.due_at.isoformat(),
        "done_at": one.done_at.isoformat() if one.done_at else None,
    }


def retry_messages(ledger: Ledger, *, actor: Actor, numbers: Sequence[int] = ()) -> int:
    """Put what failed or was given up back into the queue, all or these alone; NotAllowedError as `list_outbox`."""
    roles.require(actor, "message.manage")
    now = ledger.clock()
    with ledger.store.write() as connection:
        audit.lock(connection, ["outbox"])
        found = message_queue.retry(connection, now, numbers=numbers)
        step = audit.AuditEvent("message.retry", "outbox", after=str(found))
        audit.append(connection, "outbox", step, actor=actor, at=now)
    return found
