"""How a campaign stands: who answered, who did not, and whom to call; the printed list with each provider's link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals.campaigns.asked_services import provider_name, text_in
from referrals.campaigns.campaign_asks import reported_since
from referrals.campaigns.campaign_steps import Campaign, campaign_of
from referrals.database.models import campaign_asks, campaigns, link_services, messages
from referrals.ledger.provider_tokens import signing_key, token_of
from referrals.records import roles
from referrals.workflow.referral_offers import name_in

if TYPE_CHECKING:
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

    ledger = directory.ledger
    made = campaign_of(ledger, campaign_id, actor=actor, action="campaign.status")
    catalogue, key = directory.snapshot().catalogue, signing_key(ledger)
    with ledger.store.read() as connection:
        asks = connection.execute(select(campaign_asks).where(campaign_asks.c.campaign_id == made.campaign_id)).all()
        opened = _opened(connection, made.campaign_id)
        lost = _lost(connection, made.campaign_id)
        every = [service_id for some in opened.values() for service_id in some]
        told = reported_since(connection, every, made.started_at)
    rows = []
    for ask in asks:
        services = opened.get(ask.link_id, [])
        known = [row for row in (catalogue.position.get(each) for each in services) if row is not None]
        first = known[0] if known else None
        rows.append(
            {
                "provider": "" if first is None else provider_name(catalogue, first),
                "services": "; ".join(name_in(catalogue, each) for each in services),
                "asked": len(services),
                "answered": sum(each in told for each in services),
                "channel": "phone" if ask.link_id in lost else ask.channel,
                "phone": "" if first is None else text_in(catalogue, "phone", first),
                "link": f"/l/{token_of(key, ask.link_id)}",
            }
        )
    table = pd.DataFrame(rows, columns=list(CAMPAIGN_COLUMNS))
    has_answered = table["answered"] >= table["asked"]
    order = pd.DataFrame({"is_done": has_answered, "provider": table["provider"].fillna("")})
    return table.loc[order.sort_values(["is_done", "provider"], kind="stable").index].reset_index(drop=True)


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
