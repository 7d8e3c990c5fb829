"""The SQLite file of a ledger: how it is opened, watched and prepared, and how its one write lock is taken."""

from __future__ import annotations

import errno
import os
import random
import sqlite3
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.exc import DisconnectionError

from core.i18n import _
from referrals.database.database_errors import full_error, missing_store_error
from referrals.records.ledger_errors import StoreDamagedError

if TYPE_CHECKING:
    from collections.abc import Callable

_STEP_SECONDS = (0.0005, 0.002)
_JOURNAL_MEMORY = 32 * 1024  # bytes that SQLite sets aside beside the file before anybody reads in WAL mode


@dataclass
class ConnectionChecks:
    """What every new connection of a store has to pass.

    may_create: whether a SQLite file that is not there may be made. check: looks at the database behind a new
    connection (a DBAPI cursor) and raises where it is not the one that was opened first. is_full: whether the
    last connection found the disk so full that SQLite can only be read.
    """

    may_create: bool
    check: Callable[[Any], None] | None = None
    is_full: bool = False


def sqlite_path(url: str) -> Path | None:
    """Return the file of a SQLite address; None for one in memory and for every other kind of database."""
    address = make_url(url)
    named = address.database if address.get_backend_name() == "sqlite" else None
    return None if named in (None, "", ":memory:") else Path(str(named)).absolute()


def connect_sqlite(path: Path, busy_seconds: float, connection_checks: ConnectionChecks) -> sqlite3.Connection:
    """Open the file; where the disk has no room for a journal, for reading alone (`connection_checks.is_full`)."""
    if not connection_checks.may_create:
        _file_of(path)
    elif not path.exists() and path.parent.is_dir():
        # SQLite gives its journal the permissions of the file: only the owner looks in, whatever the umask.
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    address = f"file:{quote(str(path))}"
    options: dict[str, Any] = {"uri": True, "timeout": busy_seconds, "check_same_thread": False}
    connection_checks.is_full = False
    if connection_checks.may_create:
        made: sqlite3.Connection = sqlite3.connect(f"{address}?mode=rwc", **options)
        return made
    connection: sqlite3.Connection = sqlite3.connect(f"{address}?mode=rw", **options)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()  # the first question makes what the journal needs
    except sqlite3.OperationalError:
        connection.close()
        if not _has_no_room(path.parent) or _has_journal(path):
            raise
        connection_checks.is_full = True
        connection = sqlite3.connect(f"{address}?mode=ro&immutable=1", factory=_Immutable, **options)
    return connection


class _Immutable(sqlite3.Connection):
    """A connection that reads the file alone, without the journal's memory, for which the disk has no room.

    It serves one question: the next one tries the usual way again, since a writer may be at work by then.
    """


def _has_no_room(folder: Path) -> bool:
    """Try it out: a quota fills a disk too, and the administrator has room where others have none."""
    try:
        with tempfile.TemporaryFile(dir=folder, buffering=0) as trial:
            trial.write(bytes(_JOURNAL_MEMORY))
    except OSError as error:
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return False


def _has_journal(path: Path) -> bool:
    """Whether something stands in the journal that is not in the file yet."""
    try:
        return path.with_name(f"{path.name}-wal").stat().st_size > 0
    except OSError:
        return False


def _file_of(path: Path) -> tuple[int, int]:
    """Return which file stands at the path (device and inode); StoreMissingError where none does, or an empty one."""
    try:
        found = path.stat()
    except FileNotFoundError:
        raise missing_store_error(_("fișierul {file} nu mai este").format(file=path.name)) from None
    except OSError as error:
        raise StoreDamagedError(_("Baza de date nu poate fi deschisă: {why}").format(why=error.strerror)) from error
    if found.st_size == 0:
        raise missing_store_error(_("fișierul {file} este gol (0 octeți)").format(file=path.name))
    return found.st_dev, found.st_ino


def watch_file(engine: Engine, path: Path, connection_checks: ConnectionChecks) -> None:
    """Notice at each question that the file was removed, emptied or exchanged under open connections."""

    @event.listens_for(engine, "connect")
    def remember(_connection: Any, record: Any) -> None:
        if not connection_checks.may_create:
            record.info["file"] = _file_of(path)

    @event.listens_for(engine, "checkout")
    def compare(connection: Any, record: Any, _proxy: object) -> None:
        if isinstance(connection, _Immutable):
            if record.info.get("is_used"):
                raise DisconnectionError("one question is over")
            record.info["is_used"] = True
        if not connection_checks.may_create and _file_of(path) != record.info.setdefault("file", _file_of(path)):
            raise DisconnectionError("the file was exchanged")  # SQLAlchemy connects anew, and the check follows


def prepare_sqlite(connection: Any, _record: object) -> None:
    """Let a new connection write durably, check references and blank what is deleted."""
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # What is deleted or blanked is overwritten with zeros, not left in free space for whoever reads the file.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def use_wal(engine: Engine) -> None:
    """Let readers of SQLite never wait for a writer (WAL). It writes into the file: only one known to be ours."""
    if engine.dialect.name != "sqlite":
        return
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        is_readable_only = isinstance(raw.dbapi_connection, _Immutable)
        if not is_readable_only and cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            cursor.execute("PRAGMA journal_mode=WAL")
        cursor.close()
    finally:
        raw.close()


def begin_sqlite(connection: Connection) -> None:
    """Begin a transaction: one that will write takes the write lock at once."""
    if connection.get_execution_options().get("harta_write", False):
        _begin_writing(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection) -> None:
    """Take the write lock. SQLite's own waiting backs off to 100 ms and starves: short steps wait far less."""
    if isinstance(connection.connection.dbapi_connection, _Immutable):
        raise full_error()
    cursor = connection.connection.cursor()
    patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
    deadline = time.monotonic() + patience / 1000
    cursor.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                cursor.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(random.uniform(*_STEP_SECONDS))  # noqa: S311
            else:
                return
    finally:
        cursor.execute(f"PRAGMA busy_timeout={patience}")
        cursor.close()
