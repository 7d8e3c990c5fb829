"""The census's printed table of population by age group: blocks of counties, a blank row before each.

Names and numbers stand where a typesetter put them: titles over several rows, county totals among the rows,
footnotes below. This turns it into a plain table; `geo.layers.population` makes sense of the names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pandas as pd

from core.text import fold

_OPEN_GROUP = re.compile(r"85(?:\s*\+|\s*(?:de )?ani|$|\s*si peste)")
_HEADER_ROWS = 40
_FIRST_OF_LAST = 85
_TOTAL_COLUMN = 1
_ENOUGH_GROUPS = 10


def age_columns() -> tuple[str, ...]:
    """Name the age groups of the census: age_0_4, age_5_9 … age_80_84, age_85_plus."""
    return (*(f"age_{start}_{start + 4}" for start in range(0, _FIRST_OF_LAST, 5)), f"age_{_FIRST_OF_LAST}_plus")


def printed_table(rows: Sequence[Sequence[object]]) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Read the printed table of a census out of a sheet's raw rows.

    Parameters
    ----------
    rows
        Cells of the sheet, row by row, as they are.

    Returns
    -------
    tuple of DataFrames, or None
        The rows of units (`row`, `name`, `county`, `population` and age columns, all as text: `*` is confidential, `-`
        none), and the totals of the counties (`county`, `population`). None where the sheet holds no such table.
    """
    header = next((i for i, r in enumerate(rows[:_HEADER_ROWS]) if len(_groups(r)) >= _ENOUGH_GROUPS), None)
    if header is None:
        return None
    groups = _groups(rows[header])
    units: list[dict[str, object]] = []
    totals: list[dict[str, object]] = []
    county = ""
    for number, starts_block, row in _body(rows[header + 1 :]):
        name = _text(row[0])
        if starts_block:
            county = name
            totals.append({"county": name, "population": int(_text(row[_TOTAL_COLUMN]))})
            if not _is_unit(name):
                continue
        ages = {column: _text(row[at]) if at < len(row) else "" for column, at in groups.items()}
        units.append({"row": number, "name": name, "county": county, "population": _text(row[_TOTAL_COLUMN]), **ages})
    return _frame(units, ["row", "name", "county", "population", *groups]), _frame(totals, ["county", "population"])


def _frame(records: list[dict[str, object]], columns: list[str]) -> pd.DataFrame:
    table = pd.DataFrame(records, columns=columns)
    return table.astype(
        {c: "int64" if c == "row" or (c == "population" and "row" not in columns) else "str" for c in columns}
    )


def _groups(row: Sequence[object]) -> dict[str, int]:
    """Find the column of each age group in a title row. The census prints „80 - 85” for 80 to 84."""
    found: dict[str, int] = {}
    for at, cell in enumerate(row):
        text = fold(_text(cell).replace("-", " - ").replace("–", " - "))
        if match := re.fullmatch(r"(\d{1,2}) \d{1,2}(?: ani)?", text):
            start = int(match[1])
            if start % 5 == 0 and start < _FIRST_OF_LAST:
                found.setdefault(f"age_{start}_{start + 4}", at)
        elif _OPEN_GROUP.match(text):
            found.setdefault(f"age_{_FIRST_OF_LAST}_plus", at)
    return found


def _body(rows: Sequence[Sequence[object]]) -> Iterator[tuple[int, bool, Sequence[object]]]:
    """Yield the rows with a name and a total: number (1 = first below the titles), whether a blank row is above."""
    blank_above = False
    for number, row in enumerate(rows, start=1):
        if not any(_text(c) for c in row):
            blank_above = True
        elif len(row) > _TOTAL_COLUMN and _text(row[0]) not in ("", "A") and _text(row[_TOTAL_COLUMN]).isdigit():
            yield number, blank_above, row
            blank_above = False


def _is_unit(name: str) -> bool:
    """Bucharest is a block of one row: county and unit at once."""
    return fold(name).startswith("municipiul")


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
