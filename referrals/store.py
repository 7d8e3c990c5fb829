"""The door to the database: one engine for SQLite or PostgreSQL, and its troubles said in words.

Writing transactions are `BEGIN IMMEDIATE` on SQLite (one writer, nobody upgrades a read into a write)
and READ COMMITTED with row locks on PostgreSQL. A commit is on the disk before it is acknowledged.
"""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from geo.language import _
from referrals.errors import (
    KeyReusedError,
    LedgerError,
    SecondPlaceError,
    StoreBusyError,
    StoreDamagedError,
    StoreFullError,
    StoreLostError,
    StoreReadOnlyError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

BUSY_SECONDS = 30.0
_STEP_SECONDS = (0.0005, 0.002)


@dataclass(frozen=True)
class Store:
    """An open database: its engine and, for SQLite, the queue of this process's own writers."""

    engine: Engine
    # SQLite polls for its one write lock; threads of one process queue here instead, which is fair and quick.
    turn: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_sqlite(self) -> bool:
        """Whether the store is one SQLite file."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Read one consistent state, however many queries it takes."""
        with in_words(), self._reading().connect() as connection, connection.begin():
            yield connection

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
            raise busy()
        try:
            yield
        finally:
            self.turn.release()

    def close(self) -> None:
        """Let the database go."""
        self.engine.dispose()


def open_store(url: str, *, busy_seconds: float = BUSY_SECONDS) -> Store:
    """Make the engine for an address such as `sqlite:////folder/harta.sqlite` or `postgresql://…`."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address, connect_args={"timeout": busy_seconds})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return Store(engine)
    if address.get_backend_name() == "postgresql":
        if address.drivername == "postgresql":  # the driver we ship, where none is named
            address = address.set(drivername="postgresql+psycopg")
        return Store(
            create_engine(
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
        )
    raise StoreDamagedError(
        _(
            "Adresa bazei de date trebuie să fie sqlite sau postgresql, nu „{found}”. Verificați HARTA_DATABASE_URL."
        ).format(found=address.get_backend_name())
    )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    # WAL: readers never wait. Changing to it writes, so a file that is already so is left alone.
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("harta_write", False):
        _begin_writing(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection) -> None:
    """Take the write lock. SQLite's own waiting backs off to 100 ms and starves: short steps wait far less."""
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


def busy() -> StoreBusyError:
    """Say that somebody else keeps the database."""
    return StoreBusyError(_("Baza de date este ocupată de alt program. Așteptați puțin și încercați din nou."))


@contextmanager
def in_words() -> Iterator[None]:
    """Turn the database's troubles into LedgerErrors; anything that is no trouble of the store passes through."""
    try:
        yield
    except PoolTimeout as error:
        raise busy() from error
    except IntegrityError as error:
        raise collided(error) from error
    except DBAPIError as error:
        raise (translated(error.orig, lost=error.connection_invalidated) or error) from error
    except sqlite3.Error as error:  # from our own BEGIN, which SQLAlchemy does not dress
        raise (translated(error) or error) from error


def collided(error: IntegrityError) -> Exception:
    """Say what two writers at the same moment wanted to do twice: the tables' own last line of defence."""
    said = str(error.orig)
    if "uq_referrals_one_place" in said or "referrals.case_ref, referrals.need" in said:
        return SecondPlaceError(_("Cazul are deja un loc pentru această nevoie. Anulați-l sau mutați-l pe acela."))
    if "answered_requests" in said:
        return KeyReusedError(_("Aceeași cheie a fost folosită pentru altă cerere. Reîncărcați pagina."))
    return error


# PostgreSQL's own codes (SQLSTATE), from its manual, appendix A.
_PG_READ_ONLY = {"25006"}
_PG_FULL = {"53100", "53200"}
_PG_BUSY = {"55P03", "40001", "40P01", "53300", "57014"}
_PG_MISSING = {"42P01", "42703"}
_PG_LOST = {"57P01", "57P02", "57P03"}


def translated(  # noqa: PLR0911  (a list of cases reads best as one)
    cause: BaseException | None, *, lost: bool = False
) -> LedgerError | None:
    """Say in Romanian what a driver's error means and what to do; None for one that is no trouble of the store."""
    said = str(cause).lower()
    state = getattr(cause, "sqlstate", None) or ""
    if state in _PG_READ_ONLY or "readonly" in said or "read-only" in said:
        return StoreReadOnlyError(
            _("Nu se poate scrie în baza de date: discul sau baza este numai pentru citire. Nimic nu s-a schimbat.")
        )
    if state in _PG_FULL or "disk is full" in said or "no space left" in said:
        return StoreFullError(_("Discul este plin. Nimic nu s-a schimbat; eliberați spațiu și încercați din nou."))
    if state in _PG_BUSY or "locked" in said or "busy" in said:
        return busy()
    if state in _PG_LOST or state.startswith("08") or lost or _is_connection(cause, state):
        return StoreLostError(
            _(
                "Legătura cu baza de date s-a întrerupt. Încercați din nou: "
                "dacă cererea fusese deja primită, nu se face a doua oară."
            )
        )
    if "unable to open" in said or "not a database" in said or "malformed" in said:
        return StoreDamagedError(_("Baza de date nu poate fi deschisă: {why}").format(why=cause))
    if state in _PG_MISSING or "no such table" in said or "no such column" in said:
        return StoreDamagedError(
            _("Bazei de date îi lipsește o parte ({why}). Puneți la loc o copie de rezervă a ei.").format(
                why=str(cause).splitlines()[0][:120]
            )
        )
    if "disk i/o" in said:
        return LedgerError(_("Discul a dat o eroare. Nimic nu s-a schimbat. Rulați „harta doctor”."))
    return None


def _is_connection(cause: BaseException | None, state: str) -> bool:
    """Whether psycopg gave up before any server answered: its OperationalError without a code."""
    return not state and type(cause).__name__ == "OperationalError" and "psycopg" in type(cause).__module__
