"""The common table of services: its columns are the data dictionary, its checks are at the door.

Every registry module ends in this table, every edition of a registry is this table in a GeoParquet
file, and every reader may trust it. A column means the same thing, in the same unit, everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.storage.import_kinds import REGISTRIES
from core.storage.service_ids import service_id
from providers.rules.flags import is_flag, split_flags

if TYPE_CHECKING:
    from collections.abc import Iterable

SERVICE_COLUMNS: dict[str, tuple[str, str]] = {
    # name: (pandas type, meaning)
    "service_id": ("str", "registry, source and key, unique, and never another service's: social:mmps:123"),
    "registry": ("str", "a registry of core.storage.import_kinds; authority for public offices"),
    "registry_key": ("str", "the registry's own key, or one made of its fields where it has none"),
    "service_type": ("str", "code of providers.rules.taxonomy"),
    "name": ("str", "name of the service as published, spelled with ș and ț"),
    "organization": ("str", "name of the accredited provider"),
    "organization_cui": ("str", "fiscal code of the provider, digits; NA = not published"),
    "county": ("str", "letters of the county in which the office stands: BC; NA = not known"),
    "county_served": ("str", "letters of the county that it serves (Ilfov's agency sits in B, serves IF)"),
    "uat_siruta": ("Int64", "SIRUTA of the UAT in which it stands; NA = not known"),
    "locality_siruta": ("Int64", "SIRUTA of the locality in which it stands; NA = not known"),
    "locality": ("str", "name of the locality as placed, for the screen"),
    "address": ("str", "street and number as published"),
    "phone": ("str", "telephone numbers, `; ` between them"),
    "email": ("str", "e-mail address"),
    "website": ("str", "web page"),
    "hours": ("str", "opening hours as published"),
    "lat": ("float64", "degrees WGS84; NaN only where position_precision is none"),
    "lon": ("float64", "degrees WGS84"),
    "position_precision": ("str", "address, locality, uat (its seat) or none"),
    "delivery": ("str", "at_site, at_home, mobile or remote; NA = the type's"),
    "service_area": ("str", "own_uat, county, listed, region or nation; NA = the type's"),
    "areas_served": ("str", "listed areas: SIRUTA codes of UATs or county letters, `;` between them"),
    "access_route": ("str", "direct, decision or medical; NA = the type's"),
    "age_min": ("Int64", "youngest age taken, full years; NA = the type's"),
    "age_max": ("Int64", "oldest age taken, full years; NA = the type's"),
    "sex": ("str", "F or M where it takes only one; NA = the type's"),
    "groups": ("str", "beneficiary groups taken, `;` between codes; NA = the type's"),
    "places_max": ("Int64", "places licensed; NA = not known, never 0 for unknown"),
    "capacity_unit": ("str", "places, per_day or per_month"),
    "capacity_text": ("str", "capacity as published"),
    "capacity_model": ("str", "places, open (no limit) or assess; NA = the type's"),
    "licence_number": ("str", "number of the licence"),
    "licence_from": ("datetime64[us]", "first day of the licence"),
    "licence_until": (
        "datetime64[us]",
        "last day of the licence; NaT = not known, neither valid nor expired",
    ),
    "licence_status": ("str", "active, suspended, withdrawn or unknown"),
    "accreditation_status": ("str", "accredited, withdrawn or unknown (the organization's)"),
    "operating_status": ("str", "open or closed"),
    "closed_from": ("datetime64[us]", "first day of a closure for a time; NaT = no day is said"),
    "closed_until": ("datetime64[us]", "last day of a closure for a time; NaT = no day is said"),
    "is_secret": ("bool", "the address is protected by law or by the row's own words"),
    "flags": ("str", "what to doubt, `;` between codes of providers.rules.flags"),
    "source_row": ("Int64", "row of the source file, 1 = first data row"),
}

VOCABULARIES: dict[str, frozenset[str]] = {
    "registry": frozenset(REGISTRIES),
    "position_precision": frozenset({"address", "locality", "uat", "none"}),
    "delivery": frozenset({"at_site", "at_home", "mobile", "remote"}),
    "service_area": frozenset({"own_uat", "county", "listed", "region", "nation"}),
    "access_route": frozenset({"direct", "decision", "medical"}),
    "sex": frozenset({"F", "M"}),
    "capacity_unit": frozenset({"places", "per_day", "per_month"}),
    "capacity_model": frozenset({"places", "open", "assess"}),
    "licence_status": frozenset({"active", "suspended", "withdrawn", "unknown"}),
    "accreditation_status": frozenset({"accredited", "withdrawn", "unknown"}),
    "operating_status": frozenset({"open", "closed"}),
}
_REQUIRED = frozenset(
    {
        "service_id", "registry", "registry_key", "service_type", "name", "organization", "position_precision",
        "licence_status", "accreditation_status", "operating_status", "is_secret", "flags", "source_row",
    }
)  # fmt: skip
_DEFAULTS: dict[str, Any] = {
    "position_precision": "none",
    "licence_status": "unknown",
    "accreditation_status": "unknown",
    "operating_status": "open",
    "is_secret": False,
    "flags": "",
}


@dataclass(frozen=True)
class Tidied:
    """What a registry's `tidy()` makes of raw rows: `rows_read == len(services) + len(rejects)`.

    services: table of SERVICE_COLUMNS. rejects: table of core.reading.tidied_table.REJECT_COLUMNS, one row a refused
    raw row.
    notes: counted remarks for the person who imports ("7 coduri corectate"), in words.
    """

    services: pd.DataFrame
    rejects: pd.DataFrame
    rows_read: int
    notes: tuple[str, ...] = field(default=())


def services_table(records: Iterable[dict[str, Any]] | pd.DataFrame) -> pd.DataFrame:
    """Give records or a partial table all SERVICE_COLUMNS, in order, typed, defaults filled in.

    Ids that are not given are made of registry and key; an import gives them their source (`providers.imports`).
    """
    table = records.copy() if isinstance(records, pd.DataFrame) else pd.DataFrame(list(records))
    if "service_id" not in table and {"registry", "registry_key"} <= set(table.columns):
        table["service_id"] = _first_ids(table)
    for column, (kind, _meaning) in SERVICE_COLUMNS.items():
        if column not in table:  # an edition of an earlier version has fewer columns
            table[column] = pd.Series([_DEFAULTS.get(column, pd.NA)] * len(table), index=table.index, dtype="object")
        elif column in _DEFAULTS:
            table[column] = table[column].fillna(_DEFAULTS[column])
        table[column] = _typed(table[column], kind)
    return table[list(SERVICE_COLUMNS)].reset_index(drop=True)


def _first_ids(table: pd.DataFrame) -> pd.Series[str]:
    """Make the ids that rows have while nobody has said of which source they are: those of the default one."""
    prefixes = {name: service_id(name, kind.default_source, "") for name, kind in REGISTRIES.items()}
    return table["registry"].map(prefixes).astype("str") + table["registry_key"].astype("str")


def _typed(column: Any, kind: str) -> Any:
    if kind == "str":
        if column.dtype == "str":
            return column
        return column.astype("str").where(column.notna(), None).astype("str")
    if kind == "Int64":
        return pd.to_numeric(column).astype("Int64")
    if kind.startswith("datetime"):
        return pd.to_datetime(column).astype(kind)
    return pd.to_numeric(column).astype(kind) if kind == "float64" else column.astype(kind)


def _known_flags(column: pd.Series[str]) -> pd.Series[bool]:
    known = {text: all(map(is_flag, split_flags(text))) for text in column.unique()}
    return column.map(known).astype("bool")


@cache
def _schema() -> Any:
    # pandera costs half a second to import: a query never needs it, an import does.
    import pandera.pandas as pa

    columns = {}
    for name, (kind, meaning) in SERVICE_COLUMNS.items():
        checks = [pa.Check.isin(VOCABULARIES[name])] if name in VOCABULARIES else []
        if name in ("places_max", "age_min", "age_max"):
            checks.append(pa.Check.ge(0))
        if name == "flags":
            checks.append(pa.Check(_known_flags, error="a flag that is not in providers.rules.flags"))
        columns[name] = pa.Column(
            kind,
            checks=checks,
            nullable=name not in _REQUIRED,
            unique=name == "service_id",
            description=meaning,
        )
    return pa.DataFrameSchema(columns, strict=True, ordered=True)


def check_services(services: pd.DataFrame) -> pd.DataFrame:
    """Return the table unchanged if it keeps the schema; pandera.errors.SchemaErrors lists every breach."""
    return _schema().validate(services, lazy=True)  # type: ignore[no-any-return]
