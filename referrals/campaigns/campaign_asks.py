"""What was asked by campaigns, as it stands in the ledger: which services a link opens, and which have answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals.database.models import campaign_asks, campaigns, link_services, places

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection


def unanswered(connection: Connection, link_id: str) -> list[str]:
    """List the services of a link of a campaign that goes on, of which no report came since it was sent."""
    asks, opened = campaign_asks.c, link_services.c
    query = (
        select(opened.service_id)
        .join(campaign_asks, asks.link_id == opened.link_id)
        .join(campaigns, campaigns.c.campaign_id == asks.campaign_id)
        .outerjoin(places, places.c.service_id == opened.service_id)
        .where(
            opened.link_id == link_id,
            campaigns.c.stopped_at.is_(None),
            places.c.reported_at.is_(None) | (places.c.reported_at < asks.asked_at),
        )
        .order_by(opened.service_id)
    )
    return list(connection.execute(query).scalars())


def asked_already(connection: Connection, county: str) -> frozenset[str]:
    """Return the services of a county that a campaign which goes on asks already."""
    query = (
        select(link_services.c.service_id)
        .join(campaign_asks, campaign_asks.c.link_id == link_services.c.link_id)
        .join(campaigns, campaigns.c.campaign_id == campaign_asks.c.campaign_id)
        .where(campaigns.c.county == county, campaigns.c.stopped_at.is_(None))
    )
    return frozenset(connection.execute(query).scalars())


def reported_since(connection: Connection, service_ids: Iterable[str], moment: datetime) -> set[str]:
    """Return those of some services whose places were reported since a moment."""
    wanted = set(service_ids)
    query = select(places.c.service_id).where(places.c.reported_at >= moment)
    return wanted & set(connection.execute(query).scalars())
