from __future__ import annotations

import io
import sys

from commands.console import working
from tests.worlds.files.hostile import HOSTILE


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_line_of_progress_shows_any_name_of_a_file_as_it_is(monkeypatch):
    for text in (*HOSTILE, "[/b] [red]x[/red].csv"):
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setenv("COLUMNS", "200")
        with working(text) as tell:
            tell(f"{text} 2")
        assert "".join(text.split()) in "".join(terminal.getvalue().split())
