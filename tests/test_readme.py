"""The README names what there is: every make target, and every command that the examples use."""

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
