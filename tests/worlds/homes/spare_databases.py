"""Databases of PostgreSQL that tests take in turn: emptied after a test, dropped where it left more than rows."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from referrals.database.models import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

_numbers = count()
# What a test may have left of a database but rows: columns, indexes, rules of rows, settings.
_SHAPE = """
SELECT 'column', table_name || '.' || column_name, data_type || coalesce(column_default, '') || is_nullable
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'rule', conname, conrelid::regclass::text FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'version', version_num, '' FROM alembic_version
UNION ALL SELECT 'setting', '', setconfig::text FROM pg_db_role_setting
    WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
ORDER BY 1, 2, 3
"""
_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"


class SpareDatabases:
    """Copies of one migrated database, each lent to one test at a time."""

    def __init__(self, server: str, template: str) -> None:
        self.server, self._template = server, template
        self._spare: list[str] = []
        with _connected(server, template) as connection:
            self._shape = _shape(connection)
            self._rows = {
                table: [dict(row) for row in connection.execute(table.select()).mappings()]
                for table in metadata.sorted_tables
            }

    def lend(self) -> str:
        """Return the name of a database as the migrations leave it."""
        if self._spare:
            return self._spare.pop()
        name = f"harta_test_{next(_numbers)}"
        run_as_owner(self.server, f"CREATE DATABASE {name} TEMPLATE {self._template}")
        return name

    def take_back(self, name: str) -> None:
        """Empty a database for the next test, or drop it."""
        if self._is_emptied(name):
            self._spare.append(name)
        else:
            run_as_owner(self.server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _is_emptied(self, name: str) -> bool:
        try:
            with _connected(self.server, name) as connection:
                connection.execute(text(_OTHERS))
                if _shape(connection) != self._shape:
                    return False
                for table in reversed(metadata.sorted_tables):
                    connection.execute(table.delete())
                for sequence in connection.execute(text(_SEQUENCES)).scalars():
                    connection.exec_driver_sql(f'ALTER SEQUENCE "{sequence}" RESTART')
                for table, rows in self._rows.items():
                    if rows:
                        connection.execute(table.insert(), rows)
        except DBAPIError:  # renamed, read only, gone
            return False
        return True


def run_as_owner(server: str, statement: str) -> None:
    """Run one statement on a server, outside of a transaction."""
    with _connected(server, "postgres") as connection:
        connection.execute(text(statement))


@contextmanager
def _connected(server: str, name: str) -> Iterator[Connection]:
    engine = create_engine(
        server.replace("postgresql:", "postgresql+psycopg:") + name, poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        yield connection


def _shape(connection: Connection) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(text(_SHAPE))]
