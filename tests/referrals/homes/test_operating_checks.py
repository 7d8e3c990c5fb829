"""What is said of the machine: a backup that was not made, a disk without room."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from core.storage.home import make_home
from referrals.homes import maintenance, operating_checks
from referrals.homes.operating_checks import backup_faults, disk_faults
from referrals.ledger.ledger import open_ledger

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("HARTA_DATABASE_URL", maintenance.FOLDER_SETTING):
        monkeypatch.delenv(name, raising=False)
    made = make_home("live", tmp_path / "home")
    open_ledger(made, may_begin=True).close()
    return made


def test_a_home_that_nobody_serves_yet_lacks_no_backup(home):
    assert backup_faults(home) == []


def test_a_backup_that_was_not_made_or_is_too_old_is_a_fault(home):
    maintenance.do_what_is_due(home, now=NOW)
    assert backup_faults(home) == []
    (made,) = maintenance.backups(home)
    old = (datetime.now(UTC) - timedelta(hours=50)).timestamp()
    os.utime(made, (old, old))
    (said,) = backup_faults(home)
    assert "50 de ore" in said
    made.unlink()
    assert "nicio copie" in backup_faults(home)[0]


def test_where_backups_are_off_none_is_missed(home, monkeypatch):
    with closing(open_ledger(home)):
        monkeypatch.setenv(maintenance.FOLDER_SETTING, "off")
        maintenance.do_what_is_due(home, now=NOW)
    assert backup_faults(home) == []


@pytest.mark.parametrize(("free", "faults"), [(10_000_000, 1), (10_000_000_000, 0)])
def test_a_disk_without_room_for_a_backup_is_a_fault(home, monkeypatch, free, faults):
    monkeypatch.setattr(operating_checks.shutil, "disk_usage", lambda _path: SimpleNamespace(free=free))
    assert len(disk_faults(home)) == faults
