"""What is in force is a pointer and a record of it: losing either is a fault, never an empty register."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace

import pytest

from core.errors import EditionError, UnknownCodeError
from core.storage.editions import EditionStore
from core.storage.home import make_home
from core.storage.import_kinds import slot_of
from tests.core.storage.test_editions import KIND, flip, manifest, people, published, table


@pytest.fixture
def store(tmp_path) -> EditionStore:
    return EditionStore(make_home("live", tmp_path / "var"))


def test_a_damaged_pointer_says_so(store):
    published(store, "a", (1, 1))
    pointer = store.home.editions / KIND / "current"
    for damage in (b"../../etc", b"gone"):
        pointer.write_bytes(damage)
        with pytest.raises(UnknownCodeError):
            store.current(KIND)
    pointer.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(EditionError, match="deteriorată"):
        store.current(KIND)
    pointer.unlink()
    pointer.mkdir()
    with pytest.raises(EditionError, match="deteriorată"):
        store.current(KIND)


def test_a_pointer_that_is_gone_or_empty_is_a_fault_and_no_empty_register(store):
    published(store, "a", (1, 1))
    pointer = store.home.editions / KIND / "current"
    pointer.unlink()
    for ask in (store.current, lambda kind: store.state([kind]), lambda kind: store.current_table(kind, "population")):
        with pytest.raises(EditionError, match="a a fost publicată"):
            ask(KIND)
    pointer.write_bytes(b"")
    with pytest.raises(EditionError, match="gol"):
        store.state()
    assert published(store, "b", (1, 1)).manifest.previous is None, "the next import is not held up"
    assert people(store) == {1: 1}


@pytest.mark.parametrize("lost", ["", KIND])
def test_a_whole_folder_that_is_gone_is_a_fault_too(store, lost):
    published(store, "a", (1, 1))
    shutil.rmtree(store.home.editions / lost)
    with pytest.raises(EditionError, match="a a fost publicată"):
        store.current(KIND)
    assert store.current("social") is None, "what never was is still nothing"


def test_a_lost_pointer_is_put_back_where_its_edition_is_whole_and_only_there(store):
    now = published(store, "a", (1, 1))
    pointer = store.home.editions / KIND / "current"
    pointer.unlink()
    assert store.point_again() == [KIND]
    assert people(store) == {1: 1}
    pointer.unlink()
    flip(now.folder / "rejects.csv", 0)
    assert store.point_again() == []
    with pytest.raises(EditionError):
        store.current(KIND)


def test_the_record_knows_what_is_in_force_and_what_was_pruned(store):
    for name in "abc":
        published(store, name, (1, ord(name)))
    store.prune(KIND, keep=2)
    store.bring_back(KIND, "b")
    said = store.home.record().published[KIND]
    assert (said.current, said.editions) == ("b", ("b", "c"))


def test_editions_of_many_kinds_published_at_once_are_all_in_the_record(store):
    kinds = ["population", "social", "medical", "education", "employment", "localities"]
    waiting = [store.stage(replace(manifest("a"), kind=kind), {"t": table((1, 1), (2, 2))}) for kind in kinds]
    threads = [threading.Thread(target=store.publish, args=(edition,)) for edition in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(store.home.record().published) == set(map(slot_of, kinds))
