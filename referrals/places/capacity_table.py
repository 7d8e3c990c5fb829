"""What is free now, of every service at once: each question after a change of the ledger waits for this table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import String, func, or_, select, type_coerce

from referrals.database.models import places, referrals
from referrals.database.tables.table_base import UtcTime
from referrals.outbox import freed_places

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    import pandas as pd
    from numpy.typing import NDArray
    from sqlalchemy import Connection, Select

COLUMNS = (
    "service_id",
    "status",
    "places_free",
    "places_reported",
    "places_max",
    "places_reported_at",
    "held",
    "over_promised",
    "source",
)
REFUSED_SOURCE = "refuz la o referire"
_MANY = 500  # above this many asked services one reads all rows: SQL limits the number of parameters
_READ = (
    "service_id",
    "status",
    "reported",
    "places_max",
    "reported_at",
    "source",
    "held",
    "taken",
    "due",
    "refused_at",
)


def now_table(connection: Connection, service_ids: Iterable[str] | None, now: datetime) -> pd.DataFrame:
    """Read what is free now.

    Parameters
    ----------
    connection
        Inside a reading.
    service_ids
        Of which services; None = of all.
    now
        The moment, UTC.

    Returns
    -------
    pandas.DataFrame
        COLUMNS, one row per service with a report or a hold, by `service_id`: see `Ledger.capacity_now`.
    """
    import pandas as pd

    wanted = None if service_ids is None else set(service_ids)
    query = _rows(connection, now)
    if wanted is not None and len(wanted) <= _MANY:
        query = query.where(places.c.service_id.in_(wanted))
    rows = [row for row in connection.execute(query).all() if wanted is None or row[0] in wanted]
    values: dict[str, Sequence[Any]] = dict(
        zip(_READ, zip(*rows, strict=True) if rows else [()] * len(_READ), strict=True)
    )
    reported, most = (np.array(values[name], "float64") for name in ("reported", "places_max"))  # None is NaN
    held, taken, due = (np.array(values[name], "int64") for name in ("held", "taken", "due"))
    held = held - due  # a hold whose time is over holds nothing, written down or not
    free = np.maximum(0, reported - held - taken)  # as `capacity.free_now`
    status = np.array(values["status"], object)
    status[(status == "free") & (free == 0)] = "full"
    # More held, and not answered yet, than the last report leaves room for; of no number nothing can be said.
    over_promised = held > np.maximum(0, reported - taken)
    table = pd.DataFrame(
        {
            "service_id": pd.array(values["service_id"], "string"),
            "status": pd.array(status, "string"),
            "places_free": _whole(free),
            "places_reported": _whole(reported),
            "places_max": _whole(most),
            "places_reported_at": _moments(values["reported_at"]),
            "held": pd.array(held, "Int64"),
            "over_promised": over_promised,
            "source": pd.array(values["source"], "string"),
        },
        columns=list(COLUMNS),
    )
    # Who refused somebody for lack of places after the last report has said what a report says.
    refused_at = pd.Series(_moments(values["refused_at"]), table.index)
    is_later = refused_at.notna() & ~(refused_at <= table["places_reported_at"])
    if is_later.any():
        as_said = {"status": "full", "places_free": 0, "places_reported": 0, "places_reported_at": refused_at}
        for column, value in {**as_said, "source": REFUSED_SOURCE}.items():
            table[column] = table[column].mask(is_later, value)
    return table


def _rows(connection: Connection, now: datetime) -> Select[Any]:
    """Select what `_READ` names, of the services of which anything is known."""
    due = (
        select(referrals.c.service_id, func.count().label("due"))
        .where(referrals.c.state == "held", referrals.c.expires_at <= now)
        .group_by(referrals.c.service_id)
        .subquery()
    )
    refused = freed_places.last_refusals(now).subquery()
    # SQLite: as it is written, text in UTC; numpy reads a column of them at once.
    kind = String() if connection.dialect.name == "sqlite" else UtcTime()
    return (
        select(
            places.c.service_id,
            places.c.status,
            places.c.reported,
            places.c.places_max,
            type_coerce(places.c.reported_at, kind),
            places.c.source,
            places.c.held,
            places.c.taken,
            func.coalesce(due.c.due, 0),
            type_coerce(refused.c.refused_at, kind),
        )
        .outerjoin(due, places.c.service_id == due.c.service_id)
        .outerjoin(refused, places.c.service_id == refused.c.service_id)
        .where(or_(places.c.reported_at.is_not(None), places.c.held > 0, refused.c.refused_at.is_not(None)))
        .order_by(places.c.service_id)
    )


def _moments(items: Sequence[Any]) -> pd.Series[Any]:
    """Make a column of moments (UTC) of text or datetimes; None is NaT."""
    import pandas as pd

    if any(isinstance(each, str) for each in items):
        read = np.array(["NaT" if each is None else each for each in items], "datetime64[us]")
        return pd.Series(read).dt.tz_localize("UTC")
    return pd.Series(pd.array(list(items), "datetime64[us, UTC]"))


def _whole(numbers: NDArray[np.float64]) -> Any:
    """Make a column of whole numbers; NaN is NA."""
    import pandas as pd

    unknown = np.isnan(numbers)
    return pd.arrays.IntegerArray(np.where(unknown, 0, numbers).astype("int64"), unknown)
