"""HTML is in templates: no string of the product's code holds a tag."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.everyday  # whichever room a change is in, these can fail

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("api", "cases", "commands", "core", "geo", "pages", "providers", "referrals", "reports")
# An element of any name; the group of a regular expression, `(?P<name>…)`, is none.
TAG = re.compile(r"(?<!\(\?P)(?<!\(\?)</?[a-z][a-z0-9-]*(?:\s|/?>)|<!--", re.IGNORECASE)
EXCEPTIONS = {"api/server/middleware.py": "finds its places in the page that Streamlit serves"}


def tags_in(source: str) -> Iterator[int]:
    """Give the lines of strings with a tag; a docstring may name one."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docs and TAG.search(node.value):
            yield node.lineno


def test_the_rule_finds_a_tag_in_any_string_but_a_docstring() -> None:
    source = 'def f(x):\n    """Draw <p>."""\n    y = 1 < 2, r"(?P<x>a)"\n    return f"<p>{x}" + "a</b>" + "<svg "\n'
    assert list(tags_in(source)) == [4, 4, 4]


def test_no_string_of_the_code_holds_a_tag() -> None:
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")] + [ROOT / "app.py", ROOT / "cli.py"]
    found = [
        (path.relative_to(ROOT).as_posix(), line)
        for path in files
        for line in tags_in(path.read_text(encoding="utf-8"))
    ]
    assert [place for place in found if place[0] not in EXCEPTIONS] == []
    assert {file for file, _line in found} == EXCEPTIONS.keys()
