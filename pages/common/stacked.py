"""Wide tables on a narrow screen: each row becomes a card, each value with the name of its column before it.

A telephone shows two or three columns; the rest would lie off to the right, and the most important may be there.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_SIDE_BY_SIDE = 3  # columns that a screen of 360 px has room for
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<(td|th)\b[^>]*")
_SPAN = re.compile(r'colspan="(\d+)"')


def kind(heads: Sequence[str]) -> str:
    """Give the class of a table that has more columns than a telephone has room for; blank for a narrow one."""
    return "hs-stack" if len(heads) > MOST_SIDE_BY_SIDE else ""


def labelled(rows: str, heads: Sequence[str]) -> str:
    """Write beside every cell the name of its column, which the style sheet shows once the head is out of sight.

    rows: HTML of rows without tables inside them. heads: plain words, one a column, blank for a corner.
    """
    if not kind(heads):
        return rows

    def one_row(row: re.Match[str]) -> str:
        names = iter(heads)

        def one_cell(cell: re.Match[str]) -> str:
            name = next(names, "")
            if span := _SPAN.search(cell[0]):
                for _skipped in range(1, int(span[1])):
                    next(names, "")
            return f'{cell[0]} data-label="{escape(name)}"' if name else cell[0]

        return _CELL.sub(one_cell, row[0])

    return _ROW.sub(one_row, rows)
