"""Copies of the hand-kept tables in which a test may change a row."""

from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING

from core.reading.curated_tables import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

# Not those that a script makes of other files.
MADE = ("synthetic_", "calibration_", "register_offers")
TABLES = sorted(path.stem for path in FOLDER.glob("*.csv") if "." not in path.stem and not path.stem.startswith(MADE))


def copies(folder: Path) -> Path:
    """Copy the tables into a folder of the test's own."""
    for path in FOLDER.glob("*.csv"):
        shutil.copy(path, folder)
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
