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

    from core.reading.curated_tables import CuratedRow

# table: (columns that name the row, columns that hold a source)
_TABLES = {
    "service_types.csv": (("service_type",), ("basis", "rule_basis")),
    "beneficiary_groups.csv": (("group",), ("basis",)),
    "need_answers.csv": (("need", "service_type"), ("basis",)),
    "authority_kinds.csv": (("service_type", "serves"), ("basis",)),
    "emergency_lines.csv": (("code",), ("basis",)),
    "siting_costs.csv": (("code",), ("basis",)),
    "own_steps.csv": (("topic", "kind"), ("certainty",)),
    "papers.csv": (("paper",), ("certainty",)),
}
COLUMNS = ("file", "row", "rule", "column", "source", "settled_by")
# What would settle an assumed rule, by the table and the beginning of the code: the first that fits.
_SETTLED_BY = (
    ("service_types.csv", "AUT-", "actul de organizare al instituției sau lista ei publicată"),
    ("service_types.csv", "MED-", "contractul-cadru CNAS și normele lui, sau lista DSP a județului"),
    ("service_types.csv", "EDU-", "metodologia de înscriere a anului școlar"),
    ("service_types.csv", "EMP-", "normele Legii 76/2002 sau lista punctelor de lucru ANOFM"),
    ("service_types.csv", "SOC-", "confirmarea organizației"),
    ("service_types.csv", "", "standardul minim de calitate al tipului sau metodologia furnizorului"),
    ("beneficiary_groups.csv", "", "definiția din legea numită sau din nomenclatorul registrului"),
    ("need_answers.csv", "", "legea sau procedura pe care o numește un specialist, pe un caz"),
    ("authority_kinds.csv", "", "actul de organizare al instituției"),
    ("emergency_lines.csv", "", "anunțul public al liniei"),
    ("siting_costs.csv", "", "standardele de cost în vigoare"),
    ("own_steps.csv", "", "articolul din legea numită la „basis”, spus de un specialist"),
    ("papers.csv", "", "lista actelor cerute de comisia județului"),
)


def assumed_rules(folder: Path = FOLDER) -> pd.DataFrame:
    """List the assumed rules, with what would settle each.

    Columns: `file`, `row` (1 = first below the header), `rule`, `column`, `source` as written, `settled_by`.
    """
    found = [
        (file, row.number, " / ".join(row.text(key) for key in keys), column, row.text(column), _settled_by(file, row))
        for file, (keys, sources) in _TABLES.items()
        for row in read_rows(folder / file, (*keys, *sources))
        for column in sources
        if "assumed" in row.text(column)
    ]
    return pd.DataFrame(found, columns=list(COLUMNS))


def _settled_by(file: str, row: CuratedRow) -> str:
    code = row.cells.get("service_type", "")
    return next(words for name, beginning, words in _SETTLED_BY if name == file and code.startswith(beginning))


def assumed_lines(folder: Path = FOLDER) -> list[str]:
    """Return the assumed rules as a table in Markdown, for docs/assumed-rules.md."""
    rules = assumed_rules(folder)
    head = ["| tabel | rând | regulă | coloană | ce scrie ca temei | ce ar lămuri |", "|---|---:|---|---|---|---|"]
    cells = list(COLUMNS)
    return head + [
        "| " + " | ".join(str(cell).replace("|", "/") for cell in row) + " |"
        for row in rules[cells].itertuples(index=False)
    ]


if __name__ == "__main__":
    print("\n".join(assumed_lines()))
