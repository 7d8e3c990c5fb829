"""Bring a database to the present schema. Alembic is slow to import: only a database that needs it pays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError

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

    StoreDamagedError where the database is newer than this program.
    """
    from referrals.store import in_words

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
            _upgrade(connection, target)


def _upgrade(connection: Connection, target: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, target)
