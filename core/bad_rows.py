"""Rows of a file that cannot be taken: which row and column, what was found, what was expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import MapError
from core.i18n import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_NAMED = 8


class BadRowsError(MapError, ValueError):
    """Rows of a file cannot be taken. lines: one sentence each: row, column, found, expected."""

    def __init__(self, file: str, lines: Sequence[str], *, most_named: int = _MOST_NAMED) -> None:
        """Keep the first lines for who shows them one under the other, and how many more there are."""
        rest = len(lines) - most_named
        more = [ngettext("Și încă {n} rând greșit.", "Și încă {n} rânduri greșite.", rest).format(n=rest)]
        self.lines = (*lines[:most_named], *(more if rest > 0 else ()))
        super().__init__(f"{file}: {' '.join(self.lines)}")


def bad_row(place: int, title: str, found: str, expected: str) -> str:
    """Return in words what is wrong with a cell. place: of the row, from 1 below the titles; title: of its column."""
    return _("Rândul {row} de sub antet, coloana „{column}”: am găsit „{found}”, se așteaptă {expected}.").format(
        row=place, column=title, found=found[:20], expected=expected
    )
