"""Every row of a SQLite ledger is kept twice, so that damage shows: in its table, and in an index over all columns.

SQLite keeps no checksums of its pages; `PRAGMA integrity_check` sees a broken structure, not a changed value. But
it compares each index with its table, so with an index that holds the whole row a changed bit in either of them is
found. PostgreSQL has checksums of pages of its own (`initdb --data-checksums`).

The indexes are no part of the models: they follow the tables that are there, and stand aside while these are
migrated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, text

from referrals.database.models import metadata
from referrals.records.ledger_errors import WRITING_REFUSED

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from referrals.database.store import LedgerStore

PREFIX = "copy_of_"
# A damaged list of tables may hold any name: only ours get a copy, and doctor misses what lacks. One statement: it is
# asked whenever a ledger is opened.
_COLUMNS = text(
    'SELECT m.name AS "table", c.name AS "column" FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c '
    "WHERE m.type = 'table' AND m.name IN :tables ORDER BY m.name, c.cid"
).bindparams(bindparam("tables", expanding=True))
_COPIES = text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND name LIKE 'copy\\_of\\_%' ESCAPE '\\'")


def ensure(store: LedgerStore) -> None:
    """Make the copies that lack; where nothing can be written now, the next opening does."""
    if not store.is_sqlite:
        return
    with store.engine.connect() as connection:
        if not _lacking(connection):
            return
    try:
        with store.write() as connection:
            make(connection)
    except WRITING_REFUSED:
        return


def make(connection: Connection) -> None:
    """Make every copy that lacks or is not as it should be, within the transaction of the connection."""
    there = _there(connection)
    for name, made in _lacking(connection).items():
        if name in there:
            connection.exec_driver_sql(f'DROP INDEX "{name}"')
        connection.exec_driver_sql(made)


def _lacking(connection: Connection) -> dict[str, str]:
    there = _there(connection)
    return {name: made for name, made in _wanted(connection).items() if there.get(name) != made}


def drop(connection: Connection) -> None:
    """Take the copies away, before the tables change."""
    for name in _there(connection):
        connection.exec_driver_sql(f'DROP INDEX "{name}"')


def _there(connection: Connection) -> dict[str, str]:
    return {row.name: row.sql for row in connection.execute(_COPIES)}


def _wanted(connection: Connection) -> dict[str, str]:
    columns: dict[str, list[str]] = {}
    for row in connection.execute(_COLUMNS, {"tables": list(metadata.tables)}):
        columns.setdefault(row.table, []).append(f'"{row.column}"')
    return {
        f"{PREFIX}{table}": f'CREATE INDEX "{PREFIX}{table}" ON "{table}" ({", ".join(listed)})'
        for table, listed in columns.items()
    }
