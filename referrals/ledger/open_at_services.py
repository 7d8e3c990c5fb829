"""What is open at services: asked before their register withdraws them, so that nobody is forgotten there."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals.database.models import referrals
from referrals.records.vocabulary import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from referrals.ledger.ledger import Ledger

_CHUNK = 500  # ids in one question


def open_at(ledger: Ledger, service_ids: Iterable[str]) -> dict[str, tuple[tuple[str, ...], int]]:
    """Return the numbers of the open referrals at services, and how many of them hold a place, by `service_id`."""
    ids = list(service_ids)
    found: defaultdict[str, list[tuple[str, bool]]] = defaultdict(list)
    table = referrals.c
    with ledger.store.read() as connection:
        for start in range(0, len(ids), _CHUNK):
            query = select(table.service_id, table.referral_id, table.state).where(
                table.service_id.in_(ids[start : start + _CHUNK]), table.state.in_(OPEN)
            )
            for row in connection.execute(query.order_by(table.made_at)):
                found[row.service_id].append((row.referral_id, row.state == "held"))
    return {
        key: (tuple(number for number, _held in rows), sum(held for _number, held in rows))
        for key, rows in found.items()
    }
