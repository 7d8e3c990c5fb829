"""Every button that gives a file leaves the screen as it is."""

from __future__ import annotations

import ast
from pathlib import Path

PAGES = Path(__file__).resolve().parents[2] / "pages"


def test_no_run_follows_a_download_for_it_would_take_the_next_file_away():
    """Streamlit forgets the deferred files of the run before: the next button pressed at once gave an error."""
    buttons = [
        (path.name, call)
        for path in sorted(PAGES.rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "download_button"
    ]
    assert len(buttons) >= 10
    for name, call in buttons:
        said = {word.arg: ast.literal_eval(word.value) for word in call.keywords if word.arg == "on_click"}
        assert said == {"on_click": "ignore"}, (name, call.lineno)
