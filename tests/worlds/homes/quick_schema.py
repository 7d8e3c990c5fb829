"""The schema of a new ledger, made by its migrations once a process and then written down again as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from referrals.database import schema_migration
from referrals.database.models import HEAD

if TYPE_CHECKING:
    import pytest
    from sqlalchemy import Connection


def keep_schema(patch: pytest.MonkeyPatch) -> None:
    """Let an empty SQLite database become a ledger by the statements that the first one came to.

    Whatever is not empty, or is to reach an earlier revision, is migrated as always; a process that a test starts too.
    """
    migrate = schema_migration._upgrade
    statements: list[str] = []

    def upgrade(connection: Connection, target: str) -> None:
        is_new = connection.dialect.name == "sqlite" and target == HEAD and not _dump(connection)
        if not is_new or not statements:
            migrate(connection, target)
            if is_new:
                statements.extend(_dump(connection))
            return
        for statement in statements:
            connection.exec_driver_sql(statement)

    patch.setattr(schema_migration, "_upgrade", upgrade)


def _dump(connection: Connection) -> list[str]:
    raw = connection.connection.driver_connection
    assert raw is not None
    return [line for line in raw.iterdump() if line not in ("BEGIN TRANSACTION;", "COMMIT;")]
