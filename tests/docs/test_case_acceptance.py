"""docs/cases.md says what holds each line of the acceptance of case records; whatever it names is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "cases.md").read_text(encoding="utf-8").split("\n## Acceptance\n")[1]
ROWS = dict(re.findall(r"^\| (\d+) \| .*? \| (.*) \|$", TEXT, re.MULTILINE))
VAULT = {19, 25}


def test_every_line_but_those_of_the_vault_has_what_holds_it():
    assert {int(number) for number in ROWS} == set(range(1, 29)) - VAULT
    assert [number for number, held in ROWS.items() if "`tests/" not in held and "`python -m bench." not in held] == []


def test_every_test_and_bench_that_it_names_is_there():
    missing, found = [], 0
    for held in ROWS.values():
        for path, names in re.findall(r"`(tests/[\w/.]+)`: ((?:`\w+`(?:, )?)+)", held):
            text = (ROOT / path).read_text(encoding="utf-8")
            for name in re.findall(r"`(\w+)`", names):
                found += 1
                missing += [] if f"def {name}(" in text else [(path, name)]
        for module in re.findall(r"python -m ([\w.]+)", held):
            missing += [] if (ROOT / f"{module.replace('.', '/')}.py").is_file() else [module]
    assert found > len(ROWS)
    assert missing == []
