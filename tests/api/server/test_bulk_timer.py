"""While the server runs, files in bulk are made when their time has come."""

from __future__ import annotations

import time
from types import SimpleNamespace

from api.server import bulk_timer
from core.errors import EditionError


def test_what_is_due_is_made_and_trouble_is_logged_and_tried_again(monkeypatch, caplog):
    made = []

    def make_day(directory, *, now, view):
        made.append((directory, now.tzinfo is not None, view))
        raise EditionError("the disk is full")

    monkeypatch.setattr(bulk_timer, "directory_for", lambda home: home)
    monkeypatch.setattr(bulk_timer, "view_of", lambda _home: "units")
    monkeypatch.setattr(bulk_timer, "is_wanted", lambda _directory: True)
    monkeypatch.setattr(bulk_timer, "is_due", lambda _directory, *, now: bool(now))
    monkeypatch.setattr(bulk_timer, "make_day", make_day)
    home = SimpleNamespace()
    with bulk_timer.keeping_bulk_files(home, every_seconds=0.01):
        until = time.monotonic() + 10
        while len(made) < 2 and time.monotonic() < until:
            time.sleep(0.01)
    assert made[:2] == [(home, True, "units")] * 2
    assert "the disk is full" in caplog.text
