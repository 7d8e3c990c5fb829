"""A home of an earlier version: first a backup of what it was, then the migration, and a way back."""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert

from core.storage.home import make_home, open_home
from referrals.backups import creation, look_into, restore
from referrals.database.models import HEAD, metadata, places, reports
from referrals.database.schema_migration import ensure_current, revision
from referrals.database.store import open_store
from referrals.homes.home_upgrade import find_upgrade, upgrade_home
from referrals.ledger.ledger import open_ledger
from referrals.records.ledger_errors import BackupError, StoreDamagedError
from referrals.records.roles import NotAllowedError
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, TEAM
from tests.worlds.homes.old_home import NOW, make_old_home


@pytest.fixture
def old(tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    monkeypatch.delenv("HARTA_BACKUPS", raising=False)
    make_old_home(tmp_path / "home")
    return open_home(tmp_path / "home")


def schema_of(url: str) -> str | None:
    with closing(open_store(url)) as store:
        return revision(store)


def test_a_backup_of_what_it_was_stands_there_before_anything_changes(old, tmp_path):
    assert find_upgrade(old).as_json() == {"found": "0006", "schema": HEAD, "due": True, "backup": None}
    assert schema_of(old.database_url) == "0006"
    done = upgrade_home(old, actor=ADMIN)
    assert (done.found, done.schema) == ("0006", HEAD)
    assert schema_of(old.database_url) == HEAD
    assert done.backup.parent == old.path / "backups"
    assert done.backup.stat().st_mode & 0o777 == 0o600
    assert look_into(done.backup, read_all=True)["rows"]["referrals"] == 1
    with zipfile.ZipFile(done.backup) as archive:
        archive.extract("ledger.sqlite", tmp_path)
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as ledger:  # as the program of that time reads it
        assert ledger.execute("SELECT version_num FROM alembic_version").fetchone() == ("0006",)
        assert ledger.execute("SELECT service_id, state FROM referrals").fetchall() == [("social:2", "held")]
    assert str(done.backup) in "\n".join(done.lines())


def test_the_backup_comes_back_with_what_was_there(old, tmp_path):
    done = upgrade_home(old, actor=ADMIN)
    came = restore(done.backup, tmp_path / "again", actor=ADMIN)
    assert came.rows["referrals"] == 1
    with closing(open_ledger(came.home)) as ledger:
        assert ledger.verify_counts() == []
        assert ledger.referrals(actor=COUNTY)["service_id"].tolist() == ["social:mmps:2"]


def test_a_home_of_today_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    home = make_home("live", tmp_path / "home")
    open_ledger(home, may_begin=True).close()
    done = upgrade_home(home, actor=ADMIN)
    assert (done.is_due, done.backup) == (False, None)
    assert not (home.path / "backups").exists()


def test_a_home_whose_making_was_interrupted_begins_its_ledger(tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    home = make_home("live", tmp_path / "home")
    assert not upgrade_home(home, actor=ADMIN).is_due
    assert schema_of(home.database_url) == HEAD


def test_where_no_backup_can_be_made_nothing_is_migrated(old, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("HARTA_BACKUPS", str(tmp_path / "file"))
    with pytest.raises(BackupError):
        upgrade_home(old, actor=ADMIN)
    assert schema_of(old.database_url) == "0006"
    monkeypatch.setenv("HARTA_BACKUPS", str(tmp_path / "copies"))
    monkeypatch.setattr(creation, "_digest", lambda _path: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(BackupError, match="No space"):
        upgrade_home(old, actor=ADMIN)
    assert schema_of(old.database_url) == "0006"
    assert list((tmp_path / "copies").iterdir()) == []


def test_a_ledger_newer_than_the_program_is_refused_and_left(old):
    with closing(sqlite3.connect(old.path / "harta.sqlite")) as ledger:
        ledger.execute("UPDATE alembic_version SET version_num = '9999'")
        ledger.commit()
    with pytest.raises(StoreDamagedError, match="mai nouă"):
        upgrade_home(old, actor=ADMIN)
    assert schema_of(old.database_url) == "9999"


def test_only_the_newest_three_of_these_backups_stay(old, tmp_path):
    folder = old.path / "backups"
    folder.mkdir()
    for number in range(4):
        (folder / f"harta-before-0002-2020-01-0{number + 1}T000000.zip").write_bytes(b"old")
    done = upgrade_home(old, actor=ADMIN)
    left = sorted(path.name for path in folder.glob("harta-before-*.zip"))
    assert len(left) == 3
    assert done.backup.name in left


def test_a_team_cannot_upgrade(old):
    with pytest.raises(NotAllowedError):
        upgrade_home(old, actor=TEAM)


@pytest.mark.postgres
def test_a_ledger_of_an_earlier_schema_on_postgresql_is_backed_up_as_well(tmp_path, monkeypatch, empty_url):
    url = empty_url("postgresql")
    monkeypatch.setenv("HARTA_DATABASE_URL", url)
    home = make_home("live", tmp_path / "home")
    said = {"service_id": "social:mmps:2", "status": "free", "places_max": 20, "source": "telefon", "reported_at": NOW}
    with closing(open_store(url)) as store:
        ensure_current(store, target="0012")
        with store.write() as connection:
            who = {"role": "team", "account": "echipa"}
            connection.execute(insert(reports).values(**said, places_free=7, recorded_at=NOW, **who))
            connection.execute(insert(places).values(**said, reported=7, held=0, taken=0, clock=NOW))
    done = upgrade_home(home, actor=ADMIN)
    assert (done.found, schema_of(url)) == ("0012", HEAD)
    monkeypatch.setenv("HARTA_DATABASE_URL", f"sqlite:///{tmp_path / 'again.sqlite'}")
    came = restore(Path(done.backup), tmp_path / "again", actor=ADMIN)
    assert set(came.rows) == {table.name for table in metadata.sorted_tables} - {"feed_rows", "feed_state"}
    with closing(open_ledger(came.home)) as ledger, ledger.store.read() as connection:
        assert [row.reported_at for row in connection.execute(reports.select())] == [NOW]
