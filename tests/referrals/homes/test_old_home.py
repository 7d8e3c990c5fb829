"""A home made before registries had sources: nothing is lost, and every id still leads to its service."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.storage import source_folders
from core.storage.editions import EditionStore
from core.storage.home import open_home
from core.storage.service_ids import current_id
from referrals.database.models import metadata
from referrals.homes.doctor import run_checks
from referrals.homes.file_permissions import close_to_others
from referrals.ledger.ledger import open_ledger
from referrals.workflow.directory import open_directory
from tests.worlds.homes.ledger_world import TEAM
from tests.worlds.homes.old_home import CARRIED, EDITION, make_old_home


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("old") / "home"
    make_old_home(folder)
    return folder


@pytest.fixture
def old(made, tmp_path, monkeypatch):
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    return Path(shutil.copytree(made, tmp_path / "home"))


def test_editions_stand_with_their_source_and_keep_their_digests(old):
    store = EditionStore(open_home(old))
    assert [edition.slot for edition in store.in_force("social")] == ["social/mmps"]
    assert store.current("social/mmps").faults() == []
    assert store.home.record().published["social/mmps"].editions == (EDITION,)
    assert store.current_table("social", "services")["service_id"].tolist()[:2] == ["social:mmps:1", "social:mmps:2"]
    assert store.current_table("authorities", "services")["service_id"].tolist() == ["authority:oficii:7"]
    assert not (old / "editions" / "social" / "current").exists()


def test_what_was_done_with_a_service_stays_with_it(old):
    with closing(open_ledger(open_home(old))) as ledger, ledger.store.read() as connection:
        for name, count in CARRIED.items():
            table = metadata.tables[name]
            found = connection.execute(select(table.c.service_id, func.count()).group_by(table.c.service_id)).all()
            assert [tuple(row) for row in found] == [("social:mmps:2", count)]
        assert current_id("social:2") == "social:mmps:2"
        assert ledger.verify_counts() == []
        assert ledger.verify_audit() == []


def test_an_id_of_that_time_still_finds_the_service(old):
    directory = open_directory(open_home(old))
    assert directory.capacity_of("social:2") == directory.capacity_of("social:mmps:2")
    assert directory.capacity_of("social:2")["places_free"] == 6
    assert directory.key_for("social:2", actor=TEAM, permission="capacity.report") == "social:mmps:2"


def test_the_home_is_sound_afterwards(old):
    home = open_home(old)
    open_ledger(home).close()
    close_to_others(home)
    assert run_checks(home).faults == ()


@pytest.mark.parametrize("step", range(3))
def test_a_move_cut_off_is_ended_by_whoever_opens_the_home_next(old, monkeypatch, step):
    done = []

    def rename(self, target):
        if len(done) == step:
            raise KeyboardInterrupt
        done.append(target)
        self.replace(target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        with pytest.raises(KeyboardInterrupt):
            source_folders.move(old / "editions")
    store = EditionStore(open_home(old))
    assert [edition.slot for edition in store.in_force("social")] == ["social/mmps"]
    assert [edition.slot for edition in store.in_force("authorities")] == ["authorities/oficii"]
    assert not source_folders.needs_move(old / "editions")
