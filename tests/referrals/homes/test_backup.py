"""A copy of the ledger, and its way back, on both kinds of database and across them."""

from __future__ import annotations

import sqlite3

import pytest

from core.errors import NotAllowedError
from core.home import make_home
from referrals.accounts import accounts, provider_tokens
from referrals.homes.backup import backup, restore
from referrals.homes.demonstration import begin_ledger
from referrals.ledger.ledger import open_ledger
from referrals.ledger.models import metadata
from referrals.records.ledger_errors import BackupError
from tests.worlds.ledger_world import ADMIN, COUNTY, TEAM, Clock, free_of, refer, report


def everything(ledger) -> dict[str, list]:
    with ledger.store.read() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(table.select())), key=repr)
            for table in metadata.sorted_tables
        }


@pytest.fixture
def lived(ledger):
    for number in range(5):
        report(ledger, 4, f"social:{number}")
        made = refer(ledger, f"social:{number}", idempotency_key=f"k{number}", note="vine însoțită")
        refer(ledger, f"social:{number}")
        ledger.transition(made.referral_id, "accept", actor=TEAM)
    refer(ledger, "social:9")
    provider_tokens.make_service_link(ledger, "social:1", county="BC", actor=COUNTY)
    accounts.invite(ledger, "echipa", role="team", county="BC", uat_siruta=22889, actor=ADMIN)
    return ledger


@pytest.mark.parametrize("into", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_what_was_kept_comes_back_the_same_and_goes_on(lived, tmp_path, empty_url, into):
    before = everything(lived)
    kept = backup(lived, tmp_path / "copie.sqlite", actor=ADMIN)
    assert kept.rows["referrals"] == 11
    assert [path.name for path in tmp_path.iterdir() if "copie" in path.name] == ["copie.sqlite"]
    assert (tmp_path / "copie.sqlite").stat().st_mode & 0o777 == 0o600
    url = empty_url(into)
    assert restore(tmp_path / "copie.sqlite", url, actor=ADMIN) == kept
    back = open_ledger(url, clock=Clock())
    assert everything(back) == before
    assert free_of(back) == 2
    report(back, 9)
    assert refer(back).state == "held"
    assert back.verify_audit() == []
    assert back.verify_counts() == []
    back.close()


def test_a_copy_restored_into_a_home_that_was_just_made_becomes_that_homes(lived, tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    home = make_home("live", tmp_path / "new")
    begin_ledger(home)
    backup(lived, tmp_path / "copie.sqlite", actor=ADMIN)
    restore(tmp_path / "copie.sqlite", home.database_url, actor=ADMIN)
    back = open_ledger(home, clock=Clock())
    assert free_of(back) == 2
    back.close()


def test_a_database_in_use_is_not_overwritten(lived, tmp_path, url):
    backup(lived, tmp_path / "copie.sqlite", actor=ADMIN)
    before = everything(lived)
    with pytest.raises(BackupError, match="nu este goală"):
        restore(tmp_path / "copie.sqlite", url, actor=ADMIN)
    assert everything(lived) == before


def test_a_backup_of_a_tampered_ledger_is_refused_and_leaves_no_file(lived, tmp_path):
    with lived.store.write() as connection:
        connection.exec_driver_sql("UPDATE audit SET role = 'admin' WHERE position = 1")
    with pytest.raises(BackupError, match="Jurnalul"):
        backup(lived, tmp_path / "copie.sqlite", actor=ADMIN)
    assert not [path for path in tmp_path.iterdir() if "copie" in path.name]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit WHERE position = 2",
        "UPDATE places SET held = held + 1",
        "DELETE FROM referrals WHERE state = 'held'",
        "UPDATE referrals SET state = 'declined' WHERE state = 'held'",
    ],
)
def test_an_altered_backup_is_not_restored(lived, tmp_path, empty_url, statement):
    backup(lived, tmp_path / "copie.sqlite", actor=ADMIN)
    altered = sqlite3.connect(tmp_path / "copie.sqlite")
    altered.execute(statement)
    altered.commit()
    altered.close()
    url = empty_url("sqlite")
    with pytest.raises(BackupError):
        restore(tmp_path / "copie.sqlite", url, actor=ADMIN)
    back = open_ledger(url)
    assert back.capacity_now().empty
    back.close()


def test_a_backup_keeps_the_file_that_is_there_and_asks_for_the_right_role(lived, tmp_path):
    (tmp_path / "copie.sqlite").write_text("ceva")
    with pytest.raises(BackupError, match="există deja"):
        backup(lived, tmp_path / "copie.sqlite", actor=ADMIN)
    assert (tmp_path / "copie.sqlite").read_text() == "ceva"
    with pytest.raises(NotAllowedError):
        backup(lived, tmp_path / "alta.sqlite", actor=COUNTY)
    with pytest.raises(BackupError, match="nu există"):
        restore(tmp_path / "nimic.sqlite", "sqlite://", actor=ADMIN)
