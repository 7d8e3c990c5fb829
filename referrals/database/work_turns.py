"""Who does what has to be done once: of the processes of a ledger, or of those on one machine, one at a time.

The turn of a ledger is a lock in the database where that is PostgreSQL (also across machines), else of a file in the
home. Whoever dies loses it at once: the system and the database let go of what a dead process or connection held.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from referrals.database.home_identity import open_home_store

try:
    import fcntl
except ImportError:  # Windows: one process serves there
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from pathlib import Path

    from core.storage.home import Home
    from referrals.database.store import LedgerStore

_LOCK = 0x48415257  # "HARW": the timed work of a ledger, on a PostgreSQL server
_LEDGER_FILE, _MACHINE_FILE = ".ledger-work.lock", ".machine-work.lock"


class WorkTurn(Protocol):
    """The turn to do what has to be done once."""

    def hold(self) -> bool:
        """Take the turn if nobody has it; return whether it is ours now. To be asked again and again."""

    def release(self) -> None:
        """Give the turn back."""


class FileTurn:
    """A turn among the processes of one machine: the lock of a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def hold(self) -> bool:
        """Take the turn if nobody has it; return whether it is ours now. OSError where the file cannot be made."""
        if self._handle is not None or fcntl is None:
            return True
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._handle = handle
        return True

    def release(self) -> None:
        """Give the turn back."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


class LedgerTurn:
    """A turn among all processes of a ledger on PostgreSQL: a lock of one connection, which is kept for it alone."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._store: LedgerStore | None = None
        self._connection: Connection | None = None

    def hold(self) -> bool:
        """Take the turn if nobody has it; LedgerError where the database does not answer (the turn is then lost)."""
        try:
            if self._connection is not None:
                self._connection.execute(text("SELECT 1"))
                return True
            self._store = self._store or open_home_store(self.home)
            connection = self._store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            if connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK}).scalar_one():
                self._connection = connection
                return True
            connection.close()
        except SQLAlchemyError:
            self.release()
        return False

    def release(self) -> None:
        """Give the turn back: with the connection goes its lock."""
        connection, store = self._connection, self._store
        self._connection = self._store = None
        with suppress(SQLAlchemyError):
            if connection is not None:
                connection.invalidate()
                connection.close()
            if store is not None:
                store.close()


def ledger_turn(home: Home) -> WorkTurn:
    """Return the turn to do the timed work of a home's ledger (expiries, messages)."""
    if make_url(home.database_url).get_backend_name() == "sqlite":
        return FileTurn(home.path / _LEDGER_FILE)
    return LedgerTurn(home)


def machine_turn(home: Home) -> WorkTurn:
    """Return the turn to do what each machine of a home needs (upkeep, the table of minutes)."""
    return FileTurn(home.path / _MACHINE_FILE)
