"""The share of services with a fresh place, by county and type, at any moments: what campaigns are measured by."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import select

from providers.rules.freshness import SECONDS_A_DAY
from referrals.database.models import reports
from referrals.records import roles

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import pandas as pd

    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

FRESH_COLUMNS = {
    "county": "letters of the county in which the service is, else of the one that it serves",
    "service_type": "code of the type of service",
    "moment": "moment looked at, UTC",
    "services": "services whose places are counted",
    "fresh": "of how many of them the last report was no older than the limit of its type",
    "share": "fresh of services, 0 to 1",
}


def fresh_share_table(
    directory: Directory, moments: Sequence[datetime], *, actor: Actor, county: str = ""
) -> pd.DataFrame:
    """Count the services with a fresh report at each of some moments, by county and type.

    The services are those of today's catalogue, without protected ones: what came or went since is not followed.

    Parameters
    ----------
    directory
        Catalogue and ledger.
    moments
        UTC.
    actor
        Who reads; sees the own area.
    county
        Letters of the one county; "" = all that the actor may see.

    Returns
    -------
    pd.DataFrame
        FRESH_COLUMNS, a row for each county, type and moment.
    """
    import pandas as pd

    area, _uat = roles.own_area(actor, county)
    roles.require(actor, "counts.read", roles.Area(area))  # of a county at least: a community has few services
    catalogue = directory.snapshot().catalogue
    services = catalogue.services
    where = services["county"].where(services["county"].fillna("") != "", services["county_served"]).fillna("")
    counted = ~services["is_secret"].to_numpy("bool") & (np.asarray(catalogue.rules.capacity_model) == "places")
    if area:
        counted &= (where == area).to_numpy("bool")
    limits = np.asarray(catalogue.rules.freshness_days, np.float64)
    groups = pd.DataFrame({"county": where, "service_type": services["service_type"]})[counted].groupby(
        ["county", "service_type"], observed=True
    )
    of_group, sizes = groups.ngroup().to_numpy(), groups.size()
    oldest = min(moments, default=directory.ledger.clock()) - timedelta(days=float(limits.max(initial=0)) + 1)
    with directory.ledger.store.read() as connection:
        query = select(reports.c.service_id, reports.c.reported_at).where(reports.c.reported_at > oldest)
        records = connection.execute(query).all()
    rows = np.array([catalogue.position.get(service_id, -1) for service_id, _at in records], np.int64)
    at = np.array([moment.timestamp() for _service, moment in records], np.float64)
    rows, at = rows[rows >= 0], at[rows >= 0]
    tables = []
    for moment in moments:
        last = np.full(len(services), -np.inf)
        before = at <= moment.timestamp()
        np.maximum.at(last, rows[before], at[before])
        is_fresh = ((moment.timestamp() - last) / SECONDS_A_DAY <= limits)[counted]
        fresh = np.bincount(of_group[is_fresh], minlength=len(sizes))
        tables.append(sizes.rename("services").reset_index().assign(moment=moment, fresh=fresh))
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(FRESH_COLUMNS))
    return table.assign(share=table["fresh"] / table["services"])[list(FRESH_COLUMNS)]
