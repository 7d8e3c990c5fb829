"""A catalogue that another process kept is the one that would be made, and is taken for nothing else."""

from __future__ import annotations

import os
import shutil
from dataclasses import fields

import numpy as np
import pandas as pd
import pytest

from core.errors import EditionError
from core.storage.editions import EditionStore
from core.storage.home import open_home
from geo.gazetteer.gazetteer import load_gazetteer
from providers.catalogue import kept_catalogue
from providers.catalogue.access_rules import Rules
from providers.catalogue.catalogue import load_catalogue
from referrals.workflow import directory as directories
from referrals.workflow.directory import open_directory
from referrals.workflow.sealed_keys import sealing_key
from tests.worlds.homes import small_world
from tests.worlds.homes.small_world import SECRET_TOWN, service

KEY = b"of this home alone"


@pytest.fixture(scope="module", autouse=True)
def _catalogues_are_kept():
    """In place of what other tests of this room do: here they are read from the disk."""


@pytest.fixture
def home(tmp_path):
    return small_world.make_world(tmp_path / "home")


def kept_and_made(home, key=KEY):
    gazetteer = load_gazetteer(home)
    made = load_catalogue(home, gazetteer, sealing_key=key)
    kept_catalogue.keep(home, made, kept_catalogue.name_of(home, key))
    return read(home, key), made


def read(home, key=KEY):
    return kept_catalogue.read_kept(home, load_gazetteer(home), kept_catalogue.name_of(home, key))


def files(home):
    return sorted(path for path in (home.path / kept_catalogue.FOLDER).iterdir() if path.suffix == ".arrow")


def assert_same(kept, made):
    pd.testing.assert_frame_equal(kept.services, made.services)
    for each in fields(Rules):
        ours, theirs = getattr(kept.rules, each.name), getattr(made.rules, each.name)
        assert ours.dtype == theirs.dtype, each.name
        np.testing.assert_array_equal(ours, theirs, err_msg=each.name)
    assert list(kept.types) == list(made.types)
    for ours, theirs in zip(kept.types.values(), made.types.values(), strict=True):
        assert (ours.code, ours.start, ours.middle, ours.end) == (theirs.code, theirs.start, theirs.middle, theirs.end)
        np.testing.assert_array_equal(ours.index.xy, theirs.index.xy)
    assert {code: rows.tolist() for code, rows in kept.listed.items()} == {
        code: rows.tolist() for code, rows in made.listed.items()
    }
    for name in ("county_codes", "region_codes", "region_of_county", "county_names", "group_bits", "parents"):
        assert getattr(kept, name) == getattr(made, name), name
    assert (kept.manifests, kept.sealed, kept.joined) == (made.manifests, made.sealed, made.joined)
    assert kept.digest == made.digest


def test_what_is_kept_is_what_would_be_made(home):
    kept, made = kept_and_made(home)
    assert made.services["is_secret"].any()
    assert made.sealed
    assert_same(kept, made)


def test_so_it_is_of_54_000_services(demonstration, tmp_path):
    home = open_home(shutil.copytree(demonstration.path, tmp_path / "home"))
    kept, made = kept_and_made(home)
    assert_same(kept, made)


def test_the_first_question_keeps_it_and_the_next_process_reads_it(home, monkeypatch):
    first = open_directory(home).snapshot().catalogue
    assert len(files(home)) == 1
    monkeypatch.setattr(directories, "load_catalogue", None)  # a call would fail
    assert_same(open_directory(home).snapshot().catalogue, first)


def test_another_edition_is_another_catalogue_and_the_old_file_goes(home):
    before = kept_and_made(home)[0]
    (old,) = files(home)
    small_world.publish(home, "social", [service(8, 0.04, 0.0, name="Centrul nou")])
    assert read(home) is None
    after, made = kept_and_made(home)
    assert_same(after, made)
    assert "Centrul nou" in set(after.services["name"])
    assert files(home) != [old]
    assert len(files(home)) == 1
    assert len(before.services), "whoever has it mapped keeps it"
    assert before.services["name"].str.len().gt(0).all()


def test_with_another_key_or_of_another_version_of_the_program_nothing_is_kept(home, monkeypatch):
    kept_and_made(home)
    assert read(home, b"another") is None
    assert read(home) is not None
    monkeypatch.setattr(kept_catalogue, "_program", lambda: "another")
    assert read(home) is None


@pytest.mark.parametrize("harm", ["cut", "changed", "no words", "words", "gone"])
def test_a_file_that_is_not_what_was_written_is_not_read(home, harm):
    kept_and_made(home)
    (path,) = files(home)
    content, words = path.read_bytes(), path.with_suffix(".json")
    if harm == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif harm == "changed":
        path.write_bytes(content.replace(b"Centrul de zi", b"Centrul de xx", 1))
    elif harm == "gone":
        path.unlink()
    else:
        words.write_text("[1]" if harm == "words" else "", encoding="utf-8")
    assert read(home) is None
    kept, made = kept_and_made(home)
    assert_same(kept, made)


def test_an_edition_that_was_changed_on_the_disk_is_refused_though_a_catalogue_is_kept(home):
    kept_and_made(home)
    (edition,) = EditionStore(home).in_force("social")
    table = edition.folder / "services.parquet"
    content = bytearray(table.read_bytes())
    content[len(content) // 2] ^= 1
    table.write_bytes(content)
    with pytest.raises(EditionError, match="deteriorată"):
        read(home)


def test_it_holds_nothing_of_a_protected_service_and_is_for_its_owner_alone(home):
    kept_and_made(home)
    for path in (home.path / kept_catalogue.FOLDER).iterdir():
        content = path.read_bytes()
        assert SECRET_TOWN.encode() not in content
        assert b"0234999999" not in content
        assert b"social:mmps:6" not in content
        assert path.stat().st_mode & 0o077 == 0
    assert (home.path / kept_catalogue.FOLDER).stat().st_mode & 0o077 == 0


def test_where_the_disk_refuses_nothing_is_kept_and_questions_are_answered(home):
    (home.path / kept_catalogue.FOLDER).write_text("a file where the folder should be", encoding="utf-8")
    assert len(open_directory(home).snapshot().catalogue.services)
    assert read(home) is None


def test_what_is_published_while_a_catalogue_is_made_is_in_the_next_answer(home, monkeypatch):
    """Kept under the name of the new edition, the catalogue of the old one would be every later process's answer."""

    def publish_behind(*said, **more):
        made = load_catalogue(*said, **more)
        small_world.publish(home, "social", [service(9, 0.04, 0.0, name="Centrul de peste drum")])
        return made

    with monkeypatch.context() as patch:
        patch.setattr(directories, "load_catalogue", publish_behind)
        directory = open_directory(home)
        directory.published()
    assert read(home, sealing_key(directory.ledger)) is None
    assert "Centrul de peste drum" in set(open_directory(home).snapshot().catalogue.services["name"])


def test_of_places_that_are_not_the_home_s_nothing_is_kept(home):
    whole = open_directory(home)
    other = directories.Directory(home, load_gazetteer(home), whole.ledger)
    assert len(other.published().services)
    assert read(home, sealing_key(whole.ledger)) is None


def test_what_a_process_that_was_killed_left_half_written_is_cleared_away(home):
    folder = home.path / kept_catalogue.FOLDER
    folder.mkdir()
    old, new = folder / ".of-a-dead-one.1.2", folder / ".of-a-living-one.3.4"
    old.write_bytes(b"half")
    new.write_bytes(b"half")
    os.utime(old, (1, 1))
    kept_and_made(home)
    assert not old.exists()
    assert new.exists()
