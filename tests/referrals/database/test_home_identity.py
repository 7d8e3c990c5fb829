"""A home opens its own ledger and no other; a ledger that is lost is missed, never begun anew unasked."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from core.storage.home import Home, make_home
from referrals.database import schema_migration
from referrals.database.home_identity import INVENTED_SOURCE
from referrals.database.store import open_store
from referrals.homes.demonstration import begin_ledger
from referrals.ledger.ledger import open_ledger
from referrals.records.ledger_errors import ForeignStoreError, LedgerError, StoreMissingError
from tests.worlds.homes.ledger_world import ADMIN, free_of, refer, report

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(autouse=True)
def _own_file(monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)


@pytest.fixture
def home(tmp_path, sqlite_template) -> Home:
    made = make_home("live", tmp_path / "live")
    shutil.copy(sqlite_template, file_of(made))
    begin_ledger(made)
    return made


def file_of(home: Home) -> Path:
    return home.path / "harta.sqlite"


def refused(home: Home, error: type[LedgerError], words: str) -> None:
    """Opening is refused in these words, and leaves every file as it was."""
    before = {path: path.read_bytes() for path in home.path.rglob("*") if path.is_file()}
    with pytest.raises(error, match=words):
        open_ledger(home)
    assert {path: path.read_bytes() for path in home.path.rglob("*") if path.is_file()} == before


# --- demonstration and live never mix ----------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("mode", "other"), [("demo", "live"), ("live", "demo")])
def test_a_home_refuses_the_database_of_the_other_mode(tmp_path, empty_url, monkeypatch, kind, mode, other):
    monkeypatch.setenv("HARTA_DATABASE_URL", empty_url(kind))
    first = make_home(mode, tmp_path / "first")
    begin_ledger(first)
    second = make_home(other, tmp_path / "second")
    with pytest.raises(ForeignStoreError, match="nu se amestecă"):
        begin_ledger(second)
    with closing(open_ledger(first)) as ledger:
        assert ledger.event_counter() == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_database_of_another_home_is_refused_until_it_is_joined_on_purpose(tmp_path, empty_url, monkeypatch, kind):
    monkeypatch.setenv("HARTA_DATABASE_URL", empty_url(kind))
    first, second = make_home("live", tmp_path / "first"), make_home("live", tmp_path / "second")
    begin_ledger(first)
    with pytest.raises(ForeignStoreError, match="altui dosar"):
        begin_ledger(second)
    begin_ledger(second, may_join=True)
    assert second.record().home_id == first.record().home_id
    for home in (first, second):
        open_ledger(home).close()


def test_the_file_in_the_folder_of_another_home_is_refused_and_left_as_it_is(home, tmp_path, monkeypatch):
    demo = make_home("demo", tmp_path / "demo")
    before = file_of(home).read_bytes()
    monkeypatch.setenv("HARTA_DATABASE_URL", f"sqlite:///{file_of(home)}")
    with pytest.raises(ForeignStoreError, match="altui dosar"):
        begin_ledger(demo)
    assert file_of(home).read_bytes() == before


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("made_of", "opened_by"), [("accounts", "demo"), ("invented reports", "live"), ("work", "demo")]
)
def test_a_ledger_of_an_earlier_version_goes_by_what_it_holds(
    tmp_path, empty_url, monkeypatch, kind, made_of, opened_by
):
    """One without identity is not taken over by a home of the mode that its content speaks against."""
    url = empty_url(kind)
    store = open_store(url)
    schema_migration.ensure_current(store, target="0004")
    with store.write() as connection:
        if made_of == "accounts":
            connection.execute(
                text(
                    "INSERT INTO accounts (account_id, login, role, county, password, identity, state, failures, made_at) "
                    "VALUES ('a', 'ujss.bacau', 'county', 'BC', '', '', 'active', 0, '2026-03-02 09:00:00')"
                )
            )
    store.close()
    with closing(open_ledger(url)) as ledger:
        if made_of != "accounts":
            report(ledger, 3, source=INVENTED_SOURCE if made_of == "invented reports" else "telefon")
    monkeypatch.setenv("HARTA_DATABASE_URL", url)
    with pytest.raises(ForeignStoreError, match="nu se amestecă"):
        begin_ledger(make_home(opened_by, tmp_path / "wrong"))
    right = make_home("live" if opened_by == "demo" else "demo", tmp_path / "right")
    begin_ledger(right)
    with closing(open_ledger(right)) as ledger:
        assert ledger.event_counter() == (0 if made_of == "accounts" else 1)


# --- homes of an earlier version --------------------------------------------------------------------


def test_a_home_of_an_earlier_version_is_taken_over_with_all_it_holds(tmp_path):
    home = make_home("live", tmp_path / "old")
    store = open_store(home.database_url)
    schema_migration.ensure_current(store, target="0004")
    store.close()
    (home.path / "home.json").write_text('{"mode": "live"}', encoding="utf-8")
    assert home.record().home_id is None
    with closing(open_ledger(home)) as ledger:
        report(ledger, 2)
        assert schema_migration.revision(ledger.store) == schema_migration.HEAD
    taken = home.record()
    assert len(taken.home_id) == 32
    with closing(open_ledger(home)) as ledger:
        assert free_of(ledger) == 2
    assert home.record() == taken


def test_a_home_of_an_earlier_version_whose_database_is_gone_is_a_fault_too(home):
    (home.path / "home.json").write_text('{"mode": "live"}', encoding="utf-8")
    file_of(home).unlink()
    refused(home, StoreMissingError, "lipsește")


def test_a_home_that_lost_its_record_knows_its_own_file_again(home):
    with closing(open_ledger(home)) as ledger:
        report(ledger, 2)
    before = home.record().home_id
    (home.path / "home.json").unlink()
    again = make_home("live", home.path)
    begin_ledger(again)
    assert again.record().home_id == before
    with closing(open_ledger(again)) as ledger:
        assert free_of(ledger) == 2


def test_a_home_whose_making_was_interrupted_is_finished_by_the_next(tmp_path):
    home = make_home("live", tmp_path / "half")
    assert not home.record().is_begun
    open_ledger(home).close()
    assert home.record().is_begun


# --- a ledger that is lost --------------------------------------------------------------------------


def without_tables(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as empty:
        empty.execute("PRAGMA user_version = 1")


LOSSES = {
    "removed": (lambda path: path.unlink(), "nu mai este"),
    "emptied": (lambda path: path.write_bytes(b""), "0 octeți"),
    "without tables": (without_tables, "niciun tabel"),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_a_lost_database_is_said_and_nothing_is_made_in_its_place(home, loss):
    lose, words = LOSSES[loss]
    lose(file_of(home))
    refused(home, StoreMissingError, words)
    refused(home, StoreMissingError, "harta init")


@pytest.mark.postgres
def test_an_empty_postgresql_is_not_taken_for_the_ledger_that_was_there(home, empty_url, monkeypatch):
    monkeypatch.setenv("HARTA_DATABASE_URL", empty_url("postgresql"))
    refused(home, StoreMissingError, "niciun tabel")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("table", ["customers", "alembic_version"])
def test_the_database_of_another_program_is_refused_and_left_as_it_is(home, empty_url, monkeypatch, kind, table):
    url = empty_url(kind)
    store = open_store(url)
    with store.write() as connection:
        connection.execute(text(f"CREATE TABLE {table} (version_num VARCHAR(32))"))
        connection.execute(text(f"INSERT INTO {table} VALUES ('0003')"))  # noqa: S608
    monkeypatch.setenv("HARTA_DATABASE_URL", url)
    refused(home, ForeignStoreError, rf"are tabelele {table}")
    with store.read() as connection:
        assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 1  # noqa: S608
        if kind == "sqlite":
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
    store.close()


def test_init_begins_anew_and_says_so_and_the_old_file_may_still_come_back(home, tmp_path):
    with closing(open_ledger(home)) as ledger:
        report(ledger, 2)
    file_of(home).rename(tmp_path / "found.sqlite")
    said: list[str] = []
    begin_ledger(home, tell=said.append)
    assert "lipsea" in said[0]
    assert "goală" in said[0]
    with closing(open_ledger(home)) as ledger:
        assert ledger.event_counter() == 0
    shutil.copy(tmp_path / "found.sqlite", file_of(home))
    with closing(open_ledger(home)) as ledger:
        assert free_of(ledger) == 2


@pytest.mark.parametrize("loss", ["removed", "emptied"])
def test_a_database_that_vanishes_under_a_running_program_is_said_and_not_made_again(home, loss, tmp_path):
    with closing(open_ledger(home)) as ledger:
        report(ledger, 2)
        with ledger.store.engine.connect() as one, ledger.store.engine.connect() as two:  # connections in the pool
            one.exec_driver_sql("SELECT 1")
            two.exec_driver_sql("SELECT 1")
        shutil.copy(file_of(home), tmp_path / "kept.sqlite")
        shutil.copy(f"{file_of(home)}-wal", tmp_path / "kept.sqlite-wal")
        LOSSES[loss][0](file_of(home))
        for _again in range(3):
            with pytest.raises(StoreMissingError):
                free_of(ledger)
            with pytest.raises(StoreMissingError):
                refer(ledger)
        assert not file_of(home).exists() or file_of(home).stat().st_size == 0
        for side in ("", "-wal"):
            shutil.copy(tmp_path / f"kept.sqlite{side}", f"{file_of(home)}{side}")
        Path(f"{file_of(home)}-shm").unlink(missing_ok=True)
        if loss == "removed":  # put back, it goes on
            assert free_of(ledger) == 2


def test_a_database_exchanged_under_a_running_program_is_refused(home, tmp_path):
    other = make_home("demo", tmp_path / "demo")
    begin_ledger(other)
    with closing(open_ledger(home)) as ledger:
        report(ledger, 2)
        shutil.copy(file_of(other), tmp_path / "new.sqlite")
        for side in ("-wal", "-shm"):
            Path(f"{file_of(home)}{side}").unlink()
        (tmp_path / "new.sqlite").replace(file_of(home))
        with pytest.raises(ForeignStoreError, match="nu se amestecă"):
            free_of(ledger)


@pytest.mark.postgres
def test_a_postgresql_made_anew_under_a_running_program_is_said(home, postgres_url, monkeypatch):
    monkeypatch.setenv("HARTA_DATABASE_URL", postgres_url)
    with closing(open_ledger(home)) as ledger:
        report(ledger, 2)
        with ledger.store.write() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        ledger.store.engine.dispose()
        with pytest.raises(StoreMissingError, match="tabelele"):
            free_of(ledger)


@pytest.mark.parametrize(
    "content",
    [
        {"mode": "live", "home_id": "a", "ledger": "begun"},
        {"mode": "live", "home_id": "a", "ledger": "gone", "published": {}},
        {"mode": "live", "home_id": 7, "ledger": "begun", "published": {}},
        {"mode": "live", "home_id": "a", "ledger": "begun", "published": {"social": {"current": "x"}}},
        {"mode": "live", "home_id": "a", "ledger": "begun", "published": {}, "else": 1},
    ],
)
def test_a_damaged_record_is_said(home, content):
    (home.path / "home.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(Exception, match="deteriorat"):
        open_ledger(home)


def test_the_administrator_of_a_ledger_is_no_way_around(home, tmp_path, monkeypatch):
    """Also `harta demo` itself, which writes invented reports, is refused at a live database."""
    from referrals.homes.demonstration import make_demo

    with closing(open_ledger(home)) as ledger:
        report(ledger, 2, actor=ADMIN)
    shutil.copy(file_of(home), tmp_path / "elsewhere.sqlite")
    monkeypatch.setenv("HARTA_DATABASE_URL", f"sqlite:///{tmp_path / 'elsewhere.sqlite'}")
    with pytest.raises(ForeignStoreError, match="nu se amestecă"):
        make_demo(tmp_path / "demo")
    with closing(sqlite3.connect(tmp_path / "elsewhere.sqlite")) as left:
        assert left.execute("SELECT count(*) FROM capacity_reports").fetchone()[0] == 1
