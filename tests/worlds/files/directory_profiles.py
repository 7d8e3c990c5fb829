"""What HSDS 3.1 and the Open Referral UK profile ask of objects: the published schemas, and a check of our own.

The schemas of HSDS are not part of this project (`HARTA_TEST_DATA`). Of the UK profile (version 3.0, its compiled
schemas of 2024-10-10) the tables below have every property that it requires and every form that it asks of a text; it
asks for nothing that HSDS 3.1 does not ask for.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Our lists, and the object of the standard that each holds.
HSDS_OBJECTS = {
    "services": "service",
    "organizations": "organization",
    "service_at_locations": "service_at_location",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}
PAGE = {
    "total_items": int, "total_pages": int, "page_number": int, "size": int, "first_page": bool, "last_page": bool,
    "empty": bool, "contents": list,
}  # fmt: skip
_NAMED = ("id", "name", "description")
UK_REQUIRED: dict[str, tuple[str, ...]] = {
    "service": ("id", "name", "status"),
    "organization": _NAMED,
    "organization_identifier": ("id", "identifier_type", "identifier"),
    "service_at_location": ("id",),
    "location": ("id", "location_type"),
    "address": ("id", "address_1", "city", "state_province", "postal_code", "country", "address_type"),
    "taxonomy": _NAMED,
    "taxonomy_term": _NAMED,
    **dict.fromkeys(
        ("accessibility", "attribute", "contact", "cost_option", "funding", "language", "schedule", "service_area"),
        ("id",),
    ),
}
_PLACES = ["physical", "postal", "virtual"]
UK_FORMS: dict[str, dict[str, dict[str, Any]]] = {
    "service": {
        "status": {"enum": ["active", "inactive", "defunct", "temporarily closed"]},
        **{name: {"format": "email"} for name in ("email", "assurer_email")},
        "url": {"format": "uri"},
        "last_modified": {"format": "date-time"},
        "minimum_age": {"type": "number"},
        "maximum_age": {"type": "number"},
    },
    "organization": {"email": {"format": "email"}, "website": {"format": "uri"}, "uri": {"format": "uri"}},
    "location": {
        "location_type": {"enum": _PLACES}, "latitude": {"type": "number"}, "longitude": {"type": "number"},
    },
    "address": {"address_type": {"enum": _PLACES}},
    "accessibility": {"url": {"format": "uri"}},
    "schedule": {"schedule_link": {"format": "uri"}},
    "taxonomy_term": {"term_uri": {"format": "uri"}},
}  # fmt: skip
_INSIDE = {
    "services": "service", "service": "service", "organization": "organization", "location": "location",
    "service_at_locations": "service_at_location", "organization_identifiers": "organization_identifier",
    "addresses": "address", "accessibility": "accessibility", "attributes": "attribute", "contacts": "contact",
    "cost_options": "cost_option", "funding": "funding", "languages": "language", "schedules": "schedule",
    "service_areas": "service_area", "taxonomy_term": "taxonomy_term", "taxonomy_detail": "taxonomy",
}  # fmt: skip


def hsds_validator(oracles: Path, name: str) -> jsonschema_rs.Draft202012Validator:
    """Return what holds an object of a list to the standard's schema, with its formats, and to no other property."""
    folder = oracles / "hsds-3.1"
    of = HSDS_OBJECTS[name]
    path = folder / "compiled" / f"{of}.json"
    schema = json.loads((path if path.exists() else folder / f"{of}.json").read_text(encoding="utf-8"))
    base = "https://hsds.invalid/"  # names that schemas call each other by are parts of an address; none is asked
    known = [(f"{base}{each.name}", json.loads(each.read_text(encoding="utf-8"))) for each in folder.glob("*.json")]
    return jsonschema_rs.Draft202012Validator(
        {**schema, "$id": f"{base}{of}.json", "additionalProperties": False},
        validate_formats=True,
        registry=jsonschema_rs.Registry(known),
    )


def uk_validator(of: str) -> jsonschema_rs.Draft202012Validator:
    """Return what holds an object, and all inside it, to what the Open Referral UK profile requires: a check of our own."""
    return jsonschema_rs.Draft202012Validator(
        {"$ref": f"#/$defs/{of}", "$defs": {each: _uk_object(each) for each in UK_REQUIRED}}, validate_formats=True
    )


def _uk_object(of: str) -> dict[str, Any]:
    own = {name: {"type": "string"} for name in UK_REQUIRED[of]} | UK_FORMS.get(of, {})
    some = {name: {"$ref": f"#/$defs/{kind}"} for name, kind in _INSIDE.items()}
    inner = {
        name: {"if": {"type": "array"}, "then": {"items": each}, "else": {"if": {"type": "object"}, "then": each}}
        for name, each in some.items()  # `accessibility` is also the name of a text
    }
    properties = {**inner, **own, "id": {"type": "string", "format": "uuid"}}
    return {"type": "object", "required": list(UK_REQUIRED[of]), "properties": properties}


def page_faults(page: Any) -> Iterator[str]:
    """Give what the standard asks of a page and this one does not have."""
    for name, kind in PAGE.items():
        if type(page.get(name)) is not kind:
            yield f"page: {name} is {page.get(name)!r}"
    if not page.get("contents"):
        yield "page: nothing in it"  # the validator of the UK profile takes an empty list for a fault
