"""Tables going out: JSON-ready columns; text defused: a spreadsheet shows what others wrote and never runs it."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

# Blanks and signs that nobody sees, which a spreadsheet may skip before it looks for a formula.
_UNSEEN = r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\0]*"
_RUNS = re.compile(rf"[\t\r\n]|{_UNSEEN}[=+\-@＝＋－＠]")
# Where a spreadsheet expects another sign between cells, it cuts a text in two, and the second half begins a cell.
_SIGNS = re.compile(r"[=+\-@＝＋－＠]")
_RUNS_WITHIN = re.compile(rf"([;,\t\r\n])(?={_UNSEEN}(?:\"{_UNSEEN})*{_SIGNS.pattern})")
_DEFUSED_WITHIN = re.compile(rf"([;,\t\r\n])'(?={_UNSEEN}(?:[\"']{_UNSEEN})*{_SIGNS.pattern})")


def defuse(value: Any) -> Any:
    """Put an apostrophe before text that a spreadsheet would take for a formula; leave everything else.

    A telephone number or a negative number written as text keeps its meaning behind the apostrophe.

    >>> defuse("=HYPERLINK(1)"), defuse("Centrul de zi"), defuse(-3)
    ("'=HYPERLINK(1)", 'Centrul de zi', -3)
    """
    return f"'{value}" if isinstance(value, str) and _RUNS.match(value) else value


def defuse_cell(value: Any) -> Any:
    """Defuse a cell of a CSV, which a spreadsheet may also cut in two where it expects another sign between cells.

    >>> defuse_cell("Centrul de zi;=HYPERLINK(1)"), defuse_cell("0234 111 222; 0234 333 444"), defuse_cell("-3")
    ("Centrul de zi;'=HYPERLINK(1)", '0234 111 222; 0234 333 444', "'-3")
    """
    whole = defuse(value)
    if not isinstance(whole, str) or not _SIGNS.search(whole) or not _RUNS_WITHIN.search(whole):
        return whole
    return _RUNS_WITHIN.sub(r"\1'", whole)


def undefused(text: str) -> str:
    """Take the apostrophes off that `defuse` and `defuse_cell` put into a text; leave every other.

    >>> undefused("'=HYPERLINK(1)"), undefused("'70"), undefused("a;'=1")
    ('=HYPERLINK(1)', "'70", 'a;=1')
    """
    whole = text[1:] if text.startswith("'") and _RUNS.match(text, 1) else text
    return _DEFUSED_WITHIN.sub(r"\1", whole)


def defused(table: pd.DataFrame, *, is_csv: bool = False) -> pd.DataFrame:
    """Return the table with every text cell defused. is_csv: as `defuse_cell` does, titles too."""
    safe, each = table.copy(), defuse_cell if is_csv else defuse
    for column in safe.columns:
        if safe[column].dtype.kind in "OSU" or str(safe[column].dtype) == "str":
            safe[column] = safe[column].map(each, na_action="ignore")
    return safe.rename(columns=each) if is_csv else safe


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
    text = defused(table, is_csv=True).to_csv(index=False, sep=sep, decimal=decimal)
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
