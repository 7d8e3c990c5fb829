"""What of a list must not reach the server: columns that say who people are, and cells that look like such.

The browser reads such lists, for of there nothing leaves (`api/static/teren/list_reading.js`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cases.list_import.list_rules import MOST_ROWS, fold_title
from core.errors import UnreadableFileError
from core.i18n import N_, _
from core.reading.csv_rows import read_csv_rows
from core.reading.fields import text_of
from core.reading.files import require_size
from core.reading.sheets import SHEETS, RawSheet, read_workbook
from referrals.records.free_text import PersonalKind, personal_data
from referrals.records.ledger_errors import PersonalDataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MOST_BYTES = 5_000_000  # as the browser takes
_PERSONAL = frozenset(
    (
        "nume", "numele", "prenume", "prenumele", "porecla", "name", "names", "surname", "cnp", "telefon", "telefonul",
        "telefoane", "tel", "mobil", "phone", "email", "mail", "adresa", "adrese", "adresei", "address", "domiciliu",
        "domiciliul", "strada", "bloc", "scara", "apartament", "serie", "seria", "buletin", "pasaport", "identitate",
        "iban",
    )
)  # fmt: skip
_PERSONAL_WHOLE = ("cod numeric personal", "denumire gospodarie", "ci", "beneficiar", "persoana", "mama", "tata")
_PERSONAL_RUNS = ("prenume", "numele", "numesi", "cnp", "telefon")  # in words written as one
_TOP_ROWS = 10  # among which a sheet may have its titles, below a heading
_MOST_TITLES = 8
KIND_WORDS: dict[PersonalKind, str] = {
    "mail": N_("o adresă de e-mail"),
    "cnp": N_("un cod numeric personal"),
    "phone": N_("un număr de telefon"),
    "account": N_("un cont bancar"),
    "identity": N_("un act de identitate"),
}
# „12”, „G-12”, „GOSP 0012”: a number with a few letters before it; a name has no number.
_HOUSEHOLD = re.compile(r"[A-Za-z]{0,4}[-./ ]?\d{1,10}")


def rows_of_list(path: Path) -> list[list[str]]:
    """Read the first sheet of a list as texts, through the readers that take every file as hostile.

    Parameters
    ----------
    path
        A CSV or a workbook.

    Returns
    -------
    list of list of str
        Every row, also those that say nothing.

    Raises
    ------
    UnreadableFileError
        For a file that is damaged, of another kind or too large.
    PersonalDataError
        Where a sheet, a hidden one too, has columns of names, personal numbers, telephones or addresses.
    """
    require_size(path)
    if path.stat().st_size > MOST_BYTES:
        raise _too_large_error(path)
    is_workbook = path.suffix.lower() in SHEETS
    sheets = read_workbook(path) if is_workbook else [RawSheet("", rows=read_csv_rows(path))]
    texts = [[[text_of(cell) for cell in row] for row in sheet.rows] for sheet in sheets]
    filled = [[row for row in rows if any(row)] for rows in texts]
    _refuse_titles(path, [row for rows in filled for row in _titles_of(rows)])
    shown = (place for place, sheet in enumerate(sheets) if filled[place] and not sheet.is_hidden)
    first = next(shown, None)
    if first is None:
        return []
    if len(filled[first]) > MOST_ROWS + 1:
        raise _too_large_error(path)
    return texts[first]


def _too_large_error(path: Path) -> UnreadableFileError:
    words = _("{file}: lista este prea mare: cel mult 5 MB și 2.000 de rânduri. Împărțiți-o.")
    return UnreadableFileError(words.format(file=path.name[-120:]))


def _titles_of(rows: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Yield the first row, and of those below what is a personal title and nothing else: a heading may stand above."""
    yield from rows[:1]
    for row in rows[1:_TOP_ROWS]:
        yield [cell for cell in row if fold_title(cell) in _PERSONAL]


def _refuse_titles(path: Path, heads: Sequence[Sequence[str]]) -> None:
    named = list(dict.fromkeys(title for titles in heads for title in titles if is_personal_title(title)))
    if not named:
        return
    listed = ", ".join(f"„{title[:40]}”" for title in named[:_MOST_TITLES])
    raise PersonalDataError(
        _(
            "{file}: coloanele {titles} spun cine sunt oamenii, iar pe server asemenea date nu intră. Scoateți "
            "coloanele din fișier sau citiți lista în navigator: la /teren, „Oameni”, „Aduceți o listă din aplicația "
            "asistenților medicali”; de acolo numele nu pleacă."
        ).format(file=path.name[-120:], titles=listed)
    )


def is_personal_title(title: str) -> bool:
    """Return whether a column says who people are: names, personal numbers, telephones, addresses.

    >>> is_personal_title("Nr. telefon"), is_personal_title("C.N.P."), is_personal_title("Localitate")
    (True, True, False)
    """
    folded = fold_title(title)
    run = "".join(filter(str.isalpha, folded))
    return (
        folded in _PERSONAL_WHOLE
        or run in _PERSONAL
        or any(word in run for word in _PERSONAL_RUNS)
        or not _PERSONAL.isdisjoint(re.split(r"[\W\d_]+", folded))
    )


def personal_cell(row: Sequence[str]) -> tuple[int, PersonalKind] | None:
    """Return the first cell of a row that looks like what must not be kept, by its place and kind."""
    for place, cell in enumerate(row):
        kind = personal_data(cell) if cell else None
        if kind is not None:
            return place, kind
    return None


def is_household_number(text: str) -> bool:
    """Return whether what a list calls a household is a number, not the name of those who live there.

    >>> is_household_number("G-12"), is_household_number("Casa Popescu")
    (True, False)
    """
    return not text or bool(_HOUSEHOLD.fullmatch(text))
