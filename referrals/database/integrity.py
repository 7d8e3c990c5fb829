"""Whether the database's own file is whole: what SQLite and PostgreSQL know to examine, and every row read.

The audit log seals what was done (`audit.verify`); this looks at the pages, the indexes and the values under it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core.i18n import _
from referrals.database import row_copies
from referrals.database.database_errors import driver_error
from referrals.database.models import metadata
from referrals.records.ledger_errors import LedgerError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from referrals.database.store import LedgerStore

_MOST_FAULTS = 20
_AT_ONCE = 1000


def faults(store: LedgerStore) -> list[str]:
    """Examine a database; an empty list means that it holds together and every value can be read."""
    try:
        with store.read() as connection:
            found = _sqlite_faults(connection) if store.is_sqlite else _postgresql_faults(connection)
            return [_fault(one) for one in found] or _unreadable_tables(connection)
    except LedgerError as error:
        return [str(error)]


def _fault(found: str) -> str:
    return _("Fișierul bazei de date este deteriorat: {found}. Restaurați o copie de rezervă.").format(found=found)


def _sqlite_faults(connection: Connection) -> list[str]:
    """Run SQLite's own examination of pages, indexes and constraints, and miss what its list of tables lacks."""
    items = connection.exec_driver_sql(f"PRAGMA integrity_check({_MOST_FAULTS})").scalars().all()
    if items != ["ok"]:
        return [line for one in items for line in str(one).splitlines()][:_MOST_FAULTS]
    there = {tuple(row) for row in connection.exec_driver_sql("SELECT type, name, tbl_name FROM sqlite_master")}
    expected = {("index", row_copies.PREFIX + table.name, table.name) for table in metadata.sorted_tables}
    for table in metadata.sorted_tables:
        expected |= {("table", table.name, table.name)}
        expected |= {("index", str(index.name), table.name) for index in table.indexes}
    return [" ".join(one[:2]) + " ?" for one in sorted(expected - there)][:_MOST_FAULTS]


def _postgresql_faults(connection: Connection) -> list[str]:
    """Ask PostgreSQL for pages whose checksum failed (where the cluster has them) and for broken indexes (amcheck)."""
    failed = connection.execute(
        text("SELECT coalesce(checksum_failures, 0) FROM pg_stat_database WHERE datname = current_database()")
    ).scalar()
    found = [f"checksum_failures = {failed}"] if failed else []
    has_amcheck = connection.execute(text("SELECT count(*) FROM pg_extension WHERE extname = 'amcheck'")).scalar_one()
    for table in metadata.sorted_tables if has_amcheck else ():
        for index in connection.execute(
            text("SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = to_regclass(:name)"),
            {"name": table.name},
        ).scalars():
            try:
                with connection.begin_nested():
                    connection.execute(text("SELECT bt_index_check(CAST(:index AS regclass), true)"), {"index": index})
            except DBAPIError as error:
                found.append(str(error.orig).splitlines()[0])
    return found


def _unreadable_tables(connection: Connection) -> list[str]:
    """Read every row of every table and turn each value into what it stands for."""
    found = []
    for table in metadata.sorted_tables:
        try:
            for _rows in connection.execution_options(yield_per=_AT_ONCE).execute(select(table)).partitions():
                pass
        except (ValueError, TypeError, OverflowError) as error:  # a moment that is none, text that is no text
            found.append(_fault(f"{table.name}: {type(error).__name__}"))
        except DBAPIError as error:
            outcome = driver_error(error.orig) or _fault(f"{table.name}: {type(error.orig).__name__}")
            return [*found, str(outcome)]
    return found
