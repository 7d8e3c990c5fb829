"""Accounts by invitation and sessions that the server can end. No web code: tokens in, an Actor out.

Passwords are kept as argon2id; of invitations, resets and sessions only a digest is kept, so a copy of
the database opens no door. A login is a work address or a chosen name; it never reaches the trail, which
names accounts by their number.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, insert, select, update

from geo.errors import NotAllowedError
from geo.language import _
from referrals import audit, roles
from referrals.errors import SignInError
from referrals.facts import Actor
from referrals.models import account_tokens, accounts, sessions
from referrals.roles import Area
from referrals.wish import random_code

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from referrals.facts import Role
    from referrals.ledger import Ledger

INVITATION = timedelta(days=7)
RESET = timedelta(hours=1)
IDLE = timedelta(hours=8)  # a working day without touching it
LONGEST = timedelta(days=7)
FAILURES = 5
LOCKED = timedelta(minutes=15)
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 256
_SEEN_EVERY = timedelta(minutes=5)  # a read of a page need not be a write each time

Purpose = Literal["invite", "reset"]


@dataclass(frozen=True)
class Account:
    """One account, without what opens it."""

    account_id: str
    login: str
    role: Role
    county: str
    uat_siruta: int | None
    state: str  # invited | active | closed


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    """Give a hash to check against where there is no account: an answer must take as long either way."""
    return _hasher().hash(secrets.token_hex(16))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _log(connection: Connection, account_id: str, action: str, actor: Actor, now: datetime, after: str = "") -> None:
    audit.lock(connection, [account_id])
    audit.append(connection, account_id, audit.Step(action, account_id, after=after), actor=actor, at=now)


# --- inviting, closing ----------------------------------------------------------------------------


def invite(
    ledger: Ledger, login: str, *, role: Role, county: str = "", uat_siruta: int | None = None, actor: Actor
) -> str:
    """Make an account and the token (7 days, once) with which its owner sets a password.

    A county unit invites teams of its own county only. Raises SignInError where the login is taken.
    """
    area = Area(county, uat_siruta)
    roles.require(actor, "account.manage", area)
    if actor.role == "county" and role != "team":
        raise NotAllowedError(_("Unitatea județeană invită numai echipe comunitare."))
    if role not in ("team", "county", "national", "admin") or (role == "team") != (uat_siruta is not None):
        raise SignInError(_("Un cont de echipă are o comunitate; celelalte nu."))
    if role in ("team", "county") and not county:
        raise SignInError(_("Alegeți județul contului."))
    tidy = login.strip().casefold()
    if not tidy:
        raise SignInError(_("Scrieți numele contului."))
    now, account_id = ledger.clock(), f"U-{random_code(8)}"
    with ledger.store.write() as connection:
        if connection.execute(select(accounts.c.account_id).where(accounts.c.login == tidy)).first():
            raise SignInError(_("Există deja un cont cu acest nume."))
        connection.execute(
            insert(accounts).values(
                account_id=account_id,
                login=tidy,
                role=role,
                county=county,
                uat_siruta=uat_siruta,
                password="",
                identity="",
                state="invited",
                failures=0,
                made_at=now,
            )
        )
        _log(connection, account_id, "account.invite", actor, now, role)
        return _new_token(connection, account_id, "invite", now + INVITATION)


def offer_reset(ledger: Ledger, login: str, *, actor: Actor) -> str:
    """Make the token (1 hour, once) with which the owner of an account sets a new password."""
    now = ledger.clock()
    with ledger.store.write() as connection:
        found = connection.execute(select(accounts).where(accounts.c.login == login.strip().casefold())).one_or_none()
        if found is None or found.state == "closed":
            raise SignInError(_("Nu există un cont activ cu acest nume."))
        roles.require(actor, "account.manage", Area(found.county, found.uat_siruta))
        _log(connection, found.account_id, "account.reset", actor, now)
        return _new_token(connection, found.account_id, "reset", now + RESET)


def close(ledger: Ledger, account_id: str, *, actor: Actor) -> None:
    """Close an account for good and end its sessions at once."""
    now = ledger.clock()
    with ledger.store.write() as connection:
        found = _account(connection, account_id)
        roles.require(actor, "account.manage", Area(found.county, found.uat_siruta))
        values = {"state": "closed", "password": "", "identity": ""}
        connection.execute(update(accounts).where(accounts.c.account_id == account_id).values(values))
        connection.execute(delete(account_tokens).where(account_tokens.c.account_id == account_id))
        _end_sessions(connection, account_id)
        _log(connection, account_id, "account.close", actor, now)


def listed(ledger: Ledger, *, actor: Actor) -> list[Account]:
    """List the accounts that the actor manages, by login."""
    with ledger.store.read() as connection:
        rows = connection.execute(select(accounts).order_by(accounts.c.login)).all()
    return [
        Account(row.account_id, row.login, row.role, row.county, row.uat_siruta, row.state)
        for row in rows
        if roles.allows(actor, "account.manage", Area(row.county, row.uat_siruta))
    ]


def _account(connection: Connection, account_id: str) -> Row[tuple[object, ...]]:
    row = connection.execute(select(accounts).where(accounts.c.account_id == account_id)).one_or_none()
    if row is None:
        raise SignInError(_("Contul nu există."))
    return row


def _new_token(connection: Connection, account_id: str, purpose: Purpose, expires_at: datetime) -> str:
    """Make a token; an earlier one for the same purpose is worth nothing any more."""
    connection.execute(
        delete(account_tokens).where(account_tokens.c.account_id == account_id, account_tokens.c.purpose == purpose)
    )
    token = secrets.token_urlsafe(32)
    connection.execute(
        insert(account_tokens).values(
            digest=_digest(token), account_id=account_id, purpose=purpose, expires_at=expires_at
        )
    )
    return token


# --- setting a password, signing in -----------------------------------------------------------------


def set_password(ledger: Ledger, token: str, password: str) -> None:
    """Set a password with an invitation or a reset, once; every session of the account ends."""
    _check_password(password)
    hashed = _hasher().hash(password)  # slow on purpose, so before the database is held
    now = ledger.clock()
    with ledger.store.write() as connection:
        account_id = _spend_token(connection, token, now)
        values = {"password": hashed, "state": "active", "failures": 0, "locked_until": None}
        connection.execute(update(accounts).where(accounts.c.account_id == account_id).values(values))
        _end_sessions(connection, account_id)
        _log(connection, account_id, "account.password", Actor("system", account_id), now)


def bind_identity(ledger: Ledger, token: str, *, issuer: str, subject: str) -> None:
    """Bind an invited account to an OpenID Connect identity instead of a password, once."""
    now = ledger.clock()
    with ledger.store.write() as connection:
        account_id = _spend_token(connection, token, now)
        values = {"identity": f"{issuer}|{subject}", "state": "active"}
        connection.execute(update(accounts).where(accounts.c.account_id == account_id).values(values))
        _log(connection, account_id, "account.identity", Actor("system", account_id), now)


def _spend_token(connection: Connection, token: str, now: datetime) -> str:
    row = connection.execute(
        delete(account_tokens)
        .where(account_tokens.c.digest == _digest(token), account_tokens.c.expires_at > now)
        .returning(account_tokens.c.account_id)
    ).one_or_none()
    if row is None:
        raise SignInError(_("Invitația sau linkul de resetare nu mai este valabil. Cereți altul."))
    return str(row.account_id)


def _check_password(password: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise SignInError(
            _(
                "Parola trebuie să aibă cel puțin {least} caractere. Câteva cuvinte la întâmplare sunt o parolă bună."
            ).format(least=SHORTEST_PASSWORD)
        )


def sign_in(ledger: Ledger, login: str, password: str) -> str:
    """Sign in with a password; give the session's token, for a cookie. Five failures lock for 15 minutes.

    SignInError says the same whether the login, the password or the account's state is wrong.
    """
    now = ledger.clock()
    with ledger.store.read() as connection:
        found = connection.execute(select(accounts).where(accounts.c.login == login.strip().casefold())).one_or_none()
    is_open = found is not None and found.state == "active" and bool(found.password)
    is_locked = found is not None and found.locked_until is not None and found.locked_until > now
    is_right = _is_right(found.password if found is not None and is_open else _nobody(), password)
    if found is None:
        raise _refused()
    actor = Actor(found.role, found.account_id, found.county, found.uat_siruta)
    if is_locked or not is_open or not is_right:
        with ledger.store.write() as connection:
            if not is_locked:
                _count_failure(connection, found.account_id, now)
            _log(connection, found.account_id, "account.refused", actor, now)
        raise _refused()
    with ledger.store.write() as connection:
        return _open_session(connection, actor, now)


def sign_in_identity(ledger: Ledger, *, issuer: str, subject: str) -> str:
    """Sign in somebody whom the OpenID Connect provider vouched for; give the session's token."""
    now = ledger.clock()
    with ledger.store.write() as connection:
        query = select(accounts).where(accounts.c.identity == f"{issuer}|{subject}", accounts.c.state == "active")
        found = connection.execute(query).one_or_none()
        if found is None:
            raise SignInError(_("Acest cont nu este invitat. Cereți o invitație unității județene."))
        actor = Actor(found.role, found.account_id, found.county, found.uat_siruta)
        return _open_session(connection, actor, now)


def _is_right(hashed: str, password: str) -> bool:
    try:
        return _hasher().verify(hashed, password[: LONGEST_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return False


def _refused() -> SignInError:
    return SignInError(
        _("Numele sau parola nu este corectă. După {n} încercări greșite, contul se închide pentru 15 minute.").format(
            n=FAILURES
        )
    )


def _count_failure(connection: Connection, account_id: str, now: datetime) -> None:
    failures = connection.execute(
        update(accounts)
        .where(accounts.c.account_id == account_id)
        .values(failures=accounts.c.failures + 1)
        .returning(accounts.c.failures)
    ).scalar_one()
    if failures >= FAILURES:
        values = {"failures": 0, "locked_until": now + LOCKED}
        connection.execute(update(accounts).where(accounts.c.account_id == account_id).values(values))


# --- sessions ---------------------------------------------------------------------------------------


def _open_session(connection: Connection, actor: Actor, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    values = {"failures": 0, "locked_until": None}
    connection.execute(update(accounts).where(accounts.c.account_id == actor.account).values(values))
    connection.execute(
        insert(sessions).values(digest=_digest(token), account_id=actor.account, made_at=now, seen_at=now)
    )
    _log(connection, actor.account, "account.sign_in", actor, now)
    return token


def who(ledger: Ledger, token: str) -> Actor | None:
    """Tell who a session's token belongs to; None where it was ended, ran out or never was."""
    now = ledger.clock()
    query = (
        select(accounts, sessions.c.digest, sessions.c.seen_at)
        .join(sessions, sessions.c.account_id == accounts.c.account_id)
        .where(
            sessions.c.digest == _digest(token),
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
        with ledger.store.write() as connection:
            connection.execute(update(sessions).where(sessions.c.digest == row.digest).values(seen_at=now))
    return Actor(row.role, row.account_id, row.county, row.uat_siruta)


def sign_out(ledger: Ledger, token: str) -> None:
    """End one session."""
    with ledger.store.write() as connection:
        connection.execute(delete(sessions).where(sessions.c.digest == _digest(token)))


def end_sessions(ledger: Ledger, account_id: str, *, actor: Actor) -> int:
    """End every session of an account (a lost phone); give how many there were."""
    now = ledger.clock()
    with ledger.store.write() as connection:
        found = _account(connection, account_id)
        if actor.account != account_id:
            roles.require(actor, "account.manage", Area(found.county, found.uat_siruta))
        ended = _end_sessions(connection, account_id)
        _log(connection, account_id, "account.end", actor, now, str(ended))
    return ended


def _end_sessions(connection: Connection, account_id: str) -> int:
    return connection.execute(delete(sessions).where(sessions.c.account_id == account_id)).rowcount
