"""The door to the database: one engine for SQLite or PostgreSQL.

A database is made only where `open_store` is told that it may be; one that vanishes or is exchanged while the
program runs is noticed at the next question, before anything is read from it or written into it.

Writing transactions are `BEGIN IMMEDIATE` on SQLite (one writer, nobody upgrades a read into a write)
and READ COMMITTED with row locks on PostgreSQL. A commit is on the disk before it is acknowledged.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError

from core.i18n import _
from referrals.database.database_errors import in_words
from referrals.database.kept_rows import CommitVersion, KeptRows
from referrals.database.sqlite_file import (
    ConnectionChecks,
    begin_sqlite,
    connect_sqlite,
    prepare_sqlite,
    sqlite_path,
    watch_file,
)
from referrals.database.write_queue import WriteQueue
from referrals.records.ledger_errors import StoreDamagedError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator
    from contextlib import AbstractContextManager

T = TypeVar("T")
BUSY_SECONDS = 30.0
_TRUSTED_SECONDS = 1.0  # so long after its last use a connection of the pool counts as alive
# A machine that lost its power or its network says no word: after some ten seconds the other end takes it for gone, and
# the server lets go of what it held, of the turn for timed work among it, not only after the usual two hours.
_KEEPALIVE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
_UNANSWERED_MS = 10_000


@dataclass(frozen=True)
class LedgerStore:
    """An open database: its engine and, for SQLite, the queue of this process's own writers."""

    engine: Engine
    connection_checks: ConnectionChecks = field(default_factory=lambda: ConnectionChecks(may_create=True))
    _queue: WriteQueue = field(default_factory=WriteQueue, repr=False, compare=False)
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
    def read_once(self) -> Iterator[Connection]:
        """Read with a single query: it sees one state by itself, and PostgreSQL is asked once, not three times."""
        shared: Connection | None = getattr(self._shared, "connection", None)
        if shared is not None or self.is_sqlite:
            with self.read() as connection:
                yield connection
            return
        with in_words(), self.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
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
    def write_together(self) -> Iterator[Connection]:
        """Write as `write` does, in a commit that other short writings of this process may share (SQLite).

        For blocks of some milliseconds: whoever came before waits for the commit too. An error of the block
        undoes this block alone.
        """
        if not self.is_sqlite:
            with self.write() as connection:
                yield connection
            return
        with in_words(), self._queue.shared(self.engine, BUSY_SECONDS) as connection:
            yield connection

    def _my_turn(self) -> AbstractContextManager[None]:
        return self._queue.turn(BUSY_SECONDS) if self.is_sqlite else nullcontext()

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
    connection_checks = ConnectionChecks(may_create)
    if address.get_backend_name() == "sqlite":
        path = sqlite_path(url)
        commits = None
        if path is None:
            engine = create_engine(address, connect_args={"timeout": busy_seconds})
        else:
            commits = CommitVersion(path)
            engine = create_engine(address, creator=lambda: connect_sqlite(path, busy_seconds, connection_checks))
            watch_file(engine, path, connection_checks)
        event.listen(engine, "connect", prepare_sqlite)
        event.listen(engine, "begin", begin_sqlite)
        _check_new_connections(engine, connection_checks)
        return LedgerStore(engine, connection_checks, _commits=commits)
    if address.get_backend_name() == "postgresql":
        if address.drivername == "postgresql":  # the driver we ship, where none is named
            address = address.set(drivername="postgresql+psycopg")
        engine = create_engine(
            address,
            pool_size=10,
            max_overflow=20,
            pool_timeout=busy_seconds,
            connect_args={
                "connect_timeout": 10,
                "options": _session_options(busy_seconds),
                **_KEEPALIVE,
                "tcp_user_timeout": _UNANSWERED_MS,
            },
        )
        _replace_dead(engine)
        _check_new_connections(engine, connection_checks)
        return LedgerStore(engine, connection_checks)
    raise StoreDamagedError(
        _(
            "Adresa bazei de date trebuie să fie sqlite sau postgresql, nu „{found}”. Verificați HARTA_DATABASE_URL."
        ).format(found=address.get_backend_name())
    )


def _session_options(busy_seconds: float) -> str:
    values = {
        "lock_timeout": int(busy_seconds * 1000),
        "synchronous_commit": "on",
        "timezone": "UTC",
        **{f"tcp_{name}": seconds for name, seconds in _KEEPALIVE.items()},
        "tcp_user_timeout": _UNANSWERED_MS,
    }
    return " ".join(f"-c {name}={value}" for name, value in values.items())


def _replace_dead(engine: Engine) -> None:
    """Let a connection that died in the pool be replaced, not handed out; one that was just used is not asked."""

    @event.listens_for(engine, "connect")
    @event.listens_for(engine, "checkin")
    def remember(_connection: Any, record: Any) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, _proxy: object) -> None:
        if time.monotonic() - record.info["used"] < _TRUSTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError("it died in the pool") from error


def _check_new_connections(engine: Engine, connection_checks: ConnectionChecks) -> None:
    @event.listens_for(engine, "connect")
    def check(connection: Any, _record: object) -> None:
        if connection_checks.check is not None:
            cursor = connection.cursor()
            try:
                connection_checks.check(cursor)
            finally:
                cursor.close()
                connection.rollback()
