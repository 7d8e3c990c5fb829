"""docs/adding-a-register.md is followed to the letter in a copy of the product."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.source.test_layers import ROOMS, ROOT

PAGE = ROOT / "docs" / "adding-a-register.md"
MARK = "    # A new registry goes here"
LONGEST_MODULE = 70


def blocks() -> dict[str, str]:
    """Blocks of code of the page by the file that they are; the row and the commands by their section's number."""
    found = {}
    for number, section in re.findall(
        r"^## (\d)\. .*?\n(.*?)(?=^## |\Z)", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    ):
        for named, code in re.findall(
            r"(?:^`([\w./]+)`[^\n]*:\n\n)?^```\w*\n(.*?)^```", section, re.MULTILINE | re.DOTALL
        ):
            found[named or number] = code
    return found


@pytest.fixture
def copy(tmp_path):
    """A copy of the product with the page's module, row, card and test in it."""
    for room in ROOMS:
        source = ROOT / room if (ROOT / room).is_dir() else ROOT / f"{room}.py"
        copied = shutil.copytree if source.is_dir() else shutil.copy
        copied(source, tmp_path / source.name)
    for name in ("data", "locale", "templates", "docs", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    skipped = shutil.ignore_patterns("__pycache__", "browser")
    shutil.copytree(ROOT / "tests", tmp_path / "tests", ignore=skipped)
    pieces = blocks()
    table = tmp_path / "core" / "storage" / "import_kinds.py"
    text = table.read_text(encoding="utf-8")
    assert text.count(MARK) == 1
    table.write_text(text.replace(MARK, pieces.pop("2") + MARK), encoding="utf-8")
    del pieces["5"]
    for name, code in pieces.items():
        (tmp_path / name).write_text(code, encoding="utf-8")
    return tmp_path


# The commands in one process, each with what it prints: starting Python is most of the work.
COMMANDS = """
import json, sys, cli
from typer.testing import CliRunner
done = [CliRunner().invoke(cli.app, words) for words in json.loads(sys.argv[1])]
print(json.dumps([[each.exit_code, each.output] for each in done]))
"""


def run(copy, *command: str) -> str:
    environment = os.environ | {"HARTA_HOME": str(copy / "home"), "PYTHONPATH": str(copy)}
    command = (sys.executable, *command)
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_page_adds_a_register_that_is_imported_found_and_tested(copy):
    commands = []
    for line in blocks()["5"].splitlines():
        words = re.findall(r'"[^"]*"|\S+', line)
        assert words[0] == "harta"
        commands.append([word.strip('"') for word in words[1:]])
    commands.append(["status"])
    answers = json.loads(run(copy, "-c", COMMANDS, json.dumps(commands)).splitlines()[-1])
    assert [code for code, _printed in answers] == [0] * len(commands), answers
    said = {words[0]: printed for words, (_code, printed) in zip(commands, answers, strict=True)}
    assert re.search(r"\b1\b.*\b1\b", said["import"], re.DOTALL)
    assert "Cantina comunitară Parincea" in said["nearest"]
    assert "Cantine comunitare" in said["nearest"] + said["status"]
    tests = ("tests/providers/registries/test_canteens.py", "tests/core/storage/test_import_kinds.py")
    assert "failed" not in run(copy, "-m", "pytest", *tests, "-q", "-p", "no:cacheprovider")


def test_the_module_of_the_page_can_be_read_at_a_sight():
    assert len(blocks()["providers/registries/canteens.py"].splitlines()) <= LONGEST_MODULE


def test_the_page_is_named_where_a_newcomer_looks():
    for name in ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "core/storage/import_kinds.py"):
        assert "docs/adding-a-register.md" in (ROOT / name).read_text(encoding="utf-8"), name
