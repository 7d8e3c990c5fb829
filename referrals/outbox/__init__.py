"""The outbox: news written in the transaction that causes them, and the queue from which they are sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.outbox.message_queue import QueuedMessage as QueuedMessage
    from referrals.outbox.message_queue import take_due as take_due
    from referrals.outbox.message_writing import MessageFacts as MessageFacts
    from referrals.outbox.message_writing import write_message as write_message

__all__ = ["MessageFacts", "QueuedMessage", "take_due", "write_message"]

__getattr__ = lazy_exports(
    __name__,
    {
        "MessageFacts": "message_writing",
        "QueuedMessage": "message_queue",
        "take_due": "message_queue",
        "write_message": "message_writing",
    },
)
