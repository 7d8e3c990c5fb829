"""Reading a CSV that others wrote: its encoding and delimiter found, an open quote not allowed to swallow rows."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from core.errors import UnreadableFileError
from core.i18n import _, number
from core.reading.files import content_of, encoding_of
from core.reading.reading_account import account_now
from core.reading.sheets import MAX_CELLS, MAX_ROWS

MAX_FIELD_CHARACTERS = 1_000_000
_MOST_LINES_A_ROW = 50  # assumed: an address has a few line ends, a quote left open swallows the rest of the file
_FEWEST_COLUMNS = 3  # of a table whose lines can be told from the lines of a cell
_HEAD_LINES = 40
_DELIMITERS = ",;\t|"


def read_csv_rows(path: Path, *, score: Callable[[Sequence[Sequence[str]]], int] | None = None) -> list[list[str]]:
    """Read a CSV as rows of text: encoding and delimiter are found, quoting is the usual one.

    Parameters
    ----------
    path
        The file.
    score
        Tells of the first rows, split by one delimiter, how many wanted titles they hold: the delimiter that gives
        most is the file's. None, or equal numbers: the one that splits the first lines most evenly.

    Returns
    -------
    list of list of str
        Rows in their order. A quote that is opened and not closed in its row is taken as a sign like others, the rows
        that it would swallow stay rows, and the account of the import says so.

    Raises
    ------
    UnreadableFileError
        Naming the file: another format, too large, or a quote that cannot be told from a cell of many lines.
    """
    content = content_of(path)
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
    cells = 0
    for row in _records(lines, _delimiter(head, score), path):
        rows.append(row)
        cells += len(row)
        if len(rows) > MAX_ROWS or cells > MAX_CELLS:
            raise UnreadableFileError(
                _("{file}: tabelul este prea mare; se primesc cel mult {rows} rânduri și {cells} celule.").format(
                    file=path.name, rows=number(MAX_ROWS), cells=number(MAX_CELLS)
                )
            )
    return rows


def _records(lines: io.TextIOWrapper, delimiter: str, path: Path) -> Iterator[list[str]]:
    """Yield the rows; one that spans lines which are rows themselves comes line by line."""
    taken: list[str] = []

    def remembered() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    reader = csv.reader(remembered(), delimiter=delimiter)
    count = width = 0
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            raise UnreadableFileError(
                _("{file}: nu poate fi citit ca CSV: în rândul {row} o celulă nu se mai închide.").format(
                    file=path.name, row=count + 1
                )
            ) from None
        if row is None:
            return
        spanned = len(taken)
        if spanned > 1 and width >= _FEWEST_COLUMNS and _holds_rows(taken, delimiter, width):
            account_now().of(str(path)).notes.append(
                _("Rândul {row}: o ghilimea rămâne deschisă; rândurile de sub el s-au citit unul câte unul.").format(
                    row=number(count + 1)
                )
            )
            yield from (_line(line, delimiter) for line in taken)
            count += spanned
        elif spanned > _MOST_LINES_A_ROW:
            raise UnreadableFileError(
                _(
                    "{file}: în rândul {row} o ghilimea nu se mai închide (rânduri ale fișierului cuprinse: {n})."
                ).format(file=path.name, row=count + 1, n=number(spanned))
            )
        else:
            width = max(width, len(row))
            count += 1
            yield row
        taken.clear()


def _holds_rows(taken: Sequence[str], delimiter: str, width: int) -> bool:
    """Whether a line inside a row is a whole row: it has as many delimiters."""
    return any(line.count(delimiter) >= width - 1 for line in taken[1:])


def _line(line: str, delimiter: str) -> list[str]:
    """Read one line for itself; an odd quote in it is a sign like others and is left out at the ends of cells."""
    bare = line.rstrip("\r\n")
    if bare.count('"') % 2 == 0:
        return next(csv.reader([bare], delimiter=delimiter), [])
    return [cell.strip().strip('"') for cell in bare.split(delimiter)]


def _delimiter(head: str, score: Callable[[Sequence[Sequence[str]]], int] | None) -> str:
    lines = [line for line in head.splitlines() if line.strip()][:20]

    def evenness(delimiter: str) -> tuple[int, int]:
        return min((line.count(delimiter) for line in lines[:3]), default=0), head.count(delimiter)

    if score is None:
        return max(_DELIMITERS, key=evenness)
    first = head.splitlines()[:_HEAD_LINES]

    def titles(delimiter: str) -> int:
        try:
            return score(list(csv.reader(first, delimiter=delimiter)))
        except csv.Error:
            return 0

    return max(_DELIMITERS, key=lambda delimiter: (titles(delimiter), *evenness(delimiter)))
