"""Editions: whole or not at all, one in force, whatever breaks in between."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import sys
import threading
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from core.errors import EditionError, UnknownCodeError
from core.storage import edition_pointers, editions, file_stamps, home
from core.storage.editions import EditionStore, Manifest, Source, edition_name
from core.storage.home import make_home

KIND = "population"


@pytest.fixture
def store(tmp_path) -> EditionStore:
    return EditionStore(make_home("live", tmp_path / "var"))


def table(*rows: tuple[int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["uat_siruta", "people"])


def rejects(*rows: str) -> pd.DataFrame:
    return pd.DataFrame({"row": range(len(rows)), "value": list(rows)})


def manifest(name: str, loaded: int = 2, rejected: int = 0) -> Manifest:
    return Manifest(
        KIND, name, "2024-01-01", f"2024-01-01T00:00:00.{name[-6:]:0>6}", Source("Recensământ"), "f.csv", "00",
        loaded + rejected, loaded, rejected,
    )  # fmt: skip


def staged(store: EditionStore, name: str, data: pd.DataFrame, refused: pd.DataFrame | None = None):
    tables = {"population": data, "rejects": rejects() if refused is None else refused}
    return store.stage(*store.compared(manifest(name, len(data), len(tables["rejects"])), tables, key="uat_siruta"))


def published(store: EditionStore, name: str, *rows: tuple[int, int]):
    return store.publish(staged(store, name, table(*rows)))


def people(store: EditionStore) -> dict[int, int]:
    found = store.current_table(KIND, "population")
    return {} if found is None else dict(zip(found["uat_siruta"], found["people"], strict=True))


def half_written(store: EditionStore) -> list[str]:
    folder = store.home.editions / KIND
    return [str(p) for p in folder.rglob("*") if p.name.endswith(".part") or p.parent.name == ".staged"]


def test_nothing_is_in_force_before_the_first_edition(store):
    assert store.current(KIND) is None
    assert store.current_table(KIND, "population") is None
    assert store.editions(KIND) == store.staged(KIND) == []


def test_an_edition_is_seen_only_once_it_is_published(store):
    waiting = staged(store, "a", table((1017, 5)))
    assert store.current(KIND) is None
    assert store.staged(KIND) == [waiting]
    before = store.state()
    store.publish(waiting)
    assert people(store) == {1017: 5}
    assert store.staged(KIND) == []
    assert store.state() != before


def test_what_changes_is_counted_and_listed_by_key(store):
    published(store, "a", (1, 10), (2, 20), (3, 30))
    now = published(store, "b", (2, 20), (3, 33), (4, 40))
    assert (now.manifest.added, now.manifest.removed, now.manifest.changed) == (1, 1, 1)
    assert now.manifest.previous == "a"
    assert now.table("changes").to_dict("records") == [
        {"key": "4", "change": "added", "fields": ""},
        {"key": "1", "change": "removed", "fields": ""},
        {"key": "3", "change": "changed", "fields": "people"},
    ]


def test_an_earlier_edition_can_be_brought_back_and_old_ones_pruned(store):
    for name in "abcd":
        published(store, name, (1, ord(name)))
    assert [e.manifest.edition for e in store.editions(KIND)] == ["d", "c", "b", "a"]
    store.bring_back(KIND, "a")
    assert people(store) == {1: ord("a")}
    assert store.prune(KIND, keep=2) == ["c", "b"], "`a` is old and in force"
    assert people(store) == {1: ord("a")}
    with pytest.raises(UnknownCodeError, match="numele"):
        store.bring_back(KIND, "..")
    with pytest.raises(UnknownCodeError, match="b"):
        store.bring_back(KIND, "b")


def test_pruning_keeps_the_edition_in_force_and_the_one_that_it_replaced(store):
    for name in "abcd":
        published(store, name, (1, ord(name)))
    store.bring_back(KIND, "b")
    assert store.prune(KIND) == ["d", "c"]
    assert [e.manifest.edition for e in store.editions(KIND)] == ["b", "a"]
    assert store.prune(KIND, keep=1) == ["a"]
    assert store.home.record().published[KIND].editions == ("b",)
    assert {path.name for path in (store.home.editions / KIND).iterdir() if path.is_dir()} == {"b", ".staged"}


def test_pruning_takes_what_waits_and_can_no_longer_be_published_after_a_day(store):
    late, young = staged(store, "late", table((1, 1))), staged(store, "young", table((1, 1)))
    published(store, "now", (1, 2))
    waits = staged(store, "waits", table((1, 3)))
    for each in (late, waits):
        os.utime(each.folder / "manifest.json", (0, 0))
    assert store.prune(KIND) == ["late"]
    assert {e.manifest.edition for e in store.staged(KIND)} == {young.manifest.edition, "waits"}
    (store.home.editions / KIND / ".pruned-half").mkdir()
    assert store.prune(KIND) == []
    assert not (store.home.editions / KIND / ".pruned-half").exists()


def test_a_staged_edition_can_be_thrown_away_and_a_published_one_not(store):
    waiting = staged(store, "a", table((1, 1)))
    store.discard(waiting)
    assert store.staged(KIND) == []
    now = published(store, "b", (1, 1))
    store.discard(now)
    assert people(store) == {1: 1}


def test_a_manifest_that_loses_a_row_is_refused(store):
    with pytest.raises(EditionError, match="3 rânduri citite"):
        Manifest(KIND, "a", "", "", Source(""), "", "", rows_read=3, rows_loaded=1, rows_rejected=1)


def test_rejects_are_written_for_a_spreadsheet_that_runs_nothing(store):
    now = store.publish(staged(store, "a", table((1, 1)), rejects("=cmd|'/C calc'!A1", "țară")))
    text = (now.folder / "rejects.csv").read_text(encoding="utf-8-sig")
    assert "'=cmd" in text
    assert "țară" in text


def test_of_two_writers_that_compared_with_the_same_state_the_second_is_told(store):
    one, two = staged(store, "one", table((1, 1))), staged(store, "two", table((1, 2)))
    store.publish(one)
    with pytest.raises(EditionError, match="one"):
        store.publish(two)
    assert people(store) == {1: 1}
    assert [e.manifest.edition for e in store.staged(KIND)] == ["two"]


def test_of_many_threads_publishing_at_once_one_wins_and_the_others_are_told(store):
    waiting = [staged(store, f"e{i}", table((1, i))) for i in range(8)]
    start, won, told = threading.Barrier(8), [], []

    def publish(edition):
        start.wait()
        try:
            won.append(store.publish(edition).manifest.edition)
        except EditionError as error:
            told.append(str(error))

    threads = [threading.Thread(target=publish, args=(edition,)) for edition in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(told)) == (1, 7)
    assert people(store) == {1: int(won[0][1:])}
    assert all(won[0] in text for text in told)


def _publish_one(path: str, number: int, start, answers) -> None:
    store = EditionStore(home.open_home(Path(path)))
    edition = staged(store, f"p{number}", table((1, number)))
    start.wait()
    try:
        store.publish(edition)
        answers.put(("won", number))
    except EditionError:
        answers.put(("told", number))


def test_of_two_processes_publishing_at_once_one_wins_and_the_other_is_told(store, monkeypatch):
    # A test of a page leaves the page here, and a new process would begin by running it.
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    spawn = multiprocessing.get_context("spawn")
    start, answers = spawn.Barrier(2), spawn.Queue()
    workers = [spawn.Process(target=_publish_one, args=(str(store.home.path), i, start, answers)) for i in (1, 2)]
    for worker in workers:
        worker.start()
    said = dict(answers.get(timeout=60) for _worker in workers)
    for worker in workers:
        worker.join()
    assert sorted(said) == ["told", "won"]
    assert people(store) == {1: said["won"]}


def _disk_full(*_args, **_kwargs):
    raise OSError(28, "No space left on device")


BREAKS = {
    "to_parquet": lambda patch: patch.setattr(pd.DataFrame, "to_parquet", _disk_full),
    "rejects": lambda patch: patch.setattr(editions, "write_csv", _disk_full),
    "manifest": lambda patch: patch.setattr(editions, "write_atomically", _disk_full),
    "sync": lambda patch: patch.setattr(editions, "sync", _disk_full),
    "rename": lambda patch: patch.setattr(Path, "replace", _disk_full),
    "fsync": lambda patch: patch.setattr(home.os, "fsync", _disk_full),
}


@pytest.mark.parametrize("where", BREAKS)
def test_a_full_disk_leaves_the_edition_in_force_and_nothing_half_written(store, monkeypatch, where):
    published(store, "good", (1, 1))
    with monkeypatch.context() as patch:
        BREAKS[where](patch)
        with pytest.raises(EditionError, match="No space left"):
            published(store, "bad", (1, 2))
    assert people(store) == {1: 1}
    assert [e.manifest.edition for e in store.editions(KIND)] == ["good"]
    assert half_written(store) == []
    published(store, "next", (1, 3))
    assert people(store) == {1: 3}


def test_where_only_the_last_step_fails_the_edition_goes_back_to_the_staged_ones(store, monkeypatch):
    published(store, "good", (1, 1))
    waiting = staged(store, "later", table((1, 2)))
    with monkeypatch.context() as patch:
        patch.setattr(edition_pointers, "write_atomically", _disk_full)
        with pytest.raises(EditionError, match="No space left"):
            store.publish(waiting)
        with pytest.raises(EditionError, match="No space left"):
            store.bring_back(KIND, "good")
    assert people(store) == {1: 1}
    assert store.staged(KIND) == [waiting]
    store.publish(waiting)
    assert people(store) == {1: 2}


def test_an_interruption_leaves_nothing_half_written(store, monkeypatch):
    def interrupted(*_args, **_kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(editions, "write_csv", interrupted)
        with pytest.raises(KeyboardInterrupt):
            staged(store, "a", table((1, 1)))
    assert half_written(store) == []


def test_what_a_killed_writer_left_is_taken_away_a_day_later_and_not_before(store, monkeypatch):
    left = store.home.editions / KIND / ".staged" / "dead"
    left.mkdir(parents=True)
    staged(store, "a", table((1, 1)))
    assert left.exists()
    monkeypatch.setattr(editions, "_ABANDONED_S", -1.0)
    waiting = staged(store, "b", table((1, 1)))
    assert not left.exists()
    assert waiting in store.staged(KIND)  # whole ones wait for a person


def test_a_damaged_edition_says_so_and_does_not_stand_in_the_way_of_the_next(store):
    now = published(store, "a", (1, 1))
    (now.folder / "population.parquet").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(EditionError, match=r"a.*population"):
        store.current_table(KIND, "population")
    with pytest.raises(EditionError, match="a"):
        now.layer("population")
    assert published(store, "b", (1, 1), (2, 2)).manifest.added == 2
    assert people(store) == {1: 1, 2: 2}


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"kind": 1}', "\x00", '{"source": "x"}'])
def test_a_damaged_manifest_says_so(store, content):
    now = published(store, "a", (1, 1))
    waiting = staged(store, "b", table((1, 1)))
    for folder in (now.folder, waiting.folder):
        (folder / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(EditionError, match="deteriorată"):
        store.current(KIND)
    with pytest.raises(EditionError, match="deteriorată"):
        store.staged(KIND)
    assert store.publish(staged(store, "c", table((1, 1)))).manifest.edition == "c"


def test_an_unknown_kind_is_refused_with_the_known_ones(store):
    with pytest.raises(UnknownCodeError, match="boundaries"):
        store.current("../..")


def test_names_of_editions_sort_by_day_and_tell_imports_of_one_file_apart():
    first, second = edition_name("2024-01-01", "ab" * 32), edition_name("2024-01-01", "ab" * 32)
    assert first < second < edition_name("2024-01-02", "00" * 32)


def test_a_folder_that_accepts_no_writing_refuses_in_words(store):
    shutil.rmtree(store.home.editions)
    store.home.editions.write_text("a file where the folder was", encoding="utf-8")
    with pytest.raises(EditionError):
        published(store, "a", (1, 1))


def test_a_manifest_is_readable_by_people(store):
    now = published(store, "a", (1, 1))
    said = json.loads((now.folder / "manifest.json").read_text(encoding="utf-8"))
    assert said["source"]["title"] == "Recensământ"
    assert (said["rows_read"], said["rows_loaded"], said["rows_rejected"]) == (1, 1, 0)
    assert now.tables() == ["changes", "population", "rejects"]


# --- what is lost or changed is a fault, never an empty register --------------------------------------


def flip(path: Path, bit: int) -> None:
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def test_a_table_that_was_rewritten_is_refused_also_by_who_has_read_it_before(store):
    now = published(store, "a", (1, 1), (2, 2))
    assert people(store) == {1: 1, 2: 2}
    path = now.folder / "population.parquet"
    before, times = path.read_bytes(), path.stat()
    table((1, 1), (2, 9)).to_parquet(path, index=False)
    assert len(path.read_bytes()) == len(before)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    for read in (lambda: people(store), lambda: store.current(KIND).layer("population")):
        with pytest.raises(EditionError, match=r"population\.parquet nu mai este cum a fost scris"):
            read()
    path.write_bytes(before)
    assert people(store) == {1: 1, 2: 2}


def test_a_digest_is_computed_once_per_change_of_the_file(store, monkeypatch):
    now = published(store, "a", (1, 1))
    computed = []
    fresh = file_stamps.fresh_sha256
    monkeypatch.setattr(file_stamps, "fresh_sha256", lambda path: computed.append(path.name) or fresh(path))
    for _again in range(3):
        now.table("population")
    assert computed == ["population.parquet"]
    (now.folder / "population.parquet").touch()
    now.table("population")
    assert computed == ["population.parquet"] * 2


def test_a_table_that_nobody_wrote_at_the_import_is_refused(store):
    now = published(store, "a", (1, 1))
    table((1, 1)).to_parquet(now.folder / "more.parquet", index=False)
    with pytest.raises(EditionError, match=r"more\.parquet"):
        now.table("more")
    assert any("more.parquet" in fault for fault in now.faults())


def test_a_damaged_edition_is_neither_published_nor_brought_back(store):
    waiting = staged(store, "b", table((1, 1)))
    flip(waiting.folder / "population.parquet", 100)
    with pytest.raises(EditionError, match="suma de control"):
        store.publish(waiting)
    old = published(store, "a", (1, 1))
    published(store, "c", (1, 2))
    flip(old.folder / "population.parquet", 100)
    with pytest.raises(EditionError, match="suma de control"):
        store.bring_back(KIND, "a")
    assert people(store) == {1: 2}


def test_a_manifest_of_an_earlier_version_is_read_and_gets_the_digests_that_it_lacks(store):
    now = published(store, "a", (1, 1))
    said = json.loads((now.folder / "manifest.json").read_text(encoding="utf-8"))
    assert said.pop("digests").keys() == {"population.parquet", "rejects.parquet", "changes.parquet", "rejects.csv"}
    del said["manifest_sha256"]
    (now.folder / "manifest.json").write_text(json.dumps(said), encoding="utf-8")
    assert people(store) == {1: 1}
    assert not store.current(KIND).has_digests
    assert store.complete() == ["a"]
    assert store.current(KIND).manifest == now.manifest
    assert store.complete() == []


def test_an_edition_in_the_place_of_another_is_refused(store):
    old, new = published(store, "a", (1, 1)), published(store, "b", (1, 2))
    shutil.rmtree(new.folder)
    shutil.copytree(old.folder, new.folder)
    with pytest.raises(EditionError, match="altei ediții"):
        store.current(KIND)


def test_everything_is_for_the_owner_alone_whatever_the_umask(tmp_path):
    (tmp_path / "var").mkdir(mode=0o755)
    before = os.umask(0o022)
    try:
        store = EditionStore(make_home("live", tmp_path / "var"))
        published(store, "a", (1, 1))
        staged(store, "b", table((1, 1)))
    finally:
        os.umask(before)
    paths = [store.home.path, *store.home.path.rglob("*")]
    assert len(paths) > 15
    assert [str(p) for p in paths if p.stat().st_mode & 0o077] == []
