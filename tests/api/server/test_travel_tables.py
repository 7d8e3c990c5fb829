"""While the server runs, the table of minutes is measured by a process beside it when its time has come."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from types import SimpleNamespace

import pytest

from api.server import travel_tables
from api.server.travel_tables import keeping_travel_table
from core.errors import EditionError

WRITES = "import json, os, sys; json.dump([os.environ['HARTA_HOME'], sys.argv[1:]], open({path!r}, 'w'))"


def command(script: str) -> tuple[str, ...]:
    return (sys.executable, "-c", script, *travel_tables._COMMAND[3:])


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(travel_tables, "directory_for", lambda home: SimpleNamespace(snapshot=lambda: home))
    return SimpleNamespace(path=tmp_path)


def wait_for(found) -> None:
    until = time.monotonic() + 30
    while not found():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_what_is_due_is_measured_by_the_command_for_this_home(home, monkeypatch):
    asked, path = [], home.path / "said.json"
    monkeypatch.setattr(travel_tables, "is_due", lambda *given: asked.append(given) or len(asked) == 2)
    monkeypatch.setattr(travel_tables, "_COMMAND", command(WRITES.format(path=str(path))))
    with keeping_travel_table(home, every_seconds=0.01):
        wait_for(lambda: len(asked) > 2)
    assert json.loads(path.read_text()) == [str(home.path), ["travel", "--table"]]
    assert asked[0] == (home, home)
    assert not [thread for thread in threading.enumerate() if thread.name == "travel-table"]


def test_a_server_that_stops_does_not_wait_for_the_measuring(home, monkeypatch):
    path = home.path / "pid"
    script = f"import os, time; open({str(path)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    monkeypatch.setattr(travel_tables, "is_due", lambda *_given: True)
    monkeypatch.setattr(travel_tables, "_COMMAND", command(script))
    with keeping_travel_table(home, every_seconds=0.01):
        wait_for(lambda: path.exists() and path.read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(int(path.read_text()), 0)


def test_trouble_is_logged_and_tried_again(home, monkeypatch, caplog):
    asked = []

    def broken(*given):
        asked.append(given)
        raise EditionError("deteriorată")

    monkeypatch.setattr(travel_tables, "is_due", broken)
    with keeping_travel_table(home, every_seconds=0.01):
        wait_for(lambda: len(asked) > 2)
    assert "deteriorată" in caplog.text
    monkeypatch.setattr(travel_tables, "_COMMAND", command("raise SystemExit('nu se poate')"))
    travel_tables._measure(home, threading.Event())
    assert "nu se poate" in caplog.text
