"""Which places were free on a day gone by, as far as the reports say that hold on it: for a comparison with now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from sqlalchemy import and_, func, select

from providers.catalogue.availability import availability
from referrals.database.models import referrals, reports
from referrals.places.capacity import free_now

if TYPE_CHECKING:
    from datetime import datetime

    from providers.catalogue.availability import Availability
    from providers.catalogue.catalogue import Catalogue
    from referrals.ledger.ledger import Ledger


def reports_at(ledger: Ledger, at: datetime) -> pd.DataFrame:
    """Return what was reported of places by a moment gone by.

    Of each service the last report whose own moment is not after it counts, less the referrals accepted between the two
    and not cancelled since. Places that were held then, and are no more, are not known and not counted out.

    Parameters
    ----------
    ledger
        Where reports are kept.
    at
        The moment, UTC.

    Returns
    -------
    pd.DataFrame
        By `service_id`: `status`, `places_free`, `places_reported`, `places_max` (Int64, NA = not known) and
        `places_reported_at` (UTC).
    """
    ranked = (
        select(
            reports,
            func.row_number()
            .over(
                partition_by=reports.c.service_id, order_by=[reports.c.reported_at.desc(), reports.c.report_id.desc()]
            )
            .label("rank"),
        )
        .where(reports.c.reported_at <= at)
        .subquery()
    )
    accepted = and_(
        referrals.c.service_id == ranked.c.service_id,
        referrals.c.accepted_at > ranked.c.reported_at,
        referrals.c.accepted_at <= at,
        referrals.c.state != "cancelled",
    )
    query = (
        select(
            ranked.c.service_id, ranked.c.status, ranked.c.places_free, ranked.c.places_max, ranked.c.reported_at,
            func.count(referrals.c.referral_id).label("taken"),
        )
        .outerjoin(referrals, accepted)
        .where(ranked.c.rank == 1)
        .group_by(
            ranked.c.service_id, ranked.c.status, ranked.c.places_free, ranked.c.places_max, ranked.c.reported_at
        )
        .order_by(ranked.c.service_id)
    )  # fmt: skip
    with ledger.store.read() as connection:
        rows = list(connection.execute(query))
    free = [free_now(row.places_free, 0, row.taken) for row in rows]
    status = ["full" if row.status == "free" and n == 0 else row.status for row, n in zip(rows, free, strict=True)]
    return pd.DataFrame(
        {
            "service_id": pd.array([row.service_id for row in rows], "string"),
            "status": pd.array(status, "string"),
            "places_free": pd.array(free, "Int64"),
            "places_reported": pd.array([row.places_free for row in rows], "Int64"),
            "places_max": pd.array([row.places_max for row in rows], "Int64"),
            "places_reported_at": pd.array([row.reported_at for row in rows], "datetime64[us, UTC]"),
        }
    )


def availability_at(ledger: Ledger, catalogue: Catalogue, at: datetime) -> tuple[Availability, pd.DataFrame]:
    """Lay the reports of a moment gone by over a catalogue.

    Parameters
    ----------
    ledger
        Where reports are kept.
    catalogue
        Services in force now: those of that moment are not kept for ever.
    at
        The moment, UTC.

    Returns
    -------
    tuple of Availability and pd.DataFrame
        As `providers.catalogue.availability.availability` and `reports_at`, nothing of protected services in the first.
    """
    table = reports_at(ledger, at)
    table = table[
        ~table["service_id"].isin(list(catalogue.joined))
    ]  # what gave way to another says nothing of that one
    return availability(catalogue, table, now=at), table
