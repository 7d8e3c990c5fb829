"""The HSDS objects as tables with a descriptor (a tabular data package), for those who read no nested JSON.

The standard's own descriptor does not load in its own library (a table without fields); this one is made of the
columns that are written.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from core.exporting import defuse_cell

# Lists inside an object, each a table of its own; by name in the object.
_TABLES = {
    "phones": "phone", "contacts": "contact", "schedules": "schedule", "service_areas": "service_area",
    "languages": "language",
    "service_at_locations": "service_at_location", "capacities": "service_capacity", "attributes": "attribute",
    "addresses": "address", "organization_identifiers": "organization_identifier", "metadata": "metadata",
}  # fmt: skip
_OBJECTS = {
    "organization": "organization", "location": "location", "unit": "unit", "taxonomy_term": "taxonomy_term",
    "taxonomy_detail": "taxonomy",
}  # fmt: skip
COLUMNS: dict[str, tuple[str, ...]] = {
    "organization": ("id", "name", "description", "legal_status"),
    "organization_identifier": ("id", "organization_id", "identifier_type", "identifier"),
    "service": (
        "id", "organization_id", "name", "description", "url", "email", "status", "application_process",
        "accreditations", "licenses", "eligibility_description", "minimum_age", "maximum_age", "assured_date", "alert",
        "last_modified",
    ),
    "phone": ("id", "service_id", "number"),
    "contact": ("id", "service_id", "email"),
    "schedule": ("id", "service_id", "freq", "byday", "opens_at", "closes_at", "description"),
    "service_area": ("id", "service_id", "name", "extent", "extent_type", "uri"),
    "language": ("id", "service_id", "name", "code", "note"),
    "location": (
        "id", "location_type", "name", "latitude", "longitude", "external_identifier", "external_identifier_type",
    ),
    "address": (
        "id", "location_id", "address_1", "city", "state_province", "postal_code", "country", "address_type",
    ),
    "service_at_location": ("id", "service_id", "location_id"),
    "unit": ("id", "name"),
    "service_capacity": ("id", "service_id", "unit_id", "available", "maximum", "updated"),
    "taxonomy": ("id", "name", "description", "version"),
    "taxonomy_term": ("id", "code", "name", "description", "taxonomy", "taxonomy_id", "language"),
    "attribute": ("id", "link_id", "link_entity", "link_type", "taxonomy_term_id", "value"),
    "metadata": (
        "id", "resource_id", "resource_type", "last_action_date", "last_action_type", "field_name", "previous_value",
        "replacement_value", "updated_by",
    ),
}  # fmt: skip
_NUMBERS = frozenset({"latitude", "longitude", "minimum_age", "maximum_age", "available", "maximum"})
_KEYS = {
    "organization_id": "organization", "service_id": "service", "location_id": "location", "unit_id": "unit",
    "taxonomy_id": "taxonomy", "taxonomy_term_id": "taxonomy_term",
}  # fmt: skip


def write_tables(
    folder: Path,
    services: Iterable[dict[str, Any]],
    organizations: Iterable[dict[str, Any]],
    terms: Iterable[dict[str, Any]],
    *,
    title: str,
) -> tuple[Path, ...]:
    """Write `NAME.csv` for every table of COLUMNS, and `datapackage.json`.

    Parameters
    ----------
    folder
        Where to; it is there.
    services, organizations, terms
        Objects of HSDS 3.1.
    title
        Of the package.

    Returns
    -------
    tuple of Path
        The files; each id once in its table.
    """
    with ExitStack() as files:
        out = {
            name: csv.writer(files.enter_context((folder / f"{name}.csv").open("w", encoding="utf-8", newline="")))
            for name in COLUMNS
        }
        for name, columns in COLUMNS.items():
            out[name].writerow(columns)
        seen: dict[str, set[str]] = {name: set() for name in COLUMNS}
        for name, some in (("taxonomy_term", terms), ("organization", organizations), ("service", services)):
            for each in some:
                _write(name, each, out, seen)
    descriptor = folder / "datapackage.json"
    values = {
        "profile": "tabular-data-package",
        "name": "hsds",
        "title": title,
        "resources": [*map(_resource, COLUMNS)],
    }
    descriptor.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")
    return (*(folder / f"{name}.csv" for name in COLUMNS), descriptor)


def _write(name: str, values: dict[str, Any], out: dict[str, Any], seen: dict[str, set[str]]) -> None:
    if values["id"] in seen[name]:
        return
    seen[name].add(values["id"])
    if name == "service_capacity":
        values = {**values, "unit_id": values["unit"]["id"]}
    out[name].writerow([defuse_cell(values.get(column, "")) for column in COLUMNS[name]])
    for field, value in values.items():
        if field in _TABLES and isinstance(value, list):
            for each in value:
                _write(_TABLES[field], each, out, seen)
        elif field in _OBJECTS and isinstance(value, dict):
            _write(_OBJECTS[field], value, out, seen)


def _resource(name: str) -> dict[str, Any]:
    fields = [
        {
            "name": column,
            "type": "number" if column in _NUMBERS else "string",
            **({"constraints": {"required": True, "unique": True}} if column == "id" else {}),
        }
        for column in COLUMNS[name]
    ]
    keys = [
        {"fields": [column], "reference": {"resource": _KEYS[column], "fields": ["id"]}}
        for column in COLUMNS[name]
        if column in _KEYS
    ]
    schema = {"fields": fields, "primaryKey": ["id"], "missingValues": [""], **({"foreignKeys": keys} if keys else {})}
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "format": "csv",
        "schema": schema,
    }
