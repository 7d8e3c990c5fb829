"""Keeping a copy of the ledger and bringing it back, verified both ways.

A backup is one SQLite file with the same tables, whatever the ledger runs on: taken from one consistent
state while others go on working, checked before it is given its name, and restored into an empty
database of either kind. It holds personal data as the ledger does: keep it as safe.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, text

from core.i18n import _
from referrals.ledger import audit, capacity
from referrals.ledger.models import chains, identity, keys, metadata
from referrals.ledger.schema_migration import ensure_current
from referrals.ledger.store import LedgerStore, open_store
from referrals.records import roles
from referrals.records.ledger_errors import BackupError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_AT_ONCE = 1000
_MADE_BY_MIGRATION = (chains, keys)
_MADE_BEFORE_USE = (*_MADE_BY_MIGRATION, identity)


@dataclass(frozen=True)
class BackupManifest:
    """What a backup holds: rows per table, and the digest of its file."""

    path: Path
    rows: dict[str, int]
    sha256: str


def backup(ledger: Ledger, path: Path, *, actor: Actor) -> BackupManifest:
    """Write a verified copy of the ledger to `path` (a file that must not be there yet).

    Raises BackupError where the copy does not hold: the ledger itself is then at fault (`harta doctor`).
    """
    roles.require(actor, "store.keep")
    if path.exists():
        raise BackupError(_("{path} există deja. Alegeți alt nume.").format(path=path))
    side = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with closing(open_store(f"sqlite:///{side}")) as copy:
            ensure_current(copy)
            with ledger.store.read() as source, copy.write() as target:
                rows = _copy(source, target)
                _check(target, rows)
            _fold(copy)
        side.chmod(0o600)
        digest = hashlib.sha256(side.read_bytes()).hexdigest()
        side.replace(path)
    finally:
        for left in path.parent.glob(f"{side.name}*"):
            left.unlink()
    return BackupManifest(path, rows, digest)


def restore(path: Path, url: str, *, actor: Actor) -> BackupManifest:
    """Bring a backup back into the empty database at `url`, of either kind: all of it or nothing.

    A backup of an earlier version is migrated on the way (the file itself is not touched).
    Raises BackupError where the database is not empty, or the file is damaged or altered.
    """
    roles.require(actor, "store.keep")
    if not path.is_file():
        raise BackupError(_("Copia de siguranță {path} nu există.").format(path=path))
    with tempfile.TemporaryDirectory() as folder:
        working = Path(folder) / "backup.sqlite"
        shutil.copy(path, working)
        with closing(open_store(f"sqlite:///{working}")) as copy, closing(open_store(url)) as store:
            ensure_current(copy)
            ensure_current(store)
            with copy.read() as source:
                if source.execute(text("PRAGMA integrity_check")).scalar_one() != "ok":
                    raise BackupError(_("Copia de siguranță {path} este deteriorată.").format(path=path))
                with store.write() as target:
                    _refuse_unless_empty(target)
                    rows = _copy(source, target)
                    _check(target, rows)
                    _continue_numbers(target)
    return BackupManifest(path, rows, hashlib.sha256(path.read_bytes()).hexdigest())


def _copy(source: Connection, target: Connection) -> dict[str, int]:
    for table in _MADE_BY_MIGRATION:
        target.execute(delete(table))
    # A database that a home has begun already stays that home's, whoever's the copy was.
    has_owner = target.execute(select(identity).limit(1)).first() is not None
    tables = [table for table in metadata.sorted_tables if table is not identity or not has_owner]
    return {table.name: _copy_table(source, target, table) for table in tables}


def _copy_table(source: Connection, target: Connection, table: Table) -> int:
    rows = source.execution_options(yield_per=_AT_ONCE).execute(select(table).order_by(*table.primary_key))
    count = 0
    for part in rows.mappings().partitions(_AT_ONCE):
        target.execute(insert(table), [dict(row) for row in part])
        count += len(part)
    return count


def _check(connection: Connection, rows: dict[str, int]) -> None:
    """Verify a copy as a ledger: every row there, the trail whole, the counts of places right."""
    for name, expected in rows.items():
        found = connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one()
        if found != expected:
            raise BackupError(
                _("Copia nu este completă: {table} are {found} rânduri din {expected}.").format(
                    table=name, found=found, expected=expected
                )
            )
    if audit.verify(connection):
        raise BackupError(_("Jurnalul nu este întreg: rânduri schimbate sau șterse. Rulați „harta doctor”."))
    if wrong := capacity.recount(connection):
        raise BackupError(
            _("Numărul de locuri nu se potrivește (servicii: {n}). Rulați „harta doctor”.").format(n=len(wrong))
        )


def _refuse_unless_empty(connection: Connection) -> None:
    for table in metadata.sorted_tables:
        if table not in _MADE_BEFORE_USE and connection.execute(select(table).limit(1)).first() is not None:
            raise BackupError(_("Baza de date nu este goală. Restaurați într-una nouă; aici nu se suprascrie nimic."))


def _continue_numbers(connection: Connection) -> None:
    """Let PostgreSQL count on from the highest number brought back."""
    if connection.dialect.name == "sqlite":
        return
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            query = f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), max({column.name})) "
            connection.execute(text(query + f"FROM {table.name} HAVING count(*) > 0"))


def _fold(store: LedgerStore) -> None:
    """Fold SQLite's journal into the file, so that the file alone is the copy."""
    raw = store.engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode=DELETE")
    finally:
        raw.close()
