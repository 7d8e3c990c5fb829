"""What a spreadsheet's library does not tell: cells without a value, and in ODS which cells are merged.

A formula that was never computed and an error (`#REF!`) come out of the library as blank cells, and blank means
something: a mark left blank says that an address is public. Read from the file's own parts, beside the library.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import IO, Any
from xml.parsers import expat

FORMULA = "=formulă"  # stands for a formula that has no stored result
_ERROR = "#eroare"  # an error of which nothing is said
_MOST_MARKS = 200_000
_REPEATED_ROWS = 2_000  # a formula repeated further down is one that somebody pulled to the end of the sheet
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_TRIGGERS = (b't="e"', b"t='e'", b"<f", b":f>", b":f ")


@dataclass(frozen=True)
class SheetMarks:
    """Of one sheet, counted from 0: `faults` (row, column, text) and `merged` (first row, column, last row, column)."""

    faults: list[tuple[int, int, str]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def sheet_marks(path: str) -> dict[str, SheetMarks]:
    """Read the marks of every sheet of an XLSX or ODS file by its name; empty for other formats.

    Raises what the file is damaged with (`zipfile.BadZipFile`, `expat.ExpatError`, KeyError, ValueError).
    """
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if "content.xml" in names:
            with archive.open("content.xml") as part:
                return _OpenDocument().read(part)
        if "xl/workbook.xml" not in names:
            return {}
        return dict(_excel(archive, names))


def _parse(part: IO[bytes], start: Callable[..., Any], end: Callable[..., Any], text: Callable[..., Any]) -> None:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    # The office's own and LibreOffice's `value-type` fall together: of the two, `error` is the one that stays.
    parser.StartElementHandler = lambda name, attributes: start(
        name.rpartition(":")[2],
        {key.rpartition(":")[2]: value for key, value in sorted(attributes.items(), key=lambda a: a[1] == "error")},
    )
    parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    parser.CharacterDataHandler = text
    parser.buffer_text = True
    parser.ParseFile(part)


def _refuse(*_said: object) -> None:
    raise ValueError("document type")


def _nothing(*_said: object) -> None:
    return None


def _excel(archive: zipfile.ZipFile, names: set[str]) -> Iterator[tuple[str, SheetMarks]]:
    sheets: list[tuple[str, str]] = []
    targets: dict[str, str] = {}
    recomputes = False

    def in_workbook(name: str, values: dict[str, str]) -> None:
        nonlocal recomputes
        if name == "sheet":
            sheets.append((values["name"], values["id"]))
        elif name == "calcPr":
            recomputes = values.get("fullCalcOnLoad") in ("1", "true")

    def in_relations(name: str, values: dict[str, str]) -> None:
        if name == "Relationship":
            targets[values["Id"]] = normpath(join("xl", values["Target"])).lstrip("/")

    with archive.open("xl/workbook.xml") as part:
        _parse(part, in_workbook, _nothing, _nothing)
    if "xl/_rels/workbook.xml.rels" in names:
        with archive.open("xl/_rels/workbook.xml.rels") as part:
            _parse(part, in_relations, _nothing, _nothing)
    for title, relation in sheets:
        target = targets.get(relation, "")
        if target in names and _may_have_faults(archive, target):
            with archive.open(target) as part:
                yield title, SheetMarks(_ExcelSheet(recomputes=recomputes).read(part))


def _may_have_faults(archive: zipfile.ZipFile, target: str) -> bool:
    """Whether the bytes of a sheet hold what an error or a formula is written with: most registers have none."""
    tail = b""
    with archive.open(target) as part:
        while chunk := part.read(1 << 20):
            window = tail + chunk
            if any(trigger in window for trigger in _TRIGGERS):
                return True
            tail = window[-8:]
    return False


class _ExcelSheet:
    """The cells of one sheet of an XLSX file, as they come."""

    def __init__(self, *, recomputes: bool) -> None:
        # A writer that stores 0 for every formula asks the spreadsheet to compute them all when it opens the file.
        self._recomputes = recomputes
        self._faults: list[tuple[int, int, str]] = []
        self._row = self._column = -1
        self._kind = ""
        self._has_formula = self._has_value = False
        self._within = ""
        self._value: list[str] = []

    def read(self, part: IO[bytes]) -> list[tuple[int, int, str]]:
        _parse(part, self._start, self._end, self._text)
        return self._faults

    def _start(self, name: str, values: dict[str, str]) -> None:
        if name == "row":
            self._row = int(values["r"]) - 1 if "r" in values else self._row + 1
            self._column = -1
        elif name == "c":
            place = _CELL.fullmatch(values.get("r", ""))
            self._column = _column(place[1]) if place else self._column + 1
            self._kind = values.get("t", "n")
            self._has_formula = self._has_value = False
            self._value = []
        elif name == "f":
            self._has_formula = True
        elif name == "v":
            self._has_value, self._within = True, "v"

    def _text(self, text: str) -> None:
        if self._within == "v":
            self._value.append(text)

    def _end(self, name: str) -> None:
        if name == "v":
            self._within = ""
        elif name == "c":
            value = "".join(self._value).strip()
            if self._kind == "e":
                self._add(value or _ERROR)
            elif self._has_formula and self._is_uncomputed(value):
                self._add(FORMULA)

    def _is_uncomputed(self, value: str) -> bool:
        if self._kind == "str" and self._has_value:  # a text that was computed may be empty
            return False
        return not value or (self._recomputes and self._kind == "n" and value == "0")

    def _add(self, text: str) -> None:
        if len(self._faults) >= _MOST_MARKS:
            raise ValueError("faults")
        self._faults.append((self._row, self._column, text))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


class _OpenDocument:
    """The tables of an ODS file, as they come."""

    def __init__(self) -> None:
        self._sheets: dict[str, SheetMarks] = {}
        self._now = SheetMarks()
        self._depth = 0
        self._row = self._column = 0
        self._rows_repeated = 1
        self._cell: dict[str, str] | None = None
        self._value: list[str] = []

    def read(self, part: IO[bytes]) -> dict[str, SheetMarks]:
        _parse(part, self._start, self._end, self._text)
        return self._sheets

    def _start(self, name: str, values: dict[str, str]) -> None:
        if name == "table":
            self._depth += 1
            if self._depth == 1:  # a table inside a cell is not a sheet
                self._now = self._sheets.setdefault(values.get("name", ""), SheetMarks())
                self._row = 0
        elif self._depth != 1:
            return
        elif name == "table-row":
            self._column, self._rows_repeated = 0, _whole(values, "number-rows-repeated")
        elif name in ("table-cell", "covered-table-cell"):
            self._cell, self._value = values, []

    def _text(self, text: str) -> None:
        if self._cell is not None and self._depth == 1:
            self._value.append(text)

    def _end(self, name: str) -> None:
        if name == "table":
            self._depth -= 1
        elif self._depth != 1:
            return
        elif name == "table-row":
            self._row += self._rows_repeated
        elif name in ("table-cell", "covered-table-cell") and self._cell is not None:
            self._close(self._cell, "".join(self._value).strip())
            self._cell = None

    def _close(self, cell: dict[str, str], shown: str) -> None:
        columns = _whole(cell, "number-columns-repeated")
        down, across = _whole(cell, "number-rows-spanned"), _whole(cell, "number-columns-spanned")
        if down > 1 or across > 1:
            self._now.merged.append((self._row, self._column, self._row + down - 1, self._column + across - 1))
        fault = _open_fault(cell, shown)
        if fault:
            for row in range(self._row, self._row + min(self._rows_repeated, _REPEATED_ROWS)):
                for column in range(self._column, self._column + min(columns, _REPEATED_ROWS)):
                    if len(self._now.faults) >= _MOST_MARKS:
                        raise ValueError("faults")
                    self._now.faults.append((row, column, fault))
        self._column += columns


def _open_fault(cell: dict[str, str], shown: str) -> str:
    """Tell what a cell of an ODS file holds instead of a value; "" where it holds one or nothing."""
    if "formula" not in cell:
        return ""
    if cell.get("value-type") == "error" or shown.startswith(("#", "Err:")):
        return shown or _ERROR
    return "" if "value-type" in cell else FORMULA


def _whole(values: dict[str, str], name: str) -> int:
    text = values.get(name, "1")
    return int(text) if text.isascii() and text.isdigit() else 1
