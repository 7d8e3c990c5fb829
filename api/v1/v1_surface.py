"""The API of our own as one surface: every operation of the tables of its resources."""

from __future__ import annotations

from typing import Any

from api.programs.application import ApiSurface
from api.programs.operations import Operation
from api.v1 import (
    area_resources,
    capacity_resource,
    change_resource,
    nearest_resource,
    reference_resources,
    referral_resources,
    service_resources,
    webhook_resources,
)
from providers.catalogue.published import PUBLISHED_COLUMNS
from providers.interchange.public_table import COLUMN_TYPES, FACTS, LISTS

VERSION = "1.0.0"
OPERATIONS: tuple[Operation, ...] = (
    *reference_resources.OPERATIONS,
    *capacity_resource.OPERATIONS,
    *service_resources.OPERATIONS,
    *change_resource.OPERATIONS,
    *nearest_resource.OPERATIONS,
    *area_resources.OPERATIONS,
    *referral_resources.OPERATIONS,
    *webhook_resources.OPERATIONS,
)
_TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}


def _describe_services(document: dict[str, Any]) -> None:
    """Name every fact of a service with what it says; the shapes in the code have those that are always looked at."""
    for shape in ("Service", "OneService"):
        value = document["components"]["schemas"][shape]["properties"]
        for name in FACTS:
            kind = COLUMN_TYPES[name]
            own = {"type": "string", "format": "date"} if kind == "date" else {"type": kind}
            fact = value.setdefault(name, dict(_TEXTS) if name in LISTS else {"anyOf": [own, {"type": "null"}]})
            fact.setdefault("description", _of_json(PUBLISHED_COLUMNS[name]))
        value.setdefault("cautions", {**_TEXTS, "description": PUBLISHED_COLUMNS["cautions"].partition(";")[0]})


def _of_json(meaning: str) -> str:
    """Say what a column means as JSON has it: what is not known is null, and a list is a list."""
    for missing in ("NA", "NaT", "NaN"):
        meaning = meaning.replace(f"{missing} ", "null ")
    return meaning.replace(", `;` between them", "").replace(", `;` between codes", "").replace(", parted by `;`", "")


SURFACE = ApiSurface(
    "/api/v1",
    {
        "title": "Harta serviciilor comunitare",
        "version": VERSION,
        "summary": "Who is near, may take the person and has a free place; what changes; referrals",
        "description": (
            "Every request carries `Authorization: Bearer harta_…`; nothing else counts. Problems are "
            "`application/problem+json` (RFC 9457), in Romanian or English by `Accept-Language`. Within a version "
            "names may come and none goes; the rules are in docs/api/README.md."
        ),
    },
    OPERATIONS,
    complete=_describe_services,
)
