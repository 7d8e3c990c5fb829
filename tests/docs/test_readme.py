"""The README names what there is: every make target, and every command that the examples use; so do the pages of docs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
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


@pytest.mark.everyday
def test_every_path_that_a_guide_of_the_repository_names_exists():
    """A file or folder in backticks is there; `<…>` and `*` stand for a part of its name."""
    for guide in ("ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"):
        named = re.findall(
            r"`([\w./<>*-]+(?:\.(?:py|csv|md|toml|html|po|lock)|/))`", (ROOT / guide).read_text(encoding="utf-8")
        )
        patterns = {path: re.sub(r"<\w+>|NAME", "*", path) for path in named}
        assert len(patterns) > 3, guide
        lost = [path for path, pattern in patterns.items() if not any(ROOT.glob(pattern))]
        bare = [path for path in lost if "/" in path.rstrip("/") or not any(ROOT.glob(f"[a-z]*/**/{path}"))]
        assert not bare, guide


def test_every_function_that_the_architecture_names_is_in_its_module():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    pairs = re.findall(r"`([\w/]+\.py)`\s+`(\w+)(?:\(\))?`", text)
    assert len(pairs) > 5
    assert not [(file, name) for file, name in pairs if not re.search(rf"\b{name}\b", (ROOT / file).read_text())]
