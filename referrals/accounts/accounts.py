"""Accounts by invitation: made, opened once with a password or an identity elsewhere, closed. No web code.

Passwords are kept as argon2id; of invitations, resets and sessions only a digest is kept, so a copy of
the database opens no door. A login is a work address or a chosen name; it never reaches the audit log, which
names accounts by their number.

An account has one key at a time: a new invitation or reset ends the earlier ones, and setting a password or
binding an identity ends them all. How often somebody may try is limited where the address of who tries is
known (`api.auth.failed_sign_ins`): no number of wrong passwords closes an account, or anybody could close anybody's.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import delete, insert, select, update

from core.errors import BadValueError, NotAllowedError
from core.i18n import _
from referrals.accounts import known_devices
from referrals.accounts.passwords import check_password, hash_password
from referrals.database import audit
from referrals.database.models import account_tokens, accounts, saved_views, sessions
from referrals.ledger.referral_request import random_code
from referrals.outbox import address_choices
from referrals.records import roles
from referrals.records.ledger_errors import SignInError, SpentTokenError
from referrals.records.roles import Area
from referrals.records.vocabulary import PROFESSIONS, Actor

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Role

INVITATION = timedelta(days=7)
RESET = timedelta(hours=1)

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


def digest_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def log_step(
    connection: Connection, account_id: str, action: str, actor: Actor, now: datetime, after: str = ""
) -> None:
    """Write in the audit log what happened to an account."""
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
        log_step(connection, account_id, "account.invite", actor, now, role)
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
            log_step(connection, found.account_id, "account.invite", actor, now, found.role)
            return _new_token(connection, found.account_id, "invite", now + INVITATION)
        log_step(connection, found.account_id, "account.reset", actor, now)
        return _new_token(connection, found.account_id, "reset", now + RESET)


def set_address(ledger: Ledger, account_id: str, email: str, *, actor: Actor) -> None:
    """Say where an account gets its messages; "" = at its login, where that is an address."""
    tidy = address_choices.tidy_address(email)
    if email and not tidy:
        raise BadValueError(_("„{found}” nu este o adresă de e-mail.").format(found=email[:80]))
    now = ledger.clock()
    with ledger.store.write() as connection:
        found = account_row(connection, account_id)
        roles.require(actor, "account.manage", Area(found.county, found.uat_siruta))
        address_choices.set_account_address(connection, account_id, tidy)
        log_step(connection, account_id, "account.address", actor, now)


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
        log_step(connection, found.account_id, "account.profession", actor, now, profession)


def close(ledger: Ledger, account_id: str, *, actor: Actor) -> None:
    """Close an account for good and end its sessions at once."""
    now = ledger.clock()
    with ledger.store.write() as connection:
        found = account_row(connection, account_id)
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
    end_session_rows(connection, account_id)
    log_step(connection, account_id, "account.close", actor, now)


def listed(ledger: Ledger, *, actor: Actor) -> list[Account]:
    """List the accounts that the actor manages, by login."""
    with ledger.store.read() as connection:
        rows = connection.execute(select(accounts).order_by(accounts.c.login)).all()
    found = [_as_account(row) for row in rows]
    return [each for each in found if roles.allows(actor, "account.manage", Area(each.county, each.uat_siruta))]


def _as_account(row: Row[Any]) -> Account:
    return Account(row.account_id, row.login, row.role, row.county, row.uat_siruta, row.state, row.profession)


def account_row(connection: Connection, account_id: str) -> Row[tuple[object, ...]]:
    """Read an account as it is written; SignInError where there is none."""
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
            digest=digest_of(token), account_id=account_id, purpose=purpose, expires_at=expires_at
        )
    )
    return token


def _end_tokens(connection: Connection, account_id: str) -> None:
    connection.execute(delete(account_tokens).where(account_tokens.c.account_id == account_id))


# --- opening an account -----------------------------------------------------------------------------


def set_password(ledger: Ledger, token: str, password: str) -> str:
    """Set a password with an invitation or a reset, once, and return the name of the account that it opens.

    Whatever else opened the account ends: other invitations and resets, sessions, known devices, an identity elsewhere.
    """
    check_password(password)
    now = ledger.clock()
    with ledger.store.read() as connection:  # a hash costs 64 MB: not for a code that is none
        if connection.execute(_open_token(token, now)).one_or_none() is None:
            raise _spent_token_error()
    hashed = hash_password(password)  # slow on purpose, so before the database is held
    with ledger.store.write() as connection:
        account_id = _spend_token(connection, token, now)
        values = {"password": hashed, "identity": "", "state": "active"}
        connection.execute(update(accounts).where(accounts.c.account_id == account_id).values(values))
        end_session_rows(connection, account_id)
        log_step(connection, account_id, "account.password", Actor("system", account_id), now)
        return _as_account(account_row(connection, account_id)).login


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
    return _as_account(account_row(connection, found.account_id))


def require_unbound(ledger: Ledger, *, issuer: str, subject: str) -> None:
    """Raise SignInError where this identity already opens an account: it opens one and no second."""
    with ledger.store.read() as connection:
        _require_unbound(connection, identity_of(issuer, subject))


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
        _require_unbound(connection, identity_of(issuer, subject))
        _spend_token(connection, token, now)
        values = {"identity": identity_of(issuer, subject), "state": "active"}
        connection.execute(update(accounts).where(accounts.c.account_id == account_id).values(values))
        log_step(connection, account_id, "account.identity", Actor("system", account_id), now)


def identity_of(issuer: str, subject: str) -> str:
    """Return what is kept of an OpenID Connect identity."""
    return f"{issuer}|{subject}"


def _open_token(token: str, now: datetime) -> Select[Any]:
    return select(account_tokens).where(account_tokens.c.digest == digest_of(token), account_tokens.c.expires_at > now)


def _spend_token(connection: Connection, token: str, now: datetime) -> str:
    """Spend a token, and with it every other of its account."""
    row = connection.execute(
        delete(account_tokens)
        .where(account_tokens.c.digest == digest_of(token), account_tokens.c.expires_at > now)
        .returning(account_tokens.c.account_id)
    ).one_or_none()
    if row is None:
        raise _spent_token_error()
    _end_tokens(connection, row.account_id)
    return str(row.account_id)


def _spent_token_error() -> SpentTokenError:
    return SpentTokenError(_("Invitația sau linkul de resetare nu mai este valabil. Cereți altul."))


def end_session_rows(connection: Connection, account_id: str) -> int:
    """End every session of an account and forget its known devices; give how many sessions there were."""
    known_devices.forget(connection, account_id)
    return connection.execute(delete(sessions).where(sessions.c.account_id == account_id)).rowcount
