"""What opens a spreadsheet in a process of its own (see `core.reading.limited_process`).

Two cells in opposite corners of a sheet make the reader ask for 500 GB, and one long text that a million cells
share for more; the library then aborts the whole process. Imports nothing that is slow to start.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from core.reading.sheet_marks import SheetMarks, sheet_marks

_FAR_ROWS = 5_000  # assumed: no list leaves so many rows blank; a cell below them was touched by accident
_MOST_STRAYS = 20
_MOST_COLUMNS = 500  # to which merged cells are filled


def main(*, path: str, rows: int, cells: int) -> dict[str, Any]:
    """Read the sheets of `path`; return `sheets`, or `fault` and what was `found`.

    rows, cells: the most that is read. A sheet is `name`, `hidden`, `rows` (blank ones are empty lists), `faults`
    (row, column, what the cell holds instead of a value), `merged` (ranges over several rows: first row, first column,
    last row, last column) and `strays` (rows of cells far below the table, which are left out); all counted from 0.
    """
    book = CalamineWorkbook.from_path(path)
    marks = sheet_marks(path)
    read: list[dict[str, Any]] = []
    total = 0
    for about in book.sheets_metadata:
        opened = book.get_sheet_by_name(about.name)
        kept, strays = _rows(opened, rows)
        width = max((len(row) for row in kept), default=0)
        total += len(kept) * width
        if len(kept) > rows or total > cells:
            return {"fault": "too_large", "found": [len(kept), width]}
        own = marks.get(about.name, SheetMarks())
        ranges = [(*start, *end) for start, end in opened.merged_cell_ranges or ()] or own.merged
        faults = {(row, column): text for row, column, text in own.faults}
        merged = _filled(kept, ranges, faults)
        read.append(
            {
                "name": about.name,
                "hidden": about.visible != SheetVisibleEnum.Visible,
                "rows": kept,
                "merged": merged,
                "faults": [[*at, text] for at, text in faults.items() if at[0] < len(kept) and kept[at[0]]],
                "strays": strays,
            }
        )
    return {"sheets": read}


def _rows(opened: Any, most: int) -> tuple[list[list[object]], list[int]]:
    """Return the rows to the last one that says something, and the rows of cells far below the others."""
    kept: list[list[object]] = []
    strays: list[int] = []
    lead: list[object] = [""] * (opened.start or (0, 0))[1]  # the library leaves out blank columns on the left
    for at, row in enumerate(opened.iter_rows()):
        if not any(map(_says_something, row)):
            continue
        if kept and at - len(kept) > _FAR_ROWS and len(strays) < _MOST_STRAYS:
            strays.append(at)
            continue
        kept.extend([] for _ in range(min(at, most + 1) - len(kept)))
        kept.append([*lead, *map(_plain, row)])
        if len(kept) > most:
            break
    return kept, strays


def _says_something(cell: object) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def _filled(
    rows: list[list[object]], ranges: list[tuple[int, int, int, int]], faults: dict[tuple[int, int], str]
) -> list[tuple[int, int, int, int]]:
    """Write the value of each merged cell in all that it covers; return the ranges over several rows that were filled.

    A covered cell that has a value of its own, which nobody sees, keeps it behind the one that is shown: hidden under a
    mark it may be another mark. Rows that hold nothing else stay blank.
    """
    several = []
    for top, left, bottom, right in ranges:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        shown, fault = rows[top][left], faults.get((top, left))
        if not _says_something(shown) and fault is None:
            continue
        for at in range(top, min(bottom, len(rows) - 1) + 1):
            row = rows[at]
            if not row:
                continue
            row.extend([""] * (min(right, _MOST_COLUMNS) + 1 - len(row)))
            for column in range(left, min(right, _MOST_COLUMNS) + 1):
                own = row[column]
                differs = _says_something(own) and own != shown
                row[column] = f"{shown}; {own}" if differs else shown
                if fault is not None:
                    faults[at, column] = fault
        if bottom > top:
            several.append((top, left, min(bottom, len(rows) - 1), right))
    return several


def _plain(cell: object) -> object:
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return cell if isinstance(cell, (str, float, int)) or cell is None else str(cell)
