"""What a layer's `tidy()` returns: the rows that are good, the rows that are not, and what was mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

REJECT_COLUMNS: dict[str, str] = {
    "row": "row of the source file, 1 = first data row (header not counted)",
    "field": "column of the source file",
    "value": "what was found there",
    "reason": "code of the reason: missing, unknown_code, duplicate_key, bad_position, not_placed, bad_number, …",
    "message": "what is wrong and what was expected, in words",
    "sheet": "name of the sheet in which the row stands, where the file has several",
}
_LONGEST_VALUE = 200  # characters of a refused value that are kept


@dataclass(frozen=True)
class Refusal:
    """One row that was not loaded.

    Attributes
    ----------
    row
        Its number, 1 = first data row.
    field
        Column that is to blame.
    value
        What was found there.
    reason
        Code of the reason.
    message
        The reason in words.
    sheet
        The sheet in which it stands; "" where the file has one.
    """

    row: int
    field: str
    value: str
    reason: str
    message: str
    sheet: str = ""


@dataclass(frozen=True)
class TidiedTable:
    """A layer read from a file. `rows_read == len(rows) + len(rejects)`, always.

    Attributes
    ----------
    rows
        The layer's own table (see its module).
    rejects
        REJECT_COLUMNS, one row a refused row.
    rows_read
        Rows of the file.
    others
        Further tables made of the same rows, by name.
    notes
        Counted remarks in words.
    """

    rows: Any
    rejects: pd.DataFrame
    rows_read: int
    others: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def rejects_table(refusals: Iterable[Refusal]) -> pd.DataFrame:
    """Put refusals in a table of REJECT_COLUMNS, in row order."""
    records = sorted((asdict(r) for r in refusals), key=lambda r: int(r["row"]))
    table = pd.DataFrame(records, columns=list(REJECT_COLUMNS))
    table["value"] = table["value"].astype("str").str.slice(0, _LONGEST_VALUE)
    return table.astype({"row": "int64", "field": "str", "reason": "str", "message": "str", "sheet": "str"})


def first_refusal_per_row(refusals: Iterable[Refusal]) -> dict[int, Refusal]:
    """Keep the first refusal of each row, by row."""
    first: dict[int, Refusal] = {}
    for refusal in refusals:
        first.setdefault(refusal.row, refusal)
    return first
