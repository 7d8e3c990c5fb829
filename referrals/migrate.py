"""Bring a database to the present schema. Alembic is slow to import: only a database that needs it pays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from geo.language import _
from referrals.errors import StoreDamagedError
from referrals.models import HEAD

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from referrals.store import Store

SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 0x48415254  # "HART": one migration at a time on a PostgreSQL server


def revision(store: Store) -> str | None:
    """Read which schema the database has; None where it is empty."""
    with store.engine.connect() as connection:
        return _revision(connection)


def _revision(connection: Connection) -> str | None:
    try:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except (OperationalError, ProgrammingError) as error:
        if "alembic_version" not in str(error.orig):
            raise
        connection.rollback()
        return None


def ensure_current(store: Store, *, target: str = HEAD) -> None:
    """Migrate to `target` where needed; several processes may try at once, one does it, the others wait.

    StoreDamagedError where the database is newer than this program, or is half of one schema and half of
    another; nothing is changed then.
    """
    from referrals.store import in_words, translated

    with in_words():
        found = revision(store)
        if found == target:
            return
        if found is not None and found > target:
            raise StoreDamagedError(
                _(
                    "Baza de date este de o versiune mai nouă ({found}) decât programul ({known}). "
                    "Actualizați programul."
                ).format(found=found, known=target)
            )
        with store.write() as connection:
            if not store.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            try:
                _upgrade(connection, target)
            except DBAPIError as error:
                if translated(error.orig, lost=error.connection_invalidated):
                    raise  # a full disk, a lost connection: not the schema's fault
                raise _mixed(found, target, str(error.orig)) from error


def _mixed(found: str | None, target: str, why: str) -> StoreDamagedError:
    return StoreDamagedError(
        _(
            "Baza de date nu poate fi adusă de la versiunea {found} la {target}: {why}. Nimic nu s-a schimbat. "
            "Puneți la loc o copie de rezervă, sau alegeți altă bază (HARTA_DATABASE_URL) ori alt dosar (HARTA_HOME)."
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
        raise _mixed(None, target, str(error)) from error
