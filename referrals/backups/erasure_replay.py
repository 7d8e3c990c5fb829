"""Erasures made since a backup, applied to the ledger that was restored from it before anybody signs in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from referrals.accounts import account_sessions, accounts
from referrals.case_erasure import record_erasure
from referrals.database import audit, models
from referrals.interchange.api_tokens import revoke_row
from referrals.ledger import erasure
from referrals.ledger.erasure_list import ErasureList
from referrals.outbox import message_queue
from referrals.webhooks import subscriptions

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from referrals.records.vocabulary import Actor


def apply_erasures(connection: Connection, some: ErasureList, *, actor: Actor, now: datetime) -> ErasureList:
    """Erase, close and revoke in a ledger what a list names; return what there was to do.

    Every session and every code of an invitation or a reset ends as well: they are of the time before. So does every
    message that had still to be sent, and programs are told nothing until somebody says so.
    """
    erased = erasure.erase_numbers(connection, some.referrals, actor=actor, now=now)
    rows = models.accounts.c
    query = select(rows.account_id).where(rows.state != "closed").order_by(rows.account_id)
    closed = [each for each in connection.execute(query).scalars() if each in set(some.accounts)]
    for account_id in closed:
        accounts.close_row(connection, account_id, actor=actor, now=now)
    doors = models.links.c
    query = select(doors.link_id).where(doors.revoked_at.is_(None)).order_by(doors.link_id)
    revoked = [each for each in connection.execute(query).scalars() if each in set(some.links)]
    for link_id in revoked:
        connection.execute(update(models.links).where(doors.link_id == link_id).values(revoked_at=now))
        audit.append(connection, link_id, audit.AuditEvent("link.revoke", link_id), actor=actor, at=now)
    kept = models.api_tokens.c
    query = select(kept.token_id).where(kept.revoked_at.is_(None)).order_by(kept.token_id)
    ended = [each for each in connection.execute(query).scalars() if each in set(some.tokens)]
    for token_id in ended:
        revoke_row(connection, token_id, actor=actor, now=now)
    records = record_erasure.erase_digests(connection, some.records, actor=actor, now=now)
    account_sessions.end_everything(connection)
    message_queue.hold_back_restored(connection, now)
    subscriptions.hold_back_restored(connection)
    return ErasureList(some.made_at, tuple(erased), tuple(closed), tuple(revoked), tuple(ended), tuple(records))
