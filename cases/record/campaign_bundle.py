"""What telephones are told of their community's campaigns: whole, those that changed and are not long over."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from cases.rules.case_terms import days_after, term
from referrals.database.tables import field_campaign_tables as t
from referrals.database.tables.exchange_tables import case_changes

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from cases.exchange import ExchangeContext

KINDS = ("campaign.open", "campaign.add", "campaign.stop", "campaign.close", "campaign.told")
_INTERNAL = {"county", "uat_siruta"}


def campaigns_shown(connection: Connection, since: int, context: ExchangeContext) -> list[dict[str, Any]]:
    """Return the campaigns of a community that changed since, with `households` and `stops`; 0 = all of them."""
    uat, over = context.uat_siruta, days_after(context.today, -term("campaign_shown"))
    campaigns = t.field_campaigns.c
    query = select(t.field_campaigns).where(
        campaigns.uat_siruta == uat, or_(campaigns.ended_on == "", campaigns.ended_on >= over)
    )
    if since:
        changes = case_changes.c
        statement = select(changes.body).where(
            changes.uat_siruta == uat, changes.seq > since, changes.kind.in_(KINDS), changes.result == "applied"
        )
        changed = {json.loads(body).get("campaign_id", "") for body in connection.execute(statement).scalars()} - {""}
        query = query.where(campaigns.campaign_id.in_(changed))
    found = [dict(row) for row in connection.execute(query.order_by(campaigns.campaign_id)).mappings()]
    ids = [row["campaign_id"] for row in found]
    parts: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for table in (t.campaign_households, t.campaign_stops):
        parts[table.name] = defaultdict(list)
        rows = select(table).where(table.c.campaign_id.in_(ids)).order_by(*table.primary_key)
        for row in connection.execute(rows).mappings():
            parts[table.name][row["campaign_id"]].append(dict(row))
    return [
        {
            **_plain(row),
            "households": [
                each["household_id"]
                for each in parts["campaign_households"][row["campaign_id"]]
                if each["household_id"].startswith("H-")  # one that was erased is not to be passed by
            ],
            "stops": [
                {**_plain(each), "needs": each["needs"].split()} for each in parts["campaign_stops"][row["campaign_id"]]
            ],
        }
        for row in found
    ]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _INTERNAL}
