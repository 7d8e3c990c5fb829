"""News are written where they happen: in the transaction that causes them, once per kind, event and recipient.

A row names numbers and codes alone. Whom it is for stands in it, the address does not: who is at it when the message
is sent gets it, and an address that was corrected or closed meanwhile is no wrong one. Of a service with a protected
address nothing is written to its provider: its county unit acts for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from providers.rules import protected_keys
from referrals.database.models import accounts, messages

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from referrals.records.vocabulary import Actor, Referral

MessageKind = Literal[
    "referral_new",
    "referral_expiring",
    "places_stale",
    "places_asked",
    "places_reminder",
    "referral_answered",
    "expiry_tomorrow",
    "place_freed",
    "county_week",
    "fact_mended",
    "webhook_paused",
]
# How long a message is of use, where nothing ends it earlier (a referral answered meanwhile does).
_LAPSES = timedelta(days=14)
_ANSWERS = ("accept", "decline")
# Built once: building a statement costs more than running it.
_WRITE = {
    name: dialect.insert(messages).on_conflict_do_nothing().returning(messages.c.message_id)
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_TEAM = (
    select(accounts.c.account_id)
    .where(
        accounts.c.state == "active",
        or_(
            and_(accounts.c.role == "team", accounts.c.uat_siruta == bindparam("of_uat")),
            and_(
                accounts.c.role == "county",
                accounts.c.county == bindparam("of_county"),
                accounts.c.account_id == bindparam("made_by"),
            ),
        ),
    )
    .order_by(accounts.c.account_id)
)


@dataclass(frozen=True)
class MessageFacts:
    """What a message is about: numbers and codes.

    Attributes
    ----------
    service_id, referral_id, link_id
        Of which service, referral and provider's link; "" = of none.
    county, uat_siruta
        Area whose news it is: letters, SIRUTA; "" and None = of no one area.
    """

    service_id: str = ""
    referral_id: str = ""
    link_id: str = ""
    county: str = ""
    uat_siruta: int | None = None


def write_message(
    connection: Connection,
    kind: MessageKind,
    event: str,
    recipient: str,
    facts: MessageFacts,
    *,
    now: datetime,
    lapses_at: datetime | None = None,
) -> bool:
    """Write a message, in the transaction of what it tells.

    Parameters
    ----------
    connection
        Inside a writing transaction.
    kind, event
        What is told and of what; the same event is never told twice to one recipient.
    recipient
        `service:…`, `account:…`, `team:…`, `county:…` or `admin:`.
    facts
        Numbers and codes that it is about.
    now
        The moment, UTC.
    lapses_at
        When it is of no use any more, UTC; None = two weeks from now.

    Returns
    -------
    bool
        False where it was written already, or is for the provider of a protected service.
    """
    if recipient.startswith("service:") and protected_keys.is_protected(facts.service_id):
        return False
    row = {
        "kind": kind,
        "event": event,
        "recipient": recipient,
        "service_id": facts.service_id,
        "referral_id": facts.referral_id,
        "link_id": facts.link_id,
        "county": facts.county,
        "uat_siruta": facts.uat_siruta,
        "state": "waiting",
        "reason": "",
        "attempts": 0,
        "made_at": now,
        "due_at": now,
        "lapses_at": lapses_at or now + _LAPSES,
        "lease": "",
        "mail_id": "",
    }
    return connection.execute(_WRITE[connection.dialect.name], row).first() is not None


def tell_referral_made(connection: Connection, made: Referral, now: datetime) -> None:
    """Tell the provider that somebody was referred to it."""
    write_message(
        connection,
        "referral_new",
        made.referral_id,
        f"service:{made.service_id}",
        facts_of(made),
        now=now,
        lapses_at=made.expires_at,
    )


def tell_referral_answered(connection: Connection, old: Referral, action: str, *, actor: Actor, now: datetime) -> None:
    """Tell the team that its referral has an answer: all of the community but whoever wrote the answer down."""
    if action not in _ANSWERS:
        return
    for recipient in team_of(connection, old):
        if recipient != f"account:{actor.account}":
            event = f"{old.referral_id}:{action}"
            write_message(connection, "referral_answered", event, recipient, facts_of(old), now=now)


def facts_of(referral: Referral) -> MessageFacts:
    """Return what a message says of a referral: its numbers and its area, nothing about the person."""
    return MessageFacts(
        referral.service_id, referral.referral_id, county=referral.county, uat_siruta=referral.uat_siruta
    )


def team_of(connection: Connection, referral: Referral) -> list[str]:
    """List who follows a referral: active accounts of the community's team, and the county account that made it.

    Where the community has no account yet, its news wait under the community's own name.
    """
    of = {"of_uat": referral.uat_siruta, "of_county": referral.county, "made_by": referral.made_by}
    found = [f"account:{each}" for each in connection.execute(_TEAM, of).scalars()]
    return found or [f"team:{referral.uat_siruta}"]


def unit_of(connection: Connection, county: str) -> list[str]:
    """List the active accounts of a county unit; where it has none, its news wait under the county's own name."""
    rows = accounts.c
    query = select(rows.account_id).where(rows.state == "active", rows.role == "county", rows.county == county)
    found = [f"account:{each}" for each in connection.execute(query.order_by(rows.account_id)).scalars()]
    return found or [f"county:{county}"]
