"""The rules that no law or register is known to say: a list for a specialist to confirm or to correct.

A rule is `assumed` where its source says so; the word may stand beside a law that says the rest. Run from the top of
the repository, `python -m scripts.assumed_rules` prints the table of docs/assumed-rules.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from core.reading.curated_tables import FOLDER, PROVENANCE_COLUMNS, read_rows

if TYPE_CHECKING:
    from pathlib import Path

    from core.reading.curated_tables import CuratedRow

# table: (columns that name the row, columns that hold a source)
_TABLES = {
    "service_types.csv": (("service_type",), ("basis", "rule_basis")),
    "beneficiary_groups.csv": (("group",), ("basis",)),
    "need_answers.csv": (("need", "service_type"), ("basis",)),
    "need_crosswalk.csv": (("code",), ("basis",)),
    "authority_kinds.csv": (("service_type", "serves"), ("basis",)),
    "emergency_lines.csv": (("code",), ("basis",)),
    "pension_age.csv": (("sex", "since"), ("basis",)),
}
# Tables that say of a rule only that it is assumed: what would settle any of them.
_SETTLED_ALIKE = {
    "siting_costs.csv": (("code",), ("basis",), "standardele de cost în vigoare"),
    "own_steps.csv": (
        ("topic", "kind"),
        ("certainty",),
        "articolul din legea numită la „basis”, spus de un specialist",
    ),
    "papers.csv": (("paper",), ("certainty",), "lista actelor cerute de comisia județului"),
}
COLUMNS = ("file", "row", "rule", "source", "checked_on", "settled_by")


def assumed_rules(folder: Path = FOLDER) -> pd.DataFrame:
    """List the assumed rules, with what would settle each.

    Columns: `file`, `row` (1 = first below the header), `rule`, `source` as written, `checked_on` (the day on which
    the row was last read against its source; empty in tables that do not say), `settled_by`.
    """
    found: list[tuple[object, ...]] = []
    for file, (keys, sources) in _TABLES.items():
        for row in read_rows(folder / file, (*keys, *sources, *PROVENANCE_COLUMNS)):
            basis = row.provenance()
            if basis.is_assumed:
                said = "; ".join(dict.fromkeys(row.text(column) for column in sources))
                found.append((file, row.number, _named(row, keys), said, basis.checked_on, basis.settle_by))
    for file, (keys, sources, settled_by) in _SETTLED_ALIKE.items():
        found += [
            (file, row.number, _named(row, keys), "assumed", "", settled_by)
            for row in read_rows(folder / file, (*keys, *sources))
            if any("assumed" in row.text(column) for column in sources)
        ]
    return pd.DataFrame(found, columns=list(COLUMNS))


def _named(row: CuratedRow, keys: tuple[str, ...]) -> str:
    return " / ".join(row.text(key) for key in keys)


def assumed_lines(folder: Path = FOLDER) -> list[str]:
    """Return the assumed rules as a table in Markdown, for docs/assumed-rules.md."""
    rules = assumed_rules(folder)
    head = ["| tabel | rând | regulă | ce scrie ca temei | citit la | ce ar lămuri |", "|---|---:|---|---|---|---|"]
    cells = list(COLUMNS)
    return head + [
        "| " + " | ".join(str(cell).replace("|", "/") for cell in row) + " |"
        for row in rules[cells].itertuples(index=False)
    ]


if __name__ == "__main__":
    print("\n".join(assumed_lines()))
