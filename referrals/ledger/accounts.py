"""Accounts by invitation and sessions that the server can end. No web code: tokens in, an Actor out.

Passwords are kept as argon2id; of invitations, resets and sessions only a digest is kept, so a copy of
the database opens no door. A login is a work address or a chosen name; it never reaches the audit log, which
names accounts by their number.

An account has one key at a time: a new invitation or reset ends the earlier ones, and setting a password or
binding an identity ends them all. How often somebody may try is limited where the address of who tries is
known (`api.auth.guesses`): no number of wrong passwords closes an account, or anybody could close anybody's.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, insert, select, update

from core.errors import BadValueError, NotAllowedError
from core.i18n import _
from referrals.database import audit
from referrals.database.models import account_tokens, accounts, devices, saved_views, sessions
from referrals.ledger import known_devices
from referrals.ledger.referral_request import random_code
from referrals.outbox import address_choices
from referrals.records import roles
from referrals.records.ledger_errors import WRITING_REFUSED, SignInError, SpentTokenError
from referrals.records.roles import Area
from referrals.records.vocabulary import Actor

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Role

INVITATION = timedelta(days=7)
RESET = timedelta(hours=1)
IDLE = timedelta(hours=8)  # a working day without touching it
LONGEST = timedelta(days=7)
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 256
_SEEN_EVERY = timedelta(minutes=5)  # a read of a page need not be a write each time

_HASHES_AT_ONCE = 2  # each takes 64 MB
_LOWER_PRIORITY = 10  # of the system's 0 (usual) to 19

PROFESSIONS = ("social", "medical", "educational")  # of the three of a team

Purpose = Literal["invite", "reset"]


@dataclass(frozen=True)
class Account:
    """One account, without what opens it.

    Attributes
    ----------
    account_id, login, role
        Its number, the name to sign in with and what it may do.
    county, uat_siruta
        Area that it answers for: letters, SIRUTA; "" and None = not bound to one.
    state
        `invited`, `active` or `closed`.
    profession
        Of a team's member: social, medical or educational; "" = not said.
    """

    account_id: str
    login: str
    role: Role
    county: str
    uat_siruta: int | None
    state: str  # invited | active | closed
    profession: str = ""


def tidy_login(login: str) -> str:
    """Return a login as it is kept: however it is written, it is the same account."""
    return login.strip().casefold()


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _hashing() -> ThreadPoolExecutor:
    """Return the threads in which passwords are hashed: they give way, as a hash takes every core for a while."""
    return ThreadPoolExecutor(_HASHES_AT_ONCE, "hashing", initializer=_give_way)


def _give_way() -> None:
    # Where the system knows no order of single threads, hashing has the same as everything else.
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWER_PRIORITY)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_hashing.cache_clear)  # a forked process has none of its parent's threads


@cache
def _nobody() -> str:
    """Give a hash to check against where there is no account: an answer must take as long either way."""
    return _hasher().hash(secrets.token_hex(16))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _log(connection: Connection, account_id: str, action: str, actor: Actor, now: datetime, after: str = "") -> None:
    audit.lock(connection, [account_id])
    audit.append(connection, account_id, audit.AuditEvent(action, account_id, after=after), actor=actor, at=now)


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
    tidy = tidy_login(login)
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
                made_at=now,
            )
        )
        _log(connection, account_id, "account.invite", actor, now, role)
        return _new_token(connection, account_id, "invite", now + INVITATION)


def offer_reset(ledger: Ledger, login: str, *, actor: Actor) -> str:
    """Make the token (1 hour, once) with which the owner of an account sets a new password.

    An account that nobody has opened yet gets a new invitation instead (7 days), the earlier one being lost or late.
    """
    now = ledger.clock()
    with ledger.store.write() as connection:
        found = connection.execute(select(accounts).where(accounts.c.login == tidy_login(login))).one_or_none()
        if found is None or found.state == "closed":
            raise SignInError(_("Nu există un cont activ cu acest nume."))
        roles.require(actor, "account.manage", Area(found.county, found.uat_siruta))
        if found.state == "invited":
            _log(connection, found.account_id, "account.invite", actor, now, found.role)
            return _new_token(connection, found.account_id, "invite", now + INVITATION)
        _log(connection, found.account_id, "account.reset", actor, now)
        return _new_token(connection, found.account_id, "reset", now + RESET)


def set_address(ledger: Ledger, account_id: str, email: str, *, actor: Actor) -> None:
    """Say where an account gets its messages; "" = at its login, where that is an address."""
    tidy = address_choices.tidy_address(email)
    if email and not tidy:
        raise BadValueError(_("„{found}” nu este o adresă de e-mail.").format(found=email[:80]))
    now = ledger.clock()
    with ledger.store.write() as connection:
        found = _account(connection, account_id)
        roles.require(actor, "account.manage", Area(found.county, found.uat_siruta))
        address_choices.set_account_address(connection, account_id, tidy)
        _log(connection, account_id, "account.address", actor, now)


def set_profession(ledger: Ledger, login: str, profession: str, *, actor: Actor) -> None:
    """Say which of a team's three professions an account has; it decides which findings of a case it sees."""
    now = ledger.clock()
    with ledger.store.write() as connection:
        found = connection.execute(select(accounts).where(accounts.c.login == tidy_login(login))).one_or_none()
        if found is None or found.state == "closed":
            raise SignInError(_("Nu există un cont activ cu acest nume."))
        roles.require(actor, "account.manage", Area(found.county, found.uat_siruta))
        if profession not in PROFESSIONS or found.role != "team":
            raise BadValueError(
                _("Un cont de echipă are una dintre profesiile: {known}.").format(known=", ".join(PROFESSIONS))
            )
        connection.execute(
            update(accounts).where(accounts.c.account_id == found.account_id).values(profession=profession)
        )
        _log(connection, found.account_id, "account.profession", actor, now, profession)


def close(ledger: Ledger, account_id: str, *, actor: Actor) -> None:
    """Close an account for good and end its sessions at once."""
    now = ledger.clock()
    with ledger.store.write() as connection:
        found = _account(connection, account_id)
        roles.require(actor, "account.manage", Area(found.county, found.uat_siruta))
        close_row(connection, account_id, actor=actor, now=now)
    ledger.keep_erasures()


def close_row(connection: Connection, account_id: str, *, actor: Actor, now: datetime) -> None:
    """Close an account for good, in a transaction of whoever asked for it and may."""
    values = {"state": "closed", "password": "", "identity": ""}
    connection.execute(update(accounts).where(accounts.c.account_id == account_id).values(values))
    address_choices.set_account_address(connection, account_id, "")
    connection.execute(delete(saved_views).where(saved_views.c.account_id == account_id))
    _end_tokens(connection, account_id)
    _end_sessions(connection, account_id)
    _log(connection, account_id, "account.close", actor, now)


def listed(ledger: Ledger, *, actor: Actor) -> list[Account]:
    """List the accounts that the actor manages, by login."""
    with ledger.store.read() as connection:
        rows = connection.execute(select(accounts).order_by(accounts.c.login)).all()
    found = [_as_account(row) for row in rows]
    return [each for each in found if roles.allows(actor, "account.manage", Area(each.county, each.uat_siruta))]


def _as_account(row: Row[Any]) -> Account:
    return Account(row.account_id, row.login, row.role, row.county, row.uat_siruta, row.state, row.profession)


def _account(connection: Connection, account_id: str) -> Row[tuple[object, ...]]:
    row = connection.execute(select(accounts).where(accounts.c.account_id == account_id)).one_or_none()
    if row is None:
        raise SignInError(_("Contul nu există."))
    return row


def _new_token(connection: Connection, account_id: str, purpose: Purpose, expires_at: datetime) -> str:
    """Make a token; every earlier one of the account, an invitation or a reset, is worth nothing any more."""
    _end_tokens(connection, account_id)
    token = secrets.token_urlsafe(32)
    connection.execute(
        insert(account_tokens).values(
            digest=_digest(token), account_id=account_id, purpose=purpose, expires_at=expires_at
        )
    )
    return token


def _end_tokens(connection: Connection, account_id: str) -> None:
    connection.execute(delete(account_tokens).where(account_tokens.c.account_id == account_id))


# --- setting a password, signing in -----------------------------------------------------------------


def set_password(ledger: Ledger, token: str, password: str) -> str:
    """Set a password with an invitation or a reset, once, and return the name of the account that it opens.

    Whatever else opened the account ends: other invitations and resets, sessions, known devices, an identity elsewhere.
    """
    _check_password(password)
    now = ledger.clock()
    with ledger.store.read() as connection:  # a hash costs 64 MB: not for a code that is none
        if connection.execute(_open_token(token, now)).one_or_none() is None:
            raise _spent_token_error()
    hashed = _hashing().submit(_hasher().hash, password).result()  # slow on purpose, so before the database is held
    with ledger.store.write() as connection:
        account_id = _spend_token(connection, token, now)
        values = {"password": hashed, "identity": "", "state": "active"}
        connection.execute(update(accounts).where(accounts.c.account_id == account_id).values(values))
        _end_sessions(connection, account_id)
        _log(connection, account_id, "account.password", Actor("system", account_id), now)
        return _as_account(_account(connection, account_id)).login


def invited(ledger: Ledger, token: str) -> Account:
    """Return the account that an invitation opens; it is not spent.

    Raises SignInError where the token is none any more, or is a reset: that sets a password and nothing else.
    """
    with ledger.store.read() as connection:
        return _invited(connection, token, ledger.clock())


def is_invitation(ledger: Ledger, token: str) -> bool:
    """Whether this token invites; a reset does not, nor does one that was spent."""
    try:
        return bool(invited(ledger, token))
    except SignInError:
        return False


def _invited(connection: Connection, token: str, now: datetime) -> Account:
    found = connection.execute(_open_token(token, now)).one_or_none()
    if found is None:
        raise _spent_token_error()
    if found.purpose != "invite":
        raise SignInError(_("Cu un cod de resetare se pune numai o parolă nouă. Pentru alt cont cereți o invitație."))
    return _as_account(_account(connection, found.account_id))


def require_unbound(ledger: Ledger, *, issuer: str, subject: str) -> None:
    """Raise SignInError where this identity already opens an account: it opens one and no second."""
    with ledger.store.read() as connection:
        _require_unbound(connection, _identity(issuer, subject))


def _require_unbound(connection: Connection, identity: str) -> None:
    if connection.execute(select(accounts.c.account_id).where(accounts.c.identity == identity)).first():
        raise SignInError(_("Această identitate deschide deja un cont. Cereți ajutor unității județene."))


def bind_identity(ledger: Ledger, token: str, *, issuer: str, subject: str) -> None:
    """Bind an invited account to an OpenID Connect identity instead of a password, once.

    Raises SignInError where the token is not an invitation, or the identity opens another account.
    """
    now = ledger.clock()
    with ledger.store.write() as connection:
        account_id = _invited(connection, token, now).account_id
        _require_unbound(connection, _identity(issuer, subject))
        _spend_token(connection, token, now)
        values = {"identity": _identity(issuer, subject), "state": "active"}
        connection.execute(update(accounts).where(accounts.c.account_id == account_id).values(values))
        _log(connection, account_id, "account.identity", Actor("system", account_id), now)


def _identity(issuer: str, subject: str) -> str:
    return f"{issuer}|{subject}"


def _open_token(token: str, now: datetime) -> Select[Any]:
    return select(account_tokens).where(account_tokens.c.digest == _digest(token), account_tokens.c.expires_at > now)


def _spend_token(connection: Connection, token: str, now: datetime) -> str:
    """Spend a token, and with it every other of its account."""
    row = connection.execute(
        delete(account_tokens)
        .where(account_tokens.c.digest == _digest(token), account_tokens.c.expires_at > now)
        .returning(account_tokens.c.account_id)
    ).one_or_none()
    if row is None:
        raise _spent_token_error()
    _end_tokens(connection, row.account_id)
    return str(row.account_id)


def _spent_token_error() -> SpentTokenError:
    return SpentTokenError(_("Invitația sau linkul de resetare nu mai este valabil. Cereți altul."))


def _check_password(password: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise SignInError(
            _(
                "Parola trebuie să aibă cel puțin {least} caractere. Câteva cuvinte la întâmplare sunt o parolă bună."
            ).format(least=SHORTEST_PASSWORD)
        )


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
    is_right = _is_right(found.password if found is not None and is_open else _nobody(), password)
    if found is None:
        raise _sign_in_error()
    actor = Actor(found.role, found.account_id, found.county, found.uat_siruta, profession=found.profession)
    if not is_open or not is_right:
        with ledger.store.write() as connection:
            _log(connection, found.account_id, "account.refused", actor, now)
        raise _sign_in_error()
    with ledger.store.write() as connection:
        return _open_session(connection, actor, now)


def sign_in_identity(ledger: Ledger, *, issuer: str, subject: str) -> str:
    """Sign in somebody whom the OpenID Connect provider vouched for; give the session's token."""
    now = ledger.clock()
    with ledger.store.write() as connection:
        query = select(accounts).where(accounts.c.identity == _identity(issuer, subject), accounts.c.state == "active")
        found = connection.execute(query).one_or_none()
        if found is None:
            raise SignInError(_("Acest cont nu este invitat. Cereți o invitație unității județene."))
        actor = Actor(found.role, found.account_id, found.county, found.uat_siruta, profession=found.profession)
        return _open_session(connection, actor, now)


def _is_right(hashed: str, password: str) -> bool:
    try:
        return _hashing().submit(_hasher().verify, hashed, password[: LONGEST_PASSWORD + 1]).result()
    except (VerificationError, InvalidHashError):
        return False


def _sign_in_error() -> SignInError:
    return SignInError(
        _("Numele sau parola nu este corectă. După câteva greșeli trebuie să așteptați înainte de a încerca din nou.")
    )


# --- sessions ---------------------------------------------------------------------------------------


def _open_session(connection: Connection, actor: Actor, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    connection.execute(
        insert(sessions).values(digest=_digest(token), account_id=actor.account, made_at=now, seen_at=now)
    )
    _log(connection, actor.account, "account.sign_in", actor, now)
    return token


def who(ledger: Ledger, token: str) -> Actor | None:
    """Tell who a session's token belongs to.

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
        # Reading goes on where nothing can be written; the session then ends as if nobody had been here.
        with suppress(*WRITING_REFUSED), ledger.store.write() as connection:
            connection.execute(update(sessions).where(sessions.c.digest == row.digest).values(seen_at=now))
    return Actor(row.role, row.account_id, row.county, row.uat_siruta, profession=row.profession)


def sign_out(ledger: Ledger, token: str) -> None:
    """End one session."""
    with ledger.store.write() as connection:
        connection.execute(delete(sessions).where(sessions.c.digest == _digest(token)))


def end_sessions(ledger: Ledger, account_id: str, *, actor: Actor) -> int:
    """End every session of an account and forget its known devices (a lost phone); give how many sessions there were.

    Raises NotAllowedError unless it is the actor's own account or one that the actor manages.
    """
    now = ledger.clock()
    with ledger.store.write() as connection:
        found = _account(connection, account_id)
        if actor.account != account_id:
            roles.require(actor, "account.manage", Area(found.county, found.uat_siruta))
        ended = _end_sessions(connection, account_id)
        _log(connection, account_id, "account.end", actor, now, str(ended))
    return ended


def _end_sessions(connection: Connection, account_id: str) -> int:
    known_devices.forget(connection, account_id)
    return connection.execute(delete(sessions).where(sessions.c.account_id == account_id)).rowcount


def end_everything(connection: Connection) -> None:
    """End all sessions, invitations, resets and known devices: what a restored copy must not bring back.

    A copy was made before something that ended since: a session signed out of, an account closed, a code spent.
    Passwords and identities stay.
    """
    for table in (sessions, account_tokens, devices):
        connection.execute(delete(table))
