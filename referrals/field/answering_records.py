"""How services answer the referrals made to them, read out of the ledger; of protected services nothing is read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd
from sqlalchemy import case, select

from core.cells import is_missing
from providers.answering.answering_record import WINDOW_DAYS, AnsweringRecord, record_of
from providers.rules.protected_keys import is_protected
from referrals.database.models import referrals

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from referrals.ledger.ledger import Ledger

_TABLE = referrals.c
# Whoever took a referral back before an answer leaves nothing to judge by.
_ENDED = case(
    (_TABLE.accepted_at.is_not(None), _TABLE.accepted_at), (_TABLE.state == "declined", _TABLE.closed_at), else_=None
)


def answering_records(ledger: Ledger, *, now: datetime) -> Mapping[str, AnsweringRecord]:
    """Return how each service answered lately, where enough is known to tell.

    Parameters
    ----------
    ledger
        Where the referrals are.
    now
        The last `WINDOW_DAYS` before it are looked at, by when a referral was made.

    Returns
    -------
    Mapping of str to AnsweringRecord
        By `service_id`; a referral that waits still, or was taken back before an answer, does not count.
    """
    ran_out = (_TABLE.state == "expired") | (_TABLE.state.in_(("held", "asked")) & (_TABLE.expires_at <= now))
    wanted = (
        select(_TABLE.service_id, _TABLE.made_at, _ENDED.label("ended_at"))
        .where(_TABLE.made_at > now - timedelta(days=WINDOW_DAYS), _TABLE.made_at <= now)
        .where(ran_out | _ENDED.is_not(None))
        .order_by(_TABLE.made_at, _TABLE.referral_id)
    )
    with ledger.store.read() as connection:
        rows = connection.execute(wanted).all()
    if not rows:
        return {}
    table = pd.DataFrame(rows, columns=["service_id", "made_at", "ended_at"])
    moments = {name: pd.to_datetime(table[name], utc=True) for name in ("made_at", "ended_at")}
    days = (moments["ended_at"] - moments["made_at"]) / pd.Timedelta(days=1)
    waits: dict[str, list[float | None]] = {}
    for service_id, wait in zip(table["service_id"], days, strict=True):
        waits.setdefault(service_id, []).append(None if is_missing(wait) else wait)
    found = {key: record_of(each) for key, each in waits.items() if not is_protected(key)}
    return {key: record for key, record in found.items() if record is not None}
