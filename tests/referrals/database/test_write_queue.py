"""Writers of one process share a commit: nobody is answered before it, and nobody's error is another's."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from referrals.database import store as store_module
from referrals.database import write_queue
from referrals.database.store import LedgerStore, open_store
from referrals.records.ledger_errors import StoreBusyError, StoreFullError

WRITERS = 5


@pytest.fixture
def store(tmp_path) -> Iterator[LedgerStore]:
    made = open_store(f"sqlite:///{tmp_path / 'queue.sqlite'}")
    with made.write() as connection:
        connection.execute(text("CREATE TABLE words (word VARCHAR(20) PRIMARY KEY)"))
    yield made
    made.close()


@pytest.fixture
def commits(store) -> list[int]:
    done: list[int] = []
    event.listen(store.engine, "commit", lambda _connection: done.append(1))
    return done


def _add(store: LedgerStore, word: str, *, then: Callable[[], None] = lambda: None) -> None:
    with store.write_together() as connection:
        connection.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})
        then()


def _there(store: LedgerStore) -> set[str]:
    with store.read() as connection:
        return set(connection.execute(text("SELECT word FROM words")).scalars())


def _queue_behind(store: LedgerStore, writings: list[Callable[[], None]]) -> list[BaseException | None]:
    """Let the writings queue while another has the turn, then give what each raised."""
    raised: list[BaseException | None] = [None] * len(writings)

    def run(number: int) -> None:
        try:
            writings[number]()
        except BaseException as error:  # noqa: BLE001  (looked at by the test)
            raised[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(writings))]
    with store.write():
        for number, thread in enumerate(threads):
            thread.start()
            while len(store._queue._waiting) <= number:
                pass
    for thread in threads:
        thread.join(20)
    return raised


def test_writers_that_wait_share_a_commit(store, commits):
    raised = _queue_behind(store, [lambda n=n: _add(store, str(n)) for n in range(WRITERS)])
    assert raised == [None] * WRITERS
    assert _there(store) == {str(n) for n in range(WRITERS)}
    assert len(commits) == 2 + 1  # that of whoever had the turn, theirs, and the reading above


def test_nobody_is_answered_before_the_commit(store):
    answered: list[str] = []
    seen: list[list[str]] = []
    event.listen(store.engine, "commit", lambda _connection: seen.append(list(answered)))

    def write(word: str) -> None:
        _add(store, word)
        answered.append(word)

    _queue_behind(store, [lambda n=n: write(str(n)) for n in range(WRITERS)])
    assert seen == [[], []]
    assert len(answered) == WRITERS


def test_an_error_of_one_undoes_that_one_alone(store, commits):
    def fail() -> None:
        raise ValueError("its own")

    raised = _queue_behind(
        store,
        [
            lambda: _add(store, "first"),
            lambda: _add(store, "wrong", then=fail),
            lambda: _add(store, "last"),
        ],
    )
    assert [type(error) for error in raised] == [type(None), ValueError, type(None)]
    assert _there(store) == {"first", "last"}
    assert len(commits) == 2 + 1


def test_the_error_of_the_first_lets_the_others_go_on(store):
    def fail() -> None:
        raise ValueError("its own")

    raised = _queue_behind(store, [lambda: _add(store, "wrong", then=fail), lambda: _add(store, "last")])
    assert [type(error) for error in raised] == [ValueError, type(None)]
    assert _there(store) == {"last"}


def test_a_commit_that_fails_fails_for_all_of_its_writers(store):
    def no_room(connection) -> None:
        if connection.get_execution_options().get("harta_write") and store._queue._is_taken:
            raise OperationalError("COMMIT", {}, Exception("database or disk is full"))

    with store.write() as connection:
        connection.execute(text("INSERT INTO words VALUES ('before')"))

    writings = [lambda n=n: _add(store, str(n)) for n in range(WRITERS)]
    writings[0] = lambda: _add(store, "0", then=lambda: event.listen(store.engine, "commit", no_room))
    raised = _queue_behind(store, writings)
    event.remove(store.engine, "commit", no_room)
    assert [type(error) for error in raised] == [StoreFullError] * WRITERS
    assert _there(store) == {"before"}
    _add(store, "after")  # and the next one writes as if nothing had been
    assert _there(store) == {"before", "after"}


def test_what_the_database_undoes_is_undone_for_all(store):
    """A full disk makes SQLite give up the whole transaction, not the savepoint alone."""

    def give_up(connection) -> None:
        connection.exec_driver_sql("ROLLBACK")
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    def full() -> None:
        with store.write_together() as connection:
            give_up(connection)

    raised = _queue_behind(store, [lambda: _add(store, "first"), full, lambda: _add(store, "last")])
    assert [type(error) for error in raised] == [StoreFullError, StoreFullError, type(None)]
    assert _there(store) == {"last"}


def test_what_one_raised_is_told_to_no_other_where_the_database_undid_all(store):
    """The others learn that nothing was kept, not what was wrong with a writing that is not theirs."""

    def wrong() -> None:
        with store.write_together() as connection:
            connection.exec_driver_sql("ROLLBACK")
            raise ValueError("its own")

    raised = _queue_behind(store, [lambda: _add(store, "first"), wrong, lambda: _add(store, "last")])
    assert isinstance(raised[0], DBAPIError)
    assert "its own" not in str(raised[0])
    assert raised[2] is None
    assert _there(store) == {"last"}


def test_who_is_interrupted_while_waiting_undoes_nothing_of_the_others(store, commits, monkeypatch):
    class Interrupted(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            super().wait(timeout)
            raise KeyboardInterrupt

    made = write_queue._Waiting

    def waiting(*shares: bool) -> object:
        return made(*shares, Interrupted()) if len(store._queue._waiting) == 1 else made(*shares)

    monkeypatch.setattr(write_queue, "_Waiting", waiting)
    raised = _queue_behind(store, [lambda n=n: _add(store, str(n)) for n in range(3)])
    assert [type(error) for error in raised] == [type(None), KeyboardInterrupt, type(None)]
    assert _there(store) == {"0", "2"}
    assert len(commits) == 2 + 1
    assert not store._queue._is_taken


def test_a_writer_that_shares_nothing_is_waited_for_and_not_joined(store, commits):
    def alone() -> None:
        with store.write() as connection:
            connection.execute(text("INSERT INTO words VALUES ('alone')"))

    raised = _queue_behind(store, [lambda: _add(store, "first"), alone, lambda: _add(store, "last")])
    assert raised == [None] * 3
    assert len(commits) == 4
    assert _there(store) == {"first", "alone", "last"}


def test_whoever_waits_too_long_is_told_so_and_leaves_the_queue(store, monkeypatch):
    monkeypatch.setattr(store_module, "BUSY_SECONDS", 0.05)
    with store.write():
        raised: list[BaseException] = []

        def wait() -> None:
            try:
                _add(store, "late")
            except StoreBusyError as error:
                raised.append(error)

        thread = threading.Thread(target=wait)
        thread.start()
        thread.join(20)
    assert [type(error) for error in raised] == [StoreBusyError]
    assert not store._queue._waiting
    _add(store, "next")
    assert _there(store) == {"next"}


def test_many_writers_at_once_lose_nothing(store):
    words = [f"{thread}-{number}" for thread in range(8) for number in range(25)]

    def write(thread: int) -> None:
        for number in range(25):
            _add(store, f"{thread}-{number}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert _there(store) == set(words)
    assert not store._queue._is_taken
