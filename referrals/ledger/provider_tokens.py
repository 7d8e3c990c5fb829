"""Providers without accounts: a link to answer one referral, and one to report a service's places.

A link is signed and its row can be revoked and runs out. Opening it shows and changes nothing, however
often a mail scanner does so; a change is a POST with a nonce that the page was given, and a nonce does
one thing once. What a link shows is what the provider needs to answer: no case reference, no locality.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer
from sqlalchemy import case, insert, select, update

from core.i18n import _
from providers.rules import protected_keys
from referrals.database import audit, refused_attempts
from referrals.database.models import keys, link_services, links
from referrals.ledger import lifecycle
from referrals.ledger.referral_request import random_code
from referrals.records import roles
from referrals.records.ledger_errors import LinkError
from referrals.records.roles import Area
from referrals.records.vocabulary import SYSTEM, Actor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Referral

REFERRAL_DAYS = 30
SERVICE_DAYS = 365
SEVERAL_DAYS = 60
MOST_OF_A_LINK = 90  # services: the form of their page takes two fields for each, of two hundred
NONCE_SECONDS = 3600
POSTS_AN_HOUR = 20


@dataclass(frozen=True)
class Link:
    """What a valid link opens."""

    link_id: str
    service_id: str
    referral_id: str

    @property
    def actor(self) -> Actor:
        """Who acts through the link: a provider, bound to this service and referral."""
        return Actor("provider", f"link:{self.link_id}", service_id=self.service_id, referral_id=self.referral_id)


def signing_key(ledger: Ledger) -> str:
    """Read the key that signs links and session cookies; it lives and is backed up with the database."""
    with ledger.store.read() as connection:
        return str(connection.execute(select(keys.c.key).where(keys.c.name == "web")).scalar_one())


def make_referral_link(ledger: Ledger, referral_id: str, *, actor: Actor) -> str:
    """Make the link that lets a provider answer one referral.

    Parameters
    ----------
    ledger
        Where the link is kept.
    referral_id
        The referral that it opens, and no other.
    actor
        Who makes it.

    Returns
    -------
    str
        The token with which the address ends.

    Raises
    ------
    UnknownReferralError
        For a number that is none.
    NotAllowedError
        Where the actor may not make links for this referral.
    """
    with ledger.store.read() as connection:
        found = lifecycle.by_id(connection, referral_id)
    area = Area(found.county, found.uat_siruta, found.service_id, referral_id)
    with refused_attempts.noted(ledger.store, "link.referral", referral_id, actor=actor, clock=ledger.clock):
        roles.require(actor, "link.referral", area)
    with ledger.store.write() as connection:
        made = Link(f"L-{random_code(10)}", found.service_id, referral_id)
        _insert(connection, made, area, actor, ledger.clock(), REFERRAL_DAYS)
    return _signer(ledger).dumps(made.link_id)


def make_service_link(ledger: Ledger, service_id: str, *, county: str, actor: Actor) -> str:
    """Make the link that lets a provider report one service's places; give its token."""
    area = require_service_link(ledger, service_id, county=county, actor=actor)
    made = Link(f"L-{random_code(10)}", service_id, "")
    with ledger.store.write() as connection:
        _insert(connection, made, area, actor, ledger.clock(), SERVICE_DAYS)
    return _signer(ledger).dumps(made.link_id)


def require_service_link(ledger: Ledger, service_id: str, *, county: str, actor: Actor) -> Area:
    """Refuse, and note in the audit log, whoever may not make or take back links of a service; give its area."""
    area = Area(county, None, service_id)
    with refused_attempts.noted(ledger.store, "link.service", service_id, actor=actor, clock=ledger.clock):
        roles.require(actor, "link.service", area)
    return area


def _insert(connection: Connection, link: Link, area: Area, actor: Actor, now: datetime, days: int) -> None:
    connection.execute(
        insert(links).values(
            link_id=link.link_id,
            service_id=link.service_id,
            referral_id=link.referral_id,
            county=area.county,
            uat_siruta=area.uat_siruta,
            made_by=actor.account,
            made_at=now,
            expires_at=now + timedelta(days=days),
            hour=now,
            posts=0,
        )
    )
    audit.lock(connection, [link.link_id])
    step = audit.AuditEvent("link.make", link.link_id, after=link.referral_id or link.service_id)
    audit.append(connection, link.link_id, step, actor=actor, at=now)


def make_message_link(
    connection: Connection, service_id: str, *, referral: Referral | None = None, county: str = "", now: datetime
) -> str:
    """Make the link that a message to a provider carries, in the transaction that remembers it; give its number.

    To answer a referral it stands for whoever made the referral: who may refer may make its link. To report places it
    stands for the county whose service it is.
    """
    made = Link(f"L-{random_code(10)}", service_id, referral.referral_id if referral else "")
    if referral is not None:
        area = Area(referral.county, referral.uat_siruta, service_id, referral.referral_id)
        _insert(connection, made, area, SYSTEM, now, REFERRAL_DAYS)
    else:
        _insert(connection, made, Area(county, None, service_id), SYSTEM, now, SERVICE_DAYS)
    return made.link_id


def make_services_link(
    connection: Connection, service_ids: Sequence[str], *, county: str, actor: Actor, now: datetime
) -> str:
    """Make the link that lets one provider report the places of several services; give its number.

    Permissions were looked at before; no service of them has a protected address.
    """
    made = Link(f"L-{random_code(10)}", service_ids[0], "")
    _insert(connection, made, Area(county, None, service_ids[0]), actor, now, SEVERAL_DAYS)
    connection.execute(insert(link_services), [{"link_id": made.link_id, "service_id": each} for each in service_ids])
    return made.link_id


def services_of(ledger: Ledger, link: Link) -> tuple[str, ...]:
    """List the services whose places a link reports: several, or its one; none where it is of a referral."""
    if link.referral_id:
        return ()
    with ledger.store.read() as connection:
        return services_in(connection, link)


def services_in(connection: Connection, link: Link) -> tuple[str, ...]:
    """List the services of a link that is of no referral."""
    query = select(link_services.c.service_id).where(link_services.c.link_id == link.link_id)
    return tuple(connection.execute(query.order_by(link_services.c.service_id)).scalars()) or (link.service_id,)


def token_of(key: str, link_id: str) -> str:
    """Return the token with which the address of a link ends. key: `signing_key`."""
    return _signer_by(key).dumps(link_id)


def is_open(connection: Connection, link_id: str, now: datetime) -> bool:
    """Whether a link still opens what it was made for."""
    query = select(links.c.link_id).where(
        links.c.link_id == link_id, links.c.revoked_at.is_(None), links.c.expires_at > now
    )
    return connection.execute(query).first() is not None


def revoke(ledger: Ledger, service_or_referral: str, *, actor: Actor) -> int:
    """Revoke every link to a service's places or to a referral; give how many were open."""
    now = ledger.clock()
    attempt = refused_attempts.noted(ledger.store, "link.revoke", service_or_referral, actor=actor, clock=ledger.clock)
    with attempt, ledger.store.write() as connection:
        query = select(links).where(
            (links.c.referral_id == service_or_referral)
            | ((links.c.service_id == service_or_referral) & (links.c.referral_id == "")),
            links.c.revoked_at.is_(None),
        )
        found = connection.execute(query).all()
        audit.lock(connection, [row.link_id for row in found])
        for row in found:
            area = Area(row.county, row.uat_siruta, row.service_id, row.referral_id)
            roles.require(actor, "link.referral" if row.referral_id else "link.service", area)
            connection.execute(update(links).where(links.c.link_id == row.link_id).values(revoked_at=now))
            step = audit.AuditEvent("link.revoke", row.link_id)
            audit.append(connection, row.link_id, step, actor=actor, at=now)
    ledger.keep_erasures()
    return len(found)


def new_nonce(ledger: Ledger, token: str) -> str:
    """Make the nonce that a page carries in its form: for this link, for an hour, for one thing. Writes nothing."""
    return _nonces(ledger).dumps([link_id_of(ledger, token), secrets.token_hex(8)])


def _signer(ledger: Ledger) -> URLSafeSerializer:
    return _signer_by(signing_key(ledger))


def _signer_by(key: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="harta.link")


def _nonces(ledger: Ledger) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(signing_key(ledger), salt="harta.nonce")


def link_id_of(ledger: Ledger, token: str) -> str:
    """Return the number of the link whose token this is; LinkError for one that we never signed."""
    try:
        return str(_signer(ledger).loads(token))
    except BadSignature:
        raise LinkError(_("Linkul nu este valabil. Verificați că l-ați copiat întreg.")) from None


def take_post(ledger: Ledger, token: str, nonce: str) -> tuple[str, str]:
    """Count a press on a link's page; give its idempotency key and the link's number. LinkError for a stale page."""
    key = _checked_nonce(ledger, token, nonce)
    link_id = link_id_of(ledger, token)
    _count_post(ledger, link_id)
    return key, link_id


def valid_link(connection: Connection, link_id: str, now: datetime) -> Link:
    """Return what a link opens; LinkError where it opens nothing any more."""
    row = connection.execute(select(links).where(links.c.link_id == link_id)).one_or_none()
    ended = row is None or row.revoked_at is not None or (row.expires_at is not None and row.expires_at <= now)
    # Of a service that became protected since, a link to its places opens nothing: its label would say where it is.
    if row is None or ended or (not row.referral_id and protected_keys.is_protected(row.service_id)):
        raise LinkError(_("Linkul a expirat sau a fost dezactivat. Cereți altul echipei care vi l-a trimis."))
    return Link(row.link_id, row.service_id, row.referral_id)


def _checked_nonce(ledger: Ledger, token: str, nonce: str) -> str:
    """Give the idempotency key that a nonce stands for."""
    try:
        link_id, once = _nonces(ledger).loads(nonce, max_age=NONCE_SECONDS)
    except (BadSignature, ValueError):
        raise LinkError(_("Pagina este prea veche. Deschideți din nou linkul și confirmați.")) from None
    if link_id != link_id_of(ledger, token):
        raise LinkError(_("Confirmarea nu este pentru acest link."))
    return f"nonce:{once}"


def _count_post(ledger: Ledger, link_id: str) -> None:
    """Let a link change things so many times an hour, counted in the database: for all processes together."""
    now = ledger.clock()
    is_new_hour = links.c.hour <= now - timedelta(hours=1)
    with ledger.store.write() as connection:
        done = connection.execute(
            update(links)
            .where(links.c.link_id == link_id, is_new_hour | (links.c.posts < POSTS_AN_HOUR))
            .values(
                posts=case((is_new_hour, 1), else_=links.c.posts + 1), hour=case((is_new_hour, now), else_=links.c.hour)
            )
        )
    if done.rowcount != 1:
        raise LinkError(_("Prea multe încercări într-o oră. Încercați mai târziu."))
