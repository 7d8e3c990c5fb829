"""Rows that a generator made, written into the ledger of a demonstration (`reports.demo.demo_year` makes them)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from sqlalchemy import func, insert, select, update

from core.errors import HomeError
from referrals.database import models
from referrals.places import capacity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from core.storage.home import Home
    from referrals.ledger.ledger import Ledger

_CHUNK = 20_000  # rows a statement


def is_used(ledger: Ledger) -> bool:
    """Return whether anybody, or a generator, has made a referral or entered a monthly figure here."""
    with ledger.store.engine.connect() as connection:
        return any(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (models.referrals, models.monthly_figures)
        )


def insert_made_up(home: Home, ledger: Ledger, rows: Mapping[str, Sequence[Mapping[Any, Any]]]) -> dict[str, int]:
    """Write rows straight into the tables, all or none; give how many of each.

    rows: by the table's name. They pass by the audit log, whose check holds all the same: no row of it is added. Places
    taken since a service's last report are counted as the ledger counts them.
    Raises HomeError in a live home, or where the ledger is used already.
    """
    if not home.is_demo:
        raise HomeError("made-up rows belong in a demonstration home")
    if is_used(ledger):
        raise HomeError("this home has referrals or monthly figures already")
    with ledger.store.engine.begin() as connection:
        for name, lines in rows.items():
            table = models.metadata.tables[name]
            for start in range(0, len(lines), _CHUNK):
                connection.execute(insert(table), [_plain(line) for line in lines[start : start + _CHUNK]])
        _count_places(connection, ledger.clock())
    return {name: len(lines) for name, lines in rows.items()}


def _count_places(connection: Connection, now: datetime) -> None:
    for service_id, (held, taken) in capacity.recompute_counts(connection).items():
        capacity.row_of(connection, service_id, now)
        connection.execute(
            update(models.places).where(models.places.c.service_id == service_id).values(held=held, taken=taken)
        )


def _plain(line: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(column): (None if value is pd.NaT else value) for column, value in line.items()}
