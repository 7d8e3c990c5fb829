"""Bring a database to the present schema. Alembic is slow to import: only a database that needs it pays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.i18n import _
from referrals.database import row_copies
from referrals.database.models import HEAD, reports
from referrals.records.ledger_errors import ForeignStoreError, StoreDamagedError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from referrals.database.store import LedgerStore

SCRIPTS = Path(__file__).parent / "migrations"
LOCK = 0x48415254  # "HART": one migration at a time on a PostgreSQL server
_MOST_NAMED = 5  # tables named in a refusal
# What stands in a database, without what an extension of PostgreSQL brought along.
_TABLES = {
    "sqlite": text("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"),
    "postgresql": text(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f') "
        "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
    ),
}


def revision(store: LedgerStore) -> str | None:
    """Read which schema the database has; None where it is empty. ForeignStoreError where it is not a ledger."""
    with store.engine.connect() as connection:
        return schema_of(connection)


def schema_of(connection: Connection) -> str | None:
    """Read which schema the database has; None where it has no table. ForeignStoreError where it is not a ledger."""
    there = set(connection.execute(_TABLES[connection.dialect.name]).scalars())
    if not there:
        return None
    if not {"alembic_version", reports.name} <= there:
        raise ForeignStoreError(
            _(
                "Baza de date nu este a hărții: are tabelele {found}, și nu {expected}. Nimic nu s-a schimbat. "
                "Verificați HARTA_DATABASE_URL, sau restaurați o copie de rezervă."
            ).format(
                found=", ".join(sorted(there)[:_MOST_NAMED]) + ("…" if len(there) > _MOST_NAMED else ""),
                expected=", ".join(sorted({"alembic_version", reports.name} - there)),
            )
        )
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def ensure_current(store: LedgerStore, *, target: str = HEAD, may_begin: bool = True) -> None:
    """Migrate a database to the schema of this program, where needed.

    Several processes may try at once: one does it, the others wait.

    Parameters
    ----------
    store
        The database.
    target
        Revision to reach.
    may_begin
        Whether an empty database becomes a ledger.

    Raises
    ------
    StoreMissingError
        Where the database is empty and may not begin.
    ForeignStoreError
        Where it is another program's.
    StoreDamagedError
        Where it is newer than this program, or is half of one schema and half of another; nothing is changed then.
    """
    from referrals.database.database_errors import driver_error, in_words, missing_store_error
    from referrals.database.sqlite_file import use_wal

    with in_words():
        found = revision(store)
        if found is None and not may_begin:
            raise missing_store_error(_("baza la care duce adresa este goală, fără niciun tabel"))
        if found is not None and found > target:
            raise StoreDamagedError(
                _(
                    "Baza de date este de o versiune mai nouă ({found}) decât programul ({known}). "
                    "Actualizați programul."
                ).format(found=found, known=target)
            )
        use_wal(store.engine)
        if found == target:
            row_copies.ensure(store)
            return
        with store.write() as connection:
            if not store.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            try:
                if store.is_sqlite:
                    row_copies.drop(connection)
                _upgrade(connection, target)
                if store.is_sqlite:
                    row_copies.make(connection)
            except DBAPIError as error:
                if driver_error(error.orig, lost=error.connection_invalidated):
                    raise  # a full disk, a lost connection: not the schema's fault
                raise _mixed_schema_error(found, target, str(error.orig)) from error


def _mixed_schema_error(found: str | None, target: str, why: str) -> StoreDamagedError:
    return StoreDamagedError(
        _(
            "Baza de date nu poate fi adusă de la versiunea {found} la {target}: {why}. Nimic nu s-a schimbat. "
            "Restaurați o copie de rezervă, sau alegeți altă bază (HARTA_DATABASE_URL) ori alt dosar (HARTA_HOME)."
        ).format(found=found or _("(fără)"), target=target, why=why.splitlines()[0][:120])
    )


def _upgrade(connection: Connection, target: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, target)
    except CommandError as error:  # the database names a version that no program of ours ever wrote
        raise _mixed_schema_error(None, target, str(error)) from error
