"""The rooms import downwards only; Streamlit and the database each have one room."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# From the bottom up; a room may import itself and the rooms before it. commands, pages and api are siblings.
ROOMS = ("core", "geo", "providers", "referrals", "reports", "api", "commands", "cli", "pages", "app")
BELOW = {
    "core": {"core"},
    "geo": {"core", "geo"},
    "providers": {"core", "geo", "providers"},
    "referrals": {"core", "geo", "providers", "referrals"},
    "reports": {"core", "geo", "providers", "referrals", "reports"},
    "api": {"core", "geo", "providers", "referrals", "reports", "api"},
    # `harta serve` starts the application, which is all that the command may know of it.
    "commands": {"core", "geo", "providers", "referrals", "reports", "commands", "app"},
    "cli": {"core", "geo", "commands"},
    "pages": {"core", "geo", "providers", "referrals", "reports", "api", "pages"},
    "app": set(ROOMS),
}
SQL = {"sqlalchemy", "alembic", "psycopg", "sqlite3"}


def modules():
    found = []
    for room in ROOMS:
        paths = [ROOT / f"{room}.py"] if (ROOT / f"{room}.py").exists() else sorted((ROOT / room).rglob("*.py"))
        found += [(room, path) for path in paths]
    return found


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize(("room", "path"), modules(), ids=lambda value: getattr(value, "stem", value))
def test_a_room_imports_only_downwards(room, path):
    rooms = imported(path) & set(ROOMS)
    assert rooms <= BELOW[room], f"{path} imports {rooms - BELOW[room]}"


@pytest.mark.parametrize(("room", "path"), modules(), ids=lambda value: getattr(value, "stem", value))
def test_only_the_screens_know_streamlit_and_only_the_ledger_the_database(room, path):
    names = imported(path)
    if room not in ("app", "pages"):
        assert "streamlit" not in names, path
    if room != "referrals":
        assert not names & SQL, path
