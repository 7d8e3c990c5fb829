"""A ledger moved to another database: whole, and at no moment open in two places."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import closing

import pytest

from core.storage.home import make_home, open_home
from referrals.backups import ledger_copy, ledger_move
from referrals.backups.ledger_move import move_ledger
from referrals.database.models import metadata
from referrals.ledger import provider_tokens
from referrals.ledger.ledger import open_ledger
from referrals.records.ledger_errors import BackupError, ForeignStoreError, StoreReadOnlyError
from referrals.records.roles import NotAllowedError
from tests.covering import each_once
from tests.worlds.homes.ledger_world import ADMIN, COUNTY, TEAM, everything, refer, report

POSTGRES = pytest.param("postgresql", marks=pytest.mark.postgres)
WAYS = [("sqlite", "sqlite"), pytest.param("sqlite", "postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("HARTA_DATABASE_URL", raising=False)
        yield with_referrals(make_home("live", tmp_path_factory.mktemp("lived") / "home"))


@pytest.fixture
def home(lived, tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    return open_home(shutil.copytree(lived.path, tmp_path / "home"))


def with_referrals(made):
    with closing(open_ledger(made, may_begin=True)) as ledger:
        for number in range(4):
            report(ledger, 4, f"social:mmps:{number}")
            held = refer(ledger, f"social:mmps:{number}", idempotency_key=f"k{number}", note="vine însoțită")
            refer(ledger, f"social:mmps:{number}")
            ledger.transition(held.referral_id, "accept", actor=TEAM)
        provider_tokens.make_service_link(ledger, "social:mmps:1", county="BC", actor=COUNTY)
        ledger.anchor()
    return made


def rows_of(home) -> dict[str, list]:
    """Every row but whose ledger it is."""
    with closing(open_ledger(home)) as ledger:
        return {name: rows for name, rows in everything(ledger).items() if name != "ledger_identity"}


@pytest.mark.parametrize("into", ["sqlite", POSTGRES])
def test_every_row_counter_and_seal_arrives_and_work_goes_on_there(home, monkeypatch, empty_url, into):
    with closing(open_ledger(home)) as ledger:
        counter = ledger.event_counter()
    url = empty_url(into)
    moved = move_ledger(home, url, actor=ADMIN)
    assert moved.rows["referrals"] == 8
    monkeypatch.setenv("HARTA_DATABASE_URL", url)
    after = rows_of(home)
    assert len(after["referrals"]) == 8
    assert len(after["answered_requests"]) >= 4
    with closing(open_ledger(home)) as ledger:
        assert ledger.event_counter() == counter
        assert ledger.verify_audit() == []  # through the anchors that the home kept of before
        assert ledger.verify_counts() == []
        assert refer(ledger, "social:mmps:0", idempotency_key="k0", note="vine însoțită").state in {"held", "accepted"}
        assert refer(ledger, "social:mmps:0").state == "held"
        assert len(ledger.audit_log(actor=ADMIN, subject="ledger")) >= 1


@pytest.mark.postgres
def test_a_ledger_comes_back_from_postgresql_as_it_went(home, monkeypatch, empty_url, tmp_path):
    before = rows_of(home)
    there = empty_url("postgresql")
    move_ledger(home, there, actor=ADMIN)
    monkeypatch.setenv("HARTA_DATABASE_URL", there)
    move_ledger(home, f"sqlite:///{tmp_path / 'back.sqlite'}", actor=ADMIN)
    with pytest.raises(ForeignStoreError, match="a fost mutat"):
        open_ledger(home)
    monkeypatch.setenv("HARTA_DATABASE_URL", f"sqlite:///{tmp_path / 'back.sqlite'}")
    after = rows_of(home)
    audited = {name: (before[name], after[name]) for name in ("audit", "audit_chains")}
    assert {name: rows for name, rows in after.items() if name not in audited} == {
        name: rows for name, rows in before.items() if name not in audited
    }
    assert set(before["audit"]) < set(after["audit"])
    assert len(after["audit"]) == len(before["audit"]) + 2  # both moves are written down


@pytest.mark.parametrize(("old", "new"), WAYS)
def test_the_old_database_opens_to_nobody_and_takes_nothing_more(home, empty_url, old, new):
    assert old == "sqlite"
    with closing(open_ledger(home)) as still_open:
        move_ledger(home, empty_url(new), actor=ADMIN)
        with pytest.raises(StoreReadOnlyError, match="mutat"):
            report(still_open, 9, "social:mmps:1")
    for may_join in (False, True):
        with pytest.raises(ForeignStoreError, match="HARTA_DATABASE_URL"):
            open_ledger(home, may_join=may_join)


@pytest.mark.postgres
def test_a_server_on_the_old_postgresql_is_told_that_it_moved(home, monkeypatch, empty_url, tmp_path):
    url = empty_url("postgresql")
    move_ledger(home, url, actor=ADMIN)
    monkeypatch.setenv("HARTA_DATABASE_URL", url)
    with closing(open_ledger(home)) as still_open:
        move_ledger(home, f"sqlite:///{tmp_path / 'back.sqlite'}", actor=ADMIN)
        with pytest.raises(StoreReadOnlyError, match="mutat"):
            report(still_open, 9, "social:mmps:1")


@pytest.mark.parametrize("into", ["sqlite", POSTGRES])
def test_a_database_in_use_is_not_written_over(home, tmp_path, empty_url, into):
    url = empty_url(into)
    with closing(open_ledger(url)) as other:
        report(other, 3)
        before, own = everything(other), rows_of(home)
        with pytest.raises(BackupError, match="nu este goală"):
            move_ledger(home, url, actor=ADMIN)
        assert everything(other) == before
    assert rows_of(home) == own


def test_the_same_database_is_no_new_one(home):
    with pytest.raises(BackupError, match="deja"):
        move_ledger(home, home.database_url, actor=ADMIN)


def test_a_team_cannot_move_the_ledger(home, empty_url):
    with pytest.raises(NotAllowedError):
        move_ledger(home, empty_url("sqlite"), actor=TEAM)


def test_what_arrives_altered_is_not_taken_and_the_old_database_goes_on(home, monkeypatch, empty_url):
    before, copy = rows_of(home), ledger_copy.copy_table

    def lossy(source, target, table):
        count = copy(source, target, table)
        if table.name == "referrals":
            target.execute(table.update().values(note=""))
        return count

    monkeypatch.setattr(ledger_move, "copy_table", lossy)
    with pytest.raises(BackupError, match="referrals"):
        move_ledger(home, empty_url("sqlite"), actor=ADMIN)
    assert rows_of(home) == before


# Where the process that moves is killed, and what is open then.
KILLED = """
import os, signal, sys
from core.storage.home import open_home
from referrals.backups import ledger_move
from referrals.records.vocabulary import Actor
place, url = sys.argv[1:]
def die(*_said, **_named):
    os.kill(os.getpid(), signal.SIGKILL)
if place == "copied":
    ledger_move.continue_numbers = die
if place == "marked":
    closed = ledger_move._refuse_writing
    def then_die(old):
        closed(old)
        old.commit()
        die()
    ledger_move._refuse_writing = then_die
if place == "begun":
    ledger_move._move = die
ledger_move.move_ledger(open_home(), url, actor=Actor("admin", account="test"))
"""


# Every day each moment on one of the databases, in turn.
KILLS = [
    pytest.param(*kill.values, marks=[*kill.marks, *([pytest.mark.postgres] if kill.values[1] == "postgresql" else [])])
    for kill in each_once(("begun", "copied", "marked"), ("sqlite", "postgresql"))
]


@pytest.mark.parametrize(("place", "into"), KILLS)
def test_a_move_that_was_killed_is_ended_by_the_same_command(home, monkeypatch, empty_url, place, into):
    before, url = rows_of(home), empty_url(into)
    environment = os.environ | {"HARTA_HOME": str(home.path)}
    ended = subprocess.run([sys.executable, "-c", KILLED, place, url], env=environment, check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL
    if place == "marked":
        with pytest.raises(ForeignStoreError, match="a fost mutat"):
            open_ledger(home)
    else:
        assert rows_of(home) == before  # untouched, and open
    with monkeypatch.context() as there:
        there.setenv("HARTA_DATABASE_URL", url)
        with pytest.raises(ForeignStoreError, match="nu s-a încheiat"):
            open_ledger(home)
    move_ledger(home, url, actor=ADMIN)
    monkeypatch.setenv("HARTA_DATABASE_URL", url)
    after = rows_of(home)
    assert after["referrals"] == before["referrals"]
    assert set(after) == set(before) == {table.name for table in metadata.sorted_tables} - {"ledger_identity"}


def test_a_moved_ledger_is_not_moved_to_a_second_place(home, empty_url, tmp_path):
    move_ledger(home, empty_url("sqlite"), actor=ADMIN)
    with pytest.raises(BackupError, match="altă bază"):
        move_ledger(home, f"sqlite:///{tmp_path / 'second.sqlite'}", actor=ADMIN)
