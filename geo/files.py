"""Reading files that others wrote, hostile until shown otherwise: sheets, CSV, JSON, XML.

A table comes out as text, one column per wanted field, whatever the order and spelling of its titles
and wherever its header stands. Limits are on what is read, not on what a header claims.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from geo.errors import MissingColumnError, UnreadableFileError
from geo.language import _
from geo.text import fold

MAX_FILE_BYTES = 100_000_000
MAX_UNPACKED_BYTES = 400_000_000  # the school network unpacks to 30 MB
MAX_UNPACK_RATIO = 200  # real sheets pack about 1:10; deflate's own limit is 1:1032
MAX_ROWS = 300_000
MAX_COLUMNS = 500
MAX_CELL_CHARACTERS = 4_000
_HEADER_ROWS = 40
_SHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
_ENCODINGS = ("utf-8-sig", "cp1250", "iso8859-16")
_EXACT_WHOLE = 1e15  # below it a float holds a whole number exactly
_CONTROL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])


@dataclass(frozen=True)
class Field:
    """A wanted column: our name for it, and the titles under which publishers print it."""

    name: str
    titles: tuple[str, ...]
    required: bool = False

    @property
    def folded(self) -> frozenset[str]:
        """The titles as they are compared."""
        return frozenset(_fold_title(t) for t in (self.name, *self.titles))


def sha256_of(path: Path) -> str:
    """Digest of a file's bytes, in hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def read_table(path: Path, fields: Sequence[Field], *, sheet: str | None = None) -> pd.DataFrame:
    """Read a CSV or a sheet as text, one column per field that the file has.

    Returns one row per non-blank data row: a column per `Field.name` found (`str`, "" for empty; whole
    numbers without a fraction, dates as ISO) and `row` (int, 1 = first data row below the header, blank
    rows counted). The header is the row among the first 40 that carries most of the titles. Optional
    columns that the file lacks are absent.

    Raises UnreadableFileError (empty, damaged, too large, of another format) and MissingColumnError, both
    naming the file.
    """
    rows = read_sheet(path, sheet=sheet) if path.suffix.lower() in _SHEETS else read_csv_rows(path)
    return table_of(rows, fields, file=path.name)


def table_of(rows: Sequence[Sequence[object]], fields: Sequence[Field], *, file: str) -> pd.DataFrame:
    """Find the header among raw rows and return the table below it (see `read_table`)."""
    if not any(any(_text(c) for c in row) for row in rows):
        raise UnreadableFileError(_("{file}: fișierul nu conține niciun rând.").format(file=file))
    at, columns = _header(rows, fields)
    missing = [f for f in fields if f.required and f.name not in columns]
    if missing:
        raise MissingColumnError(
            _("{file}: lipsesc coloanele {missing}. Am găsit: {found}.").format(
                file=file,
                missing=", ".join(f"„{(f.titles or (f.name,))[0]}”" for f in missing),
                found=", ".join(f"„{_text(c)[:40]}”" for c in rows[at][:40] if _text(c)) or _("nimic"),
            )
        )
    below = [(i, row) for i, row in enumerate(rows[at + 1 :], start=1) if any(_text(c) for c in row)]
    table: dict[str, Any] = {
        name: pd.array([_text(row[c]) if c < len(row) else "" for _i, row in below], dtype="str")
        for name, c in columns.items()
    }
    table["row"] = [i for i, _row in below]
    return pd.DataFrame(table).astype({"row": "int64"})


def _header(rows: Sequence[Sequence[object]], fields: Sequence[Field]) -> tuple[int, dict[str, int]]:
    best: tuple[int, dict[str, int]] = (0, {})
    for at, row in enumerate(rows[:_HEADER_ROWS]):
        titles = [_fold_title(_text(c)) for c in row[:MAX_COLUMNS]]
        columns = {}
        for field in fields:
            hits = [i for i, title in enumerate(titles) if title and title in field.folded]
            if hits:
                columns[field.name] = hits[0]
        if len(columns) > len(best[1]):
            best = (at, columns)
    return best


def _fold_title(title: str) -> str:
    return fold(title.replace("_", " ").replace("\n", " "))


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = cell.strip()
        if not text.isprintable():  # most cells are: only the others are worth a translation
            text = cell.translate(_CONTROL).strip()
        return text[:MAX_CELL_CHARACTERS]
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return "" if cell != cell else str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT_WHOLE else repr(cell)  # noqa: PLR0124
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(sep=" ")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell).translate(_CONTROL).strip()[:MAX_CELL_CHARACTERS]


def read_sheet(path: Path, *, sheet: str | int | None = None) -> list[list[object]]:
    """Read one sheet (by name, by position, else the first that has rows) as raw rows.

    Raises UnreadableFileError for an empty, damaged or encrypted file, one that unpacks to more than
    MAX_UNPACKED_BYTES or MAX_UNPACK_RATIO times its size, and one without the sheet asked for.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    _refuse_size(path)
    if zipfile.is_zipfile(path):
        _refuse_bomb(path)
    try:
        book = CalamineWorkbook.from_path(path)
        names = book.sheet_names
        if isinstance(sheet, str) and sheet not in names:
            raise UnreadableFileError(
                _("{file}: nu are foaia „{sheet}”. Foi găsite: {found}.").format(
                    file=path.name, sheet=sheet, found=", ".join(names)
                )
            )
        chosen = [names[sheet]] if isinstance(sheet, int) else [sheet] if sheet else names
        rows: list[list[object]] = []
        for name in chosen:
            rows = _limited_rows(path, book.get_sheet_by_name(name))
            if rows:
                break
    except (CalamineError, OSError, IndexError, ValueError, zipfile.BadZipFile) as error:
        if isinstance(error, UnreadableFileError):
            raise
        raise UnreadableFileError(
            _("{file}: nu este o foaie de calcul care poate fi citită ({why}).").format(
                file=path.name, why=str(error)[:120]
            )
        ) from None
    return rows


def _limited_rows(path: Path, sheet: Any) -> list[list[object]]:
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS * 40:
        raise UnreadableFileError(
            _("{file}: foaia este prea mare ({rows} rânduri, {columns} coloane).").format(
                file=path.name, rows=sheet.total_height, columns=sheet.total_width
            )
        )
    return sheet.to_python(skip_empty_area=False)  # type: ignore[no-any-return]


def _refuse_size(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise UnreadableFileError(
            _("{file}: fișierul nu poate fi citit ({why}).").format(file=path.name, why=error.strerror)
        ) from None
    if path.is_dir():
        raise UnreadableFileError(_("{file}: este un dosar, nu un fișier.").format(file=path.name))
    if size == 0:
        raise UnreadableFileError(_("{file}: fișierul este gol.").format(file=path.name))
    if size > MAX_FILE_BYTES:
        raise UnreadableFileError(
            _("{file}: fișierul are {size} MB; se primesc cel mult {limit} MB.").format(
                file=path.name, size=size // 1_000_000, limit=MAX_FILE_BYTES // 1_000_000
            )
        )


def _refuse_bomb(path: Path) -> None:
    # Sizes in the archive's directory may lie, so members are unpacked once, and the count stops at the limit.
    limit = min(MAX_UNPACKED_BYTES, MAX_UNPACK_RATIO * max(path.stat().st_size, 50_000))
    unpacked = 0
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                with archive.open(member) as stream:
                    while chunk := stream.read(1 << 20):
                        unpacked += len(chunk)
                        if unpacked > limit:
                            raise UnreadableFileError(
                                _("{file}: foaia se despachetează la peste {size} MB; nu o deschid.").format(
                                    file=path.name, size=limit // 1_000_000
                                )
                            )
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, RuntimeError, NotImplementedError) as error:
        raise UnreadableFileError(
            _("{file}: arhiva foii de calcul este deteriorată ({why}).").format(file=path.name, why=str(error)[:120])
        ) from None


def read_csv_rows(path: Path) -> list[list[str]]:
    """Read a CSV as rows of text: encoding and delimiter are found, quoting is the usual one."""
    _refuse_size(path)
    if zipfile.is_zipfile(path):
        raise UnreadableFileError(
            _("{file}: este o arhivă sau o foaie de calcul, nu un CSV; dați-i terminația .xlsx.").format(file=path.name)
        )
    text = decode(path.read_bytes(), file=path.name)
    delimiter = _delimiter(text[:20_000])
    csv.field_size_limit(1_000_000)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableFileError(
            _("{file}: nu poate fi citit ca CSV ({why}).").format(file=path.name, why=error)
        ) from None
    if len(rows) > MAX_ROWS:
        raise UnreadableFileError(
            _("{file}: are {rows} rânduri; se primesc cel mult {limit}.").format(
                file=path.name, rows=len(rows), limit=MAX_ROWS
            )
        )
    return rows


def decode(content: bytes, *, file: str) -> str:
    """Turn bytes into text: UTF-8, else the Central European code page that spreadsheets still write."""
    if b"\x00" in content[:4_000]:
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return content.decode("utf-16", errors="replace")
        raise UnreadableFileError(_("{file}: este un fișier binar, nu text.").format(file=file))
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("cp1250", errors="replace")


def _delimiter(sample: str) -> str:
    lines = [line for line in sample.splitlines() if line.strip()][:20]
    return max(",;\t|", key=lambda d: (min((line.count(d) for line in lines[:3]), default=0), sample.count(d)))


def read_json(path: Path) -> Any:
    """Read a JSON file; UnreadableFileError says where it breaks."""
    _refuse_size(path)
    try:
        return json.loads(decode(path.read_bytes(), file=path.name))
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(
            _("{file}: nu este JSON valid ({why}).").format(file=path.name, why=str(error)[:120])
        ) from None


def read_xml_records(path: Path) -> list[dict[str, str]]:
    """Read the repeated element of an XML file as records: attributes and leaf children by tag.

    Entities, external references and document types are refused (defusedxml).
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    _refuse_size(path)
    try:
        root = fromstring(path.read_bytes(), forbid_dtd=True)
    except DefusedXmlException:
        raise UnreadableFileError(
            _("{file}: XML-ul conține entități sau un tip de document; nu îl deschid.").format(file=path.name)
        ) from None
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableFileError(
            _("{file}: nu este XML valid ({why}).").format(file=path.name, why=str(error)[:120])
        ) from None
    records = [_record(element) for element in _repeated(root)]
    if len(records) > MAX_ROWS:
        raise UnreadableFileError(
            _("{file}: are {rows} rânduri; se primesc cel mult {limit}.").format(
                file=path.name, rows=len(records), limit=MAX_ROWS
            )
        )
    return records


def _repeated(root: Any) -> list[Any]:
    """Elements that have children and the same tag as most of their siblings: the file's records."""
    best: list[Any] = []
    for parent in root.iter():
        children = [c for c in parent if len(c) or c.attrib]
        if len(children) > len(best):
            best = children
    return best


def _record(element: Any) -> dict[str, str]:
    leaves: Iterator[tuple[str, str]] = ((_tag(c.tag), _text(c.text)) for c in element.iter() if not len(c))
    record = {_tag(k): _text(v) for k, v in element.attrib.items()}
    for name, value in leaves:
        record[name] = f"{record[name]}; {value}" if record.get(name) and value else record.get(name) or value
    return record


def _tag(name: object) -> str:
    return str(name).rsplit("}", 1)[-1]
