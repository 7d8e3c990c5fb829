"""The atlas of marginalisation read from files: rural rates and classes, urban shares by type of area.

`load_rural` and `load_urban` read a CSV or a sheet; `tidy_rural` and `tidy_urban` are pure. Classes: 1 none,
2 below average, 3 above average, 4 severe. `geo.layers.atlas_layer` puts both on one table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.errors import MissingColumnError
from core.i18n import _, ngettext
from core.reading.fields import Field
from core.reading.tables import read_table
from core.reading.tidied_table import Refusal, TidiedTable, first_refusal_per_row, rejects_table
from core.text import fold
from geo.gazetteer.uat_rows import UAT_FIELDS, MatchedRows, match_rows
from geo.layers.atlas_layer import AtlasLimits, atlas_class, load_limits

if TYPE_CHECKING:
    from pathlib import Path

    from geo.gazetteer.gazetteer import Gazetteer

RURAL_KINDS = frozenset({"commune"})
URBAN_KINDS = frozenset({"town", "municipality", "sector"})

RURAL_COLUMNS = {
    "uat_siruta": "SIRUTA of the commune",
    "name": "name as SIRUTA prints it",
    "county": "letters of the county",
    "rate_percent": "per cent of the people who live in marginalised areas; NaN = not published",
    "rural_class": "1 none, 2 below average, 3 above average, 4 severe (Int64)",
    "lhdi": "local human development index, 0 to 100; NaN = not published",
    "human_capital_percent": "per cent of people with low human capital; NaN = not published",
    "employment_percent": "per cent of people without formal work; NaN = not published",
    "housing_percent": "per cent of people in inadequate housing; NaN = not published",
    "matched_by": "siruta, or how the name was found: exact, folded, loose, fuzzy",
    "source_row": "row of the source file, 1 = first data row",
}
URBAN_COLUMNS = {
    "uat_siruta": "SIRUTA of the town, municipality or sector",
    "name": "name as SIRUTA prints it",
    "county": "letters of the county",
    "marginalised_percent": "per cent of the people who live in marginalised areas",
    "human_capital_percent": "… in areas disadvantaged only in human capital; NaN = not published",
    "employment_percent": "… in areas disadvantaged only in employment; NaN = not published",
    "housing_percent": "… in areas disadvantaged only in housing; NaN = not published",
    "not_disadvantaged_percent": "… in areas without disadvantage; NaN = not published",
    "matched_by": "siruta, or how the name was found: exact, folded, loose, fuzzy",
    "source_row": "row of the source file, 1 = first data row",
}
_INDICATORS = (
    Field("human_capital_percent", ("capital uman", "capital uman scăzut", "% capital uman scăzut", "human capital")),
    Field("employment_percent", ("ocupare", "ocupare formală scăzută", "fără ocupare formală", "employment")),
    Field("housing_percent", ("locuire", "locuire precară", "condiții de locuire precare", "housing")),
)
RURAL_FIELDS = (
    *UAT_FIELDS,
    Field(
        "rate_percent",
        (
            "rata",
            "rata marginalizării",
            "rata de marginalizare",
            "rata marginalizării (%)",
            "% în zone marginalizate",
            "rate",
        ),
    ),
    Field("rural_class", ("clasa", "clasa de marginalizare", "clasa marginalizării", "grad de marginalizare", "class")),
    Field("lhdi", ("LHDI", "IDUL", "indicele dezvoltării umane locale", "LHDI 2011")),
    *_INDICATORS,
)
URBAN_FIELDS = (
    *UAT_FIELDS,
    Field(
        "marginalised_percent",
        ("zone marginalizate", "% în zone marginalizate", "marginalizate", "marginalizat", "marginalized"),
        required=True,
    ),
    *_INDICATORS,
    Field("not_disadvantaged_percent", ("zone nedezavantajate", "nedezavantajate", "fără dezavantaje")),
)
_CLASS_WORDS = {"fara": 1, "none": 1, "sub medie": 2, "below": 2, "peste medie": 3, "above": 3, "sever": 4}
_LARGEST_TOTAL = 100.5  # shares are printed rounded
_PERCENT = 100.0


def load_rural(path: Path, gazetteer: Gazetteer, *, limits: AtlasLimits | None = None) -> TidiedTable:
    """Read the rural atlas from a CSV or a sheet; see `tidy_rural`. Raises UnreadableFileError, MissingColumnError."""
    raw = read_table(path, RURAL_FIELDS, any_of=("siruta", "name"))
    if "rate_percent" not in raw and "rural_class" not in raw:
        raise MissingColumnError(_("{file}: lipsește și rata, și clasa de marginalizare.").format(file=path.name))
    return tidy_rural(raw, gazetteer, limits=limits or load_limits())


def load_urban(path: Path, gazetteer: Gazetteer) -> TidiedTable:
    """Read the urban atlas from a CSV or a sheet; see `tidy_urban`. Raises UnreadableFileError, MissingColumnError."""
    return tidy_urban(read_table(path, URBAN_FIELDS, any_of=("siruta", "name")), gazetteer)


def tidy_rural(raw: pd.DataFrame, gazetteer: Gazetteer, *, limits: AtlasLimits) -> TidiedTable:
    """Make the rural atlas of raw text rows: a table of RURAL_COLUMNS.

    raw: `row`, `siruta` or `name` and `county`, `rate_percent` or `rural_class` or both, perhaps `lhdi` and the
    three indicators; numbers with a decimal comma or point, „%” allowed. A class is a number or its words. Where
    only the rate is given the class follows from the limits; where both are, the published class stays and the
    notes count the rows where the limits say otherwise.

    Refused: what `geo.gazetteer.uat_rows.match_rows` refuses (towns too), a number that is none or outside 0 to 100, an
    unknown class, neither rate nor class.
    """
    matched = match_rows(raw, gazetteer, kinds=RURAL_KINDS)
    numbers, bad = _numbers(raw, ("rate_percent", "lhdi", *(f.name for f in _INDICATORS)))
    stated, bad_classes = _classes(raw)
    computed = atlas_class(numbers["rate_percent"], limits.rural).set_axis(raw.index)
    table = _identified(raw, matched, gazetteer, numbers.assign(rural_class=stated.fillna(computed)))
    neither = table["rural_class"].isna()
    missing = [
        Refusal(int(row), "rate_percent", "", "missing", _("lipsește și rata, și clasa de marginalizare"))
        for row in raw.loc[neither, "row"]
    ]
    differs = int((stated.notna() & computed.notna() & (stated != computed)).sum())
    notes = _match_notes(matched)
    if differs:
        notes = (*notes, _differs(differs))
    return _layer(raw, table[list(RURAL_COLUMNS)], [*matched.refusals, *bad, *bad_classes, *missing], notes)


def tidy_urban(raw: pd.DataFrame, gazetteer: Gazetteer) -> TidiedTable:
    """Make the urban atlas of raw text rows: a table of URBAN_COLUMNS, the shares of each town by type of area.

    raw: `row`, `siruta` or `name` and `county`, `marginalised_percent`, perhaps the other shares. Refused: what
    `geo.gazetteer.uat_rows.match_rows` refuses (communes too), a share that is no number or outside 0 to 100, a missing
    share of marginalised areas, shares of more than 100 % together.
    """
    matched = match_rows(raw, gazetteer, kinds=URBAN_KINDS)
    shares = [name for name in URBAN_COLUMNS if name.endswith("_percent")]
    numbers, bad = _numbers(raw, tuple(shares))
    table = _identified(raw, matched, gazetteer, numbers)
    missing = [
        Refusal(int(row), "marginalised_percent", "", "missing", _("lipsește ponderea zonelor marginalizate"))
        for row in raw.loc[table["marginalised_percent"].isna(), "row"]
    ]
    totals = numbers[shares].sum(axis=1)
    too_much = [
        Refusal(int(row), "marginalised_percent", f"{total:.1f}", "bad_total", _("ponderile adunate depășesc 100 %"))
        for row, total in zip(raw["row"], totals, strict=True)
        if total > _LARGEST_TOTAL
    ]
    refusals = [*matched.refusals, *bad, *missing, *too_much]
    return _layer(raw, table[list(URBAN_COLUMNS)], refusals, _match_notes(matched))


def _numbers(raw: pd.DataFrame, names: tuple[str, ...]) -> tuple[pd.DataFrame, list[Refusal]]:
    """Per cents (and the index, which has the same range) of each column; NaN where blank, missing or refused."""
    table, refusals = pd.DataFrame(index=raw.index), []
    for name in names:
        texts = raw[name] if name in raw else pd.Series("", index=raw.index)
        values = [read_number(str(text)) for text in texts]
        table[name] = [v if v is not None and 0 <= v <= _PERCENT else np.nan for v in values]
        refusals += [
            Refusal(int(row), name, str(text), "bad_number", _("se aștepta un număr între 0 și 100"))
            for row, text, value in zip(raw["row"], texts, table[name], strict=True)
            if str(text).strip() and np.isnan(value)
        ]
    return table, refusals


def read_number(text: str) -> float | None:
    """Read a printed number with a decimal comma or point, „%” allowed; None for what is none.

    >>> read_number("6,2 %"), read_number("1.234,5"), read_number("n/a")
    (6.2, 1234.5, None)
    """
    plain = text.replace("%", "").replace("\u00a0", "").replace(" ", "")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def _classes(raw: pd.DataFrame) -> tuple[pd.Series[int], list[Refusal]]:
    classes: list[int | None] = []
    refusals = []
    texts = raw["rural_class"] if "rural_class" in raw else pd.Series("", index=raw.index)
    for row, text in zip(raw["row"], texts, strict=True):
        words = fold(text)
        value = int(words) if words in {"1", "2", "3", "4"} else None
        if value is None and words:
            value = next((code for word, code in _CLASS_WORDS.items() if word in words), None)
            if value is None:
                message = _("clasa este 1, 2, 3 sau 4 (fără, sub medie, peste medie, severă)")
                refusals.append(Refusal(int(row), "rural_class", str(text), "unknown_code", message))
        classes.append(value)
    return pd.Series(pd.array(classes, dtype="Int64"), index=raw.index), refusals


def _identified(raw: pd.DataFrame, matched: MatchedRows, gazetteer: Gazetteer, values: pd.DataFrame) -> pd.DataFrame:
    uats = gazetteer.uats.set_index("uat_siruta")
    return values.assign(
        uat_siruta=matched.uat_siruta,
        name=matched.uat_siruta.map(uats["name"]),
        county=matched.uat_siruta.map(uats["county"]),
        matched_by=matched.how,
        source_row=raw["row"].astype("Int64"),
    )


def _layer(raw: pd.DataFrame, table: pd.DataFrame, refusals: list[Refusal], notes: tuple[str, ...]) -> TidiedTable:
    refused = first_refusal_per_row(refusals)
    rows = table[~raw["row"].isin(list(refused))].astype({"name": "str", "county": "str"})
    return TidiedTable(rows.reset_index(drop=True), rejects_table(refused.values()), len(raw), notes=notes)


def _match_notes(matched: MatchedRows) -> tuple[str, ...]:
    by_name = int(matched.how.isin(["exact", "folded", "loose"]).sum())
    guessed = int((matched.how == "fuzzy").sum())
    notes: list[Any] = []
    if by_name:
        notes.append(
            ngettext("{n} rând legat după denumire", "{n} rânduri legate după denumire", by_name).format(n=by_name)
        )
    if guessed:
        notes.append(
            ngettext(
                "{n} rând legat după o denumire apropiată: verificați",
                "{n} rânduri legate după denumiri apropiate: verificați",
                guessed,
            ).format(n=guessed)
        )
    return tuple(notes)


def _differs(number: int) -> str:
    return ngettext(
        "{n} clasă publicată nu este cea dată de limite", "{n} clase publicate nu sunt cele date de limite", number
    ).format(n=number)
