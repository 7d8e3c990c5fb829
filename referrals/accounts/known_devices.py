"""Devices on which an account has signed in before: their owner passes, whatever strangers try with the account's name.

A device is a random number in a sealed cookie of its browser; the ledger keeps its digest and which account it
stands for. It opens nothing by itself: the password is asked for all the same.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from referrals.database.models import accounts, devices

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from referrals.ledger.ledger import Ledger

KEPT = timedelta(days=180)  # since the last sign-in there
MOST = 20  # of one account; the one that was not used for longest goes


def known(ledger: Ledger, login: str, tokens: Iterable[str]) -> str:
    """Return which device of an account this is.

    Parameters
    ----------
    login : the account's name as it is kept (see `accounts.tidy_login`).
    tokens : what the browser holds, one for each account that signed in there.

    Returns
    -------
    The digest of the token that stands for this account; empty where there is none.
    """
    query = (
        select(devices.c.digest)
        .join(accounts, accounts.c.account_id == devices.c.account_id)
        .where(
            accounts.c.login == login,
            devices.c.digest.in_([_digest(token) for token in tokens]),
            devices.c.seen_at > ledger.clock() - KEPT,
        )
    )
    with ledger.store.read() as connection:
        return str(connection.execute(query).scalars().first() or "")


def remember(ledger: Ledger, account_id: str, tokens: Iterable[str]) -> str:
    """Note that an account has signed in on a device.

    Returns
    -------
    The token that the browser is to keep; empty where it holds one of this account already. It is always one made
    here and now, so that nobody can hand somebody else a device that he knows himself.
    """
    now = ledger.clock()
    mine = devices.c.account_id == account_id
    with ledger.store.write() as connection:
        connection.execute(delete(devices).where(mine, devices.c.seen_at <= now - KEPT))
        here = devices.c.digest.in_([_digest(token) for token in tokens])
        if connection.execute(update(devices).where(mine, here).values(seen_at=now)).rowcount:
            return ""
        newest = select(devices.c.digest).where(mine).order_by(devices.c.seen_at.desc(), devices.c.digest)
        connection.execute(delete(devices).where(mine, devices.c.digest.not_in(newest.limit(MOST - 1))))
        token = secrets.token_urlsafe(24)
        connection.execute(
            insert(devices).values(digest=_digest(token), account_id=account_id, made_at=now, seen_at=now)
        )
        return token


def forget(connection: Connection, account_id: str) -> None:
    """Forget every device of an account."""
    connection.execute(delete(devices).where(devices.c.account_id == account_id))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
