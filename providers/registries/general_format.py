"""The general format: one documented CSV or sheet for any registry that publishes no file of its own.

For family doctors, permanence centres, pharmacies, clinics, local employment offices and whatever else a
county keeps as a list. docs/general-format.md describes it for those who fill it in; a test keeps the page
and FORMAT equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.errors import MissingColumnError
from core.i18n import _
from core.reading.fields import LICENCE_END, MARK, STATUS, Field
from core.reading.tables import read_table
from providers.registries import contacts
from providers.registries.corrections import apply, remarks
from providers.registries.general_values import (
    age_band,
    areas,
    capacities,
    choices,
    dates,
    groups,
    period,
    service_types,
    wholes,
)
from providers.registries.geocoding import geocode, join_flags
from providers.registries.raw_rows import county_codes, made_key, or_na, published_key, stated_places, text_columns
from providers.registries.row_validation import Check, duplicates, not_placed_check, reject_rows
from providers.rules.person import OLDEST_PERSON
from providers.rules.schema import Tidied, services_table
from providers.rules.secrecy import secret_rows
from providers.rules.taxonomy import load as load_types

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geo.gazetteer.gazetteer import Gazetteer


@dataclass(frozen=True)
class FormatColumn:
    """One column of the format: our name, the title that people write, whether it must be there."""

    name: str
    title: str
    required: bool = False
    is_joined: bool = False
    role: str = ""

    @property
    def field(self) -> Field:
        """The column as the reader of files looks for it: under its title or its name."""
        return Field(self.name, (self.title,), self.required, self.is_joined, self.role)


FORMAT = (
    FormatColumn("registry_key", "Cod"),
    FormatColumn("service_type", "Tip serviciu", required=True),
    FormatColumn("name", "Denumire", required=True),
    FormatColumn("organization", "Furnizor"),
    FormatColumn("organization_cui", "CUI"),
    FormatColumn("county", "Județ"),
    FormatColumn("uat", "Comuna sau orașul"),
    FormatColumn("locality", "Localitate"),
    FormatColumn("siruta", "Cod SIRUTA"),
    FormatColumn("lat", "Latitudine"),
    FormatColumn("lon", "Longitudine"),
    FormatColumn("address", "Adresă"),
    FormatColumn("phone", "Telefon", is_joined=True),
    FormatColumn("email", "E-mail", is_joined=True),
    FormatColumn("website", "Pagină web"),
    FormatColumn("hours", "Program"),
    FormatColumn("county_served", "Județ deservit"),
    FormatColumn("delivery", "Mod de acordare"),
    FormatColumn("service_area", "Arie de deservire"),
    FormatColumn("areas_served", "Zone deservite"),
    FormatColumn("access_route", "Cale de acces"),
    FormatColumn("age_min", "Vârsta minimă"),
    FormatColumn("age_max", "Vârsta maximă"),
    FormatColumn("sex", "Sex"),
    FormatColumn("groups", "Grupuri"),
    FormatColumn("places_max", "Locuri"),
    FormatColumn("capacity_unit", "Unitate de capacitate"),
    FormatColumn("capacity_model", "Fel de capacitate"),
    FormatColumn("licence_number", "Număr licență"),
    FormatColumn("licence_from", "Licență de la"),
    FormatColumn("licence_until", "Licență până la", is_joined=True, role=LICENCE_END),
    FormatColumn("licence_status", "Stare licență", is_joined=True, role=STATUS),
    FormatColumn("accreditation_status", "Stare acreditare", is_joined=True, role=STATUS),
    FormatColumn("operating_status", "Stare", is_joined=True, role=STATUS),
    FormatColumn("closed_from", "Închis temporar de la"),
    FormatColumn("closed_until", "Închis temporar până la"),
    FormatColumn("is_secret", "Adresă protejată", is_joined=True, role=MARK),  # a mark in any such column protects
)
_TITLES = {column.name: column.title for column in FORMAT}
_TEXTS = {
    "address": contacts.blank_placeholders,
    "email": contacts.emails,
    "website": contacts.website,
    "hours": contacts.tidy_text,
    "organization_cui": contacts.fiscal_code,
    "licence_number": contacts.tidy_text,
}
_PLACED = ("uat_siruta", "locality_siruta", "locality", "lat", "lon", "position_precision")
_NEEDS_NO_POINT = frozenset({"remote", "mobile", "at_home"})


def load(path: Path) -> pd.DataFrame:
    """Read a file in the general format as text: the columns of FORMAT that it has, and `row`.

    Raises UnreadableFileError and MissingColumnError, both naming the file.
    """
    return require_place(read_table(path, [column.field for column in FORMAT], watch=True), file=path.name)


def require_place(raw: pd.DataFrame, *, file: str) -> pd.DataFrame:
    """Return the table unchanged if it has a column that can say where; MissingColumnError else."""
    if not {"siruta", "locality", "uat", "lat"} & set(raw.columns):
        raise MissingColumnError(
            _("{file}: lipsește locul („{siruta}”, „{locality}” și „{county}” sau coordonatele).").format(
                file=file, siruta=_TITLES["siruta"], locality=_TITLES["locality"], county=_TITLES["county"]
            )
        )
    return raw


def tidy(raw: pd.DataFrame, gazetteer: Gazetteer, *, registry: str, corrections: pd.DataFrame | None = None) -> Tidied:
    """Shape rows in the general format into services of one registry.

    Parameters
    ----------
    raw
        What `load` returns; columns other than `row` may be missing.
    gazetteer
        Places by code, by name and county, and by point.
    registry
        `medical`, `education`, `employment`, `social` or `authority`: types of another registry are refused.
    corrections
        Corrections of the columns of FORMAT, `row_id` the published code.

    Returns
    -------
    Tidied
        One service a row, `<registry>:<Cod>`. A wrong value in a column that decides who may come
        (age, sex, group, dates, area, route) refuses the row: it is quicker mended than a wrong
        referral. A wrong telephone or web address is only left out. A service at home, mobile or remote, and
        one with a protected address, needs no place.
    """
    rows = text_columns(raw, [column.field for column in FORMAT])
    flags = pd.Series("", index=rows.index)
    notes: tuple[str, ...] = ()
    mended = None
    if corrections is not None:
        mended = apply(rows, corrections, key="registry_key")
        rows, flags = mended.table, mended.flags
    key = _keys(rows)
    values, value_checks = _values(rows, registry, gazetteer, key)
    if mended is not None:
        notes = remarks(mended, key=rows["registry_key"], hidden=values["is_secret"])
    placed = _placed(rows, gazetteer)
    problem = _forgiven(placed["problem"], rows, values).where(~values["is_secret"], "")
    where = rows["locality"].where(rows["locality"] != "", rows["siruta"])
    blank_name = Check(rows["name"] == "", _TITLES["name"], rows["name"], "missing", _("Lipsește denumirea."))
    checks = (blank_name, *value_checks, *not_placed_check(problem, where, field=_TITLES["locality"]))
    twice = duplicates(key, checks, field=_TITLES["registry_key"])
    refused, rejects = reject_rows(rows["row"], (*checks, twice), hidden=values["is_secret"])
    served = values.pop("county_served").fillna(placed["county"])
    unread = values.pop("capacity_flag")
    columns = values.assign(
        registry=registry,
        registry_key=key,
        name=rows["name"],
        organization=rows["organization"].where(rows["organization"] != "", rows["name"]),
        county=placed["county"],
        county_served=served,
        flags=[join_flags(*each) for each in zip(flags, placed["flags"], unread, strict=True)],
        source_row=rows["row"],
        phone=or_na(contacts.read_phones(rows["phone"], rows["row"], title=_TITLES["phone"])),
        **{name: or_na(contacts.map_unique(rows[name], clean)) for name, clean in _TEXTS.items()},
        **placed[list(_PLACED)],
    )
    return Tidied(services_table(columns[~refused]), rejects, len(raw), notes)


def _values(
    rows: pd.DataFrame, registry: str, gazetteer: Gazetteer, key: pd.Series[Any]
) -> tuple[pd.DataFrame, tuple[Check, ...]]:
    """Read the columns that have a vocabulary, a number or a date, and what is wrong in them."""
    read = [
        service_types(rows["service_type"], _TITLES["service_type"], registry),
        *(choices(rows[name], name, _TITLES[name]) for name in _CHOICES),
        *(wholes(rows[name], _TITLES[name], OLDEST_PERSON) for name in ("age_min", "age_max")),
        *(dates(rows[name], _TITLES[name]) for name in _DATES),
        groups(rows["groups"], _TITLES["groups"]),
        areas(rows["areas_served"], _TITLES["areas_served"], gazetteer),
    ]
    values = pd.DataFrame({column.name: column for column, _check in read})
    values["is_secret"] = secret_rows(
        values["service_type"], rows["name"], rows["address"], key=key, marked=rows["is_secret"]
    )
    values = values.join(capacities(rows["places_max"], values.pop("capacity_unit")))
    values["groups"] = values["groups"].mask(_as_usual(values))
    values["county_served"] = county_codes(rows["county_served"], gazetteer)
    unknown_county = (rows["county_served"] != "") & values["county_served"].isna()
    checks = (
        *(check for _column, check in read),
        Check(unknown_county, _TITLES["county_served"], rows["county_served"], "unknown_code", _("Județ necunoscut.")),
        age_band(values["age_min"], values["age_max"], _TITLES["age_max"]),
        period(values["closed_from"], values["closed_until"], _TITLES["closed_until"]),
    )
    return values, checks


def _as_usual(values: pd.DataFrame) -> pd.Series[bool]:
    """Tell which rows state the very groups of their type, which says no more than nothing does.

    Of a type whose groups are "elderly, disability or dependent" the word "elderly" bounds no age; in a row it would.
    """
    usual = values["service_type"].map(load_types()["beneficiary_groups"]).fillna("")
    stated = values["groups"].fillna("")
    same = [set(ours.split(";")) == set(theirs.split(";")) for ours, theirs in zip(stated, usual, strict=True)]
    return pd.Series(same, index=values.index, dtype=bool)


_CHOICES = (
    "delivery", "service_area", "access_route", "sex", "capacity_unit", "capacity_model", "licence_status",
    "accreditation_status", "operating_status",
)  # fmt: skip
_DATES = ("licence_from", "licence_until", "closed_from", "closed_until")


def _placed(rows: pd.DataFrame, gazetteer: Gazetteer) -> pd.DataFrame:
    stated, read_so = stated_places(rows, gazetteer)
    placed = geocode(stated, gazetteer)
    placed["flags"] = [join_flags(*each) for each in zip(read_so, placed["flags"], strict=True)]
    return placed


def _forgiven(problem: pd.Series[Any], rows: pd.DataFrame, values: pd.DataFrame) -> pd.Series[Any]:
    """Forgive a missing place where nobody travels to the service and the row states none."""
    usual = values["service_type"].map(load_types()["delivery"])
    goes_out = values["delivery"].fillna(usual).isin(_NEEDS_NO_POINT)
    says_nothing = (rows[["siruta", "uat", "locality", "lat", "lon"]] == "").all(axis=1)
    return problem.where(~(goes_out & says_nothing), "")


def _keys(rows: pd.DataFrame) -> pd.Series[Any]:
    published = contacts.map_unique(rows["registry_key"], published_key)
    cells: Sequence[str] = ("service_type", "name", "county", "uat", "locality", "siruta", "address")
    made = pd.Series(
        [made_key(*row) for row in zip(*(rows[c] for c in cells), strict=True)], index=rows.index, dtype="str"
    )
    return published.where(published != "", made)
