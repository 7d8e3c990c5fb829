"""What a cell of an instrument's sheet must be, and the reason with which its row is refused where it is not."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from cases.instrument.expression_trees import ExpressionError, Tree, parse_expression, type_fault
from cases.instrument.instrument_sheets import InstrumentRow
from core.i18n import _
from core.reading.tidied_table import Refusal
from core.text import fold

_CODE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_MOST_DAYS = 10_000


class RowRefusedError(ValueError):
    """A row cannot be taken; it carries the refusal."""

    def __init__(self, row: InstrumentRow, column: str, reason: str, message: str) -> None:
        super().__init__(message)
        self.refusal = Refusal(row.number, column, row.cells.get(column, ""), reason, message, row.sheet)


def text(row: InstrumentRow, column: str) -> str:
    """Return a cell, which must not be empty."""
    if not row.cells[column]:
        raise RowRefusedError(row, column, "missing", _("lipsește; așteptam un text"))
    return row.cells[column]


def code(row: InstrumentRow, column: str) -> str:
    """Return a cell that names something in expressions: letters, digits and _, no space."""
    if not _CODE.fullmatch(row.cells[column]):
        raise RowRefusedError(
            row,
            column,
            "bad_code",
            _("așteptam un cod din litere fără diacritice, cifre și _, care începe cu o literă"),
        )
    return row.cells[column]


def word(row: InstrumentRow, column: str, allowed: Collection[str], empty: str | None = None) -> str:
    """Return a cell that is one of some words; empty: what an empty cell stands for, None = it may not be empty."""
    found = row.cells[column]
    if not found and empty is not None:
        return empty
    if found not in allowed:
        raise RowRefusedError(
            row, column, "unknown_word", _("așteptam unul dintre: {words}").format(words=", ".join(allowed))
        )
    return found


def whole(row: InstrumentRow, column: str, empty: int | None = None) -> int:
    """Return a whole number; empty: what an empty cell stands for, None = it may not be empty."""
    found = row.cells[column]
    if not found and empty is not None:
        return empty
    if not (found.isascii() and found.isdigit() and int(found) <= _MOST_DAYS):
        raise RowRefusedError(
            row, column, "bad_number", _("așteptam un număr întreg, cel mult {n}").format(n=_MOST_DAYS)
        )
    return int(found)


def translate(row: InstrumentRow, column: str, english: dict[str, str]) -> None:
    """Take what a row says of a column in English, where it says so."""
    if row.cells[column] and row.cells[f"{column}_en"]:
        english[row.cells[column]] = row.cells[f"{column}_en"]


def expression(
    row: InstrumentRow,
    column: str,
    kinds: dict[str, str],
    choices: dict[str, frozenset[str]],
    *,
    about_own: bool = False,
) -> Tree | None:
    """Return the tree of a cell, None where it is empty; kinds and choices are of the questions it may speak of."""
    if not row.cells[column]:
        return None
    try:
        tree = parse_expression(row.cells[column], about_own=about_own)
    except ExpressionError as error:
        raise RowRefusedError(row, column, "bad_expression", str(error)) from None
    if fault := type_fault(tree, kinds, choices):
        raise RowRefusedError(row, column, "dangling_name", fault)
    return tree


@dataclass
class Meanings:
    """What each code means: in the editions before (`first`), and in this one as it is read (`now`).

    A code is named by its sheet (`choices` with its list) and itself. Its words may be spelt better; other words need
    `formerly`, the words of before, by which a person says that they mean the same.
    """

    first: Mapping[tuple[str, str], str] = field(default_factory=dict)
    now: dict[tuple[str, str], str] = field(default_factory=dict)

    def settle(self, row: InstrumentRow, place: str, said_code: str, words: str, *, column: str = "label") -> None:
        """Take what a row says that its code means, or refuse it."""
        key = (place, said_code)
        before = self.first.get(key, "")
        codes = {fold(words), fold(row.cells.get("formerly", ""))}
        if before and words and fold(before) not in codes:
            raise RowRefusedError(
                row,
                column,
                "new_meaning",
                _(
                    "codul {code} a însemnat „{before}” într-o ediție de dinainte. Pentru alt înțeles folosiți un cod "
                    "nou; dacă este același înțeles cu alte cuvinte, puneți cuvintele de dinainte în coloana „formerly”"
                ).format(code=said_code, before=before[:80]),
            )
        if words or before:
            self.now[key] = words or before

    def keep_kind(self, row: InstrumentRow, said_code: str, kind: str) -> None:
        """Take the kind of a question's answers, which never changes, or refuse the row."""
        key = ("survey.type", said_code)
        if self.first.get(key, kind) != kind:
            raise RowRefusedError(
                row,
                "type",
                "new_meaning",
                _(
                    "întrebarea {code} a fost „{before}” într-o ediție de dinainte; pentru alt fel folosiți un nume nou"
                ).format(code=said_code, before=self.first[key]),
            )
        self.now[key] = kind

    @property
    def every(self) -> dict[tuple[str, str], str]:
        """Return what every code of any edition means, in the words that are the newest for it."""
        return {**self.first, **self.now}
