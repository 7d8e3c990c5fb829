"""What the server does by itself: retention, backups, pruning, anchors."""

from __future__ import annotations

import logging
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import BadValueError
from core.romanian_calendar import BUCHAREST
from core.storage.editions import EditionStore
from core.storage.home import make_home
from referrals.backups import look_into
from referrals.database import anchors
from referrals.homes import maintenance, publishing
from referrals.ledger import erasure_list
from referrals.ledger.ledger import open_ledger
from tests.worlds.homes.ledger_world import ADMIN, TEAM, Clock, refer

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=BUCHAREST).astimezone(UTC)


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("HARTA_DATABASE_URL", maintenance.FOLDER_SETTING, maintenance.KEPT_SETTING):
        monkeypatch.delenv(name, raising=False)
    made = make_home("live", tmp_path / "home")
    open_ledger(made, may_begin=True).close()
    return made


def made_long_ago(home) -> str:
    """A referral closed six years ago, its case code not forgotten yet."""
    with closing(open_ledger(home, clock=Clock(datetime(2020, 1, 1, tzinfo=UTC)))) as past:
        old = refer(past)
        past.transition(old.referral_id, "cancel", actor=TEAM)
    return old.case_ref


def publish(home, ledger, *codes) -> None:
    content = ("SIRUTA\n" + "".join(f"{code}\n" for code in codes)).encode()
    staged = publishing.stage_file(home, "communities", "lista.csv", content, actor=ADMIN)
    EditionStore(home).publish(staged)


def test_all_that_is_due_is_done_once_and_then_again_in_its_time(home):
    old = made_long_ago(home)
    with closing(open_ledger(home)) as ledger:
        for code in (24089, 20297, 24098):
            publish(home, ledger, code)
        assert maintenance.do_what_is_due(home, now=NOON) == ["anchor", "retention", "purge", "prune", "backup"]
        with ledger.store.read() as connection:
            assert connection.exec_driver_sql("SELECT case_ref FROM referrals").scalars().all() == [""]
            actions = set(connection.exec_driver_sql("SELECT action, role FROM audit").all())
        assert {("case.retention", "system"), ("edition.prune", "system"), ("store.backup", "system")} <= actions
    assert len(EditionStore(home).editions("communities")) == 2
    assert anchors.read(home.path / anchors.FILE)
    (copy,) = maintenance.backups(home)
    assert look_into(copy, read_all=True)["rows"]["referrals"] == 1
    assert old.encode() not in b"".join(path.read_bytes() for path in home.path.rglob("*") if path.is_file())
    assert maintenance.do_what_is_due(home, now=NOON) == []
    assert maintenance.do_what_is_due(home, now=NOON + timedelta(minutes=10)) == ["anchor"]
    assert maintenance.do_what_is_due(home, now=NOON + timedelta(hours=1)) == ["anchor", "retention"]


@pytest.mark.parametrize(
    ("hours", "is_made"), [(12, False), (14.5, False), (20, False), (24, False), (29.5, False), (30, True), (38, True)]
)
def test_a_backup_waits_for_the_night_unless_it_is_late(home, hours, is_made):
    maintenance.do_what_is_due(home, now=NOON)
    done = maintenance.do_what_is_due(home, now=NOON + timedelta(hours=hours))
    assert ("backup" in done) is is_made


def test_at_night_a_backup_is_made_each_day(home):
    night = NOON + timedelta(hours=14)  # two in the morning
    maintenance.do_what_is_due(home, now=night)
    assert "backup" not in maintenance.do_what_is_due(home, now=night + timedelta(hours=2))
    assert "backup" in maintenance.do_what_is_due(home, now=night + timedelta(hours=23, minutes=30))


def test_only_so_many_backups_stay_each_with_its_list(home, tmp_path, monkeypatch):
    monkeypatch.setenv(maintenance.FOLDER_SETTING, str(tmp_path / "copies"))
    monkeypatch.setenv(maintenance.KEPT_SETTING, "2")
    clock = Clock(NOON)
    with closing(open_ledger(home, clock=clock)) as ledger:
        names = []
        for _day in range(4):
            names.append(maintenance.make_backup(home, ledger, actor=ADMIN).name)
            clock.move(days=1)
    kept = sorted(path.name for path in (tmp_path / "copies").iterdir())
    assert kept == sorted([*names[2:], *(name + erasure_list.SUFFIX for name in names[2:])])
    assert [path.name for path in maintenance.backups(home)] == names[:1:-1]
    assert (tmp_path / "copies").stat().st_mode & 0o077 == 0


def test_backups_can_be_off_and_a_demonstration_makes_none_by_itself(home, tmp_path, monkeypatch):
    monkeypatch.setenv(maintenance.FOLDER_SETTING, "off")
    with closing(open_ledger(home)) as ledger:
        assert "backup" in maintenance.do_what_is_due(home, now=NOON)
        assert maintenance.backups(home) == []
        assert not (home.path / "backups").exists()
        monkeypatch.setenv(maintenance.KEPT_SETTING, "many")
        with pytest.raises(BadValueError, match=maintenance.KEPT_SETTING):
            maintenance.make_backup(home, ledger)
    monkeypatch.delenv(maintenance.FOLDER_SETTING)
    assert maintenance.backups_folder(make_home("demo", tmp_path / "demo")) is None


def test_one_task_that_fails_does_not_keep_the_others_back_and_is_tried_again(home, tmp_path, monkeypatch, caplog):
    monkeypatch.setenv(maintenance.FOLDER_SETTING, str(tmp_path / "file" / "copies"))
    (tmp_path / "file").write_text("in the way")
    with caplog.at_level(logging.WARNING, "harta.maintenance"):
        assert maintenance.do_what_is_due(home, now=NOON) == ["anchor", "retention", "purge", "prune"]
    assert "backup:" in caplog.text
    (tmp_path / "file").unlink()
    assert maintenance.do_what_is_due(home, now=NOON) == ["backup"]


def test_the_thread_forgets_what_is_past_its_time_while_the_server_runs(home):
    made_long_ago(home)
    with maintenance.maintaining(home, every_seconds=0.05):
        until = time.monotonic() + 20
        while "backup" not in maintenance.last_done(home) and time.monotonic() < until:
            time.sleep(0.05)
    with closing(open_ledger(home)) as ledger, ledger.store.read() as connection:
        assert connection.exec_driver_sql("SELECT case_ref FROM referrals").scalars().all() == [""]
