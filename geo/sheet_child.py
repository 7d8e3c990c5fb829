"""What opens a spreadsheet in a process of its own (see `geo.limited_process`).

Two cells in opposite corners of a sheet make the reader ask for 500 GB, and one long text that a million cells
share for more; the library then aborts the whole process. Imports nothing of ours, to start quickly.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from python_calamine import CalamineWorkbook


def main(*, path: str, sheet: str | int | None, rows: int, cells: int) -> dict[str, Any]:
    """Read one sheet of `path`; return `rows`, or `fault` and what was `found`.

    sheet: a name, a position or None (the first sheet that has rows). rows, cells: the most that is read.
    """
    book = CalamineWorkbook.from_path(path)
    names = book.sheet_names
    if isinstance(sheet, str):
        if sheet not in names:
            return {"fault": "no_sheet", "found": names}
        names = [sheet]
    elif sheet is not None:
        names = names[sheet : sheet + 1]
    for name in names:
        opened = book.get_sheet_by_name(name)
        last_row, last_column = opened.end or (-1, -1)
        if last_row >= rows or (last_row + 1) * (last_column + 1) > cells:
            return {"fault": "too_large", "found": [last_row + 1, last_column + 1]}
        if found := opened.to_python(skip_empty_area=False):
            return {"rows": [[_plain(cell) for cell in row] for row in found]}
    return {"rows": []}


def _plain(cell: object) -> object:
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return cell if isinstance(cell, (str, float, int)) or cell is None else str(cell)
