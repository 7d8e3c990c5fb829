"""Employment offices: the county agencies (list of the civil service agency), and local offices in the general format.

The list says which county an agency is of and in which town it sits; the two need not agree: Ilfov's
agency sits in Bucharest and serves Ilfov.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import _, ngettext
from core.reading.fields import Field
from providers.registries import general_format
from providers.registries.corrections import apply
from providers.registries.geocoding import geocode, join_flags
from providers.registries.raw_rows import county_codes, made_key, text_columns
from providers.registries.register_file import GENERAL, RawRegister, read_either
from providers.registries.row_validation import Check, duplicates, not_placed_check, reject_rows
from providers.registries.unit_rules import classify
from providers.rules.schema import Tidied, services_table

if TYPE_CHECKING:
    from pathlib import Path

    from geo.gazetteer.gazetteer import Gazetteer

REGISTRY = "employment"
COUNTY_AGENCY = "EMP-AJOFM"
FIELDS = (
    Field("agency_name", ("name", "Denumire", "Denumirea instituției", "Instituția"), required=True),
    Field("county", ("county", "Județ", "Județul"), required=True),
    Field("locality", ("locality", "Localitate", "Localitatea", "Sediu"), required=True),
    Field("service_type", ("Tip serviciu",)),
)
_PLACED = ("county", "uat_siruta", "locality_siruta", "locality", "lat", "lon", "position_precision")


def load(path: Path) -> RawRegister:
    """Read the list of agencies (columns of FIELDS) or a file in the general format, and `row`.

    A file that states the type of each service is in the general format. Raises UnreadableFileError and
    MissingColumnError, both naming the file.
    """
    raw = read_either(path, FIELDS)
    is_general = raw.layout != GENERAL and "service_type" in raw.table
    return RawRegister(general_format.load(path), GENERAL) if is_general else raw


def tidy(raw: RawRegister, gazetteer: Gazetteer, *, corrections: pd.DataFrame | None = None) -> Tidied:
    """Shape agencies, or rows of the general format, into services at the point of their seat.

    A county agency is `employment:AJOFM-<letters of the county served>`, the same in every edition;
    other offices have a key made of name, county and seat. Flag beside those of
    `providers.registries.geocoding.geocode`: `seat_outside_county`. Refused: no name, a name that tells no kind of
    office, an unknown county, a seat that is not recognised, a second agency of one county.
    """
    if raw.layout == GENERAL:
        return general_format.tidy(raw.table, gazetteer, registry=REGISTRY, corrections=corrections)
    rows = text_columns(raw.table, FIELDS)
    flags = pd.Series("", index=rows.index)
    notes: tuple[str, ...] = ()
    if corrections is not None:
        mended = apply(rows, corrections, key="agency_name")
        rows, flags, notes = mended.table, mended.flags, mended.notes
    kind = classify(REGISTRY, name=rows["agency_name"])["service_type"]
    served = county_codes(rows["county"], gazetteer)
    placed = _placed(rows, served, gazetteer)
    key = _keys(rows, kind, served)
    refused, rejects = reject_rows(rows["row"], _checks(rows, kind, served, placed, key))
    outside = (placed["county"] != served).map({True: "seat_outside_county", False: ""})
    columns = pd.DataFrame(
        {
            "registry": REGISTRY,
            "registry_key": key,
            "service_type": kind,
            "name": rows["agency_name"],
            "organization": rows["agency_name"],
            "county_served": served,
            "flags": [join_flags(*each) for each in zip(flags, placed["flags"], outside, strict=True)],
            "source_row": rows["row"],
        }
    ).assign(**placed[list(_PLACED)])
    services = services_table(columns[~refused])
    return Tidied(services, rejects, len(rows), (*notes, *_notes(services, gazetteer)))


def _placed(rows: pd.DataFrame, served: pd.Series[Any], gazetteer: Gazetteer) -> pd.DataFrame:
    """Place each office at its seat: in the county served, else in the county that the seat's name says."""
    stated = pd.DataFrame(
        {
            "county": served,
            "lat": float("nan"),
            "lon": float("nan"),
            "siruta": pd.Series(pd.NA, index=rows.index, dtype="Int64"),
            "locality": rows["locality"],
        }
    )
    placed = geocode(stated, gazetteer)
    # A town that bears a county's name (București, Bacău) tells its county; a guess in the county served does not.
    elsewhere = county_codes(rows["locality"], gazetteer)
    unsure = (placed["problem"] != "") | placed["flags"].str.contains("place_guessed")
    again = unsure & elsewhere.notna() & (elsewhere != served)
    if again.any():
        placed = pd.concat([placed[~again], geocode(stated[again].assign(county=elsewhere), gazetteer)]).sort_index()
    return placed


def _keys(rows: pd.DataFrame, kind: pd.Series[Any], served: pd.Series[Any]) -> pd.Series[Any]:
    made = [made_key(*row) for row in zip(rows["agency_name"], rows["county"], rows["locality"], strict=True)]
    is_agency = (kind == COUNTY_AGENCY) & served.notna()
    return pd.Series(
        [f"AJOFM-{letters}" if own else key for own, letters, key in zip(is_agency, served, made, strict=True)],
        index=rows.index,
        dtype="str",
    )


def _checks(
    rows: pd.DataFrame, kind: pd.Series[Any], served: pd.Series[Any], placed: pd.DataFrame, key: pd.Series[Any]
) -> tuple[Check, ...]:
    name, county = rows["agency_name"], rows["county"]
    unknown = _("Denumirea nu spune ce fel de instituție este; adăugați-o în employment_units.csv.")
    checks = (
        Check(name == "", "name", name, "missing", _("Lipsește denumirea.")),
        Check(kind == "", "name", name, "unknown_code", unknown),
        Check(county == "", "county", county, "missing", _("Lipsește județul.")),
        Check(served.isna(), "county", county, "unknown_code", _("Județ necunoscut.")),
        *not_placed_check(placed["problem"], rows["locality"], field="locality"),
    )
    return (*checks, duplicates(key, checks, field="name"))


def _notes(services: pd.DataFrame, gazetteer: Gazetteer) -> list[str]:
    """Name the counties that have no agency in the file: the list is known to lack some."""
    have = set(services.loc[services["service_type"] == COUNTY_AGENCY, "county_served"])
    counties = gazetteer.counties
    missing = counties.loc[~counties["county"].isin(have), "name"].tolist()
    if not have or not missing:
        return []
    text = ngettext(
        "{n} județ fără agenție în fișier: {names}.", "{n} județe fără agenție în fișier: {names}.", len(missing)
    )
    return [text.format(n=len(missing), names=", ".join(missing))]
