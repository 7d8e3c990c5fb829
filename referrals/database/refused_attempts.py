"""Refused attempts in the audit log: who tried to reach a case or a protected record that is not theirs.

A refusal is noted once an hour for the same attempt, and MOST_AN_HOUR times an hour for the same account: somebody
who tries a thousand doors leaves a mark, not a flood.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from core.errors import NotAllowedError
from referrals.database import audit
from referrals.database.models import audit as audit_log
from referrals.records.ledger_errors import LedgerError, UnknownCaseError, UnknownReferralError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from referrals.database.store import LedgerStore
    from referrals.records.vocabulary import Actor

REFUSED = "refused"
MOST_AN_HOUR = 20
_HOUR = timedelta(hours=1)
_NUMBER = re.compile(r"R-[2-9A-HJKMNP-TV-Z]{10}")  # as referrals are numbered: no words that somebody typed


@contextmanager
def noted(
    store: LedgerStore, action: str, subject: str, *, actor: Actor, clock: Callable[[], datetime]
) -> Iterator[None]:
    """Write in the audit log what an actor tried and may not do; the refusal goes on to whoever asked.

    action: what was tried. subject: id of the referral or service, or the area: never what somebody typed.
    """
    try:
        yield
    except (NotAllowedError, UnknownCaseError) as error:
        other = getattr(error, "referral_id", None)
        if other != "":  # a code that never was is a slip of the hand, not an attempt at somebody's case
            note(store, action, other or subject, actor=actor, at=clock())
        raise
    except UnknownReferralError:
        # A number that could be one is noted like another area's: noting takes time, and that would tell.
        if _NUMBER.fullmatch(subject):
            note(store, action, subject, actor=actor, at=clock())
        raise


def note(store: LedgerStore, action: str, subject: str, *, actor: Actor, at: datetime) -> None:
    """Write a refusal in the audit log, unless there are enough; a log that cannot be written changes no refusal."""
    try:
        with store.write_together() as connection:
            audit.lock(connection, [subject])
            if not _enough(connection, action, subject, actor, at - _HOUR):
                step = audit.AuditEvent(action, subject, after=REFUSED, reason="not_allowed")
                audit.append(connection, subject, step, actor=actor, at=at)
    except LedgerError:
        return


def _enough(connection: Connection, action: str, subject: str, actor: Actor, since: datetime) -> bool:
    mine = (
        audit_log.c.at > since,
        audit_log.c.after == REFUSED,
        audit_log.c.role == actor.role,
        audit_log.c.account == actor.account,
    )
    same = func.count().filter(audit_log.c.subject == subject, audit_log.c.action == action)
    count, alike = connection.execute(select(func.count(), same).where(*mine)).one()
    return int(count) >= MOST_AN_HOUR or int(alike) > 0
