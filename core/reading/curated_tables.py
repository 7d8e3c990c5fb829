"""Tables that people keep by hand under `data/providers/`: read strictly, so that a slip in a cell is found.

A specialist corrects a rule by editing one row of a CSV file; what cannot be read is refused with the
file, the row and the column, never guessed.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from core.errors import MissingColumnError, UnreadableFileError
from core.i18n import _
from core.resources import DATA

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

FOLDER = DATA / "providers"
PROVENANCE_COLUMNS = ("basis", "checked_on", "certainty", "settle_by")
_CERTAINTIES = ("sure", "assumed")


@dataclass(frozen=True)
class RuleProvenance:
    """Why a rule is as it is.

    Attributes
    ----------
    basis
        Law, register or procedure, or `assumed`.
    checked_on
        Day on which the row was last read against it.
    is_assumed
        Whether a specialist has still to confirm some of it.
    settle_by
        What would settle it; None where it is sure.
    """

    basis: str
    checked_on: date
    is_assumed: bool
    settle_by: str | None


@dataclass(frozen=True)
class CuratedRow:
    """One row of a table: the file's name, the row's number (1 = first below the header) and its cells."""

    file: str
    number: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        """Return the cell, which must not be empty."""
        if not self.cells[column]:
            raise self.cell_error(column, _("un text"))
        return self.cells[column]

    def optional(self, column: str) -> str | None:
        """Return the cell, None where it is empty."""
        return self.cells[column] or None

    def whole(self, column: str) -> int | None:
        """Return a whole number, None where the cell is empty."""
        cell = self.cells[column]
        if not cell:
            return None
        if not (cell.isascii() and cell.isdigit()):
            raise self.cell_error(column, _("un număr întreg"))
        return int(cell)

    def flag(self, column: str) -> bool:
        """Return true or false, written in English words as the other tables do."""
        return self.choice(column, ("true", "false")) == "true"

    def day(self, column: str) -> date:
        """Return a day written as 2026-11-30."""
        try:
            return date.fromisoformat(self.cells[column])
        except ValueError:
            raise self.cell_error(column, _("o zi scrisă ca 2026-11-30")) from None

    def provenance(self) -> RuleProvenance:
        """Return why the rule of the row is as it is; an assumed one must say what would settle it."""
        is_assumed = self.choice("certainty", _CERTAINTIES) == "assumed"
        if is_assumed != bool(self.cells["settle_by"]):
            raise self.cell_error("settle_by", _("ce ar lămuri regula, dacă și numai dacă este presupusă"))
        return RuleProvenance(self.text("basis"), self.day("checked_on"), is_assumed, self.optional("settle_by"))

    def codes(self, column: str) -> tuple[str, ...]:
        """Return the codes of a cell, `;` between them."""
        return tuple(code.strip() for code in self.cells[column].split(";") if code.strip())

    def choice(self, column: str, allowed: Collection[str]) -> str:
        """Return the cell, which must be one of the allowed words."""
        if self.cells[column] not in allowed:
            raise self.cell_error(column, ", ".join(sorted(allowed)))
        return self.cells[column]

    def key(self, column: str, known: Mapping[str, object], table: str) -> str:
        """Return the cell, which must be a code of another table."""
        if self.cells[column] not in known:
            raise self.cell_error(column, _("un cod din {table}").format(table=table))
        return self.cells[column]

    def keys(self, column: str, known: Mapping[str, object], table: str) -> tuple[str, ...]:
        """Return the codes of a cell, `;` between them, each of which must be a code of another table."""
        found = self.codes(column)
        if not set(found) <= known.keys():
            raise self.cell_error(column, _("coduri din {table}, cu „;” între ele").format(table=table))
        return found

    def cell_error(self, column: str, expected: str) -> UnreadableFileError:
        """Make the error that names this row and column, what was found and what was expected."""
        return UnreadableFileError(
            _("{file}, rândul {row}, coloana {column}: am găsit „{found}”, așteptam {expected}.").format(
                file=self.file,
                row=self.number,
                column=column,
                found=self.cells.get(column, ""),
                expected=expected,
            )
        )


def read_rows(path: Path, columns: Iterable[str]) -> list[CuratedRow]:
    """Read a table kept by hand: a CSV in UTF-8 that has (at least) some columns.

    Parameters
    ----------
    path
        The file.
    columns
        Columns that it must have.

    Returns
    -------
    list of CuratedRow
        In the order of the file; each knows its number for messages.

    Raises
    ------
    MissingColumnError
        Where a column is not there.
    UnreadableFileError
        Where the file cannot be read, or a row has more or fewer cells than the header.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            lines = list(csv.reader(handle, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFileError(_("{file} nu poate fi citit: {why}").format(file=path.name, why=error)) from error
    header = lines[0] if lines else []
    missing = [column for column in columns if column not in header]
    if missing:
        raise MissingColumnError(
            _("{file}: lipsesc coloanele {missing}; am găsit {found}.").format(
                file=path.name, missing=", ".join(missing), found=", ".join(header)
            )
        )
    return [_row(path.name, number, header, line) for number, line in enumerate(lines[1:], start=1)]


def _row(file: str, number: int, header: list[str], line: list[str]) -> CuratedRow:
    if len(line) != len(header):
        raise UnreadableFileError(
            _("{file}, rândul {row}: am găsit {found} celule, așteptam {expected}.").format(
                file=file, row=number, found=len(line), expected=len(header)
            )
        )
    return CuratedRow(file, number, dict(zip(header, (cell.strip() for cell in line), strict=True)))


def index_by(rows: Iterable[CuratedRow], column: str) -> dict[str, CuratedRow]:
    """Index rows by a column that must be unique and not empty."""
    index: dict[str, CuratedRow] = {}
    for row in rows:
        if row.text(column) in index:
            raise row.cell_error(column, _("un cod care nu se repetă"))
        index[row.text(column)] = row
    return index
