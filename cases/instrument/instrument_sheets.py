"""The sheets of an instrument, read from a workbook, from a CSV or from a folder with a CSV a sheet; hostile all of it.

A CSV holds several sheets one under the other as tools for these forms write them: a row with the name of the sheet
alone in its first cell, then its titles and rows beginning in the second cell. One without such a row is the sheet
`survey`. Titles are those of XLSForm, and a few of our own.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.errors import MissingColumnError, UnreadableFileError
from core.i18n import _
from core.reading.csv_rows import read_csv_rows
from core.reading.fields import Field, text_of
from core.reading.files import require_size
from core.reading.reading_account import account_now, open_account
from core.reading.sheets import SHEETS, RawSheet, read_workbook
from core.reading.tables import table_of_sheets
from core.reading.tidied_table import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_LABEL = ("label", "label::Română (ro)", "label::Romanian (ro)", "label::Română", "label::ro")
_HINT = ("hint", "hint::Română (ro)", "hint::Romanian (ro)", "hint::Română", "hint::ro")
_MESSAGE = ("constraint_message", "constraint_message::Română (ro)", "constraint_message::ro")


def _english(column: str) -> Field:
    """Return the column that holds the English of another."""
    return Field(f"{column}_en", (f"{column}::English (en)", f"{column}::English", f"{column}::en"))


# The columns of each sheet that are read. `formerly` says that a row means what it meant under other words.
FIELDS: dict[str, tuple[Field, ...]] = {
    "survey": (
        Field("type", ("type",), required=True),
        Field("name", ("name",), required=True),
        Field("label", _LABEL),
        _english("label"),
        Field("hint", _HINT),
        _english("hint"),
        Field("relevant", ("relevant",)),
        Field("required", ("required",)),
        Field("constraint", ("constraint",)),
        Field("constraint_message", _MESSAGE),
        _english("constraint_message"),
        Field("calculation", ("calculation",)),
        Field("choice_filter", ("choice_filter",)),
        Field("default", ("default",)),
        Field("domain", ("domain",)),
        Field("private", ("private",)),
        Field("formerly", ("formerly",)),
    ),
    "choices": (
        Field("list_name", ("list_name", "list name"), required=True),
        Field("name", ("name",), required=True),
        Field("label", _LABEL),
        _english("label"),
        Field("formerly", ("formerly",)),
    ),
    "findings": (
        Field("code", ("code",), required=True),
        Field("when", ("when",), required=True),
        Field("label", _LABEL),
        _english("label"),
        Field("level", ("level",), required=True),
        Field("member", ("member",)),
        Field("sees", ("sees",)),
        Field("scope", ("scope",)),
        Field("needs", ("needs",)),
        Field("basis", ("basis",)),
        Field("formerly", ("formerly",)),
    ),
    "actions": (
        Field("need_group", ("need_group",), required=True),
        Field("member", ("member",), required=True),
        Field("package_class", ("package_class",)),
        Field("amc_service", ("amc_service",)),
        Field("words", ("words",), required=True),
        _english("words"),
        Field("working_days", ("working_days",), required=True),
        Field("basis", ("basis",)),
    ),
    "levels": (
        Field("level", ("level",), required=True),
        *(Field(name, (name,)) for name in ("danger", "high", "medium")),
        Field("gaps_percent", ("gaps_percent",)),
        Field("basis", ("basis",)),
    ),
    "without_rule": (
        Field("code", ("code",), required=True),
        Field("reason", ("reason",), required=True),
    ),
}
NEEDED_SHEETS = ("survey", "findings")


@dataclass(frozen=True)
class InstrumentRow:
    """One row of a sheet. number: 1 = first row below the titles. cells: text by our name of the column."""

    sheet: str
    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class InstrumentSheets:
    """The sheets of an instrument by their names, and the rows of them that could not even be read."""

    rows: dict[str, list[InstrumentRow]]
    refusals: tuple[Refusal, ...] = ()


def read_sheets(path: Path) -> InstrumentSheets:
    """Read the sheets of an instrument.

    Parameters
    ----------
    path
        A workbook, a CSV, or a folder of CSV files named after their sheets.

    Returns
    -------
    InstrumentSheets
        The sheets that are there, in the order of FIELDS; the others are named in the account of the import.

    Raises
    ------
    UnreadableFileError
        Naming the file: empty, damaged, too large, of another format, a sheet twice.
    MissingColumnError
        Naming the file, the sheet and what it lacks.
    """
    with open_account() as account:  # what a layer merely notes of a cell is a reason against an instrument
        sheets = _by_name(path, _raw_sheets(path))
        read = {name: _rows(path, name, sheet) for name, sheet in sheets.items()}
    account_now().files.update(account.files)
    refused = tuple(refusal for _rows, refusals in read.values() for refusal in refusals)
    return InstrumentSheets({name: rows for name, (rows, _refusals) in read.items()}, refused)


def _by_name(path: Path, found: Sequence[RawSheet]) -> dict[str, RawSheet]:
    own = account_now().begin(str(path))
    named: dict[str, RawSheet] = {}
    for sheet in found:
        name = sheet.name.strip().casefold().replace(" ", "_")
        if name not in FIELDS or sheet.is_hidden:
            own.sheets.append(sheet.name[:60])
        elif name in named:
            raise UnreadableFileError(_("{file}: foaia „{sheet}” este de două ori.").format(file=path.name, sheet=name))
        else:
            named[name] = sheet
    if missing := [name for name in NEEDED_SHEETS if name not in named]:
        raise MissingColumnError(
            _("{file}: lipsesc foile {missing}. Am găsit: {found}.").format(
                file=path.name,
                missing=", ".join(f"„{name}”" for name in missing),
                found=", ".join(f"„{sheet.name[:40]}”" for sheet in found) or _("nimic"),
            )
        )
    return {name: named[name] for name in FIELDS if name in named}


def _raw_sheets(path: Path) -> list[RawSheet]:
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix.lower() == ".csv")
        return [RawSheet(file.stem, rows=read_csv_rows(file), is_ragged=True) for file in files]
    if path.suffix.lower() in SHEETS:
        return read_workbook(path)
    require_size(path)
    return _stacked(read_csv_rows(path))


def _stacked(rows: Sequence[Sequence[str]]) -> list[RawSheet]:
    """Part a CSV that holds several sheets, each below a row with its name alone."""
    filled = [[text_of(cell) for cell in row] for row in rows]
    first = next((cells for cells in filled if any(cells)), [])
    if not first or not first[0] or any(first[1:]) or len(first) == 1:
        return [RawSheet("survey", rows=rows, is_ragged=True)]
    parts: list[tuple[str, list[Sequence[str]]]] = []
    for cells, row in zip(filled, rows, strict=True):
        if cells and cells[0]:
            parts.append((cells[0], []))
        elif parts:
            parts[-1][1].append(row[1:])
    return [RawSheet(name, rows=below, is_ragged=True) for name, below in parts]


def _rows(path: Path, name: str, sheet: RawSheet) -> tuple[list[InstrumentRow], list[Refusal]]:
    # The account of the file says which sheet it speaks of; messages name both.
    file_path = path.with_name(_("{file}, foaia „{sheet}”").format(file=path.name, sheet=name))
    own = account_now().begin(str(file_path))
    if not any(any(map(text_of, row)) for row in sheet.rows):
        raise UnreadableFileError(_("{file}: foaia este goală.").format(file=file_path.name))
    table = table_of_sheets([sheet], FIELDS[name], path=file_path)
    columns = [field.name for field in FIELDS[name]]
    table = table.reindex(columns=[*columns, "row"], fill_value="")
    rows = [
        InstrumentRow(name, int(number), dict(zip(columns, map(str.strip, cells), strict=True)))
        for *cells, number in table.itertuples(index=False, name=None)
    ]
    refusals = [replace(refusal, sheet=name) for refusal in own.refusals]
    own.refusals.clear()
    used = {use.title for use in own.titles if use.field}
    unread = {
        row: (file_path.title, file_path.why)
        for file_path in own.cells()
        if file_path.title in used
        for row in file_path.rows
    }
    refusals += [Refusal(row, title, "", "not_read", why, name) for row, (title, why) in unread.items()]
    return [row for row in rows if row.number not in unread], refusals


def write_stacked(sheets: dict[str, list[InstrumentRow]], path: Path) -> None:
    """Write sheets as one CSV, as `read_sheets` and other tools for these forms read it.

    Parameters
    ----------
    sheets
        As `read_sheets` returns them.
    path
        The file that is written.
    """
    width = 1 + max(len(fields) for fields in FIELDS.values())
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")

        def write(cells: Sequence[str]) -> None:
            writer.writerow([*cells, *[""] * (width - len(cells))])

        for name, rows in sheets.items():
            write([name])
            write(["", *(field.name for field in FIELDS[name])])
            for row in rows:
                write(["", *row.cells.values()])
