"""Copies of the hand-kept tables in which a test may change a row."""

from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING

from core.reading.curated_tables import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

TABLES = (
    "service_types", "beneficiary_groups", "needs", "need_answers", "need_crosswalk", "authority_kinds",
    "emergency_lines", "siting_costs", "court_areas", "need_phrases", "need_words",
    "own_steps", "papers", "paper_lines",
)  # fmt: skip


def copies(folder: Path) -> Path:
    """Copy the tables into a folder of the test's own."""
    for name in TABLES:
        shutil.copy(FOLDER / f"{name}.csv", folder)
    return folder


def change(folder: Path, table: str, key: str, **cells: str) -> None:
    """Change cells of every row that has `key` in any of its cells."""
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        if key in row.values():
            row.update(cells)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
