"""`harta serve --workers`: what the process that watches is told to start, and how its own words are written."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from cli import app
from core.processes import worker_processes
from core.storage.home import make_home
from referrals.homes import file_permissions
from referrals.homes.demonstration import begin_ledger


@pytest.fixture
def home(tmp_path, monkeypatch):
    made = make_home("live", tmp_path / "home")
    begin_ledger(made)
    monkeypatch.setenv("HARTA_HOME", str(made.path))
    monkeypatch.delenv("HARTA_DATABASE_URL", raising=False)
    return made


@pytest.fixture
def watched(monkeypatch):
    """Return what was to be watched, in place of becoming the process that watches."""
    told = {}

    def become(command, **said):
        told.update(said, command=command)
        raise SystemExit(0)

    monkeypatch.setattr(worker_processes, "exec_watcher", become)
    return told


def test_workers_are_started_by_the_path_that_the_program_was_called_by(home, watched, tmp_path, monkeypatch):
    """A link to another release, put there before a reload, decides which release the new workers are of."""
    for release in ("first", "second"):
        (tmp_path / release).mkdir()
        (tmp_path / release / "harta").write_text(f"#!/bin/sh\necho {release}\n", encoding="utf-8")
        (tmp_path / release / "harta").chmod(0o755)
    current = tmp_path / "current"
    current.symlink_to("first")
    monkeypatch.setattr(sys, "argv", [str(current / "harta"), "serve"])
    CliRunner().invoke(app, ["serve", "--workers", "2"])
    said = [subprocess.run(watched["command"], capture_output=True, text=True, check=True).stdout]
    current.unlink()
    current.symlink_to("second")
    said.append(subprocess.run(watched["command"], capture_output=True, text=True, check=True).stdout)
    assert said == ["first\n", "second\n"]
    assert watched["command"][1:] == ["serve", "--log-format", "text"]


def test_without_such_a_path_the_interpreter_starts_them_and_nothing_of_the_working_folder(home, watched, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["cli.py", "serve"])
    CliRunner().invoke(app, ["serve", "--workers", "3", "--log", "harta.log"])
    assert watched["command"][:2] == [sys.executable, "-P"]
    assert watched["command"][-2:] == ["--log", "harta.{worker}.log"]
    assert watched["count"] == 3


def test_what_is_said_before_the_workers_start_is_of_the_format_of_the_log(home, watched, monkeypatch):
    monkeypatch.setattr(file_permissions, "close_to_others", lambda home: [home.path])  # another owner's
    done = CliRunner().invoke(app, ["serve", "--workers", "2", "--log-format", "json"])
    assert watched["log_as_json"]
    said = [json.loads(line)["message"] for line in done.stderr.splitlines()]
    assert any(str(home.path) in words for words in said)
