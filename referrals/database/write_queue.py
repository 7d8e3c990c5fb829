"""The writers of one process at a SQLite file: one after the other as they came, and several in one commit.

SQLite has one write lock, and a commit waits for the disk. Threads of one process queue here instead of asking the
file again and again, and those that allow it share a transaction: each has a savepoint of its own, the last of them
commits, and nobody is answered before that. Where the commit fails, it failed for all of them.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from referrals.database.database_errors import busy_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

# A shared transaction holds the file's lock: other processes wait for it, so it stays short.
_MOST_TOGETHER = 32
_MOST_SECONDS = 0.05


class SharedTransaction:
    """A writing transaction of several threads, one at a time.

    Attributes
    ----------
    connection
        Inside the transaction.
    done
        Set when it was committed or has failed.
    failure
        Why nothing of it was kept; None where it was committed.
    undone_by
        The database's error at one writer's work that undid everybody's; whatever else that one raised is its own.
    """

    def __init__(self, engine: Engine) -> None:
        """Connect, and take the write lock."""
        self.connection: Connection = engine.connect()
        self.done = threading.Event()
        self.failure: BaseException | None = None
        self._writers = 0
        self.undone_by: SQLAlchemyError | None = None
        try:
            self.connection = self.connection.execution_options(harta_write=True)
            self._transaction = self.connection.begin()
            self._began = time.monotonic()  # what it waited for the lock is nobody's time but its own
        except BaseException:
            self.connection.close()
            raise

    @property
    def takes_more(self) -> bool:
        """Whether another writer may join."""
        return self._writers < _MOST_TOGETHER and time.monotonic() - self._began < _MOST_SECONDS

    @contextmanager
    def savepoint(self) -> Iterator[Connection]:
        """Keep all that one writer writes, or nothing of it."""
        self._writers += 1
        if self._writers == 1:  # what it wrote ends with the transaction, which nobody else has joined yet
            yield self.connection
            return
        self._say("SAVEPOINT writer")
        try:
            yield self.connection
        except BaseException as error:
            with suppress(SQLAlchemyError):  # whoever raised it is told of that, not of this
                self._say("ROLLBACK TO writer", since=error)
                self._say("RELEASE writer", since=error)
            raise
        self._say("RELEASE writer")

    def _say(self, statement: str, *, since: BaseException | None = None) -> None:
        try:
            self.connection.exec_driver_sql(statement)
        except SQLAlchemyError as error:  # a full disk, for one, makes SQLite undo the whole transaction by itself
            self.undone_by = since if isinstance(since, SQLAlchemyError) else error
            raise

    @property
    def is_of_one(self) -> bool:
        """Whether nobody else's work is in it yet."""
        return self._writers == 1

    def commit(self) -> None:
        """Put it on the disk; `failure` says where that did not succeed."""
        try:
            self._transaction.commit()
        except BaseException as error:  # noqa: BLE001  (each of its writers raises it)
            self.fail(error)
        else:
            self._end()

    def fail(self, error: BaseException) -> None:
        """Undo all of it."""
        self.failure = error
        try:
            with suppress(SQLAlchemyError):
                self._transaction.rollback()
        finally:
            self._end()

    def _end(self) -> None:
        try:
            self.connection.close()
        finally:
            self.done.set()


@dataclass(eq=False)
class _Waiting:
    """A thread that waits: whether it may share a transaction, and the one it was given."""

    shares: bool
    called: threading.Event = field(default_factory=threading.Event)
    joined: SharedTransaction | None = None


class WriteQueue:
    """Lets one thread at a time write, in the order they came."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._lock = threading.Lock()
        self._waiting: deque[_Waiting] = deque()
        self._is_taken = False

    @contextmanager
    def turn(self, seconds: float) -> Iterator[None]:
        """Wait for one's turn and have it alone; StoreBusyError where it does not come in this time."""
        self._enter(seconds, shares=False)
        try:
            yield
        finally:
            self._leave()

    @contextmanager
    def shared(self, engine: Engine, seconds: float) -> Iterator[Connection]:
        """Write in a transaction that others may join; when the block is left, it is on the disk.

        Also an error that the block raises is told only then: what it was based on may have been another's work.
        """
        transaction = self._enter(seconds, shares=True) or self._begin(engine)
        failure: BaseException | None = None
        try:
            with transaction.savepoint() as connection:
                yield connection
        except BaseException as error:  # noqa: BLE001  (raised below, after the commit)
            failure = error
        spoiled_by = failure if transaction.is_of_one else transaction.undone_by
        if spoiled_by is not None:
            transaction.fail(spoiled_by)
            self._leave()
        else:
            self._pass_on(transaction)
        transaction.done.wait()
        if (raised := transaction.failure or failure) is not None:
            raise raised

    def _begin(self, engine: Engine) -> SharedTransaction:
        try:
            return SharedTransaction(engine)
        except BaseException:
            self._leave()
            raise

    def _enter(self, seconds: float, *, shares: bool) -> SharedTransaction | None:
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return None
            mine = _Waiting(shares)
            self._waiting.append(mine)
        try:
            mine.called.wait(seconds)
        except BaseException:
            self._give_up(mine)
            raise
        with self._lock:
            if mine.called.is_set():
                return mine.joined
            self._waiting.remove(mine)
        raise busy_error()

    def _give_up(self, mine: _Waiting) -> None:
        """Leave the queue in the middle of waiting: a turn that came meanwhile goes on to the next."""
        with self._lock:
            if not mine.called.is_set():
                self._waiting.remove(mine)
                return
        if mine.joined is None:
            self._leave()
        else:  # the work of others is in it, and nothing of this one
            self._pass_on(mine.joined)

    def _leave(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().called.set()
            else:
                self._is_taken = False

    def _pass_on(self, transaction: SharedTransaction) -> None:
        """Let the next one write in the same transaction; where nobody may, commit it and leave."""
        if self._hand_over(transaction):
            return
        try:
            transaction.commit()
        finally:
            self._leave()

    def _hand_over(self, transaction: SharedTransaction) -> bool:
        """Let the next one write in the same transaction; False where nobody waits who may."""
        with self._lock:
            if not (self._waiting and self._waiting[0].shares and transaction.takes_more):
                return False
            following = self._waiting.popleft()
            following.joined = transaction
            following.called.set()
            return True
