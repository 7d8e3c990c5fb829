"""The README names what there is: every make target, and every command that the examples use; so do the pages of docs."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_make_target_is_named_in_the_readme():
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert targets
    assert [t for t in targets if f"`make {t}`" not in README] == []


def test_every_command_of_the_readme_exists():
    from typer.main import get_command

    from cli import app

    known = set(get_command(app).commands)
    used = set(re.findall(r"harta ([a-z-]+)", README)) - {"serve"}
    assert used
    assert used <= known


def test_every_test_that_keeps_a_hole_closed_exists():
    table = (ROOT / "docs" / "security-tests.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:tests|bench)/[^`]+\.py)(?:::(test_\w+))?`", table)
    assert len(re.findall(r"^\| [CHML]\d+ \|.*`tests/", table, flags=re.MULTILINE)) == 33
    for file, name in named:
        text = (ROOT / file).read_text(encoding="utf-8")
        assert f"def {name or 'test_'}" in text or file.startswith("bench/"), (file, name)
