"""What was read of the database, kept until somebody commits: looking whether anybody did is a fraction of reading.

SQLite counts the commits of all other connections, those of other processes included (`PRAGMA data_version`); a
connection that never writes therefore sees every one of them. PostgreSQL has nothing of the kind that costs less than
the reading itself: there is no version, and everything is read each time.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from pathlib import Path

T = TypeVar("T")
_MOST = 4_096
# Connections of the process that this one was forked from: SQLite wants them neither used nor closed here.
_OF_PARENTS: list[sqlite3.Connection] = []


class CommitVersion:
    """Says whether anybody committed to a SQLite file, or the file became another, since it was asked before."""

    def __init__(self, path: Path) -> None:
        """Connect at the first question, to a file that is there: none is made."""
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._opened: tuple[Any, ...] = ()
        self._times = 0

    def now(self) -> Hashable:
        """Return what changes with every commit; None where that cannot be told and the database has to be read."""
        with self._lock:
            try:
                found = os.stat(self._path)  # noqa: PTH116  (at every question: a Path costs more than the look)
                opened = (os.getpid(), found.st_dev, found.st_ino)
                if self._connection is None or opened != self._opened:
                    self._open(opened)
                version = self._connection.execute("PRAGMA data_version").fetchone()[0]  # type: ignore[union-attr]
            except (OSError, sqlite3.Error):
                self._leave()
                return None
            return self._times, version

    def _open(self, opened: tuple[Any, ...]) -> None:
        self._leave()
        address = f"file:{quote(str(self._path))}?mode=rw"
        connection = sqlite3.connect(address, uri=True, timeout=0, check_same_thread=False, isolation_level=None)
        self._connection, self._opened, self._times = connection, opened, self._times + 1

    def _leave(self) -> None:
        if self._connection is not None:
            if self._opened[0] == os.getpid():
                self._connection.close()
            else:
                _OF_PARENTS.append(self._connection)  # letting it go would close it
        self._connection = None

    def close(self) -> None:
        """Let the file go, until the next question."""
        with self._lock:
            self._leave()


class KeptRows:
    """Keeps what was read by a key, while the version that was taken before the reading is still that of now."""

    def __init__(self) -> None:
        """Begin empty."""
        self._kept: tuple[Hashable, dict[Hashable, Any]] = (None, {})

    def take(self, version: Hashable, key: Hashable, read: Callable[[], T]) -> T:
        """Return what is kept of a key, or read it.

        Parameters
        ----------
        version
            Of the database, taken before this call; None keeps nothing.
        key
            What is read.
        read
            Reads it. Nobody may change what it gives: all threads share it.

        Returns
        -------
        T
            As it stood at this version, or later.
        """
        if version is None:
            return read()
        # One object for a version: whoever still reads by an older one cannot put its rows among those of a newer.
        of_version, found = self._kept
        if of_version != version:
            found = {}
            self._kept = version, found
        if key in found:
            kept: T = found[key]
            return kept
        made = read()
        if len(found) < _MOST:
            found[key] = made
        return made
