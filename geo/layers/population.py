"""Population of UATs: a plain table with codes or names, or the census's printed table by age group.

`load(path)` finds out which; `tidy()` is pure. Rows without a code are matched by name within their county; what
is misprinted is mended by `data/atlas/population.corrections.csv`, with a reason, or refused: never guessed silently.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.errors import MissingColumnError
from core.i18n import _, ngettext, number
from core.reading.fields import Field
from core.reading.reading_account import account_now
from core.reading.sheets import SHEETS, read_workbook
from core.reading.tables import read_table
from core.reading.tidied_table import Refusal, TidiedTable, rejects_table
from core.resources import DATA
from core.text import fold
from geo.gazetteer.name_match import strip_kind
from geo.layers.census_table import age_columns, printed_table

if TYPE_CHECKING:
    from geo.gazetteer.gazetteer import Gazetteer

CORRECTIONS_FILE = DATA / "atlas" / "population.corrections.csv"
AGES = age_columns()
POPULATION_COLUMNS = {
    "uat_siruta": "SIRUTA of the UAT, unique (Bucharest: the municipality, or each sector where the file has them)",
    "name": "name as SIRUTA prints it",
    "county": "letters of the county",
    "population": "people (Int64)",
    **dict.fromkeys(AGES, "people of this age, full years (Int64; NA = confidential, or not in the file)"),
    "matched": "how the code was found: code, corrected, exact, folded, loose or fuzzy",
    "source_row": "row of the source file, 1 = first data row",
}
FIELDS = (
    Field("name", ("name", "nume", "denumire", "uat", "unitate", "localitate")),
    Field("county", ("county", "judet", "județ")),
    Field("population", ("pop", "population", "populatie", "populația", "total", "populatia rezidenta"), required=True),
    Field("siruta", ("siruta", "cod siruta", "uat_siruta", "natcode")),
    *(Field(age, (age.removeprefix("age_").replace("_", "-"), age.removeprefix("age_"))) for age in AGES),
)
_UNKNOWN = ("", "*", "..", "...", "…", ":", "c", "nan")  # what a table prints where a number is confidential
_MOST_PEOPLE = 3_000_000  # Bucharest has 1.7 million


def load(path: Path, gazetteer: Gazetteer, *, corrections_file: Path = CORRECTIONS_FILE) -> TidiedTable:
    """Read a file of population: a table with titles, or the census's printed table; see `tidy`.

    Raises what `core.reading.tables.read_table` raises: UnreadableFileError, MissingColumnError.
    """
    corrections = pd.read_csv(corrections_file, dtype="str", keep_default_na=False)
    try:
        raw = read_table(path, FIELDS)
        _require_key(raw, path.name)
    except MissingColumnError:
        printed = _printed(path) if path.suffix.lower() in SHEETS else None
        if printed is None:
            raise
        raw, totals = printed
        return tidy(raw, gazetteer, corrections, county_totals=totals)
    return tidy(raw, gazetteer, corrections)


def _require_key(raw: pd.DataFrame, file: str) -> None:
    if "siruta" not in raw and not {"name", "county"} <= set(raw.columns):
        raise MissingColumnError(
            _("{file}: lipsește coloana cu codul SIRUTA, sau denumirea și județul unității.").format(file=file)
        )


def _printed(path: Path) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Read the longest printed table among the sheets: the short one has counties only."""
    sheets = read_workbook(path)
    tables = [(found, sheet.name) for sheet in sheets if (found := printed_table(sheet.rows)) is not None]
    if not tables:
        return None
    longest, name = max(tables, key=lambda each: len(each[0][0]))
    account_now().begin(str(path)).sheets.extend(sheet.name for sheet in sheets if sheet.name != name)
    return longest


def tidy(
    raw: pd.DataFrame, gazetteer: Gazetteer, corrections: pd.DataFrame, *, county_totals: pd.DataFrame | None = None
) -> TidiedTable:
    """Make a table of POPULATION_COLUMNS of raw rows.

    raw: `row` and, as text, name, county, population and perhaps siruta and age groups (age_0_4 … age_85_plus).
    corrections: row_id (`name|county` as published), column, published, corrected, reason, source.
    county_totals: county (as printed) and population, checked against the sums of their rows.

    Refused are rows whose UAT is not known for sure, or came before; whose number is none; and whose age groups,
    all known, do not add up to the population.
    """
    raw = _corrected(raw, corrections)
    found = [_code(gazetteer, *fields) for fields in _text_columns(raw, ("siruta", "name", "county", "corrected"))]
    table = pd.DataFrame(
        {
            "uat_siruta": pd.array([code for code, _how in found], dtype="Int64"),
            "population": _people(raw, "population"),
            **{age: _people(raw, age) for age in AGES},
            "matched": [how for _code, how in found],
            "source_row": raw["row"].astype("Int64").to_numpy(),
        }
    )
    refusals = _refusals(raw, table)
    refused = {r.row for r in refusals}
    kept = ~table["source_row"].isin(list(refused)).to_numpy(bool)
    facts = gazetteer.uats.set_index("uat_siruta")
    rows = table[kept].reset_index(drop=True)
    rows.insert(1, "name", rows["uat_siruta"].map(facts["name"]))
    rows.insert(2, "county", rows["uat_siruta"].map(facts["county"]))
    rows = rows[list(POPULATION_COLUMNS)].astype({"uat_siruta": "int64"})
    notes = (*_notes(rows), *_total_notes(rows, county_totals, gazetteer))
    return TidiedTable(rows, rejects_table(refusals), len(raw), notes=notes)


def _text_columns(raw: pd.DataFrame, columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    texts = [raw[c].astype("str").str.strip().tolist() if c in raw else [""] * len(raw) for c in columns]
    return list(zip(*texts, strict=True))


def _corrected(raw: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Add `corrected`: the code that the corrections give a row, else empty."""
    codes = dict(zip(corrections["row_id"].map(_row_id), corrections["corrected"], strict=True))
    ids = [_row_id(f"{name}|{county}") for name, county in _text_columns(raw, ("name", "county"))]
    return raw.assign(corrected=[codes.get(i, "") for i in ids])


def _row_id(text: str) -> str:
    return "|".join(fold(part) for part in text.split("|"))


def _code(gazetteer: Gazetteer, siruta: str, name: str, county: str, corrected: str) -> tuple[int | None, str]:
    """Find the UAT of a row. A code whose name is another's is not believed."""
    names = gazetteer.uat_by_code
    if corrected:
        return int(corrected), "corrected"
    if siruta.isascii() and siruta.isdigit() and int(siruta) in names:
        by_name, _how = gazetteer.match_uat(name, county) if name else (None, "none")
        same = not name or by_name == int(siruta) or fold(strip_kind(name)[0]) == fold(names[int(siruta)])
        return (int(siruta), "code") if same or by_name is None else (None, "contradiction")
    if gazetteer.county_code(county) is None:
        return None, "none"
    return gazetteer.match_uat(name, county)


def _people(raw: pd.DataFrame, column: str) -> pd.Series:
    if column not in raw:
        return pd.Series(pd.array([None] * len(raw), dtype="Int64"))
    texts = raw[column].astype("str").str.strip().replace("-", "0")
    numbers = pd.to_numeric(texts.where(texts.str.fullmatch(r"\d{1,9}")), errors="coerce")
    return numbers.where(numbers <= _MOST_PEOPLE).astype("Int64").reset_index(drop=True)


def _refusals(raw: pd.DataFrame, table: pd.DataFrame) -> list[Refusal]:
    names = _text_columns(raw, ("name", "county", "population"))
    again = table["uat_siruta"].notna() & _is_second(table)
    ages = table[list(AGES)]
    summed = ages.sum(axis=1)
    wrong_sum = ages.notna().all(axis=1) & table["population"].notna() & (summed != table["population"])
    summed_too_much = (summed > table["population"]).fillna(value=False)
    unread = _unread_ages(raw, ages)
    refusals = []
    for i, (name, county, people) in enumerate(names):
        row, how = int(table["source_row"].iloc[i]), table["matched"].iloc[i]
        where = f"{name}, {county}"
        if pd.isna(table["uat_siruta"].iloc[i]):
            refusals.append(Refusal(row, "name", where, "unknown_code", _WHY_NOT.get(how, _WHY_NOT["none"])()))
        elif again.iloc[i]:
            refusals.append(Refusal(row, "name", where, "duplicate_key", _("unitatea apare a doua oară")))
        elif pd.isna(table["population"].iloc[i]):
            refusals.append(Refusal(row, "population", people, "bad_number", _("aștept numărul de locuitori")))
        elif i in unread:
            age, text = unread[i]
            message = _("aștept numărul de oameni de această vârstă, sau * unde nu este publicat")
            refusals.append(Refusal(row, age, text, "bad_number", message))
        elif wrong_sum.iloc[i] or summed_too_much.iloc[i]:
            message = _("grupele de vârstă adună {sum}").format(sum=number(int(summed.iloc[i])))
            refusals.append(Refusal(row, "population", people, "bad_sum", message))
    return refusals


def _unread_ages(raw: pd.DataFrame, ages: pd.DataFrame) -> dict[int, tuple[str, str]]:
    """Return for each row the first age group whose cell is neither a number nor said to be unknown."""
    found: dict[int, tuple[str, str]] = {}
    for age in (name for name in AGES if name in raw):
        texts = raw[age].fillna("").astype("str").str.strip()
        for i in np.flatnonzero(ages[age].isna().to_numpy() & ~texts.str.casefold().isin(_UNKNOWN).to_numpy()):
            found.setdefault(int(i), (age, texts.iloc[int(i)]))
    return found


_WHY_NOT = {
    "none": lambda: _("nicio unitate cu acest nume în județ; adăugați o corecție"),
    "ambiguous": lambda: _("mai multe unități cu acest nume; adăugați codul SIRUTA"),
    "contradiction": lambda: _("codul SIRUTA este al altei unități decât cea numită"),
}
_SURENESS = {"code": 0, "corrected": 1, "exact": 2, "folded": 3, "loose": 4, "fuzzy": 5}


def _is_second(table: pd.DataFrame) -> pd.Series:
    """Mark all but the surest row of each UAT: a typing error must not push out the true name."""
    order = table["matched"].map(_SURENESS).fillna(9).sort_values(kind="stable").index
    again: pd.Series = table.loc[order, "uat_siruta"].duplicated().reindex(table.index)
    return again


def _notes(rows: pd.DataFrame) -> list[str]:
    notes = []
    people = int(rows["population"].sum())
    notes.append(_("{n} locuitori în total").format(n=number(people)))
    if rows[list(AGES)].isna().all(axis=None):
        notes.append(_("fișierul nu are grupe de vârstă"))
    by_name = int(rows["matched"].isin(["exact", "folded", "loose", "fuzzy"]).sum())
    if by_name:
        notes.append(
            ngettext("{n} unitate găsită după nume și județ", "{n} unități găsite după nume și județ", by_name).format(
                n=by_name
            )
        )
    used = int((rows["matched"] == "corrected").sum())
    if used:
        notes.append(ngettext("{n} corecție aplicată", "{n} corecții aplicate", used).format(n=used))
    return notes


def _total_notes(rows: pd.DataFrame, totals: pd.DataFrame | None, gazetteer: Gazetteer) -> list[str]:
    """Compare the printed total of each county with the sum of its rows."""
    if totals is None:
        return []
    sums = rows.groupby("county")["population"].sum()
    notes = []
    for name, people in zip(totals["county"], totals["population"], strict=True):
        found = int(sums.get(gazetteer.county_code(name) or "", 0))
        if found != people:
            notes.append(
                _("{county}: totalul tipărit este {printed}, rândurile adună {sum}").format(
                    county=name, printed=number(int(people)), sum=number(found)
                )
            )
    return notes
