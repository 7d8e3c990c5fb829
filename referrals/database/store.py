"""The door to the database: one engine for SQLite or PostgreSQL.

A database is made only where `open_store` is told that it may be; one that vanishes or is exchanged while the
program runs is noticed at the next question, before anything is read from it or written into it.

Writing transactions are `BEGIN IMMEDIATE` on SQLite (one writer, nobody upgrades a read into a write)
and READ COMMITTED with row locks on PostgreSQL. A commit is on the disk before it is acknowledged.
"""

from __future__ import annotations

import errno
import os
import random
import sqlite3
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError

from core.i18n import _
from referrals.database.database_errors import busy_error, full_error, in_words, missing_store_error
from referrals.database.kept_rows import CommitVersion, KeptRows
from referrals.records.ledger_errors import StoreDamagedError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

T = TypeVar("T")
BUSY_SECONDS = 30.0
_STEP_SECONDS = (0.0005, 0.002)
_JOURNAL_MEMORY = 32 * 1024  # bytes that SQLite sets aside beside the file before anybody reads in WAL mode


@dataclass
class Entrance:
    """What every new connection of a store has to pass.

    may_create: whether a SQLite file that is not there may be made. check: looks at the database behind a new
    connection (a DBAPI cursor) and raises where it is not the one that was opened first. is_full: whether the
    last connection found the disk so full that SQLite can only be read.
    """

    may_create: bool
    check: Callable[[Any], None] | None = None
    is_full: bool = False


@dataclass(frozen=True)
class LedgerStore:
    """An open database: its engine and, for SQLite, the queue of this process's own writers."""

    engine: Engine
    entrance: Entrance = field(default_factory=lambda: Entrance(may_create=True))
    # SQLite polls for its one write lock; threads of one process queue here instead, which is fair and quick.
    turn: threading.Lock = field(default_factory=threading.Lock)
    _commits: CommitVersion | None = field(default=None, repr=False, compare=False)
    _kept: KeptRows = field(default_factory=KeptRows, repr=False, compare=False)
    _shared: threading.local = field(default_factory=threading.local, repr=False, compare=False)

    @property
    def is_sqlite(self) -> bool:
        """Whether the store is one SQLite file."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Read one consistent state, however many queries it takes."""
        shared: Connection | None = getattr(self._shared, "connection", None)
        if shared is not None:
            yield shared
            return
        with in_words(), self._reading().connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def one_reading(self) -> Iterator[None]:
        """Let every `read` of this thread inside the block see one state, and spare each a transaction of its own."""
        with self.read() as connection:
            before = getattr(self._shared, "connection", None)
            self._shared.connection = connection
            try:
                yield
            finally:
                self._shared.connection = before

    def version(self) -> Hashable:
        """Return what changes with every commit of anybody; None where only reading tells (PostgreSQL)."""
        return None if self._commits is None else self._commits.now()

    def kept(self, key: Hashable, read: Callable[[Connection], T]) -> T:
        """Return what `read` gives, read anew where somebody committed since; nobody may change it."""

        def reading() -> T:
            with self.read() as connection:
                return read(connection)

        if getattr(self._shared, "connection", None) is not None:
            return reading()  # the state of the block, not that of now
        return self._kept.take(self.version(), key, reading)

    def _reading(self) -> Engine:
        if self.is_sqlite:
            return self.engine  # a transaction of SQLite sees one state anyway
        return self.engine.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Write all or nothing; when the block is left, it is on the disk."""
        with in_words(), self._my_turn(), self.engine.connect() as connection:
            writing = connection.execution_options(harta_write=True)
            with writing.begin():
                yield writing

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        if not self.turn.acquire(timeout=BUSY_SECONDS):
            raise busy_error()
        try:
            yield
        finally:
            self.turn.release()

    def purge(self, *tables: str) -> bool:
        """Take out of the database's files what deleted and blanked rows of these tables left there.

        SQLite: the file is rebuilt (`secure_delete` alone leaves copies where pages were split) and its journal
        emptied. PostgreSQL: the tables are vacuumed. Returns whether it was done to the end; a long reading
        stands in the way of the journal, and `empty_journal` does it later.
        """
        with in_words():
            if self.is_sqlite:
                with self._my_turn(), self._outside_transactions() as cursor:
                    cursor.execute("VACUUM")
                return self.empty_journal()
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                for name in tables:
                    connection.exec_driver_sql(f"VACUUM {name}")
        return True

    def empty_journal(self, *, seconds: float = 5.0) -> bool:
        """Write SQLite's journal (WAL) into the file and empty it; return whether that was possible in the time."""
        if not self.is_sqlite:
            return True
        until = time.monotonic() + seconds
        with in_words(), self._my_turn(), self._outside_transactions() as cursor:
            # It holds every writer up while it waits for readers: it waits little, and tries again.
            cursor.execute("PRAGMA busy_timeout=100")
            while True:
                is_busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                if not is_busy or time.monotonic() > until:
                    return not is_busy
                time.sleep(0.05)

    @contextmanager
    def _outside_transactions(self) -> Iterator[Any]:
        raw = self.engine.raw_connection()
        try:
            cursor = raw.cursor()
            patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
            try:
                yield cursor
            finally:
                cursor.execute(f"PRAGMA busy_timeout={patience}")
                cursor.close()
        finally:
            raw.close()

    def close(self) -> None:
        """Let the database go."""
        if self._commits is not None:
            self._commits.close()
        self.engine.dispose()


def open_store(url: str, *, busy_seconds: float = BUSY_SECONDS, may_create: bool = True) -> LedgerStore:
    """Make the engine of a database; nothing is asked of it yet.

    Parameters
    ----------
    url
        `sqlite:////folder/harta.sqlite` or `postgresql://…`.
    busy_seconds
        How long a writer waits for another, seconds.
    may_create
        Whether a SQLite file that is missing or empty may be made; otherwise the first question raises
        StoreMissingError.

    Returns
    -------
    LedgerStore
        Safe to share between threads.

    Raises
    ------
    StoreDamagedError
        For an address of any other kind of database.
    """
    address = make_url(url)
    entrance = Entrance(may_create)
    if address.get_backend_name() == "sqlite":
        path = sqlite_path(url)
        commits = None
        if path is None:
            engine = create_engine(address, connect_args={"timeout": busy_seconds})
        else:
            commits = CommitVersion(path)
            engine = create_engine(address, creator=lambda: _connect_sqlite(path, busy_seconds, entrance))
            _watch_file(engine, path, entrance)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        _check_new_connections(engine, entrance)
        return LedgerStore(engine, entrance, _commits=commits)
    if address.get_backend_name() == "postgresql":
        if address.drivername == "postgresql":  # the driver we ship, where none is named
            address = address.set(drivername="postgresql+psycopg")
        engine = create_engine(
            address,
            pool_pre_ping=True,  # a connection that died in the pool is replaced, not handed out
            pool_size=10,
            max_overflow=20,
            pool_timeout=busy_seconds,
            connect_args={
                "connect_timeout": 10,
                "options": f"-c lock_timeout={int(busy_seconds * 1000)} -c synchronous_commit=on -c timezone=UTC",
            },
        )
        _check_new_connections(engine, entrance)
        return LedgerStore(engine, entrance)
    raise StoreDamagedError(
        _(
            "Adresa bazei de date trebuie să fie sqlite sau postgresql, nu „{found}”. Verificați HARTA_DATABASE_URL."
        ).format(found=address.get_backend_name())
    )


def sqlite_path(url: str) -> Path | None:
    """Return the file of a SQLite address; None for one in memory and for every other kind of database."""
    address = make_url(url)
    named = address.database if address.get_backend_name() == "sqlite" else None
    return None if named in (None, "", ":memory:") else Path(str(named)).absolute()


def _connect_sqlite(path: Path, busy_seconds: float, entrance: Entrance) -> sqlite3.Connection:
    if not entrance.may_create:
        _file_of(path)
    elif not path.exists() and path.parent.is_dir():
        # SQLite gives its journal the permissions of the file: only the owner looks in, whatever the umask.
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    address = f"file:{quote(str(path))}"
    options: dict[str, Any] = {"uri": True, "timeout": busy_seconds, "check_same_thread": False}
    entrance.is_full = False
    if entrance.may_create:
        made: sqlite3.Connection = sqlite3.connect(f"{address}?mode=rwc", **options)
        return made
    connection: sqlite3.Connection = sqlite3.connect(f"{address}?mode=rw", **options)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()  # the first question makes what the journal needs
    except sqlite3.OperationalError:
        connection.close()
        if not _has_no_room(path.parent) or _has_journal(path):
            raise
        entrance.is_full = True
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


def _watch_file(engine: Engine, path: Path, entrance: Entrance) -> None:
    """Notice at each question that the file was removed, emptied or exchanged under open connections."""

    @event.listens_for(engine, "connect")
    def remember(_connection: Any, record: Any) -> None:
        if not entrance.may_create:
            record.info["file"] = _file_of(path)

    @event.listens_for(engine, "checkout")
    def compare(connection: Any, record: Any, _proxy: object) -> None:
        if isinstance(connection, _Immutable):
            if record.info.get("is_used"):
                raise DisconnectionError("one question is over")
            record.info["is_used"] = True
        if not entrance.may_create and _file_of(path) != record.info.setdefault("file", _file_of(path)):
            raise DisconnectionError("the file was exchanged")  # SQLAlchemy connects anew, and the check follows


def _check_new_connections(engine: Engine, entrance: Entrance) -> None:
    @event.listens_for(engine, "connect")
    def check(connection: Any, _record: object) -> None:
        if entrance.check is not None:
            cursor = connection.cursor()
            try:
                entrance.check(cursor)
            finally:
                cursor.close()
                connection.rollback()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # What is deleted or blanked is overwritten with zeros, not left in free space for whoever reads the file.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def use_wal(store: LedgerStore) -> None:
    """Let readers of SQLite never wait for a writer (WAL). It writes into the file: only one known to be ours."""
    if not store.is_sqlite:
        return
    raw = store.engine.raw_connection()
    try:
        cursor = raw.cursor()
        is_readable_only = isinstance(raw.dbapi_connection, _Immutable)
        if not is_readable_only and cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            cursor.execute("PRAGMA journal_mode=WAL")
        cursor.close()
    finally:
        raw.close()


def _begin_sqlite(connection: Connection) -> None:
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
