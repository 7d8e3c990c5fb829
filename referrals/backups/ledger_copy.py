"""A copy of the ledger as one SQLite file, verified as a ledger, and its way back into an empty database.

The copy has the same tables whatever the ledger runs on, taken from one consistent state while others go on
working, so that the same file also moves a ledger from SQLite to PostgreSQL. `referrals.backups.creation` keeps it
together with the editions.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import MetaData, delete, func, insert, select, text

from core.i18n import _
from referrals.database import audit
from referrals.database.models import chains, feed_rows, feed_state, identity, keys, metadata
from referrals.database.schema_migration import ensure_current
from referrals.database.store import LedgerStore, open_store
from referrals.places import capacity
from referrals.records.ledger_errors import BackupError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Table

_AT_ONCE = 1000
_VERSION = "alembic_version"
_MADE_BEFORE_USE = (chains, keys, identity)
# What programs read so far is of this database: one brought back begins a feed of its own.
_MADE_ANEW = (feed_rows, feed_state)


def write_copy(store: LedgerStore, path: Path) -> dict[str, int]:
    """Copy the ledger as it is at this moment into the new file `path`; return how many rows each table has.

    Raises BackupError where the copy does not hold: the ledger itself is then at fault (`harta doctor`).
    """
    path.touch(mode=0o600)
    with closing(open_store(f"sqlite:///{path}")) as copy:
        ensure_current(copy)
        with store.read() as source, copy.write() as target:
            rows = _copy(source, target)
            check_copy(target, rows)
        _fold(copy)
    return rows


@contextmanager
def open_copy(path: Path) -> Iterator[Connection]:
    """Open a copy for reading and changing before it is brought back; one of an earlier version is migrated.

    Raises BackupError where the file is damaged or was altered; nothing is changed where the block raises.
    """
    with closing(open_store(f"sqlite:///{path}")) as copy:
        ensure_current(copy)
        with copy.write() as connection:
            if connection.execute(text("PRAGMA integrity_check")).scalar_one() != "ok":
                raise BackupError(_("Copia registrului de lucru este deteriorată."))
            _require_sound(connection)
            yield connection


@contextmanager
def brought_back(path: Path, url: str) -> Iterator[dict[str, int]]:
    """Bring a copy back into the empty database at `url`, of either kind: it is there once the block ends well.

    Gives how many rows each table has. Raises BackupError where the database is not empty or the copy is not
    sound; nothing is there where the block raises.
    """
    with closing(open_store(f"sqlite:///{path}")) as copy, closing(open_store(url)) as store:
        ensure_current(store)
        with copy.read() as source, store.write() as target:
            if not is_unwritten(target):
                raise BackupError(
                    _("Baza de date nu este goală. Restaurați într-una nouă; aici nu se suprascrie nimic.")
                )
            rows = _copy(source, target)
            check_copy(target, rows)
            continue_numbers(target)
            yield rows


def is_empty(url: str) -> bool:
    """Whether the database at `url` holds nothing yet but what its making put there."""
    with closing(open_store(url)) as store:
        ensure_current(store)
        return is_unused(store)


def is_unused(store: LedgerStore) -> bool:
    """Whether nobody has written anything into a ledger yet."""
    with store.read() as connection:
        return is_unwritten(connection)


def _copy(source: Connection, target: Connection) -> dict[str, int]:
    for table in _MADE_BEFORE_USE:
        target.execute(delete(table))
    kept = [table for table in metadata.sorted_tables if table not in _MADE_ANEW]
    return {table.name: copy_table(source, target, table) for table in kept}


def copy_table(source: Connection, target: Connection, table: Table) -> int:
    """Copy every row of a table between two databases; return how many there are."""
    query = select(table).order_by(*table.primary_key)
    # Said of this one question: on a connection that also writes, it would hold for every statement after it.
    rows = source.execute(query, execution_options={"yield_per": _AT_ONCE})
    count = 0
    for part in rows.mappings().partitions(_AT_ONCE):
        target.execute(insert(table), [dict(row) for row in part])
        count += len(part)
    return count


def check_copy(connection: Connection, rows: dict[str, int]) -> None:
    """Verify a copy as a ledger: every row there, the audit log whole, the counts of places right."""
    _count(connection, rows, metadata)
    _require_sound(connection)


def _count(connection: Connection, rows: dict[str, int], tables: MetaData) -> None:
    for name, expected in rows.items():
        found = connection.execute(select(func.count()).select_from(tables.tables[name])).scalar_one()
        if found != expected:
            raise BackupError(
                _("Copia nu este completă: {table} are {found} rânduri din {expected}.").format(
                    table=name, found=found, expected=expected
                )
            )


def _require_sound(connection: Connection) -> None:
    if audit.verify(connection):
        raise BackupError(_("Jurnalul nu este întreg: rânduri schimbate sau șterse. Rulați „harta doctor”."))
    if wrong := capacity.recount(connection):
        raise BackupError(
            _("Numărul de locuri nu se potrivește (servicii: {n}). Rulați „harta doctor”.").format(n=len(wrong))
        )


def is_unwritten(connection: Connection) -> bool:
    """Whether nothing stands in a ledger but what its making put there."""
    kept = [table for table in metadata.sorted_tables if table not in (*_MADE_BEFORE_USE, *_MADE_ANEW)]
    return all(connection.execute(select(table).limit(1)).first() is None for table in kept)


def continue_numbers(connection: Connection) -> None:
    """Let PostgreSQL count on from the highest number brought back."""
    if connection.dialect.name == "sqlite":
        return
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            query = f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), max({column.name})) "
            connection.execute(text(query + f"FROM {table.name} HAVING count(*) > 0"))


def write_copy_of_old(store: LedgerStore, path: Path, found: str) -> dict[str, int]:
    """Copy a ledger of an earlier schema (`found`) as it is into the new file `path`, which is of that schema too.

    For the backup before a migration: the program that the ledger is of can bring it back. Returns how many rows
    each table has.
    """
    path.touch(mode=0o600)
    with closing(open_store(f"sqlite:///{path}")) as copy:
        ensure_current(copy, target=found)
        with store.read() as source, copy.write() as target:
            there, kept = MetaData(), MetaData()
            there.reflect(source)
            kept.reflect(target)
            rows = {}
            for table in (each for each in kept.sorted_tables if each.name != _VERSION):
                target.execute(delete(table))
                rows[table.name] = copy_table(source, target, there.tables[table.name])
            _count(target, rows, kept)
        _fold(copy)
    return rows


def _fold(store: LedgerStore) -> None:
    """Fold SQLite's journal into the file, so that the file alone is the copy."""
    raw = store.engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode=DELETE")
    finally:
        raw.close()
