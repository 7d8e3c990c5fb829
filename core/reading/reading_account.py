"""The account of one import: what became of every title, sheet, layer, row and cell of its files.

Readers of files write in the account that is open (`open_account`), wherever they are called from; where none is
open it is thrown away. It also carries what a person chose for titles that no list of ours knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from core.reading.tidied_table import Refusal

NOT_USED = "-"  # chosen for a title that stands for none of our fields
_MOST_ROWS = 200  # row numbers that are kept of one remark; the count has them all
_MOST_REMARKS = 500


@dataclass(frozen=True)
class TitleUse:
    """One title of a file and the field that it was read as ("" = not used)."""

    title: str
    field: str
    sheet: str = ""


@dataclass
class CellRemark:
    """Cells of one title that were not used, for one reason. rows: the first of them, 1 = first data row."""

    title: str
    why: str
    sheet: str = ""
    rows: list[int] = field(default_factory=list)
    count: int = 0


@dataclass(frozen=True)
class Part:
    """A sheet that was read: rows above `after` are those of the sheets before it."""

    sheet: str
    after: int


@dataclass
class FileAccount:
    """What became of one file. refusals: rows that could not even be read as rows of the table."""

    titles: list[TitleUse] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    layers: list[str] = field(default_factory=list)
    remarks: dict[tuple[str, str, str | None], list[int]] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def place(self, row: int) -> tuple[str, int]:
        """Return the sheet of a row, "" where the file has one, and its number there."""
        if len(self.parts) < 2:  # noqa: PLR2004
            return "", row
        part = next((each for each in reversed(self.parts) if row > each.after), self.parts[0])
        return part.sheet, row - part.after

    def remark(self, title: str, why: str, row: int, *, sheet: str | None = None) -> None:
        """Write down a cell that was not used; sheet: where the row is counted from the top of that sheet."""
        key = (title, why, sheet)
        if key in self.remarks or len(self.remarks) < _MOST_REMARKS:
            self.remarks.setdefault(key, []).append(row)

    def cells(self) -> list[CellRemark]:
        """List the cells that were not used, by title, reason and sheet."""
        found: dict[tuple[str, str, str], CellRemark] = {}
        for (title, why, sheet), rows in self.remarks.items():
            for row in rows:
                where, number = self.place(row) if sheet is None else (sheet, row)
                remark = found.setdefault((title, why, where), CellRemark(title, why, where))
                remark.count += 1
                if len(remark.rows) < _MOST_ROWS:
                    remark.rows.append(number)
        return list(found.values())


@dataclass
class ReadingAccount:
    """The account of one import.

    Attributes
    ----------
    choices
        Field or NOT_USED by title, as a person chose.
    files
        What became of each file by its name.
    met
        Titles of `choices` that a file has.
    targets
        Codes of the fields that may be chosen, of the layouts tried.
    """

    choices: Mapping[str, str] = field(default_factory=dict)
    files: dict[str, FileAccount] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)
    targets: dict[str, str] = field(default_factory=dict)

    def offer(self, fields: Mapping[str, str]) -> None:
        """Add fields that may be chosen, by their code, with the title to show."""
        self.targets |= {name: title for name, title in fields.items() if name not in self.targets}

    def begin(self, file: str) -> FileAccount:
        """Start the account of a file; what an earlier try to read it wrote is forgotten."""
        self.files[file] = FileAccount()
        return self.files[file]

    def of(self, file: str) -> FileAccount:
        """Return the account of a file that is being read."""
        return self.files.setdefault(file, FileAccount())

    def main(self) -> FileAccount:
        """Return the account of the file that was read first: the register itself, not its companion."""
        return next(iter(self.files.values()), FileAccount())

    def unused(self) -> dict[str, list[Any]]:
        """List what was not used: `titles`, `sheets`, `layers`, and `cells` (title, sheet, why, rows, count)."""
        files = list(self.files.values())
        titles = [use.title for each in files for use in each.titles if not use.field]
        return {
            "titles": list(dict.fromkeys(titles)),
            "sheets": list(dict.fromkeys(sheet for each in files for sheet in each.sheets)),
            "layers": list(dict.fromkeys(layer for each in files for layer in each.layers)),
            "cells": [vars(said) for each in files for said in each.cells()],
        }


_NOW: ContextVar[ReadingAccount | None] = ContextVar("reading_account", default=None)


@contextmanager
def open_account(choices: Mapping[str, str] | None = None) -> Iterator[ReadingAccount]:
    """Open an account for one import; readers called inside the block write in it.

    Parameters
    ----------
    choices
        Field or NOT_USED by title, as a person chose.

    Yields
    ------
    ReadingAccount
        To be read after the block.
    """
    account = ReadingAccount(choices=dict(choices or {}))
    token = _NOW.set(account)
    try:
        yield account
    finally:
        _NOW.reset(token)


def is_account_open() -> bool:
    """Whether somebody keeps an account, and so counts the rows that were refused while reading."""
    return _NOW.get() is not None


def account_now() -> ReadingAccount:
    """Return the open account, or one that nobody will read."""
    return _NOW.get() or ReadingAccount()
