"""A home is a demonstration or live, never both; a broken one says what to do."""

import threading
from pathlib import Path

import pytest

from core.errors import HomeError
from core.storage.home import home_path, make_home, open_home, write_atomically


def test_a_home_is_made_once_and_found_again(tmp_path):
    made = make_home("live", tmp_path / "a" / "var")
    assert made == make_home("live", made.path) == open_home(made.path)
    assert made.editions.is_dir()
    assert not made.is_demo


@pytest.mark.parametrize(("mode", "other"), [("demo", "live"), ("live", "demo")])
def test_a_home_of_one_mode_never_becomes_the_other(tmp_path, mode, other):
    make_home(mode, tmp_path)
    with pytest.raises(HomeError, match="nu se amestecă"):
        make_home(other, tmp_path)
    assert open_home(tmp_path).mode == mode


def test_a_home_without_its_record_is_lost_and_becomes_no_demonstration(tmp_path):
    make_home("live", tmp_path)
    (tmp_path / "harta.sqlite").write_bytes(b"x")
    (tmp_path / "home.json").unlink()
    with pytest.raises(HomeError, match=r"lipsește home\.json.*harta\.sqlite"):
        open_home(tmp_path)
    with pytest.raises(HomeError, match=r"lipsește home\.json"):
        make_home("demo", tmp_path)
    assert not (tmp_path / "home.json").exists()
    assert not make_home("live", tmp_path).is_demo


def test_a_folder_that_is_no_home_says_how_to_make_one(tmp_path):
    with pytest.raises(HomeError, match="harta init"):
        open_home(tmp_path)


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b'"demo"', b"{}", b'{"mode": "other"}', b"\xff\xfe", b"{"])
def test_a_damaged_home_says_so(tmp_path, content):
    (tmp_path / "home.json").write_bytes(content)
    with pytest.raises(HomeError, match="Dosarul de lucru"):
        open_home(tmp_path)


def test_where_no_folder_can_be_made_it_says_so(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(HomeError, match="nu poate fi făcut"):
        make_home("live", tmp_path / "file" / "var")


def test_the_home_and_the_database_are_named_by_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("HARTA_HOME", str(tmp_path))
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    assert home_path() == tmp_path
    assert make_home("live").database_url == f"sqlite:///{tmp_path}/harta.sqlite"
    monkeypatch.setenv("HARTA_DATABASE_URL", "postgresql://x/y")
    assert open_home().database_url == "postgresql://x/y"
    monkeypatch.delenv("HARTA_HOME")
    assert home_path() == Path("var").absolute()


def test_a_file_written_by_many_at_once_is_always_one_of_theirs(tmp_path):
    path = tmp_path / "f"
    contents = [bytes([i]) * 50_000 for i in range(6)]
    seen = []

    def write(content):
        for _round in range(5):
            write_atomically(path, content)
            seen.append(path.read_bytes())

    threads = [threading.Thread(target=write, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(seen) <= set(contents)
    assert len(seen) == 30
    assert [p.name for p in tmp_path.iterdir()] == ["f"]


def test_only_the_owner_looks_into_a_new_home(tmp_path):
    home = make_home("live", tmp_path / "home")
    assert home.path.stat().st_mode & 0o077 == 0
