"""What every command says of a home that lost something, and how `harta init` leaves its files."""

from __future__ import annotations

import os
import shutil

import pytest
from typer.testing import CliRunner

import app as web
from cli import app
from core.errors import MapError
from core.storage.home import Home, open_home
from referrals.homes.demonstration import make_live

COMMANDS = {
    "status": ["status"],
    "nearest": ["nearest", "--from", "Parincea, Bacău", "--need", "identity-papers"],
    "capacity": ["capacity", "authority:oficii:SPAS-24089", "--free", "2"],
    "needs": ["needs", "--coverage"],
    "account": ["account", "invite", "ujss.bacau", "--role", "county", "--county", "BC"],
    "import": ["import", "social", "no-such-file.csv"],
    "export": ["export", "xlsx", "out"],
    "serve": ["serve"],
}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Home:
    return make_live(tmp_path_factory.mktemp("made") / "var")


@pytest.fixture
def home(made, tmp_path, monkeypatch) -> Home:
    shutil.copytree(made.path, tmp_path / "var")
    monkeypatch.setenv("HARTA_HOME", str(tmp_path / "var"))
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(web, "run", lambda **_options: pytest.fail("served all the same"))
    return open_home(tmp_path / "var")


def said(*words: str) -> str:
    """Run a command that is refused; return in which words."""
    done = CliRunner().invoke(app, list(words))
    assert isinstance(done.exception, MapError), done.output
    return str(done.exception)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("emptied", [False, True])
def test_every_command_says_that_the_database_is_lost_and_makes_none(home, command, emptied):
    database = home.path / "harta.sqlite"
    database.write_bytes(b"") if emptied else database.unlink()
    words = said(*COMMANDS[command])
    assert "Baza de date a dosarului lipsește" in words
    assert "harta.sqlite" in words
    assert "harta init" in words
    assert (database.stat().st_size if emptied else database.exists()) == 0


@pytest.mark.parametrize("command", sorted(COMMANDS.keys() - {"import"}))
def test_every_command_says_that_the_edition_in_force_is_lost(home, command):
    (home.editions / "communities" / "current").unlink()
    assert "communities: ediția" in said(*COMMANDS[command])


def test_doctor_says_both_and_init_alone_mends_what_can_be_mended(home):
    (home.path / "harta.sqlite").unlink()
    (home.editions / "communities" / "current").unlink()
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 1
    assert "Baza de date a dosarului lipsește" in done.output
    assert "communities: ediția" in done.output
    assert not (home.path / "harta.sqlite").exists()
    done = CliRunner().invoke(app, ["init"])
    assert done.exit_code == 0
    assert "Atenție: baza de date a dosarului lipsea" in done.output
    assert CliRunner().invoke(app, ["doctor"]).exit_code == 0


def test_a_home_is_for_its_owner_alone_whatever_was_there_and_whatever_a_command_writes(tmp_path, monkeypatch):
    folder = tmp_path / "var"
    (folder / "answers").mkdir(parents=True)
    folder.chmod(0o755)
    (tmp_path / "questions.csv").write_text("from,need\nParincea Bacău,identity-papers\n", encoding="utf-8")
    monkeypatch.setenv("HARTA_HOME", str(folder))
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    before = os.umask(0o022)
    try:
        for words in (["init"], ["nearest", "--batch", str(tmp_path / "questions.csv"), "--out", "var/answers/a.csv"]):
            monkeypatch.chdir(tmp_path)
            assert CliRunner().invoke(app, words, catch_exceptions=False).exit_code == 0
    finally:
        os.umask(before)
    modes = {path: path.stat().st_mode & 0o777 for path in [folder, *folder.rglob("*")]}
    assert folder / "answers" / "a.csv" in modes
    assert {path: oct(mode) for path, mode in modes.items() if mode != (0o700 if path.is_dir() else 0o600)} == {}


def test_services_of_another_directory_become_rows_of_the_general_format(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "map.toml").write_text('[paths]\nname = "nom"\nsiruta = "code"\n', encoding="utf-8")
    (tmp_path / "list.ndjson").write_text('{"nom": "Cămin", "code": 24089}\n{"nom": "Azil"}\n', encoding="utf-8")
    words = ["convert", "list.ndjson", "--out", "rows.csv", "--map", "map.toml"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert "2 rânduri în rows.csv" in done.output
    assert (tmp_path / "rows.csv").read_text(encoding="utf-8-sig").split() == [
        "name,siruta",
        "Cămin,24089",
        "Azil,",
    ]


def test_a_file_that_is_no_directory_is_refused_in_words_and_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.json").write_text('{"a": 1}{', encoding="utf-8")
    assert said("convert", "list.json", "--out", "rows.csv") == "Fișierul nu este JSON în UTF-8."
    assert not (tmp_path / "rows.csv").exists()
