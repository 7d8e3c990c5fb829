"""The rows of a list of the nurses' application, taken or refused: the twin of `api/static/teren/list_reading.js`.

`tests/browser/teren/test_list_in_browser.py` holds both alike over the same lists.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import MissingColumnError
from core.i18n import _

TITLES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "id beneficiar"),
    "born": ("data nasterii",),
    "sex": ("gen", "sex"),
    "place": ("localitate",),
    "county": ("judet",),
    "status": ("status", "status curent"),
    "household": ("gospodarie", "denumire gospodarie"),
}
NEEDED = ("id", "born")
MOST_ROWS = 2_000
_SEXES = {"m": "M", "masculin": "M", "f": "F", "feminin": "F"}
_GONE = ("inactiv", "scos din evidenta")
_SMALL_CHILD, _FIRST_YEAR, _MONTHS = 6, 1900, 12
_ID = re.compile(r"[\w-]{1,20}", re.ASCII)
_SERIAL = re.compile(r"\d{4,5}(\.\d+)?", re.ASCII)
_FIRST_SERIAL = 3_000  # a smaller number is a year; workbooks count days from the end of 1899
_ISO = re.compile(r"(\d{4})-(\d\d)", re.ASCII)
_DOTTED = re.compile(r"\d{1,2}[./](\d{1,2})[./](\d{4})", re.ASCII)
_MARKS = re.compile("[\u0300-\u036f]")


@dataclass(frozen=True)
class ListedPerson:
    """A row that can be a case.

    Attributes
    ----------
    row
        As a spreadsheet counts it, from 1.
    list_id
        The number in the nurses' application; it is kept nowhere on the server.
    born, sex
        The year, of small children the year and month; F, M or "".
    locality
        SIRUTA of the village; None where the list says none, or the community.
    household
        What the list calls the household; "" where it says none.
    """

    row: int
    list_id: str
    born: str
    sex: str
    locality: int | None
    household: str


@dataclass(frozen=True)
class RefusedRow:
    """A row that cannot be a case: its place, why (a code), the field, what was found there and what is expected."""

    row: int
    reason: str
    field: str = ""
    found: str = ""
    expected: str = ""


@dataclass(frozen=True)
class ListPlaces:
    """Where the people of a list may live: SIRUTA and name of the villages, names of the community and its county."""

    villages: tuple[tuple[int, str], ...]
    uat_name: str
    counties: tuple[str, ...]


def fold_title(text: str) -> str:
    """Return a text as titles and words are compared: without case, diacritics and doubled spaces.

    >>> fold_title("  Data  NAȘTERII ")
    'data nasterii'
    """
    return " ".join(_MARKS.sub("", unicodedata.normalize("NFD", text)).lower().split())


def born_of(sentence: str, day: date) -> str:
    """Return a birth to the year, of small children to the month; "" where it cannot be read or is to come.

    >>> born_of("04.05.1950", date(2026, 12, 2)), born_of("2024-01-15", date(2026, 12, 2))
    ('1950', '2024-01')
    """
    text = re.split("[ T]", sentence.strip(), maxsplit=1)[0]
    if _SERIAL.fullmatch(text) and float(text) > _FIRST_SERIAL:
        text = (date(1899, 12, 30) + timedelta(days=int(float(text)))).isoformat()
    if iso := _ISO.match(text):
        year, month = int(iso[1]), int(iso[2])
    elif dotted := _DOTTED.fullmatch(text):
        year, month = int(dotted[2]), int(dotted[1])
    else:
        return ""
    if not 1 <= month <= _MONTHS or year < _FIRST_YEAR or (year, month) > (day.year, day.month):
        return ""
    return f"{year}-{month:02}" if day.year - year <= _SMALL_CHILD else str(year)


def titles_row(rows: Sequence[Sequence[str]]) -> int:
    """Return the place of the titles, the first row that says something; 0 where none does."""
    return next((place for place, row in enumerate(rows) if any(row)), 0)


def columns_of(titles: Sequence[str]) -> dict[str, int]:
    """Return where each wanted column stands by the titles; MissingColumnError without the number and the birth."""
    heads = [fold_title(title) for title in titles]
    found: dict[str, int] = {}
    for name, known in TITLES.items():
        place = next((n for n, head in enumerate(heads) if head in known), None)
        if place is not None:
            found[name] = place
    if not all(name in found for name in NEEDED):
        raise MissingColumnError(_("Lista nu are coloanele „ID” și „Data nașterii” pe primul rând."))
    return found


def read_list(
    rows: Sequence[Sequence[str]], *, day: date, places: ListPlaces, known: Collection[str]
) -> tuple[list[ListedPerson], list[RefusedRow]]:
    """Take or refuse each row of a list.

    Parameters
    ----------
    rows
        Texts; the first that says something has the titles, those that say nothing only count as places.
    day
        Of the reading: ages are counted from it.
    places
        Where the people may live.
    known
        Numbers that were brought before.

    Returns
    -------
    tuple of lists
        The rows that can be cases, and those that cannot with their reason: `no_id`, `before`, `twice`, `gone`,
        `no_born`, `elsewhere`. Together they are all rows.

    Raises
    ------
    MissingColumnError
        Where a needed column is missing.
    """
    top = titles_row(rows)
    at = columns_of(rows[top] if rows else ())
    villages = {fold_title(name): siruta for siruta, name in places.villages}
    seen, taken, refused = set(known), [], []
    for number, row in enumerate(rows, 1):
        if number <= top + 1 or not any(row):
            continue
        cells = {name: row[place].strip() if place < len(row) else "" for name, place in at.items()}
        values = {name: cells.get(name, "") for name in TITLES}
        born = born_of(values["born"], day)
        is_here = _is_one_of(values["county"], places.counties) and (
            _is_one_of(values["place"], (places.uat_name,)) or fold_title(values["place"]) in villages
        )
        if not _ID.fullmatch(values["id"]):
            reason = "no_id"
        elif values["id"] in known:
            reason = "before"
        elif values["id"] in seen:
            reason = "twice"
        elif fold_title(values["status"]) in _GONE:
            reason = "gone"
        elif not born:
            reason = "no_born"
        elif not is_here:
            reason = "elsewhere"
        else:
            seen.add(values["id"])
            sex = _SEXES.get(fold_title(values["sex"]), "")
            locality = villages.get(fold_title(values["place"]))
            taken.append(ListedPerson(number, values["id"], born, sex, locality, values["household"]))
            continue
        refused.append(RefusedRow(number, reason))
    return taken, refused


def _is_one_of(text: str, names: Iterable[str]) -> bool:
    wanted = [fold_title(name) for name in names if name]
    return not text or not wanted or fold_title(text) in wanted
