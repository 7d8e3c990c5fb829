"""Points of localities: a file with a SIRUTA code and a latitude and longitude for each.

`load(path)` reads a CSV or a sheet, `tidy()` is pure. A locality without coordinates is kept, without a point (the
gazetteer gives it the middle of its unit): that it exists is known. A wrong point is refused.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from core.i18n import _, ngettext
from core.reading.fields import Field
from core.reading.tables import read_table
from core.reading.tidied_table import Refusal, TidiedTable, first_refusal_per_row, rejects_table
from core.text import fold
from geo.gazetteer import siruta
from geo.spatial.crs import in_romania

FIELDS = (
    Field("siruta", ("SIRUTA", "cod SIRUTA", "locality_siruta", "siruta localitate", "natcode"), required=True),
    Field("name", ("DENLOC", "denumire", "localitate", "name", "nume")),
    Field("lat", ("lat", "latitudine", "latitude", "y"), required=True),
    Field("lon", ("lon", "lng", "long", "longitudine", "longitude", "x"), required=True),
)
LOCALITY_COLUMNS = {
    "locality_siruta": "SIRUTA of the locality, unique",
    "uat_siruta": "SIRUTA of its UAT (a sector of Bucharest is its own)",
    "name": "name as SIRUTA prints it",
    "county": "letters of the county",
    "lat": "degrees WGS84; NaN where the file has none",
    "lon": "degrees WGS84; NaN where the file has none",
    "source_row": "row of the source file, 1 = first data row",
}
_PLAIN_NUMBER = re.compile(r"[+-]?\d{1,3}(?:\.\d*)?")
_COMMA_NUMBER = re.compile(r"[+-]?\d{1,3},\d+")


def load(path: Path) -> TidiedTable:
    """Read a file of points of localities; see `tidy`. Raises what `core.reading.files.read_table` raises."""
    return tidy(read_table(path, FIELDS), siruta.load().localities)


def tidy(raw: pd.DataFrame, localities: pd.DataFrame) -> TidiedTable:
    """Make points of raw rows.

    raw: `row` and, as text, siruta, lat, lon and perhaps name. localities: the table of `geo.gazetteer.siruta`.

    Returns a table of LOCALITY_COLUMNS. A decimal comma is mended. Refused are codes that are no locality's or
    appear again, numbers that are none, one coordinate without the other, swapped ones, and points outside Romania.
    """
    codes = pd.to_numeric(raw["siruta"].str.strip(), errors="coerce")
    codes = codes.where(codes.between(1, 999_999) & (codes % 1 == 0)).astype("Int64")
    lat, lon = _numbers(raw["lat"]), _numbers(raw["lon"])
    facts = localities.set_index("locality_siruta")
    known = codes.isin(facts.index)
    refused = first_refusal_per_row(
        [*_bad_codes(raw, codes, known), *_bad_numbers(raw, lat, lon), *_bad_points(raw, lat, lon)]
    )
    kept = ~raw["row"].isin(list(refused)).to_numpy(bool)
    found = facts.loc[codes[kept].astype("int64")].reset_index(names="code")
    rows = pd.DataFrame(
        {
            "locality_siruta": found["code"].astype("int64"),
            "uat_siruta": found["uat_siruta"],
            "name": found["name"],
            "county": found["county"],
            "lat": lat[kept].to_numpy(float),
            "lon": lon[kept].to_numpy(float),
            "source_row": raw.loc[kept, "row"].astype("Int64").to_numpy(),
        }
    )[list(LOCALITY_COLUMNS)]
    return TidiedTable(rows, rejects_table(refused.values()), len(raw), notes=_notes(raw[kept], rows))


def _numbers(texts: pd.Series) -> pd.Series:
    """Read degrees: a point or a comma before the fraction; NaN for nothing and for anything else."""
    texts = texts.str.strip()
    comma = texts.str.fullmatch(_COMMA_NUMBER)
    plain = texts.where(~comma, texts.str.replace(",", ".", regex=False))
    return pd.to_numeric(plain.where(plain.str.fullmatch(_PLAIN_NUMBER)), errors="coerce").astype(float)


def _bad_codes(raw: pd.DataFrame, codes: pd.Series, known: pd.Series) -> list[Refusal]:
    unknown = _("codul SIRUTA lipsește sau nu este al unei localități")
    again = _("localitatea apare a doua oară")
    return [
        *(Refusal(r, "siruta", v, "unknown_code", unknown) for r, v in _pick(raw, "siruta", ~known)),
        *(Refusal(r, "siruta", v, "duplicate_key", again) for r, v in _pick(raw, "siruta", known & codes.duplicated())),
    ]


def _bad_numbers(raw: pd.DataFrame, lat: pd.Series, lon: pd.Series) -> list[Refusal]:
    refusals = []
    for field, values in (("lat", lat), ("lon", lon)):
        other = raw["lon" if field == "lat" else "lat"].str.strip()
        text = raw[field].str.strip()
        no_number = _("aștept grade cu zecimale, de exemplu 46.0695")
        alone = _("una dintre coordonate lipsește")
        refusals += [
            Refusal(r, field, v, "bad_number", no_number) for r, v in _pick(raw, field, values.isna() & (text != ""))
        ]
        refusals += [Refusal(r, field, v, "missing", alone) for r, v in _pick(raw, field, (text == "") & (other != ""))]
    return refusals


def _bad_points(raw: pd.DataFrame, lat: pd.Series, lon: pd.Series) -> list[Refusal]:
    both = (lat.notna() & lon.notna()).to_numpy(bool)
    swapped = both & in_romania(lon, lat) & ~in_romania(lat, lon)
    outside = both & ~in_romania(lat, lon) & ~swapped
    where = raw["lat"].str.strip() + "; " + raw["lon"].str.strip()
    in_words = _("latitudinea și longitudinea par inversate")
    abroad = _("punctul nu este în România")
    rows = raw["row"].tolist()
    return [
        *(Refusal(rows[i], "lat", where.iloc[i], "bad_position", in_words) for i in np.flatnonzero(swapped)),
        *(Refusal(rows[i], "lat", where.iloc[i], "bad_position", abroad) for i in np.flatnonzero(outside)),
    ]


def _pick(raw: pd.DataFrame, field: str, mask: pd.Series) -> list[tuple[int, str]]:
    chosen = raw[mask.to_numpy(bool)]
    return list(zip(chosen["row"].tolist(), chosen[field].astype("str").tolist(), strict=True))


def _notes(raw: pd.DataFrame, rows: pd.DataFrame) -> tuple[str, ...]:
    notes = []
    if commas := int((raw["lat"].str.contains(",") | raw["lon"].str.contains(",")).sum()):
        notes.append(
            ngettext(
                "{n} rând cu virgulă zecimală, citit cu punct",
                "{n} rânduri cu virgulă zecimală, citite cu punct",
                commas,
            ).format(n=commas)
        )
    if pointless := int(rows["lat"].isna().sum()):
        notes.append(
            ngettext(
                "{n} localitate fără coordonate: primește mijlocul unității",
                "{n} localități fără coordonate: primesc mijlocul unității",
                pointless,
            ).format(n=pointless)
        )
    if "name" in raw:
        printed = raw["name"].str.replace("BUCUREȘTI ", "", regex=False).map(fold)
        renamed = int(((printed != rows["name"].map(fold).to_numpy()) & (printed != "")).sum())
        if renamed:
            notes.append(
                ngettext(
                    "{n} nume diferă de SIRUTA; s-a luat cel din SIRUTA",
                    "{n} nume diferă de SIRUTA; s-au luat cele din SIRUTA",
                    renamed,
                ).format(n=renamed)
            )
    return tuple(notes)
