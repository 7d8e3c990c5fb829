"""docs/dpia-cazuri.md: a draft that says so, and whatever a measure points at is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "dpia-cazuri.md").read_text(encoding="utf-8")
RISK = re.compile(r"^\| \d+ \|.*$", re.MULTILINE)


def named_paths(text: str) -> list[str]:
    return re.findall(r"`([a-z]\w*/[\w./-]+)`", text)


def test_it_says_that_it_is_a_draft_and_what_is_to_be_decided():
    assert "Ciornă de lucru, neaprobată" in TEXT.splitlines()[2]
    assert "Ce rămâne de hotărât de operator" in TEXT


def test_every_file_that_it_names_is_there():
    paths = named_paths(TEXT)
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_every_test_that_it_names_stands_in_the_file_before_it():
    found = re.findall(r"`(tests/[\w./-]+)` \(`(test_\w+)`\)", TEXT)
    assert found
    assert [name for path, name in found if f"def {name}(" not in (ROOT / path).read_text("utf-8")] == []


def test_every_risk_has_a_measure_and_something_that_holds_it():
    risks = RISK.findall(TEXT)
    assert [line.split(" | ")[0] for line in risks] == [f"| {n}" for n in range(1, len(risks) + 1)]
    assert [line for line in risks if not named_paths(line.split(" | ")[4])] == []
    assert RISK.findall("| 1 | risc | m/m | nimic | | m/m |") != []
