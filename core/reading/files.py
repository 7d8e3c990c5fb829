"""Reading files that others wrote, hostile until shown otherwise: sheets, CSV, JSON, XML.

A table comes out as text, one column per wanted field, whatever the order and spelling of its titles
and wherever its header stands. Limits are on what is read, not on what a header claims.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from core.errors import MissingColumnError, UnreadableFileError
from core.i18n import _, number
from core.reading import sheets
from core.reading.sheets import MAX_CELLS, MAX_ROWS
from core.text import fold

MAX_FILE_BYTES = 100_000_000
MAX_FIELD_CHARACTERS = 1_000_000
MAX_COLUMNS = 500
MAX_CELL_CHARACTERS = 4_000
_HEADER_ROWS = 40
_MOST_LINES_A_ROW = 50  # assumed: an address has a few line ends, a quote left open swallows the rest of the file
_EXACT_WHOLE = 1e15  # below it a float holds a whole number exactly
# Control characters (a terminal obeys some), marks that turn the direction of writing, halves of surrogate pairs.
_CONTROL = dict.fromkeys(
    [*range(9), 11, 12, *range(14, 32), *range(127, 160), *range(0x200B, 0x2010), *range(0x202A, 0x202F),
     *range(0x2060, 0x206A), 0xFEFF, *range(0xD800, 0xE000)]
)  # fmt: skip


@dataclass(frozen=True)
class Field:
    """A wanted column: our name for it, and the titles under which publishers print it.

    is_joined: where several columns have such a title, all are read, as one text; else the first.
    """

    name: str
    titles: tuple[str, ...]
    required: bool = False
    is_joined: bool = False

    @property
    def title(self) -> str:
        """The title to name in a message: the first that is not a name of a program's."""
        return next((t for t in self.titles if "_" not in t), (*self.titles, self.name)[0])

    @property
    def folded(self) -> frozenset[str]:
        """The titles as they are compared."""
        return frozenset(_fold_title(t) for t in (self.name, *self.titles))


def sha256_of(path: Path) -> str:
    """Digest of a file's bytes, in hexadecimal; UnreadableFileError where it cannot be read."""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable_error(path, error) from None


def read_table(
    path: Path, fields: Sequence[Field], *, sheet: str | None = None, any_of: Sequence[str] = ()
) -> pd.DataFrame:
    """Read a CSV or a sheet as text, one column per field that the file has. The file is read as hostile.

    Parameters
    ----------
    path
        The file; its ending tells what it is.
    fields
        Columns looked for, with the titles that they may have; a required one must be there.
    sheet
        Name of the sheet; None = the first that has rows.
    any_of
        Names of fields of which at least one must be there.

    Returns
    -------
    pd.DataFrame
        One row per non-blank data row: a column per `Field.name` found (text, "" for empty; whole numbers without a
        fraction, dates as ISO) and `row` (1 = first data row below the header, blank rows counted). The header is the
        row among the first 40 that carries most of the titles. Optional columns that the file lacks are absent.

    Raises
    ------
    UnreadableFileError
        Naming the file: empty, damaged, too large, of another format.
    MissingColumnError
        Naming the file and what it lacks.
    """
    rows = read_sheet(path, sheet=sheet) if path.suffix.lower() in sheets.SHEETS else read_csv_rows(path)
    return table_of(rows, fields, file=path.name, any_of=any_of)


def table_of(
    rows: Sequence[Sequence[object]], fields: Sequence[Field], *, file: str, any_of: Sequence[str] = ()
) -> pd.DataFrame:
    """Find the header among raw rows and return the table below it (see `read_table`)."""
    if not any(any(_text(c) for c in row) for row in rows):
        raise UnreadableFileError(_("{file}: fișierul nu conține niciun rând.").format(file=file))
    at, columns = _header(rows, fields)
    found = ", ".join(f"„{_text(c)[:40]}”" for c in rows[at][:40] if _text(c)) or _("nimic")
    missing = [f for f in fields if f.required and f.name not in columns]
    if missing:
        raise MissingColumnError(
            _("{file}: lipsesc coloanele {missing}. Am găsit: {found}.").format(
                file=file, missing=", ".join(f"„{f.title}”" for f in missing), found=found
            )
        )
    if any_of and not columns.keys() & set(any_of):
        wanted = ", ".join(f"„{f.title}”" for f in fields if f.name in any_of)
        raise MissingColumnError(
            _("{file}: lipsește o coloană dintre {missing}. Am găsit: {found}.").format(
                file=file, missing=wanted, found=found
            )
        )
    below = [(i, row) for i, row in enumerate(rows[at + 1 :], start=1) if any(_text(c) for c in row)]
    table: dict[str, Any] = {
        name: pd.array([_joined([_text(row[c]) for c in places if c < len(row)]) for _i, row in below], dtype="str")
        for name, places in columns.items()
    }
    table["row"] = [i for i, _row in below]
    return pd.DataFrame(table).astype({"row": "int64"})


def _joined(texts: list[str]) -> str:
    if len(texts) < 2:  # noqa: PLR2004
        return texts[0] if texts else ""
    # By their letters and signs as they are: folded, a tick and a dash would be the same and one of them lost.
    return "; ".join({text.casefold(): text for text in texts if text}.values())


def _header(rows: Sequence[Sequence[object]], fields: Sequence[Field]) -> tuple[int, dict[str, list[int]]]:
    best: tuple[int, dict[str, list[int]]] = (0, {})
    for at, row in enumerate(rows[:_HEADER_ROWS]):
        titles = [_fold_title(_text(c)) for c in row[:MAX_COLUMNS]]
        columns = {}
        for field in fields:
            hits = [i for i, title in enumerate(titles) if title and title in field.folded]
            if hits:
                columns[field.name] = hits if field.is_joined else hits[:1]
        if len(columns) > len(best[1]):
            best = (at, columns)
    if not best[1]:  # none of the titles: the fullest row is the one to quote, not a title printed above it
        head = rows[:_HEADER_ROWS]
        return max(range(len(head)), key=lambda at: sum(1 for c in head[at][:MAX_COLUMNS] if _text(c))), {}
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
    return str(cell).translate(_CONTROL).strip()[:MAX_CELL_CHARACTERS]


def read_sheet(path: Path, *, sheet: str | int | None = None) -> list[list[object]]:
    """Read one sheet as raw rows (see `core.reading.sheets.read_sheet`)."""
    require_size(path)
    return sheets.read_sheet(path, sheet=sheet)


def require_size(path: Path) -> None:
    """Raise UnreadableFileError for what is no file, is empty, or is larger than MAX_FILE_BYTES."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise _unreadable_error(path, error) from None
    except ValueError:  # a NUL in the name
        raise UnreadableFileError(_("Numele fișierului nu poate fi citit.")) from None
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


def read_csv_rows(path: Path) -> list[list[str]]:
    """Read a CSV as rows of text: encoding and delimiter are found, quoting is the usual one."""
    content = _content(path)
    if zipfile.is_zipfile(path):
        raise UnreadableFileError(
            _("{file}: este o arhivă sau o foaie de calcul, nu un CSV; dați-i terminația .xlsx.").format(file=path.name)
        )
    encoding = encoding_of(content, file=path.name)
    head = content[:20_000].decode(encoding, errors="replace").lstrip("\ufeff \t\r\n")
    if head[:1] in ("<", "{"):
        raise UnreadableFileError(
            _("{file}: este {found}, nu un tabel; se așteaptă un CSV sau o foaie de calcul.").format(
                file=path.name, found="JSON" if head[:1] == "{" else "XML sau HTML"
            )
        )
    csv.field_size_limit(MAX_FIELD_CHARACTERS)
    # Rows are decoded as they are read: the whole text at once would take four bytes a character.
    lines = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, errors="replace", newline="")
    rows: list[list[str]] = []
    cells = lines_read = 0
    reader = csv.reader(lines, delimiter=_delimiter(head))
    try:
        for row in reader:
            if reader.line_num - lines_read > _MOST_LINES_A_ROW:
                raise UnreadableFileError(
                    _(
                        "{file}: în rândul {row} o ghilimea nu se mai închide (rânduri ale fișierului cuprinse: {n})."
                    ).format(file=path.name, row=len(rows) + 1, n=number(reader.line_num - lines_read))
                )
            lines_read = reader.line_num
            rows.append(row)
            cells += len(row)
            if len(rows) > MAX_ROWS or cells > MAX_CELLS:
                raise UnreadableFileError(
                    _("{file}: tabelul este prea mare; se primesc cel mult {rows} rânduri și {cells} celule.").format(
                        file=path.name, rows=number(MAX_ROWS), cells=number(MAX_CELLS)
                    )
                )
    except csv.Error:
        raise UnreadableFileError(
            _("{file}: nu poate fi citit ca CSV: în rândul {row} o celulă nu se mai închide.").format(
                file=path.name, row=len(rows) + 1
            )
        ) from None
    return rows


def _content(path: Path) -> bytes:
    require_size(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable_error(path, error) from None


def _unreadable_error(path: Path, error: OSError) -> UnreadableFileError:
    return UnreadableFileError(
        _("{file}: fișierul nu poate fi citit ({why}).").format(file=path.name[-120:], why=error.strerror)
    )


def encoding_of(content: bytes, *, file: str) -> str:
    """Find how text is written: UTF-8, UTF-16 with its mark, else the code page that spreadsheets still write.

    A few broken bytes do not make UTF-8 another encoding: it stays, and they are shown as broken. Raises
    UnreadableFileError for what is not text.
    """
    if b"\x00" in content[:4_000]:
        if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
        raise UnreadableFileError(_("{file}: este un fișier binar, nu text.").format(file=file))
    text = content.decode("utf-8-sig", errors="replace")
    broken = text.count("\ufffd")
    if not broken or broken * 2 < len(content) - len(text):  # letters beyond ASCII take more bytes than characters
        return "utf-8-sig"
    try:
        content.decode("cp1250")
    except UnicodeDecodeError:
        return "iso8859-16"
    return "cp1250"


def decode(content: bytes, *, file: str) -> str:
    """Turn bytes into text (see `encoding_of`)."""
    return content.decode(encoding_of(content, file=file), errors="replace")


def _delimiter(sample: str) -> str:
    lines = [line for line in sample.splitlines() if line.strip()][:20]
    return max(",;\t|", key=lambda d: (min((line.count(d) for line in lines[:3]), default=0), sample.count(d)))


def read_json(path: Path) -> Any:
    """Read a JSON file; UnreadableFileError says where it breaks."""
    try:
        return json.loads(decode(_content(path), file=path.name))
    except (ValueError, RecursionError) as error:
        if isinstance(error, UnreadableFileError):
            raise
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

    content = _content(path)
    try:
        root = fromstring(content, forbid_dtd=True)
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
    """Elements with content that have the same tag as most of their siblings: the file's records."""
    best: list[Any] = []
    for parent in root.iter():
        alike: dict[str, list[Any]] = {}
        for child in parent:
            if len(child) or child.attrib:
                alike.setdefault(child.tag, []).append(child)
        best = max([best, *alike.values()], key=len)
    return best


def _record(element: Any) -> dict[str, str]:
    leaves: Iterator[tuple[str, str]] = ((_tag(c.tag), _text(c.text)) for c in element.iter() if not len(c))
    record = {_tag(k): _text(v) for k, v in element.attrib.items()}
    for name, value in leaves:
        record[name] = f"{record[name]}; {value}" if record.get(name) and value else record.get(name) or value
    return record


def _tag(name: object) -> str:
    return str(name).rsplit("}", 1)[-1]
