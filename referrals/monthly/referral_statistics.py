"""Counts of referrals for reports: from the table of referrals to one row a group, no case in it.

`Ledger.referral_counts` answers the same for one screen; this reads few columns and is made for a year of
the whole country.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import DateTime, String, select, type_coerce

from core.romanian_calendar import BUCHAREST
from referrals.database.models import referrals
from referrals.ledger import queries
from referrals.records import roles
from referrals.records.roles import Area
from referrals.records.vocabulary import WAITING

if TYPE_CHECKING:
    import pandas as pd

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_TEXTS = ("county", "need", "service_type", "state", "reason")
_TIMES = ("made_at", "expires_at", "accepted_at", "closed_at")
TALLY_COLUMNS = {
    "month": "month in which the referral was made (Bucharest), 2026-03",
    "county": "letters of the county in which the person lives",
    "uat_siruta": "UAT in which the person lives",
    "need": "code of the need",
    "service_type": "code of the type of service",
    "state": "state now",
    "reason": "coded reason of a refusal",
    "referrals": "how many",
    "taken": "how many of them were ever accepted",
    "hours_sum": "hours from making to acceptance, summed over those taken",
    "days_sum": "days from making to the end, summed over those completed",
}


def tally(ledger: Ledger, *, actor: Actor, county: str = "") -> pd.DataFrame:
    """Count all referrals by month, place, need, type, state and reason.

    Parameters
    ----------
    ledger
        Where they are kept.
    actor
        Who reads; sees the own area.
    county
        Letters of the one county to count; "" = all that the actor may see.

    Returns
    -------
    pd.DataFrame
        TALLY_COLUMNS.

    Raises
    ------
    NotAllowedError
        Where the actor may not read counts of the county.
    """
    import pandas as pd

    area, uat = roles.own_area(actor, county)
    roles.require(actor, "counts.read", Area(area, uat))
    table = referrals.c
    # SQLite keeps times as text, which pandas reads ten times faster all at once than row by row.
    plain = String() if ledger.store.is_sqlite else DateTime(timezone=True)
    columns = [
        table.uat_siruta,
        *(table[name] for name in _TEXTS),
        *(type_coerce(table[name], plain) for name in _TIMES),
    ]
    query = select(*columns)
    query = queries.in_area(query, table, area, uat)
    with ledger.store.read() as connection:
        rows = connection.execute(query).all()
    names = ("uat_siruta", *_TEXTS, *_TIMES)
    lists = list(zip(*rows, strict=True)) or [()] * len(names)
    facts = pd.DataFrame({name: list(values) for name, values in zip(names, lists, strict=True)})
    return _counted(facts, pd.Timestamp(ledger.clock()))


def _counted(facts: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    import pandas as pd

    times = {name: pd.to_datetime(facts[name], utc=True, format="ISO8601") for name in _TIMES}
    state = facts["state"].astype("str")
    late = state.isin(list(WAITING)) & (times["expires_at"] <= now)
    hours = (times["accepted_at"] - times["made_at"]).dt.total_seconds() / 3600
    days = (times["closed_at"] - times["made_at"]).dt.total_seconds() / 86_400
    state = state.mask(late, "expired")
    made = times["made_at"].dt.tz_convert(BUCHAREST)
    grouped = (
        facts.assign(
            # Year and month as numbers first: formatting 60,000 dates is slow, and there are few months.
            month=(made.dt.year * 100 + made.dt.month).astype("int64"),
            state=state,
            referrals=1,
            taken=times["accepted_at"].notna().astype("int64"),
            hours_sum=hours.fillna(0.0),
            days_sum=days.where(state == "completed").fillna(0.0),
        )
        .groupby(
            ["month", "county", "uat_siruta", "need", "service_type", "state", "reason"], as_index=False, sort=True
        )[["referrals", "taken", "hours_sum", "days_sum"]]
        .sum()
    )
    months = {number: f"{number // 100}-{number % 100:02d}" for number in grouped["month"].unique()}
    counted = grouped.assign(month=grouped["month"].map(months).astype("str"))
    texts = dict.fromkeys(_TEXTS, "str")
    numbers = {
        "uat_siruta": "int64",
        "referrals": "int64",
        "taken": "int64",
        "hours_sum": "float64",
        "days_sum": "float64",
    }
    return pd.DataFrame(counted)[list(TALLY_COLUMNS)].astype({**texts, **numbers})
