"""Tables that others wrote, hostile until shown otherwise: a CSV or the sheets of a workbook, read as text.

A table comes out as text, one column per wanted field, whatever the order and spelling of its titles and wherever
they stand. What is not read is written in the account of the import. Limits are on what is read, not on what a file
claims.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from core.errors import MissingColumnError, UnclearTitlesError, UnreadableFileError
from core.i18n import _, ngettext, number
from core.reading.critical_columns import STATUS_WORD, critical_title, is_marked, is_plain_yes, turned
from core.reading.csv_rows import read_csv_rows
from core.reading.fields import MARK, STATUS, Field, text_of
from core.reading.questions import INSTRUCTIONS, LONGEST_MARK, ask_about, ask_about_sheets, is_marked_sheet
from core.reading.reading_account import FileAccount, Part, TitleUse, account_now, is_account_open
from core.reading.sheets import SHEETS, RawSheet, read_workbook
from core.reading.tidied_table import Refusal
from core.reading.titles import MAX_COLUMNS, Header, TitleColumn, column_letters, find_header

_NOT_SAID = "?"  # stands where a row ends before its mark


def read_table(path: Path, fields: Sequence[Field], *, any_of: Sequence[str] = (), watch: bool = False) -> pd.DataFrame:
    """Read a CSV or the sheets of a workbook as text, one column per field that the file has.

    The file is read as hostile. All visible sheets that have the required titles are read, one under the other.

    Parameters
    ----------
    path
        The file; its ending tells what it is.
    fields
        Columns looked for, with the titles that they may have; a required one must be there.
    any_of
        Names of fields of which at least one must be there.
    watch
        Whether titles that look like the mark of protection, the status or the end of the licence, and are not
        understood, are asked about.

    Returns
    -------
    pd.DataFrame
        One row per non-blank data row: a column per `Field.name` found (text, "" for empty; whole numbers without a
        fraction, dates as ISO) and `row` (1 = first data row below the titles, blank rows counted; those of a second
        sheet follow on). The titles stand among the first 40 rows, in one to three of them. Optional columns that the
        file lacks are absent. What was not used is in the account that is open
        (`core.reading.reading_account.open_account`).

    Raises
    ------
    UnreadableFileError
        Naming the file: empty, damaged, too large, of another format.
    MissingColumnError
        Naming the file and what it lacks.
    UnclearTitlesError
        Naming the titles that a person has to explain.
    """
    account = account_now()
    account.begin(str(path))
    if path.suffix.lower() in SHEETS:
        sheets = read_workbook(path)
        if watch and path.suffix.lower() == ".xls":  # of which nobody tells us what a cell holds instead of a value
            account.of(str(path)).notes.append(
                _("XLS: o celulă cu eroare nu se deosebește de una goală. Pentru siguranță salvați fișierul ca XLSX.")
            )
    else:
        rows = read_csv_rows(path, score=lambda head: len(find_header(head, fields, account.choices, text_of).sources))
        sheets = [RawSheet("", rows=rows, is_ragged=True)]
    return table_of_sheets(sheets, fields, path=path, any_of=any_of, watch=watch)


def table_of_sheets(
    sheets: Sequence[RawSheet], fields: Sequence[Field], *, path: Path, any_of: Sequence[str] = (), watch: bool = False
) -> pd.DataFrame:
    """Find the titles of each sheet and return the tables below them as one (see `read_table`)."""
    if not any(any(map(text_of, row)) for sheet in sheets for row in sheet.rows):
        raise UnreadableFileError(_("{file}: fișierul nu conține niciun rând.").format(file=path.name))
    account = account_now()
    account.offer({field.name: field.title for field in fields})
    own = account.of(str(path))
    found = [(sheet, find_header(sheet.rows, fields, account.choices, text_of)) for sheet in sheets]
    used = _usable(found, fields, any_of)
    own.titles[:] = [
        TitleUse(source.title, name, sheet.name)
        for sheet, header in used or [_best(found)]
        for source, name in header.titles
    ]
    if not used:
        raise _missing_error(path.name, found, fields, any_of)
    tables, after, titles = [], 0, list(own.titles)
    for sheet, header in used:
        own.parts.append(Part(sheet.name, after))
        header_read = _settled(sheet, header, path.name)
        table = _table(sheet, header_read, {field.name: field for field in fields}, own, after)
        account.met |= header.met
        tables.append(table)
        after = max(after, int(table["row"].max()) if len(table) else after, after + len(sheet.rows) - header.at - 1)
    own.titles[:] = [use for use in own.titles if not any(use is old for old in titles)]
    unclear = [title for _sheet, header in used for title in header.unclear]
    own.sheets.extend(sheet.name for sheet, _header in found if not any(sheet is other for other, _h in used))
    if watch:
        ask_about(path.name, unclear, fields)
        ask_about_sheets(path.name, [each for each in found if not any(each[0] is s for s, _h in used)], account)
    if own.refusals and not is_account_open():
        raise UnreadableFileError(f"{path.name}: {own.refusals[0].message}")
    whole = pd.concat(tables, ignore_index=True) if len(tables) > 1 else tables[0]
    texts = {name: "str" for name in whole.columns if name != "row"}
    return whole.fillna(dict.fromkeys(texts, "")).astype({**texts, "row": "int64"})


def _usable(
    found: Sequence[tuple[RawSheet, Header]], fields: Sequence[Field], any_of: Sequence[str]
) -> list[tuple[RawSheet, Header]]:
    """Return the visible sheets that have the required titles; pages of instructions only where there is no other."""
    needed = {field.name for field in fields if field.required}

    def has_titles(header: Header) -> bool:
        return (
            bool(header.sources)
            and needed <= header.sources.keys()
            and (not any_of or bool(header.sources.keys() & set(any_of)))
        )

    visible = [(sheet, header) for sheet, header in found if not sheet.is_hidden and has_titles(header)]
    if not visible and not needed and not any_of:
        return [each for each in found if each[0].rows and not each[0].is_hidden][:1]
    items = [each for each in visible if not INSTRUCTIONS.search(each[0].name)]
    return items or visible


def _best(found: Sequence[tuple[RawSheet, Header]]) -> tuple[RawSheet, Header]:
    """Return the sheet that comes nearest to a table of the fields, a visible one before a hidden one."""
    filled = [each for each in found if any(any(map(text_of, row)) for row in each[0].rows)]
    shown = [each for each in filled if not each[0].is_hidden] or filled
    return max(shown, key=lambda each: len(each[1].sources))


def _missing_error(
    file: str, found: Sequence[tuple[RawSheet, Header]], fields: Sequence[Field], any_of: Sequence[str]
) -> MissingColumnError:
    sheet, header = _best(found)
    titles = sheet.rows[header.at] if header.at < len(sheet.rows) else []
    seen = ", ".join(f"„{text_of(c)[:40]}”" for c in titles[:40] if text_of(c)) or _("nimic")
    missing = [field for field in fields if field.required and field.name not in header.sources]
    if missing:
        text = ngettext(
            "{file}: lipsește coloana {missing}. Am găsit: {found}.",
            "{file}: lipsesc coloanele {missing}. Am găsit: {found}.",
            len(missing),
        ).format(file=file, missing=", ".join(f"„{f.title}”" for f in missing), found=seen)
    elif any_of:
        wanted = ", ".join(f"„{f.title}”" for f in fields if f.name in any_of)
        text = _("{file}: lipsește o coloană dintre {missing}. Am găsit: {found}.").format(
            file=file, missing=wanted, found=seen
        )
    else:
        text = _("{file}: nu recunosc niciun titlu. Am găsit: {found}.").format(file=file, found=seen)
    return MissingColumnError(text)


def _settled(sheet: RawSheet, header: Header, file: str) -> Header:
    """Settle each field of which several columns have the same title: the only one that says something, or equals."""
    sources = dict(header.sources)
    asked = []
    for name, columns in header.repeated.items():
        below = [
            [text_of(row[c.column]) if c.column < len(row) else "" for c in columns] for row in _below(sheet, header)
        ]
        filled = [i for i in range(len(columns)) if any(row[i] for row in below)]
        alike = all(len({row[i] for i in filled}) <= 1 for row in below)
        if len(filled) <= 1 or alike:
            sources[name] = (columns[filled[0]] if filled else columns[0],)
        else:
            asked.append((name, columns))
    if asked:
        text = "; ".join(", ".join(f"„{c.title}”" for c in columns) for _name, columns in asked)
        name, columns = asked[0]
        raise UnclearTitlesError(
            _(
                "{file}: același titlu stă peste mai multe coloane care spun lucruri diferite: {titles}. Spuneți care "
                'este a serviciului, de exemplu --map "{title}={field}", sau pe ecranul „Registre”.'
            ).format(file=file, titles=text, title=columns[-1].title, field=name),
            tuple(c.title for _name, each in asked for c in each),
        )
    read = {source.column: name for name, columns in sources.items() for source in columns}
    titles = tuple((source, read.get(source.column, "")) for source, _name in header.titles)
    return Header(header.at, header.first, sources, titles, header.unclear, {}, header.met)


def _below(sheet: RawSheet, header: Header) -> Iterable[Sequence[object]]:
    return sheet.rows[header.at + 1 :]


def _table(sheet: RawSheet, header: Header, fields: Mapping[str, Field], own: FileAccount, after: int) -> pd.DataFrame:
    """Make the table below the titles of one sheet, and write in the account what of the sheet is not in it."""
    below: list[tuple[int, Sequence[object]]] = []
    width = len(sheet.rows[header.at])
    for place, row in enumerate(_below(sheet, header), start=1):
        if not any(map(text_of, row)):
            continue
        if sheet.is_ragged and len(row) > width and any(map(text_of, row[width:])):
            own.refusals.append(_shifted(place + after, len(row), width))
            continue
        below.append((place, row))
    faults = {(row - header.at, column): text for row, column, text in sheet.faults if row > header.at}
    table: dict[str, Any] = {}
    for name, columns in header.sources.items():
        field = fields[name]
        cells = [_column(below, source, field, faults) for source in columns]
        joined = cells[0] if len(cells) == 1 else [_joined(texts) for texts in zip(*cells, strict=True)]
        if field.role == MARK:
            joined = _with_sheet_mark(joined, sheet)
            _list_marks(joined, below, own, columns[0].title, after)
        elif field.role == STATUS:
            joined = _with_sheet_status(joined, sheet)
        table[name] = pd.array(joined, dtype="str")
    for field in fields.values():
        # A sheet says of all its rows what stands in its name, also where it has no column for it.
        if field.role == MARK and field.name not in table and is_marked_sheet(sheet):
            table[field.name] = pd.array([sheet.name] * len(below), dtype="str")
    for field in fields.values():
        if field.role == MARK:
            _add_said_marks(table, field.name, header, below, own, after)
    table["row"] = [place + after for place, _row in below]
    _list_unread(sheet, header, fields, below, faults, own, after)
    return pd.DataFrame(table).astype({"row": "int64"})


def _column(
    below: Sequence[tuple[int, Sequence[object]]],
    source: TitleColumn,
    field: Field,
    faults: Mapping[tuple[int, int], str],
) -> list[str]:
    """Read one column; a cell without a value is no blank cell where blank means something."""
    at = source.column
    absent = _NOT_SAID if field.role == MARK else ""
    texts = [text_of(row[at]) if at < len(row) else absent for _place, row in below]
    if faults:
        kept = bool(field.role)
        texts = [
            (faults[place, at] if kept else "") if (place, at) in faults else text
            for (place, _row), text in zip(below, texts, strict=True)
        ]
    if source.turned:
        texts = [
            turned(text, source.turned, source.word) if text[:1] not in "#=" or not text else text for text in texts
        ]
    return texts


def _joined(texts: Sequence[str]) -> str:
    # By their letters and signs as they are: folded, a tick and a dash would be the same and one of them lost.
    return "; ".join({text.casefold(): text for text in texts if text}.values())


def _with_sheet_mark(cells: list[str], sheet: RawSheet) -> list[str]:
    return [_joined([cell, sheet.name]) for cell in cells] if is_marked_sheet(sheet) else cells


def _with_sheet_status(cells: list[str], sheet: RawSheet) -> list[str]:
    critical = critical_title(sheet.name) if sheet.name else None
    if critical is None or critical.role != STATUS_WORD or critical.word in ("activ", "în vigoare"):
        return cells
    return [_joined([cell, critical.word]) for cell in cells]


def _shifted(row: int, cells: int, titles: int) -> Refusal:
    message = _(
        "Rândul are {cells} celule, iar titlurile sunt {titles}: un separator sau o ghilimea stă unde nu trebuie."
    ).format(cells=number(cells), titles=number(titles))
    return Refusal(row, "", "", "shifted", message)


def _add_said_marks(
    table: dict[str, Any],
    name: str,
    header: Header,
    below: Sequence[tuple[int, Sequence[object]]],
    own: FileAccount,
    after: int,
) -> None:
    """Mark the rows of which a column that is not read (remarks, notes) says that the address is protected."""
    for source, field in header.titles:
        if field:
            continue
        texts = [text_of(row[source.column]) if source.column < len(row) else "" for _place, row in below]
        saying = {text for text in set(texts) if len(text) <= LONGEST_MARK and _says_protected(text)}
        if not saying:
            continue
        marks = list(table[name]) if name in table else [""] * len(below)
        for at, text in enumerate(texts):
            if text in saying:
                marks[at] = _joined([marks[at], text])
                own.remark(source.title, _("spune că adresa este protejată"), below[at][0] + after)
        table[name] = pd.array(marks, dtype="str")


def _says_protected(text: str) -> bool:
    critical = critical_title(text) if text else None
    return critical is not None and critical.role == MARK and critical.is_understood


def _list_marks(
    cells: Sequence[str], below: Sequence[tuple[int, Sequence[object]]], own: FileAccount, title: str, after: int
) -> None:
    why = _("marcajul nu se înțelege; adresa contează ca protejată")
    for (place, _row), cell in zip(below, cells, strict=True):
        if is_marked(cell) and not is_plain_yes(cell):
            own.remark(title, why, place + after)


def _list_unread(
    sheet: RawSheet,
    header: Header,
    fields: Mapping[str, Field],
    below: Sequence[tuple[int, Sequence[object]]],
    faults: Mapping[tuple[int, int], str],
    own: FileAccount,
    after: int,
) -> None:
    """Write in the account the titles and the cells of a sheet that were not used."""
    own.titles.extend(TitleUse(source.title, name, sheet.name) for source, name in header.titles)
    named = {source.column: source.title for source, _name in header.titles}
    for (place, column), text in faults.items():
        why = (
            _("formulă fără rezultat")
            if text[:1] == "="
            else _("eroare a foii de calcul: {text}").format(text=text[:20])
        )
        own.remark(named.get(column, column_letters(column)), why, place + after)
    width = max((len(row) for _place, row in below), default=0)
    untitled = [column for column in range(width) if column not in named]
    bare = {c for c in untitled if any(c < len(row) and text_of(row[c]) for _place, row in below)}
    own.titles.extend(
        TitleUse(_("coloana {letters}, fără titlu").format(letters=column_letters(column)), "", sheet.name)
        for column in sorted(bare)[:MAX_COLUMNS]
    )
    for place in range(header.first):
        cells = sum(1 for cell in sheet.rows[place] if text_of(cell))
        if cells and not (cells > 1 and place == header.first - 1):  # names of groups of columns were read
            own.remark("", _("rând deasupra titlurilor"), place + 1, sheet=sheet.name)
    for place in sheet.strays:
        own.remark("", _("celulă departe sub tabel"), place + 1, sheet=sheet.name)
    merged = Counter(left for top, left, bottom, _right in sheet.merged if top > header.at and bottom > top)
    # Notes are for all to read: which rows are protected is not.
    marks = {
        source.column for name, columns in header.sources.items() if fields[name].role == MARK for source in columns
    }
    for column in sorted(merged.keys() - marks):
        sentence = ngettext(
            "„{title}”: {n} celulă unită s-a citit la fiecare rând pe care îl acoperă.",
            "„{title}”: {n} celule unite s-au citit la fiecare rând pe care îl acoperă.",
            merged[column],
        )
        own.notes.append(sentence.format(title=named.get(column, column_letters(column)), n=number(merged[column])))
