"""Tables going out: JSON-ready columns; text defused: a spreadsheet shows what others wrote and never runs it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def defuse(value: Any) -> Any:
    """Put an apostrophe before text that a spreadsheet would take for a formula; leave everything else.

    A telephone number or a negative number written as text keeps its meaning behind the apostrophe.

    >>> defuse("=HYPERLINK(1)"), defuse("Centrul de zi"), defuse(-3)
    ("'=HYPERLINK(1)", 'Centrul de zi', -3)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_RUNS) else value


def undefused(text: str) -> str:
    """Take the apostrophe off that `defuse` put before a text; leave every other.

    >>> undefused("'=HYPERLINK(1)"), undefused("'70")
    ('=HYPERLINK(1)', "'70")
    """
    return text[1:] if text.startswith("'") and text[1:].startswith(_RUNS) else text


def defused(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with every text cell defused."""
    safe = table.copy()
    for column in safe.columns:
        if safe[column].dtype.kind in "OSU" or str(safe[column].dtype) == "str":
            safe[column] = safe[column].map(defuse, na_action="ignore")
    return safe


_TYPES = {"i": "integer", "u": "integer", "f": "number", "b": "boolean"}
_DIGITS = 6  # a tenth of a metre in degrees


def json_columns(table: pd.DataFrame) -> tuple[dict[str, list[Any]], dict[str, str]]:
    """Return a table as JSON-ready columns, None where nothing is known, and the JSON type of each."""
    columns, types = {}, {}
    for name, column in table.items():
        kind = column.dtype.kind
        plain = column.astype("object").where(column.notna(), None).tolist()
        if kind == "f":
            plain = [
                None if value is None or not math.isfinite(value) else round(float(value), _DIGITS) for value in plain
            ]
        elif kind == "O":
            plain = [None if value in (None, "") else value for value in plain]
        columns[str(name)] = plain
        types[str(name)] = _TYPES.get(kind, "string")
    return columns, types


def csv_bytes(table: pd.DataFrame, *, is_romanian: bool = False) -> bytes:
    """Return a table as CSV that a spreadsheet opens with its diacritics.

    Parameters
    ----------
    table
        Columns and rows; the index is left out.
    is_romanian
        With semicolons and decimal commas, as a Romanian spreadsheet writes them; else for programs.

    Returns
    -------
    bytes
        UTF-8 with a mark, text that a spreadsheet would take for a formula defused.
    """
    sep, decimal = (";", ",") if is_romanian else (",", ".")
    text = defused(table).to_csv(index=False, sep=sep, decimal=decimal)
    return text.encode("utf-8-sig")


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV that a spreadsheet opens with its diacritics.

    Parameters
    ----------
    table
        Columns and rows; the index is left out.
    path
        The file, as `csv_bytes` gives it.
    """
    path.write_bytes(csv_bytes(table))
