"""What the disk and the database can do to us: said in words, nothing half done, and repeatable."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from core.storage.home import make_home
from referrals.accounts import account_sessions, accounts
from referrals.database import store as store_module
from referrals.database.database_errors import driver_error
from referrals.database.store import open_store
from referrals.homes.presence import require_present
from referrals.ledger.ledger import open_ledger
from referrals.records.ledger_errors import (
    LedgerError,
    StoreBusyError,
    StoreDamagedError,
    StoreFullError,
    StoreLostError,
    StoreReadOnlyError,
)
from tests.worlds.homes.ledger_world import ADMIN, Clock, free_of, refer, report


def test_sqlite_is_durable_and_readers_do_not_wait(sqlite_url):
    store = open_store(sqlite_url)
    with store.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
    store.close()


@pytest.mark.postgres
def test_postgresql_answers_after_the_write_is_safe(postgres_url):
    store = open_store(postgres_url)
    with store.write() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
        assert connection.exec_driver_sql("SHOW transaction_isolation").scalar() == "read committed"
    with store.read() as connection:
        assert connection.exec_driver_sql("SHOW transaction_isolation").scalar() == "repeatable read"
    store.close()


@pytest.mark.postgres
def test_a_machine_that_says_no_word_is_taken_for_gone_by_both_ends(postgres_url):
    store = open_store(postgres_url)
    with store.read() as connection:
        wire = connection.connection.driver_connection.pgconn
        if wire.host.startswith(b"/"):
            pytest.skip("this server is reached by a socket of the machine")
        said = {
            name: connection.exec_driver_sql(f"SHOW tcp_{name}").scalar()
            for name in ("keepalives_idle", "user_timeout")
        }
        assert said == {"keepalives_idle": "5", "user_timeout": "10000"}
        with socket.socket(fileno=os.dup(wire.socket)) as ours:
            assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 5
            assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 10_000
    store.close()


def test_readings_inside_one_reading_see_one_state_and_those_after_it_the_next(ledger):
    report(ledger, 1)
    with ledger.store.one_reading():
        before = free_of(ledger)
        writer = threading.Thread(target=report, args=(ledger, 7))
        writer.start()
        writer.join()
        assert free_of(ledger) == before == 1
    assert free_of(ledger) == 7


def test_a_fault_inside_one_reading_is_raised_and_the_next_reading_is_its_own(ledger):
    with pytest.raises((DBAPIError, LedgerError)), ledger.store.one_reading(), ledger.store.read() as connection:
        connection.exec_driver_sql("SELECT nothing FROM nowhere")
    report(ledger, 2)
    assert free_of(ledger) == 2


def test_a_reader_sees_one_state_while_another_writes(ledger):
    report(ledger, 1)
    with ledger.store.read() as connection:
        before = connection.execute(text("SELECT reported FROM places")).scalar_one()
        report(ledger, 7)
        assert connection.execute(text("SELECT reported FROM places")).scalar_one() == before
    assert free_of(ledger) == 7


def test_everybody_sees_a_hold_at_the_next_query(url):
    one, other = open_ledger(url), open_ledger(url)
    report(one, 1)
    counter = other.event_counter()
    refer(one)
    assert other.event_counter() > counter
    assert free_of(other) == 0
    one.close()
    other.close()


def test_an_address_of_another_kind_is_refused():
    with pytest.raises(StoreDamagedError, match="mysql"):
        open_store("mysql://x/y")


def test_a_file_that_is_no_database_is_said_so(tmp_path):
    (tmp_path / "harta.sqlite").write_bytes(b"this is not a database at all, but it is long enough" * 50)
    with pytest.raises(StoreDamagedError):
        open_ledger(f"sqlite:///{tmp_path / 'harta.sqlite'}")


def test_a_folder_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(StoreDamagedError):
        open_ledger(f"sqlite:///{tmp_path / 'nimic' / 'harta.sqlite'}")


# --- a locked database ------------------------------------------------------------------------------


def test_a_locked_sqlite_says_so_and_the_attempt_can_be_repeated(sqlite_url, monkeypatch):
    monkeypatch.setattr(store_module, "BUSY_SECONDS", 0.2)
    ledger = open_ledger(sqlite_url, clock=Clock())
    report(ledger, 2)
    slow = open_store(sqlite_url, busy_seconds=0.1)
    impatient = type(ledger)(slow, ledger.clock)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusyError):
        refer(impatient, idempotency_key="k")
    assert free_of(impatient) == 2, "reading goes on"
    other.execute("ROLLBACK")
    other.close()
    assert refer(impatient, idempotency_key="k") == refer(impatient, idempotency_key="k")
    assert free_of(ledger) == 1
    ledger.close()
    slow.close()


@pytest.mark.postgres
def test_a_locked_postgresql_says_so_and_the_attempt_can_be_repeated(postgres_url):
    ledger = open_ledger(postgres_url, clock=Clock())
    report(ledger, 2)
    slow = open_store(postgres_url, busy_seconds=0.2)
    impatient = type(ledger)(slow, ledger.clock)
    with ledger.store.write() as connection:
        connection.execute(text("SELECT * FROM audit_chains FOR UPDATE"))
        with pytest.raises(StoreBusyError):
            refer(impatient, idempotency_key="k")
    assert refer(impatient, idempotency_key="k") == refer(impatient, idempotency_key="k")
    assert free_of(ledger) == 1
    ledger.close()
    slow.close()


def test_a_writer_waits_for_another_thread_of_its_own(sqlite_url):
    ledger = open_ledger(sqlite_url)
    report(ledger, 2)
    holding, go = threading.Event(), threading.Event()

    def hold() -> None:
        with ledger.store.write():
            holding.set()
            go.wait(5)

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait(5)
    threading.Timer(0.1, go.set).start()
    assert refer(ledger).state == "held"
    thread.join()
    ledger.close()


# --- a disk for reading only, a full disk -----------------------------------------------------------

AS_ANOTHER = """
import os
from tests.worlds.homes.ledger_world import free_of, refer
from referrals.ledger.ledger import open_ledger
from referrals.homes.presence import require_present
from referrals.records.ledger_errors import StoreReadOnlyError
import pandas, holidays
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
ledger = open_ledger({url!r})
print("free", free_of(ledger))
try:
    refer(ledger)
except StoreReadOnlyError as error:
    print("refused", error)
"""


def test_a_sqlite_that_may_only_be_read_is_read_and_refuses_in_words(sqlite_url, pytestconfig):
    """In a process without root's right to ignore permissions."""
    ledger = open_ledger(sqlite_url)
    report(ledger, 2)
    ledger.close()
    folder = Path(sqlite_url.removeprefix("sqlite:///")).parent
    for parent in folder.parents:
        if parent != Path(tempfile.gettempdir()) and parent.stat().st_uid == os.getuid():
            parent.chmod(0o755)  # pytest keeps its folders to itself
    # The journal's shared memory must exist for a reader who may not make it: another reader is there.
    keeper = open_ledger(sqlite_url)
    free_of(keeper)
    for file in folder.iterdir():
        file.chmod(0o444)
    folder.chmod(0o555)
    try:
        script = AS_ANOTHER.format(url=sqlite_url)
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=pytestconfig.rootpath
        )
    finally:
        folder.chmod(0o755)
        keeper.close()
    assert "free 2" in done.stdout, done.stderr
    assert "refused Nu se poate scrie" in done.stdout, done.stderr


@pytest.mark.postgres
def test_a_postgresql_that_may_only_be_read_is_read_and_refuses_in_words(postgres_url):
    ledger = open_ledger(postgres_url)
    report(ledger, 2)
    with ledger.store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        name = postgres_url.rsplit("/", 1)[1]
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    ledger.close()
    reading = open_ledger(postgres_url)
    with pytest.raises(StoreReadOnlyError):
        refer(reading)
    assert free_of(reading) == 2
    reading.close()


def test_sqlite_without_room_says_so_and_goes_on_when_there_is_room_again(sqlite_url):
    ledger = open_ledger(sqlite_url)
    report(ledger, 500)
    with ledger.store.read() as connection:
        room = {"pages": connection.exec_driver_sql("PRAGMA page_count").scalar_one() + 2}

    @event.listens_for(ledger.store.engine, "begin", insert=True)
    def no_room(connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={room['pages']}")

    made = until_full(ledger)
    assert free_of(ledger) == 500 - made
    room["pages"] = 1_000_000
    assert refer(ledger, idempotency_key=f"k{made}") == refer(ledger, idempotency_key=f"k{made}")
    assert free_of(ledger) == 499 - made
    assert ledger.verify_audit() == []
    assert ledger.verify_counts() == []
    ledger.close()


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as handle:
        for size in (65536, 4096, 512):
            with suppress(OSError):
                while True:
                    handle.write(b"x" * size)


def until_full(ledger) -> int:
    """Refer until the disk says no; give how many were acknowledged."""
    for made in range(400):
        try:
            refer(ledger, idempotency_key=f"k{made}")
        except StoreFullError:
            return made
    raise AssertionError("never full")


def test_a_really_full_disk_says_so_and_loses_nothing(tmp_path, sqlite_template):
    disk = tmp_path / "small"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("no right to mount a small disk here")
    try:
        shutil.copy(sqlite_template, disk / "harta.sqlite")
        ledger = open_ledger(f"sqlite:///{disk / 'harta.sqlite'}")
        report(ledger, 100)
        refer(ledger)
        fill(disk / "filler")
        made = until_full(ledger)
        (disk / "filler").unlink()
        assert refer(ledger, idempotency_key=f"k{made}").state == "held"
        assert free_of(ledger) == 100 - 1 - made - 1
        assert ledger.verify_audit() == []
        assert ledger.verify_counts() == []
        ledger.close()
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.fixture
def small_home(tmp_path, sqlite_template, monkeypatch):
    """A home on a disk of 3 MB of its own."""
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    disk = tmp_path / "small"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("no right to mount a small disk here")
    try:
        home = make_home("live", disk / "var")
        shutil.copy(sqlite_template, home.path / "harta.sqlite")
        open_ledger(home).close()
        yield home
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


def test_a_disk_that_is_full_before_the_program_starts_is_read_and_said(small_home):
    ledger = open_ledger(small_home)
    report(ledger, 2)
    code = accounts.invite(ledger, "echipa", role="team", county="BC", uat_siruta=22889, actor=ADMIN)
    accounts.set_password(ledger, code, "o parolă destul de lungă")
    token = account_sessions.sign_in(ledger, "echipa", "o parolă destul de lungă")
    ledger.close()
    fill(small_home.path / "filler")
    late = open_ledger(small_home, clock=lambda: datetime.now(UTC) + timedelta(hours=1))
    for _again in range(3):
        assert free_of(late) == 2
    assert account_sessions.who(late, token) is not None, "who has signed in reads on"
    assert late.notice().startswith("Discul este plin")
    for _again in range(2):
        with pytest.raises(StoreFullError, match="Discul este plin"):
            report(late, 1)
    assert require_present(small_home) == late.notice()
    (small_home.path / "filler").unlink()
    report(late, 1)
    assert free_of(late) == 1
    assert late.notice() == ""
    late.close()


def test_a_full_disk_with_a_journal_that_cannot_be_read_says_that_it_is_full(small_home):
    ledger = open_ledger(small_home)
    report(ledger, 2)
    path = small_home.path / "harta.sqlite"
    journal = Path(f"{path}-wal").read_bytes()
    ledger.close()
    Path(f"{path}-wal").write_bytes(journal)  # what a machine that was cut off leaves
    fill(small_home.path / "filler")
    with pytest.raises(StoreFullError, match="Discul este plin"):
        open_ledger(small_home)
    (small_home.path / "filler").unlink()
    with closing(open_ledger(small_home)) as again:
        assert free_of(again) == 2


# --- a lost connection ------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.parametrize("after", [False, True], ids=["before the commit", "after the commit"])
def test_a_lost_connection_says_so_and_the_retry_does_not_double(postgres_url, monkeypatch, after):
    ledger = open_ledger(postgres_url, clock=Clock())
    report(ledger, 5)
    killer = open_store(postgres_url)

    commit = ledger.store.engine.dialect.do_commit

    def cut(connection) -> None:
        """Cut the line at the commit of the referral: before it, or after it and before the answer."""
        line = connection.driver_connection
        writes = line.execute("SELECT pg_current_xact_id_if_assigned()").fetchone()[0] is not None
        pid = line.info.backend_pid
        if after and writes:
            commit(connection)
        if writes:
            with killer.write() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        if after and writes:
            line.execute("SELECT 1")
        commit(connection)

    with monkeypatch.context() as patched:
        patched.setattr(ledger.store.engine.dialect, "do_commit", cut)
        with pytest.raises(StoreLostError, match="nu se face a doua oară"):
            refer(ledger, idempotency_key="k")
    assert free_of(ledger) == (4 if after else 5)
    assert refer(ledger, idempotency_key="k") == refer(ledger, idempotency_key="k")
    assert free_of(ledger) == 4
    assert ledger.verify_counts() == []
    assert ledger.verify_audit() == []
    ledger.close()
    killer.close()


@pytest.mark.postgres
def test_nobody_listening_says_so():
    with pytest.raises(StoreLostError):
        open_ledger("postgresql://harta@127.0.0.1:1/harta")


class SaidError(Exception):
    """A driver's error with a code."""

    def __init__(self, message: str, sqlstate: str | None = None) -> None:
        super().__init__(message)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("message", "code", "kind"),
    [
        ("could not extend file: No space left on device", "53100", StoreFullError),
        ("database or disk is full", None, StoreFullError),
        ("cannot execute INSERT in a read-only transaction", "25006", StoreReadOnlyError),
        ("attempt to write a readonly database", None, StoreReadOnlyError),
        ("terminating connection due to administrator command", "57P01", StoreLostError),
        ("connection failure", "08006", StoreLostError),
        ("canceling statement due to lock timeout", "55P03", StoreBusyError),
        ("deadlock detected", "40P01", StoreBusyError),
        ("database is locked", None, StoreBusyError),
        ("database disk image is malformed", None, StoreDamagedError),
        ("disk I/O error", None, LedgerError),
    ],
)
def test_every_trouble_has_its_words(message, code, kind):
    assert type(driver_error(SaidError(message, code))) is kind


def test_an_error_that_is_ours_is_not_dressed_up():
    assert driver_error(SaidError("syntax error", "42601")) is None
