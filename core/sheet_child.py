"""The process that opens a spreadsheet: what a hostile sheet breaks is this process, and nothing else.

Two cells in opposite corners of a sheet make the reader ask for 500 GB, and one long text that a million cells
share for more; the library then aborts the whole process. So it runs on its own, within a limit of memory, and
hands back rows of plain values as JSON. Run by `core.sheets`; imports nothing of ours, to start quickly.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sys
from typing import Any


def main(path: str, wanted: str, limits: str) -> dict[str, Any]:
    """Read one sheet of `path`; return `rows`, or `fault` and what was `found`.

    wanted: JSON of a name, of a position or of null (the first sheet that has rows). limits: JSON of
    `memory_bytes`, `rows` and `cells`.
    """
    most = json.loads(limits)
    _limit_memory(most["memory_bytes"])
    from python_calamine import CalamineWorkbook

    sheet = json.loads(wanted)
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
        if last_row >= most["rows"] or (last_row + 1) * (last_column + 1) > most["cells"]:
            return {"fault": "too_large", "found": [last_row + 1, last_column + 1]}
        if rows := opened.to_python(skip_empty_area=False):
            return {"rows": [[_plain(cell) for cell in row] for row in rows]}
    return {"rows": []}


def _limit_memory(memory_bytes: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows has no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _plain(cell: object) -> object:
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return cell if isinstance(cell, (str, float, int)) or cell is None else str(cell)


if __name__ == "__main__":
    try:
        answer = main(*sys.argv[1:4])
    except MemoryError:
        answer = {"fault": "memory", "found": ""}
    except Exception as error:  # noqa: BLE001  whatever the library says of a broken file is for the person who sent it
        answer = {"fault": "unreadable", "found": str(error)[:120]}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())
