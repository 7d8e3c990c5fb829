"""Rows kept until somebody commits: whoever commits, in this process or another, is noticed at the next question."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.database import kept_rows
from referrals.database.kept_rows import CommitVersion, KeptRows
from referrals.database.store import open_store

WRITES = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('INSERT INTO t VALUES (2)'); c.commit()"


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "a b%c.sqlite"
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t (n INTEGER)")
    connection.close()
    return file


def total(connection):
    return connection.exec_driver_sql("SELECT count(*) FROM t").scalar()


def test_it_changes_with_every_commit_and_only_then(path):
    version = CommitVersion(path)
    first = version.now()
    assert first is not None
    assert version.now() == first
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO t VALUES (1)")
    assert version.now() == first  # not committed
    writer.execute("COMMIT")
    second = version.now()
    assert second != first
    subprocess.run([sys.executable, "-c", WRITES, str(path)], check=True)
    third = version.now()
    assert third not in {first, second}
    writer.execute("VACUUM")
    assert version.now() != third
    writer.close()
    version.close()


def test_a_forked_process_looks_for_itself_and_leaves_the_connection_of_its_parent_open(path):
    version = CommitVersion(path)
    first = version.now()
    child = os.fork()
    if child == 0:
        try:
            own = version.now()
            parents = kept_rows._OF_PARENTS[0].execute("SELECT 1").fetchone()
            os._exit(0 if own not in {None, first} and parents == (1,) else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert version.now() == first
    subprocess.run([sys.executable, "-c", WRITES, str(path)], check=True)
    assert version.now() != first
    version.close()


def test_a_file_put_in_its_place_is_another_version(path, tmp_path):
    version = CommitVersion(path)
    first = version.now()
    other = tmp_path / "other.sqlite"
    shutil.copy(path, other)
    other.replace(path)
    assert version.now() != first
    assert version.now() == version.now()


def test_where_there_is_no_file_none_is_made_and_nothing_is_told(path):
    path.unlink()
    assert CommitVersion(path).now() is None
    assert not path.exists()


def test_a_file_that_is_no_database_tells_nothing(path):
    path.write_bytes(b"not a database" * 100)
    assert CommitVersion(path).now() is None


def test_a_database_that_is_locked_for_itself_tells_nothing(tmp_path):
    file = tmp_path / "x.sqlite"
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("CREATE TABLE t (n INTEGER)")  # no WAL: whoever writes the file shuts readers out
    version = CommitVersion(file)
    assert version.now() is not None
    holder.execute("BEGIN EXCLUSIVE")
    assert version.now() is None
    holder.execute("COMMIT")
    assert version.now() is not None
    holder.close()


def test_a_store_reads_again_after_a_commit_of_anybody(path):
    store = open_store(f"sqlite:///{path}", may_create=False)
    asked = []

    def read(connection):
        asked.append(1)
        return total(connection)

    assert [store.kept("t", read), store.kept("t", read)] == [0, 0]
    assert len(asked) == 1
    with store.write() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (1)")
    assert store.kept("t", read) == 1
    subprocess.run([sys.executable, "-c", WRITES, str(path)], check=True)
    assert [store.kept("t", read), store.kept("t", read)] == [2, 2]
    assert len(asked) == 3
    store.close()


def test_inside_one_reading_the_state_of_the_reading_counts(path):
    store = open_store(f"sqlite:///{path}", may_create=False)
    with store.one_reading():
        assert store.kept("t", total) == 0
        subprocess.run([sys.executable, "-c", WRITES, str(path)], check=True)
        assert store.kept("t", total) == 0
    assert store.kept("t", total) == 1
    store.close()


def test_a_store_in_memory_keeps_nothing():
    store = open_store("sqlite://")
    asked = []
    for _ in range(2):
        store.kept("x", lambda _connection: asked.append(1))
    assert len(asked) == 2


@given(st.lists(st.tuples(st.sampled_from("ab"), st.booleans()), max_size=30))
def test_kept_rows_are_those_of_the_version(steps):
    """The slow, obvious version: a reading at every question."""
    rows, version, stored = KeptRows(), 0, {"a": 0, "b": 0}
    for key, is_write in steps:
        if is_write:
            stored[key] += 1
            version += 1
        assert rows.take(version, key, lambda key=key: stored[key]) == stored[key]
