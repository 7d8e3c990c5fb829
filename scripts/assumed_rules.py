"""The rules that no law or register is known to say: a list for a specialist to confirm or to correct.

A rule is `assumed` where its source says so; the word may stand beside a law that says the rest. Run from the top of
the repository, `python -m scripts.assumed_rules` prints the table of docs/assumed-rules.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from core.reading.curated_tables import FOLDER, read_rows

if TYPE_CHECKING:
    from pathlib import Path

# table: (columns that name the row, columns that hold a source)
_TABLES = {
    "service_types.csv": (("service_type",), ("basis", "rule_basis")),
    "beneficiary_groups.csv": (("group",), ("basis",)),
    "need_answers.csv": (("need", "service_type"), ("basis",)),
    "authority_kinds.csv": (("service_type", "serves"), ("basis",)),
    "emergency_lines.csv": (("code",), ("basis",)),
    "siting_costs.csv": (("code",), ("basis",)),
}
COLUMNS = ("file", "row", "rule", "column", "source")


def assumed_rules(folder: Path = FOLDER) -> pd.DataFrame:
    """List the assumed rules: `file`, `row` (1 = first below the header), `rule`, `column`, `source` as written."""
    found = [
        (file, row.number, " / ".join(row.text(key) for key in keys), column, row.text(column))
        for file, (keys, sources) in _TABLES.items()
        for row in read_rows(folder / file, (*keys, *sources))
        for column in sources
        if "assumed" in row.text(column)
    ]
    return pd.DataFrame(found, columns=list(COLUMNS))


def assumed_lines(folder: Path = FOLDER) -> list[str]:
    """Return the assumed rules as a table in Markdown, for docs/assumed-rules.md."""
    rules = assumed_rules(folder)
    head = ["| tabel | rând | regulă | coloană | ce scrie ca temei |", "|---|---:|---|---|---|"]
    cells = ["file", "row", "rule", "column", "source"]
    return head + [
        "| " + " | ".join(str(cell).replace("|", "/") for cell in row) + " |"
        for row in rules[cells].itertuples(index=False)
    ]


if __name__ == "__main__":
    print("\n".join(assumed_lines()))
