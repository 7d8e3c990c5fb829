"""Tokens with which other programs ask: a role, an area, scopes and an end; of the secret only a digest is kept.

A token acts as its role acts, in its area and no further, and only as far as its scopes go. It is looked up at every
request, so that one that was revoked is dead in every process from the next request on. A new token may take the
place of another: the old one goes on for some days, in which the other program changes over.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from core.i18n import _
from referrals.database import audit, refused_attempts
from referrals.database.models import api_tokens, webhooks
from referrals.ledger.referral_request import random_code
from referrals.records import roles
from referrals.records.ledger_errors import WRITING_REFUSED, BadTokenError, UnknownTokenError
from referrals.records.vocabulary import Actor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Row

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Role

# What a token may ask for, and the permission without which a role has no use for it ("" = everybody).
SCOPES = {
    "read": "",
    "nearest": "",
    "figures": "counts.read",
    "report": "capacity.report",
    "refer": "referral.make",
    "answer": "referral.answer",
    "webhook": "",
}
OF_A_PROVIDER = frozenset({"read", "nearest", "report", "webhook"})  # what answers a referral is the link made for it
ROLES = ("team", "county", "national", "provider")
LONGEST_DAYS = 366
USUAL_DAYS = 90
CHANGE_OVER = timedelta(days=7)
MOST_SERVICES = 15
_FORM = re.compile(r"harta_[A-Za-z0-9_-]{43}")
_LONGEST_NAME = 80


@dataclass(frozen=True)
class ApiToken:
    """One token, without what opens the door.

    Attributes
    ----------
    token_id, name
        Its number, and which program has it.
    role, county, uat_siruta, services
        As whom it acts, and where: letters of a county, SIRUTA of a community, services of a provider.
    scopes
        What it may ask for, of `SCOPES`.
    made_at, expires_at, revoked_at
        Moments, UTC; None = not revoked.
    used_on
        Day on which it was last used; "" = never.
    """

    token_id: str
    name: str
    role: Role
    county: str
    uat_siruta: int | None
    services: tuple[str, ...]
    scopes: tuple[str, ...]
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_on: str

    def is_valid(self, now: datetime) -> bool:
        """Whether it opens anything now."""
        return self.revoked_at is None and now < self.expires_at

    def actor(self, service_id: str = "") -> Actor:
        """Return who acts with it, on a service where one is meant: a provider acts on its own services alone."""
        own = service_id if self.role == "provider" and service_id in self.services else ""
        return Actor(self.role, f"token:{self.token_id}", self.county, self.uat_siruta, own)


def create_token(
    ledger: Ledger,
    name: str,
    *,
    role: Role,
    county: str = "",
    uat_siruta: int | None = None,
    services: Iterable[str] = (),
    scopes: Iterable[str],
    days: int = USUAL_DAYS,
    actor: Actor,
) -> tuple[ApiToken, str]:
    """Make a token for another program.

    Parameters
    ----------
    ledger
        Where it is kept.
    name
        Which program gets it; shown in lists, never secret.
    role, county, uat_siruta, services
        As whom it acts, and where.
    scopes
        What it may ask for, of `SCOPES`.
    days
        How long it is valid, 1 to `LONGEST_DAYS`.
    actor
        Who makes it.

    Returns
    -------
    tuple of ApiToken and str
        The token and its secret, which nobody can read again.

    Raises
    ------
    BadTokenError
        Where role, area and scopes do not fit each other.
    NotAllowedError
        Where the actor makes no tokens.
    """
    _require(ledger, actor)
    now = ledger.clock()
    made = ApiToken(
        token_id=f"T-{random_code(8)}",
        name=name.strip(),
        role=role,
        county=county,
        uat_siruta=uat_siruta,
        services=tuple(dict.fromkeys(services)),
        scopes=tuple(scope for scope in SCOPES if scope in set(scopes)),
        made_at=now,
        expires_at=_end(now, days),
        revoked_at=None,
        used_on="",
    )
    _check(made, frozenset(scopes), days)
    with ledger.store.write() as connection:
        return made, _insert(connection, made, actor)


def replace_token(ledger: Ledger, token_id: str, *, days: int = USUAL_DAYS, actor: Actor) -> tuple[ApiToken, str]:
    """Make a token with the rights of another, which goes on for `CHANGE_OVER` at most; raises UnknownTokenError.

    What is told to the program (`referrals.webhooks`) stands by the new one from now on.
    """
    _require(ledger, actor)
    now = ledger.clock()
    with ledger.store.write() as connection:
        old = find_token(connection, token_id)
        if not old.is_valid(now):
            raise UnknownTokenError(_("Cheia {id} nu mai este valabilă: faceți alta.").format(id=old.token_id))
        made = replace(old, token_id=f"T-{random_code(8)}", made_at=now, expires_at=_end(now, days), used_on="")
        _check(made, frozenset(made.scopes), days)
        secret = _insert(connection, made, actor)
        ends = min(old.expires_at, now + CHANGE_OVER)
        connection.execute(update(api_tokens).where(api_tokens.c.token_id == old.token_id).values(expires_at=ends))
        is_stated = webhooks.c.token_id == old.token_id
        connection.execute(update(webhooks).where(is_stated).values(token_id=made.token_id))
        _log(connection, old.token_id, "token.replace", actor, now, after=made.token_id)
    return made, secret


def list_tokens(ledger: Ledger, *, actor: Actor) -> list[ApiToken]:
    """List all tokens, also those that are over.

    Parameters
    ----------
    ledger
        Where they are kept.
    actor
        Who asks.

    Returns
    -------
    list of ApiToken
        The newest first; without secrets, which are kept nowhere.

    Raises
    ------
    NotAllowedError
        Where the actor keeps no tokens.
    """
    _require(ledger, actor)
    with ledger.store.read() as connection:
        rows = connection.execute(select(api_tokens).order_by(api_tokens.c.made_at.desc(), api_tokens.c.token_id))
        return [_as_token(row) for row in rows]


def revoke_token(ledger: Ledger, token_id: str, *, actor: Actor) -> ApiToken:
    """Revoke a token: it opens nothing from the next request on, in every process.

    Parameters
    ----------
    ledger
        Where it is kept.
    token_id
        Its number.
    actor
        Who revokes it.

    Returns
    -------
    ApiToken
        As it is now.

    Raises
    ------
    UnknownTokenError
        Where there is no such token.
    NotAllowedError
        Where the actor keeps no tokens.
    """
    _require(ledger, actor)
    now = ledger.clock()
    with ledger.store.write() as connection:
        found = find_token(connection, token_id)
        if found.revoked_at is None:
            revoke_row(connection, found.token_id, actor=actor, now=now)
    ledger.keep_erasures()
    return replace(found, revoked_at=found.revoked_at or now)


def revoke_row(connection: Connection, token_id: str, *, actor: Actor, now: datetime) -> None:
    """Revoke a token in a transaction of whoever asked for it and may."""
    connection.execute(update(api_tokens).where(api_tokens.c.token_id == token_id).values(revoked_at=now))
    _log(connection, token_id, "token.revoke", actor, now)


def token_of(ledger: Ledger, secret: str) -> ApiToken | None:
    """Return the token that a secret opens now, and note the day of its use.

    Parameters
    ----------
    ledger
        Where tokens are kept.
    secret
        What another program came with.

    Returns
    -------
    ApiToken or None
        None for whatever is no secret of a valid token: nobody is told which part was wrong.

    Raises
    ------
    LedgerError
        Where the database is away.
    """
    if not _FORM.fullmatch(secret):
        return None
    now, digest = ledger.clock(), _digest(secret)

    def read(connection: Connection) -> Row[Any] | None:
        return connection.execute(select(api_tokens).where(api_tokens.c.digest == digest)).one_or_none()

    row = ledger.store.kept(("token", digest), read)
    if row is None or not (found := _as_token(row)).is_valid(now):
        return None
    day = now.astimezone(UTC).date().isoformat()
    if found.used_on != day:
        with suppress(*WRITING_REFUSED), ledger.store.write() as connection:
            connection.execute(update(api_tokens).where(api_tokens.c.token_id == found.token_id).values(used_on=day))
    return found


def _require(ledger: Ledger, actor: Actor) -> None:
    """Let who keeps tokens through; NotAllowedError for all others."""
    with refused_attempts.noted(ledger.store, "token.manage", "token", actor=actor, clock=ledger.clock):
        roles.require(actor, "token.manage")


def _end(now: datetime, days: int) -> datetime:
    """Return when a token made now ends: some moment for any number, as `_check` refuses those that are none."""
    return now + timedelta(days=max(0, min(days, LONGEST_DAYS + 1)))


def _check(made: ApiToken, asked: frozenset[str], days: int) -> None:
    if not made.name or len(made.name) > _LONGEST_NAME:
        raise BadTokenError(_("Spuneți pentru ce program este cheia, în cel mult 80 de semne."))
    if unknown := sorted(asked - SCOPES.keys()):
        raise BadTokenError(
            _("Drept necunoscut: {found}. Se poate: {known}.").format(found=", ".join(unknown), known=", ".join(SCOPES))
        )
    if not asked:
        raise BadTokenError(_("Spuneți ce poate cere programul: {known}.").format(known=", ".join(SCOPES)))
    if not 1 <= days <= LONGEST_DAYS:
        raise BadTokenError(_("O cheie este valabilă între o zi și un an."))
    _check_area(made)
    useless = [scope for scope in made.scopes if not _fits(made.role, scope)]
    if useless:
        raise BadTokenError(
            _("Rolul {role} nu are dreptul: {scopes}.").format(role=made.role, scopes=", ".join(useless))
        )


def _check_area(made: ApiToken) -> None:
    if made.role not in ROLES:
        raise BadTokenError(_("Rol necunoscut. Se poate: {known}.").format(known=", ".join(ROLES)))
    if (made.role == "team") != (made.uat_siruta is not None) or (made.role in ("team", "county")) != bool(made.county):
        raise BadTokenError(
            _("O cheie de echipă are o comunitate, una de unitate județeană un județ, celelalte niciun loc.")
        )
    if (made.role == "provider") != bool(made.services) or len(made.services) > MOST_SERVICES:
        raise BadTokenError(_("O cheie de furnizor are între 1 și 15 servicii; celelalte nu au niciunul."))


def _fits(role: Role, scope: str) -> bool:
    if role == "provider":
        return scope in OF_A_PROVIDER
    return not SCOPES[scope] or bool(roles.reach(role, SCOPES[scope]))


def _insert(connection: Connection, made: ApiToken, actor: Actor) -> str:
    secret = f"harta_{secrets.token_urlsafe(32)}"
    connection.execute(
        insert(api_tokens).values(
            token_id=made.token_id,
            name=made.name,
            digest=_digest(secret),
            role=made.role,
            county=made.county,
            uat_siruta=made.uat_siruta,
            services=";".join(made.services),
            scopes=";".join(made.scopes),
            made_by=actor.account,
            made_at=made.made_at,
            expires_at=made.expires_at,
            revoked_at=None,
            used_on="",
        )
    )
    _log(connection, made.token_id, "token.make", actor, made.made_at, after=f"{made.role}:{';'.join(made.scopes)}")
    return secret


def find_token(connection: Connection, token_id: str) -> ApiToken:
    """Return a token by its number, in a transaction of whoever may know it; raises UnknownTokenError."""
    query = select(api_tokens).where(api_tokens.c.token_id == token_id.strip().upper())
    row = connection.execute(query).one_or_none()
    if row is None:
        raise UnknownTokenError(_("Nu există nicio cheie cu acest număr. Le arată „harta token list”."))
    return _as_token(row)


def _as_token(row: Row[Any]) -> ApiToken:
    return ApiToken(
        row.token_id,
        row.name,
        row.role,
        row.county,
        row.uat_siruta,
        tuple(filter(None, row.services.split(";"))),
        tuple(filter(None, row.scopes.split(";"))),
        row.made_at,
        row.expires_at,
        row.revoked_at,
        row.used_on,
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _log(connection: Connection, token_id: str, action: str, actor: Actor, now: datetime, after: str = "") -> None:
    audit.lock(connection, [token_id])
    audit.append(connection, token_id, audit.AuditEvent(action, token_id, after=after), actor=actor, at=now)
