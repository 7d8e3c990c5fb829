"""Sessions that the server can end: signed in by a password or an identity elsewhere, idle or too old, signed out."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from core.i18n import _
from referrals.accounts.passwords import is_right, nobody
from referrals.database.models import account_tokens, accounts, devices, sessions
from referrals.records import roles
from referrals.records.ledger_errors import WRITING_REFUSED, SignInError
from referrals.records.roles import Area
from referrals.records.vocabulary import Actor

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from referrals.ledger.ledger import Ledger

from referrals.accounts.accounts import account_row, digest_of, end_session_rows, identity_of, log_step, tidy_login

IDLE = timedelta(hours=8)  # a working day without touching it
LONGEST = timedelta(days=7)
_SEEN_EVERY = timedelta(minutes=5)  # a read of a page need not be a write each time


def sign_in(ledger: Ledger, login: str, password: str) -> str:
    """Sign in with a password.

    Parameters
    ----------
    ledger
        Where accounts are.
    login
        As typed.
    password
        As typed.

    Returns
    -------
    str
        The session's token, for a cookie.

    Raises
    ------
    SignInError
        The same whether the login, the password or the account's state is wrong.
    """
    now = ledger.clock()
    with ledger.store.read() as connection:
        found = connection.execute(select(accounts).where(accounts.c.login == tidy_login(login))).one_or_none()
    is_open = found is not None and found.state == "active" and bool(found.password)
    fits = is_right(found.password if found is not None and is_open else nobody(), password)
    if found is None:
        raise _sign_in_error()
    actor = Actor(found.role, found.account_id, found.county, found.uat_siruta, profession=found.profession)
    if not is_open or not fits:
        with ledger.store.write() as connection:
            log_step(connection, found.account_id, "account.refused", actor, now)
        raise _sign_in_error()
    with ledger.store.write() as connection:
        return _open_session(connection, actor, now)


def sign_in_identity(ledger: Ledger, *, issuer: str, subject: str) -> str:
    """Sign in somebody whom the OpenID Connect provider vouched for; give the session's token."""
    now = ledger.clock()
    with ledger.store.write() as connection:
        query = select(accounts).where(
            accounts.c.identity == identity_of(issuer, subject), accounts.c.state == "active"
        )
        found = connection.execute(query).one_or_none()
        if found is None:
            raise SignInError(_("Acest cont nu este invitat. Cereți o invitație unității județene."))
        actor = Actor(found.role, found.account_id, found.county, found.uat_siruta, profession=found.profession)
        return _open_session(connection, actor, now)


def _sign_in_error() -> SignInError:
    return SignInError(
        _("Numele sau parola nu este corectă. După câteva greșeli trebuie să așteptați înainte de a încerca din nou.")
    )


def _open_session(connection: Connection, actor: Actor, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    connection.execute(
        insert(sessions).values(digest=digest_of(token), account_id=actor.account, made_at=now, seen_at=now)
    )
    log_step(connection, actor.account, "account.sign_in", actor, now)
    return token


def who(ledger: Ledger, token: str) -> Actor | None:
    """Return who a session's token belongs to.

    Parameters
    ----------
    ledger
        Where sessions are.
    token
        What the cookie holds.

    Returns
    -------
    Actor or None
        None where the session was ended, ran out or never was.
    """
    now = ledger.clock()
    query = (
        select(accounts, sessions.c.digest, sessions.c.seen_at)
        .join(sessions, sessions.c.account_id == accounts.c.account_id)
        .where(
            sessions.c.digest == digest_of(token),
            sessions.c.seen_at > now - IDLE,
            sessions.c.made_at > now - LONGEST,
            accounts.c.state == "active",
        )
    )
    with ledger.store.read() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        return None
    if row.seen_at < now - _SEEN_EVERY:
        # Reading goes on where nothing can be written; the session then ends as if nobody had been here.
        with suppress(*WRITING_REFUSED), ledger.store.write() as connection:
            connection.execute(update(sessions).where(sessions.c.digest == row.digest).values(seen_at=now))
    return Actor(row.role, row.account_id, row.county, row.uat_siruta, profession=row.profession)


def sign_out(ledger: Ledger, token: str) -> None:
    """End one session."""
    with ledger.store.write() as connection:
        connection.execute(delete(sessions).where(sessions.c.digest == digest_of(token)))


def end_sessions(ledger: Ledger, account_id: str, *, actor: Actor) -> int:
    """End every session of an account and forget its known devices (a lost phone); give how many sessions there were.

    Raises NotAllowedError unless it is the actor's own account or one that the actor manages.
    """
    now = ledger.clock()
    with ledger.store.write() as connection:
        found = account_row(connection, account_id)
        if actor.account != account_id:
            roles.require(actor, "account.manage", Area(found.county, found.uat_siruta))
        ended = end_session_rows(connection, account_id)
        log_step(connection, account_id, "account.end", actor, now, str(ended))
    return ended


def end_everything(connection: Connection) -> None:
    """End all sessions, invitations, resets and known devices: what a restored copy must not bring back.

    A copy was made before something that ended since: a session signed out of, an account closed, a code spent.
    Passwords and identities stay.
    """
    for table in (sessions, account_tokens, devices):
        connection.execute(delete(table))
