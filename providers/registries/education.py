"""The school network (SIIIR export of the Ministry of Education): every unit a service at its locality's point.

The register has neither coordinates nor places, so every school stands at its locality and its free
places are unknown until somebody reports them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.errors import MissingColumnError
from core.i18n import _, ngettext, number
from core.reading.fields import Field
from providers.registries import contacts, general_format
from providers.registries.corrections import apply
from providers.registries.geocoding import geocode, join_flags
from providers.registries.raw_rows import county_codes, or_na, siruta_codes, text_columns, uats_of
from providers.registries.register_file import GENERAL, RawRegister, read_either
from providers.registries.row_validation import Check, duplicates, not_placed_check, reject_rows
from providers.registries.unit_rules import classify
from providers.rules.schema import Tidied, services_table

if TYPE_CHECKING:
    from pathlib import Path

    from geo.gazetteer.gazetteer import Gazetteer

REGISTRY = "education"
FIELDS = (
    Field("key", ("Cod SIIIR unitate", "Cod SIIIR", "Cod unitate"), required=True),
    Field("name", ("Denumire lunga unitate", "Denumire unitate", "Denumire completă unitate"), required=True),
    Field("unit_kind", ("Tip unitate", "Tipul unității"), required=True),
    Field("county", ("Judet PJ", "Județ", "Județ unitate"), required=True),
    Field("short_name", ("Denumire scurta unitate", "Denumire scurtă")),
    Field("locality", ("Localitate unitate", "Localitate")),
    Field("siruta", ("Cod SIRUTA unitate", "SIRUTA unitate", "Cod SIRUTA")),
    Field("organization_key", ("Cod SIIIR PJ",)),
    Field("organization", ("Denumire PJ", "Denumire persoană juridică")),
    Field("organization_siruta", ("Cod SIRUTA PJ", "SIRUTA PJ")),
    Field("cui", ("Cod fiscal", "CUI", "CIF")),
    Field("schedule", ("Mod functionare", "Mod de funcționare")),
    Field("street", ("Strada",)),
    Field("number", ("Numar", "Nr.")),
    Field("phone", ("Telefon", "Telefon unitate")),
    Field("email", ("Email", "E-mail")),
)
_KEY_DIGITS = 10  # of a SIIIR code; a sheet that holds codes as numbers has lost the leading zero
_PLACED = ("county", "uat_siruta", "locality_siruta", "locality", "lat", "lon", "position_precision")


def load(path: Path) -> RawRegister:
    """Read the school network (the columns of FIELDS that it has) or a file in the general format, and `row`.

    Columns are found by title and the header wherever it stands, so another year's edition reads the
    same. Raises UnreadableFileError and MissingColumnError, both naming the file.
    """
    raw = read_either(path, FIELDS)
    if raw.layout != GENERAL and not {"siruta", "locality"} & set(raw.table.columns):
        raise MissingColumnError(
            _("{file}: lipsește localitatea unității („Cod SIRUTA unitate” sau „Localitate unitate”).").format(
                file=path.name
            )
        )
    return raw


def tidy(raw: RawRegister, gazetteer: Gazetteer, *, corrections: pd.DataFrame | None = None) -> Tidied:
    """Shape the raw rows into services: type by the unit's kind and name, point by its SIRUTA code.

    Rows of the general format (they state the type of each service) are shaped by `general_format.tidy`.

    Parameters
    ----------
    raw
        What `load` returns; columns of its table other than `row` may be missing.
    gazetteer
        Places by SIRUTA code, and by county and name where an edition has no codes.
    corrections
        Corrections of the columns of FIELDS, `row_id` the SIIIR code (see `providers.registries.corrections`).

    Returns
    -------
    Tidied
        One service a unit, `education:<SIIIR code>`. Flags beside those of `providers.registries.geocoding.geocode`:
        `level_unknown` (the name does not tell the level of schooling), `place_from_organization` (the
        locality was not recognised and the unit stands in the UAT of the school that it belongs to).
        Refused: a row without code or name, a repeated code, an unknown kind of unit, no place.
    """
    if raw.layout == GENERAL:
        return general_format.tidy(raw.table, gazetteer, registry=REGISTRY, corrections=corrections)
    rows = text_columns(raw.table, FIELDS)
    rows["name"] = rows["name"].where(rows["name"] != "", rows["short_name"])
    key = contacts.map_unique(rows["key"], _key)
    flags = pd.Series("", index=rows.index)
    notes: tuple[str, ...] = ()
    if corrections is not None:
        mended = apply(rows.assign(_key=key), corrections, key="_key")
        rows, flags, notes = mended.table, mended.flags, mended.notes
    units = classify(REGISTRY, name=rows["name"], kind=rows["unit_kind"], schedule=rows["schedule"])
    placed = _placed(rows, gazetteer)
    refused, rejects = reject_rows(rows["row"], _checks(rows, key, units, placed))
    guessed = units["is_guess"].map({True: "level_unknown", False: ""})
    joined = [join_flags(*each) for each in zip(flags, placed["flags"], guessed, strict=True)]
    columns = _columns(rows, key).assign(
        service_type=units["service_type"], flags=joined, county_served=placed["county"], **placed[list(_PLACED)]
    )
    services = services_table(columns[~refused])
    return Tidied(services, rejects, len(rows), (*notes, *_notes(services)))


def _key(text: str) -> str:
    return text.zfill(_KEY_DIGITS) if re.fullmatch(r"[0-9]{1,12}", text) else ""


def _checks(rows: pd.DataFrame, key: pd.Series[Any], units: pd.DataFrame, placed: pd.DataFrame) -> tuple[Check, ...]:
    where = rows["locality"].where(rows["locality"] != "", rows["siruta"])
    checks = (
        Check(rows["key"] == "", "Cod SIIIR unitate", rows["key"], "missing", _("Lipsește codul unității.")),
        Check(key == "", "Cod SIIIR unitate", rows["key"], "bad_number", _("Codul SIIIR are numai cifre.")),
        Check(rows["name"] == "", "Denumire lunga unitate", rows["name"], "missing", _("Lipsește denumirea.")),
        Check(
            units["service_type"] == "",
            "Tip unitate",
            rows["unit_kind"],
            "unknown_code",
            _("Tip de unitate necunoscut; adăugați-l în education_units.csv."),
        ),
        *not_placed_check(placed["problem"], where, field="Localitate unitate"),
    )
    return (*checks, duplicates(key, checks, field="Cod SIIIR unitate"))


def _placed(rows: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    """Place the units; those whose own locality is not recognised stand where their organization does."""
    stated = pd.DataFrame(
        {
            "county": county_codes(rows["county"], gazetteer),
            "lat": float("nan"),
            "lon": float("nan"),
            "siruta": siruta_codes(rows["siruta"]),
            "locality": rows["locality"],
        }
    )
    placed = geocode(stated, gazetteer)
    lost = (placed["problem"] != "") & (rows["organization_siruta"] != "")
    if lost.any():
        # The parts of a school are nearly always in its own commune: its UAT tells villages of one name apart.
        uats = uats_of(siruta_codes(rows.loc[lost, "organization_siruta"]), gazetteer)
        again = geocode(stated[lost].assign(siruta=uats), gazetteer)
        again["flags"] = [join_flags(each, "place_from_organization") for each in again["flags"]]
        placed = pd.concat([placed[~lost], again]).sort_index()
    return placed


def _columns(rows: pd.DataFrame, key: pd.Series[Any]) -> pd.DataFrame:
    """Make the columns of SERVICE_COLUMNS that come from the unit's own cells."""
    return pd.DataFrame(
        {
            "registry": REGISTRY,
            "registry_key": key,
            "name": rows["name"],
            "organization": rows["organization"].where(rows["organization"] != "", rows["name"]),
            "organization_cui": or_na(_fiscal_codes(rows, key)),
            "address": or_na(contacts.street_address(rows["street"], rows["number"])),
            "phone": or_na(contacts.read_phones(rows["phone"], rows["row"], title="Telefon")),
            "email": or_na(contacts.map_unique(rows["email"], contacts.emails)),
            "source_row": rows["row"],
        }
    )


def _fiscal_codes(rows: pd.DataFrame, key: pd.Series[Any]) -> pd.Series[Any]:
    """Fiscal code of each unit: its own, else that of the legal person to which it belongs."""
    own = contacts.map_unique(rows["cui"], contacts.fiscal_code)
    by_key = {unit: code for unit, code in zip(key[::-1], own[::-1], strict=True) if unit and code}
    return own.where(own != "", contacts.map_unique(rows["organization_key"], lambda text: by_key.get(_key(text), "")))


def _notes(services: pd.DataFrame) -> list[str]:
    """Say what the person who imports should know."""
    flags = services["flags"].str.split(";").explode()
    unknown, named, with_owner = (
        int((flags == code).sum()) for code in ("level_unknown", "place_by_name", "place_from_organization")
    )
    notes = [
        (unknown, ngettext("{n} unitate cu nivelul ghicit.", "{n} unități cu nivelul ghicit.", unknown)),
        (
            named,
            ngettext("{n} unitate așezată după nume și județ.", "{n} unități așezate după nume și județ.", named),
        ),
        (
            with_owner,
            ngettext(
                "{n} unitate așezată în comuna școlii de care ține.",
                "{n} unități așezate în comuna școlii de care țin.",
                with_owner,
            ),
        ),
    ]
    return [text.format(n=number(n)) for n, text in notes if n]
