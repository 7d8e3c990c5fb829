"""Instruments as editions of a home: read from a file, put in force like a layer, kept for ever.

An edition holds every row of its sheets (table `items`), so that an assessment shows the questions that it was made
with whatever comes later, and what every code ever meant (table `meanings`), so that none gets another meaning.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pandas as pd

from cases.instrument.instrument_reading import ReadInstrument, instrument_of_sheets
from cases.instrument.instrument_sheets import FIELDS, InstrumentRow, InstrumentSheets, read_sheets, write_stacked
from cases.instrument.record_limits import unkept_rows
from core.bad_rows import BadRowsError
from core.errors import EditionError
from core.i18n import _, ngettext
from core.reading.tidied_table import Refusal, TidiedTable, rejects_table
from core.resources import DATA
from core.storage.editions import EditionStore
from core.storage.source_cards import card_beside

if TYPE_CHECKING:
    from core.storage.edition import Edition
    from core.storage.home import Home

KIND = "instrument"
BUILT_IN = DATA / "cases"
_LEVELS = "levels"
_TEXTS = tuple(dict.fromkeys(field.name for fields in FIELDS.values() for field in fields))
_KEYS = {
    "choices": ("list_name", "name"),
    "findings": ("code",),
    "without_rule": ("code",),
    "actions": ("need_group", "member", "words"),
    "levels": ("level", "danger", "high", "medium"),
}


def read_instrument(path: Path, home: Home | None = None) -> ReadInstrument:
    """Read an instrument from a file or a folder; one without the rule of the level takes the built-in one.

    Parameters
    ----------
    path
        A workbook, a CSV or a folder of CSV files, read as hostile.
    home
        Whose earlier editions say what codes mean; None = nothing does.

    Returns
    -------
    ReadInstrument
        With a refusal for each row that cannot be taken.

    Raises
    ------
    UnreadableFileError
        Naming the file, where it cannot be read at all.
    MissingColumnError
        Naming the file, the sheet and what it lacks.
    """
    sheets = read_sheets(path)
    if _LEVELS not in sheets.rows:
        # An edition is whole: a later rule of the product must not change what an old assessment says.
        sheets.rows[_LEVELS] = read_sheets(BUILT_IN).rows[_LEVELS]
    read = instrument_of_sheets(sheets, meanings_in(home) if home else {})
    # Of a new form alone: an edition that is in force stays readable whatever is asked of the next.
    unkept = unkept_rows(read.rows, read.instrument)
    places = {(each.sheet, each.row) for each in unkept}
    rows = tuple(row for row in read.rows if (row.sheet, row.number) not in places)
    return replace(read, rows=rows, refusals=(*read.refusals, *unkept))


def load(path: Path, home: Home) -> TidiedTable:
    """Read an instrument as a layer for `providers.imports.importing`: one row of any sheet is one row of `items`.

    Raises BadRowsError where any row cannot be taken: half a questionnaire would find half of what there is.
    """
    read = read_instrument(path, home)
    if read.refusals:
        raise BadRowsError(path.name, [refusal_words(refusal) for refusal in in_order(read.refusals)])
    meanings = pd.DataFrame(
        [(place, code, words) for (place, code), words in read.meanings.items()], columns=["place", "code", "words"]
    )
    count = len(read.instrument.rules)
    notes = (ngettext("{n} regulă", "{n} reguli", count).format(n=count), *read.remarks)
    return TidiedTable(
        items_of(read), rejects_table(()), read.rows_read, others={"meanings": meanings.astype("str")}, notes=notes
    )


def in_order(refusals: tuple[Refusal, ...]) -> list[Refusal]:
    """Return refusals by sheet and row."""
    order = list(FIELDS)
    return sorted(refusals, key=lambda refusal: (order.index(refusal.sheet), refusal.row))


def refusal_words(refusal: Refusal) -> str:
    """Return in words where a row that was refused stands, what was found and why that will not do."""
    return _("Foaia „{sheet}”, rândul {row}, coloana „{column}”: am găsit „{found}”; {why}.").format(
        sheet=refusal.sheet, row=refusal.row, column=refusal.field, found=refusal.value[:60], why=refusal.message
    )


def items_of(read: ReadInstrument) -> pd.DataFrame:
    """Put the rows of an instrument in one table: `key`, `sheet`, `source_row` and every column as text.

    Parameters
    ----------
    read
        An instrument.

    Returns
    -------
    pd.DataFrame
        A key for each row: the sheet, and what the row is about.
    """
    ends = 0
    records = []
    for row in read.rows:
        names = [row.cells[column] for column in _KEYS.get(row.sheet, ("name",))]
        if row.sheet == "survey" and row.cells["type"].startswith("end"):
            ends += 1
            names = [f"end {ends}"]
        every = {**dict.fromkeys(_TEXTS, ""), **row.cells}
        records.append({"key": ":".join([row.sheet, *names]), "sheet": row.sheet, "source_row": row.number, **every})
    table = pd.DataFrame(records, columns=["key", "sheet", "source_row", *_TEXTS])
    return table.astype({"key": "str", "sheet": "str", "source_row": "int64", **dict.fromkeys(_TEXTS, "str")})


def instrument_of(edition: Edition) -> ReadInstrument:
    """Return the instrument of an edition, as it was when it was put in force.

    Parameters
    ----------
    edition
        An edition of an instrument.

    Returns
    -------
    ReadInstrument
        Nothing of it refused.

    Raises
    ------
    EditionError
        Where the edition is damaged, or this version cannot read it.
    """
    rows: dict[str, list[InstrumentRow]] = {}
    for record in edition.table("items").to_dict("records"):
        sheet = str(record["sheet"])
        cells = {field.name: str(record.get(field.name, "")) for field in FIELDS[sheet]}
        rows.setdefault(sheet, []).append(InstrumentRow(sheet, int(record["source_row"]), cells))
    read = instrument_of_sheets(InstrumentSheets(rows))
    if read.refusals:
        raise EditionError(
            _("Ediția {edition} a chestionarului nu poate fi citită de această versiune: {why}").format(
                edition=edition.manifest.edition, why=refusal_words(read.refusals[0])
            )
        )
    return read


def instrument_at(home: Home, name: str = "") -> ReadInstrument:
    """Return an edition's instrument by name; without a name the one in force, the built-in one where there is none.

    Parameters
    ----------
    home
        Whose editions are looked in.
    name
        Of an edition; "" = the one in force.

    Returns
    -------
    ReadInstrument
        Nothing of it refused.

    Raises
    ------
    UnknownCodeError
        Where there is no edition of that name.
    EditionError
        Where the edition is damaged.
    """
    store = EditionStore(home)
    edition = store.edition(KIND, name) if name else store.current(KIND)
    return instrument_of(edition) if edition else read_instrument(BUILT_IN)


def meanings_in(home: Home) -> Mapping[tuple[str, str], str]:
    """Return what codes mean by the editions of a home, in their newest words."""
    store = EditionStore(home)
    found: dict[tuple[str, str], str] = {}
    for edition in reversed(store.editions(KIND)):
        table = edition.table("meanings")
        found |= dict(zip(zip(table["place"], table["code"], strict=True), table["words"], strict=True))
    return found


@contextmanager
def as_one_file(path: Path | None) -> Iterator[Path]:
    """Return an instrument as one file that can be imported: a folder's sheets, or the built-in one's, in one CSV.

    Parameters
    ----------
    path
        A file, which is given as it is, or a folder; None = the built-in instrument, with its source card.

    Yields
    ------
    Path
        The file; one that was made is gone after the block.
    """
    folder = path or BUILT_IN
    if not folder.is_dir():
        yield folder
        return
    with TemporaryDirectory(prefix="harta-") as made:
        file = Path(made) / f"{KIND if path is None else folder.resolve().name}.csv"
        sheets = read_sheets(folder)
        if sheets.refusals:
            raise BadRowsError(folder.name, [refusal_words(refusal) for refusal in in_order(sheets.refusals)])
        write_stacked(sheets.rows, file)
        if path is None:
            shutil.copyfile(card_beside(BUILT_IN / "survey.csv"), card_beside(file))
        yield file
