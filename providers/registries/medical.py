"""Medical services: hospitals with beds and coordinates (Eurostat's list), and everything else in the general format.

Eurostat's list names no county, so that of the coordinates counts; it often prints the owner behind the
hospital's name ("… Consiliul Local Rupea"), which is taken off and shown as the organization.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.i18n import _, ngettext
from core.reading.curated_tables import FOLDER
from core.reading.fields import Field
from geo.spatial.crs import geodesic_m, in_romania
from providers.registries import contacts, general_format
from providers.registries import corrections as repairs
from providers.registries.general_values import capacities
from providers.registries.geocoding import geocode, join_flags, parse_coordinates
from providers.registries.raw_rows import made_key, or_na, published_key, siruta_codes, text_columns
from providers.registries.register_file import GENERAL, RawRegister, read_either
from providers.registries.row_validation import Check, duplicates, not_placed_check, reject_rows
from providers.rules.schema import Tidied, services_table

if TYPE_CHECKING:
    from pathlib import Path

    from geo.gazetteer.gazetteer import Gazetteer

REGISTRY = "medical"
SERVICE_TYPE = "MED-HOSP"
FIELDS = (
    Field("key", ("id",)),
    Field("hospital_name", ("hospital_name",), required=True),
    Field("site_name", ("site_name",)),
    Field("lat", ("lat",), required=True),
    Field("lon", ("lon",), required=True),
    Field("geo_qual", ("geo_qual",)),
    Field("street", ("street",)),
    Field("number", ("house_number",)),
    Field("locality", ("city",)),
    Field("siruta", ("siruta",)),
    Field("beds", ("cap_beds",)),
    Field("phone", ("tel",)),
    Field("email", ("email",)),
    Field("website", ("url",)),
)
CORRECTIONS = FOLDER / "medical.corrections.csv"
CORRECTION_FLAGS = dict.fromkeys(("lat", "lon", "siruta"), "position_corrected")
FAR_FROM_TOWN_M = 10_000  # assumed: a town's own hospital stands no farther from the town's point
_OWNER = re.compile(r"\s+((?:Consiliul (?:Local|Jude[tțţ]ean)|Prim[aă]ria)\b.*)$", re.IGNORECASE)
_TOWN = r"(?i)(?:Consiliul Local|Prim[aă]ria)(?: al)?(?: Municipiului| Ora[sșş]ului| Comunei)? (.+)$"
# Eurostat's scale: 1 good, 2 medium, 3 low, 4 from the source, -1 unknown, -2 not geocoded.
_TRUSTED_POSITIONS = frozenset({"1", "2", "4"})
_PLACED = ("county", "uat_siruta", "locality_siruta", "locality", "lat", "lon", "position_precision")


def load(path: Path) -> RawRegister:
    """Read Eurostat's hospitals (columns of FIELDS) or a file in the general format, and `row`.

    Raises UnreadableFileError and MissingColumnError, both naming the file.
    """
    return read_either(path, FIELDS)


def tidy(raw: RawRegister, gazetteer: Gazetteer, *, corrections: pd.DataFrame | None = None) -> Tidied:
    """Shape hospitals, or rows of the general format, into services.

    A hospital is `medical:<id>`, its beds are `places_max`, and its county is the one that holds its
    point. Flags beside those of `providers.registries.geocoding.geocode`: `position_unverified` (Eurostat does not know
    how good the point is), `capacity_unread`, `county_doubtful` (the owner named is another county),
    `far_from_town` (the point is far from the town whose council owns the hospital).
    Refused: no name, no point in Romania and no locality, a repeated id.

    corrections: of the columns of FIELDS by id, or of the general format; None = the project's own for
    Eurostat's list (CORRECTIONS).
    """
    if raw.layout == GENERAL:
        return general_format.tidy(raw.table, gazetteer, registry=REGISTRY, corrections=corrections)
    fixes = repairs.load(CORRECTIONS) if corrections is None else corrections
    rows = text_columns(raw.table, FIELDS)
    key = _keys(rows)
    mended = repairs.apply(rows.assign(_key=key), fixes, key="_key", flag_names=CORRECTION_FLAGS)
    rows = mended.table
    placed = _placed(rows, gazetteer)
    refused, rejects = reject_rows(rows["row"], _checks(rows, key, placed))
    beds = capacities(rows["beds"], pd.Series(None, index=rows.index, dtype="object"))
    joined = [
        join_flags(*each)
        for each in zip(
            mended.flags,
            placed["flags"],
            beds.pop("capacity_flag"),
            _unverified(rows["geo_qual"], placed["position_precision"]),
            _doubtful_county(rows["hospital_name"], placed["county"], gazetteer),
            strict=True,
        )
    ]
    columns = _columns(rows, key).assign(flags=joined, county_served=placed["county"], **beds, **placed[list(_PLACED)])
    services = services_table(columns[~refused])
    return Tidied(services, rejects, len(rows), (*mended.notes, *_notes(services)))


def _keys(rows: pd.DataFrame) -> pd.Series[Any]:
    published = contacts.map_unique(rows["key"], published_key)
    cells = (rows[c] for c in ("hospital_name", "site_name", "locality", "street"))
    made = pd.Series([made_key(*row) for row in zip(*cells, strict=True)], index=rows.index, dtype="str")
    return published.where(published != "", made)


def _placed(rows: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    degrees = parse_coordinates(rows["lat"], rows["lon"])
    lat, lon = degrees["lat"].to_numpy(float), degrees["lon"].to_numpy(float)
    swapped = ~in_romania(lat, lon) & in_romania(lon, lat)
    county = np.full(len(rows), None, dtype=object)
    if len(rows):
        county = gazetteer.county_at(np.where(swapped, lon, lat), np.where(swapped, lat, lon))
    town = _towns(rows["hospital_name"], county, gazetteer)
    codes = siruta_codes(rows["siruta"])
    metres = [_metres(gazetteer, code, *at) for code, *at in zip(town, lat, lon, strict=True)]
    far = pd.Series([m > FAR_FROM_TOWN_M for m in metres], index=rows.index, dtype="bool")
    stated = degrees[["lat", "lon"]].assign(
        county=pd.Series(county, index=rows.index, dtype="object"),
        # A hospital is in the town whose council owns it, unless its point says otherwise.
        siruta=codes.fillna(town.mask(far)),
        locality=rows["locality"],
    )
    placed = geocode(stated, gazetteer)
    doubt = far.map({True: "far_from_town", False: ""})
    placed["flags"] = [join_flags(*each) for each in zip(degrees["flags"], placed["flags"], doubt, strict=True)]
    return placed


def _towns(name: pd.Series[Any], county: Any, gazetteer: Gazetteer) -> pd.Series[Any]:
    """SIRUTA of the locality whose council or town hall the name gives as owner, if the county has it."""
    stated = name.str.extract(_TOWN, expand=False).fillna("")
    codes: list[int | None] = []
    for town, letters in zip(stated, county, strict=True):
        code, how = gazetteer.match_locality(town, county=letters) if town and letters else (None, "none")
        codes.append(code if how in ("exact", "folded", "loose") else None)
    return pd.Series(codes, index=name.index, dtype="Int64")


def _metres(gazetteer: Gazetteer, locality: Any, lat: float, lon: float) -> float:
    """Metres from a locality's point; 0 where either is not known."""
    if pd.isna(locality) or np.isnan(lat):
        return 0.0
    there = gazetteer.place_of(locality_siruta=int(locality))
    return float(geodesic_m(lat, lon, there.lat, there.lon)[0])


def _unverified(geo_qual: pd.Series[Any], precision: pd.Series[Any]) -> list[str]:
    own_point = precision == "address"
    return [
        "position_unverified" if own and quality not in _TRUSTED_POSITIONS else ""
        for own, quality in zip(own_point, geo_qual, strict=True)
    ]


def _checks(rows: pd.DataFrame, key: pd.Series[Any], placed: pd.DataFrame) -> tuple[Check, ...]:
    point = rows["lat"] + ", " + rows["lon"]
    checks = (
        Check(
            rows["hospital_name"] == "",
            "hospital_name",
            rows["hospital_name"],
            "missing",
            _("Lipsește denumirea."),
        ),
        *not_placed_check(placed["problem"], point, field="lat, lon"),
    )
    return (*checks, duplicates(key, checks, field="id"))


def _columns(rows: pd.DataFrame, key: pd.Series[Any]) -> pd.DataFrame:
    """Make the columns of SERVICE_COLUMNS that come from the hospital's own cells."""
    owner = rows["hospital_name"].str.extract(_OWNER, expand=False).fillna("")
    hospital = rows["hospital_name"].str.replace(_OWNER, "", regex=True)
    site = (" – " + rows["site_name"]).where(rows["site_name"] != "", "")
    # Some hospitals wrote their e-mail address where the form asks for the web page.
    mail = rows["email"].where(rows["email"] != "", rows["website"].where(rows["website"].str.contains("@"), ""))
    return pd.DataFrame(
        {
            "registry": REGISTRY,
            "registry_key": key,
            "service_type": SERVICE_TYPE,
            "name": hospital + site,
            "organization": owner.where(owner != "", hospital),
            "address": or_na(contacts.street_address(rows["street"], rows["number"])),
            "phone": or_na(contacts.read_phones(rows["phone"], rows["row"], title="tel")),
            "email": or_na(contacts.map_unique(mail, contacts.emails)),
            "website": or_na(contacts.map_unique(rows["website"], contacts.website)),
            "source_row": rows["row"],
        }
    )


def _doubtful_county(name: pd.Series[Any], county: pd.Series[Any], gazetteer: Gazetteer) -> list[str]:
    """Flag hospitals whose owner is the council of another county than the one that holds the point."""
    stated = name.str.extract(r"(?i)Consiliul Jude[tțţ]ean (.+)$", expand=False).fillna("")
    letters = [gazetteer.county_code(text) if text else None for text in stated]
    return ["county_doubtful" if owner and owner != here else "" for owner, here in zip(letters, county, strict=True)]


def _notes(services: pd.DataFrame) -> list[str]:
    """Say what the person who imports should know."""
    unknown = int(services["places_max"].isna().sum())
    text = ngettext("{n} spital fără număr de paturi.", "{n} spitale fără număr de paturi.", unknown)
    return [text.format(n=unknown)] if unknown else []
