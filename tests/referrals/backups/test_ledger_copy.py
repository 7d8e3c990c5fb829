"""A copy of the ledger, and its way back, on both kinds of database and across them."""

from __future__ import annotations

import sqlite3

import pytest

from referrals.accounts import accounts
from referrals.backups import ledger_copy
from referrals.ledger import provider_tokens
from referrals.ledger.ledger import open_ledger
from referrals.records.ledger_errors import BackupError
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, TEAM, Clock, everything, free_of, refer, report


@pytest.fixture
def lived(ledger):
    for number in range(5):
        report(ledger, 4, f"social:mmps:{number}")
        made = refer(ledger, f"social:mmps:{number}", idempotency_key=f"k{number}", note="vine însoțită")
        refer(ledger, f"social:mmps:{number}")
        ledger.transition(made.referral_id, "accept", actor=TEAM)
    refer(ledger, "social:mmps:9")
    provider_tokens.make_service_link(ledger, "social:mmps:1", county="BC", actor=COUNTY)
    accounts.invite(ledger, "echipa", role="team", county="BC", uat_siruta=22889, actor=ADMIN)
    return ledger


def bring_back(copy, url) -> None:
    with ledger_copy.open_copy(copy), ledger_copy.brought_back(copy, url):
        pass


@pytest.mark.parametrize("into", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_what_was_kept_comes_back_the_same_and_goes_on(lived, tmp_path, empty_url, into):
    before = everything(lived)
    rows = ledger_copy.write_copy(lived.store, tmp_path / "copie.sqlite")
    assert rows["referrals"] == 11
    assert [path.name for path in tmp_path.iterdir() if "copie" in path.name] == ["copie.sqlite"]
    assert (tmp_path / "copie.sqlite").stat().st_mode & 0o777 == 0o600
    url = empty_url(into)
    with ledger_copy.brought_back(tmp_path / "copie.sqlite", url) as came:
        assert came == rows
    back = open_ledger(url, clock=Clock())
    assert everything(back) == before
    assert free_of(back) == 2
    report(back, 9)
    assert refer(back).state == "held"
    assert back.verify_audit() == []
    assert back.verify_counts() == []
    back.close()


def test_a_database_in_use_is_not_overwritten(lived, tmp_path, url):
    ledger_copy.write_copy(lived.store, tmp_path / "copie.sqlite")
    before = everything(lived)
    with pytest.raises(BackupError, match="nu este goală"):
        bring_back(tmp_path / "copie.sqlite", url)
    assert everything(lived) == before


def test_a_tampered_ledger_is_not_copied(lived, tmp_path):
    with lived.store.write() as connection:
        connection.exec_driver_sql("UPDATE audit SET role = 'admin' WHERE position = 1")
    with pytest.raises(BackupError, match="Jurnalul"):
        ledger_copy.write_copy(lived.store, tmp_path / "copie.sqlite")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit WHERE position = 2",
        "UPDATE places SET held = held + 1",
        "DELETE FROM referrals WHERE state = 'held'",
        "UPDATE referrals SET state = 'declined' WHERE state = 'held'",
    ],
)
def test_an_altered_copy_is_not_brought_back(lived, tmp_path, empty_url, statement):
    ledger_copy.write_copy(lived.store, tmp_path / "copie.sqlite")
    altered = sqlite3.connect(tmp_path / "copie.sqlite")
    altered.execute(statement)
    altered.commit()
    altered.close()
    url = empty_url("sqlite")
    with pytest.raises(BackupError):
        bring_back(tmp_path / "copie.sqlite", url)
    assert ledger_copy.is_empty(url)
