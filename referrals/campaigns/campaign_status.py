"""How a campaign stands: who answered, who did not, and whom to call; the printed list with each provider's link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.text import collation_key
from referrals.campaigns.asked_services import provider_name, text_in
from referrals.campaigns.campaign_asks import reported_since
from referrals.campaigns.campaign_steps import Campaign, campaign_of
from referrals.database.models import campaign_asks, campaigns, link_services, messages
from referrals.ledger.provider_tokens import signing_key, token_of
from referrals.records import roles
from referrals.workflow.referral_offers import name_in

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd
    from sqlalchemy import Connection

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

CAMPAIGN_COLUMNS = {
    "provider": "name of the provider",
    "services": "services asked for, `; ` between their names",
    "asked": "how many services are asked for",
    "answered": "of how many the places were reported since",
    "channel": "message, phone or print: how to reach it now; a message that nobody gets becomes phone",
    "phone": "published telephones",
    "link": "path of the link that takes its answer",
}
_LOST = ("no_address", "stopped", "refused", "no_service")


def list_campaigns(ledger: Ledger, *, actor: Actor, county: str = "") -> list[Campaign]:
    """List campaigns, the newest first: of a county, or of all where the actor may see all."""
    where = county or actor.county
    roles.require(actor, "campaign.run", roles.Area(county=where))
    columns = [campaigns.c[name] for name in Campaign.__dataclass_fields__]
    query = select(*columns).order_by(campaigns.c.started_at.desc(), campaigns.c.campaign_id)
    if where:
        query = query.where(campaigns.c.county == where)
    with ledger.store.read() as connection:
        return [Campaign(**each) for each in connection.execute(query).mappings()]


@dataclass(frozen=True)
class AskedOne:
    """One provider of a campaign, as it stands.

    Attributes
    ----------
    ask_id
        Number of the asking.
    provider
        Its name; "" = the catalogue speaks of none of its services any more.
    services, answered
        Ids of the services asked for, and those of them whose places were reported since.
    channel
        message, phone or print: how to reach it now; a message that nobody gets becomes phone, or print without one.
    phone
        Published telephones.
    path
        Of the link that takes its answer.
    asked_at, reminded_at
        When it was asked, and asked again; UTC, None = never.
    """

    ask_id: int
    provider: str
    services: tuple[str, ...]
    answered: tuple[str, ...]
    channel: str
    phone: str
    path: str
    asked_at: datetime
    reminded_at: datetime | None

    @property
    def is_done(self) -> bool:
        """Whether all of its services were answered for."""
        return len(self.answered) >= len(self.services)

    @property
    def left(self) -> tuple[str, ...]:
        """The services that are not answered for yet."""
        return tuple(each for each in self.services if each not in self.answered)


def asked_providers(directory: Directory, campaign_id: str, *, actor: Actor) -> tuple[Campaign, list[AskedOne]]:
    """Return a campaign and every provider that it asks, those who answered last.

    Parameters
    ----------
    directory
        Names, and the ledger.
    campaign_id
        Its number.
    actor
        Who looks.

    Returns
    -------
    tuple of Campaign and list of AskedOne
        As they stand now.

    Raises
    ------
    UnknownCodeError
        Where there is no such campaign.
    NotAllowedError
        Where the actor may not ask the county's providers.
    """
    ledger = directory.ledger
    made = campaign_of(ledger, campaign_id, actor=actor, action="campaign.status")
    catalogue, key = directory.snapshot().catalogue, signing_key(ledger)
    with ledger.store.read() as connection:
        asks = connection.execute(select(campaign_asks).where(campaign_asks.c.campaign_id == made.campaign_id)).all()
        opened = _opened(connection, made.campaign_id)
        lost = _lost(connection, made.campaign_id)
        every = [service_id for some in opened.values() for service_id in some]
        codes = reported_since(connection, every, made.started_at)
    found = []
    for ask in asks:
        services = opened.get(ask.link_id, [])
        first = next((row for row in (catalogue.position.get(each) for each in services) if row is not None), None)
        phone = "" if first is None else text_in(catalogue, "phone", first)
        channel = ("phone" if phone else "print") if ask.link_id in lost else ask.channel
        found.append(
            AskedOne(
                ask_id=ask.ask_id,
                provider="" if first is None else provider_name(catalogue, first),
                services=tuple(services),
                answered=tuple(each for each in services if each in codes),
                channel=channel,
                phone=phone,
                path=f"/l/{token_of(key, ask.link_id)}",
                asked_at=ask.asked_at,
                reminded_at=ask.reminded_at,
            )
        )
    return made, sorted(found, key=lambda one: (one.is_done, collation_key(one.provider), one.ask_id))


def campaign_table(directory: Directory, campaign_id: str, *, actor: Actor) -> pd.DataFrame:
    """Lay out how a campaign stands, a row for each provider that it asks, those who answered last.

    Parameters
    ----------
    directory
        Names, and the ledger.
    campaign_id
        Its number.
    actor
        Who looks.

    Returns
    -------
    pd.DataFrame
        CAMPAIGN_COLUMNS.
    """
    import pandas as pd

    _made, asked = asked_providers(directory, campaign_id, actor=actor)
    catalogue = directory.snapshot().catalogue
    rows = [
        {
            "provider": one.provider,
            "services": "; ".join(name_in(catalogue, each) for each in one.services),
            "asked": len(one.services),
            "answered": len(one.answered),
            "channel": one.channel,
            "phone": one.phone,
            "link": one.path,
        }
        for one in asked
    ]
    return pd.DataFrame(rows, columns=list(CAMPAIGN_COLUMNS))


def _opened(connection: Connection, campaign_id: str) -> dict[str, list[str]]:
    query = (
        select(link_services.c.link_id, link_services.c.service_id)
        .join(campaign_asks, campaign_asks.c.link_id == link_services.c.link_id)
        .where(campaign_asks.c.campaign_id == campaign_id)
        .order_by(link_services.c.service_id)
    )
    found: dict[str, list[str]] = {}
    for link_id, service_id in connection.execute(query):
        found.setdefault(link_id, []).append(service_id)
    return found


def _lost(connection: Connection, campaign_id: str) -> set[str]:
    """Return the links whose message reaches nobody: no address, one that wants none, one that does not exist."""
    query = (
        select(messages.c.link_id)
        .join(campaign_asks, campaign_asks.c.link_id == messages.c.link_id)
        .where(campaign_asks.c.campaign_id == campaign_id, messages.c.reason.in_(_LOST))
    )
    return set(connection.execute(query).scalars())
