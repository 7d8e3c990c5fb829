"""What the API is, said by its own host: the OpenAPI document, and a page of it that needs no script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from starlette.responses import HTMLResponse, Response

from api.http.assets import asset_url
from api.programs.problems import STATUSES, sentences
from api.programs.surface_roots import BULK, FHIR, HSDS, HSDS_PROFILE, OGC
from api.v1.v1_surface import OPERATIONS, SURFACE
from core.templating import render

OTHER_FORMS = (
    ("OGC API Features", f"{OGC}/openapi.json"),
    ("HSDS 3.1 (Open Referral)", f"{HSDS}/openapi.json"),
    ("HSDS 3.1", HSDS_PROFILE),
    ("FHIR R4 (IHE mCSD)", f"{FHIR}/metadata"),
    ("CSV, NDJSON, GeoParquet, GeoPackage", f"{BULK}/openapi.json"),
)
Schema = Mapping[str, Any]


@dataclass(frozen=True)
class FieldShown:
    """A parameter, or a field of what is sent or answered. kind: type and bounds; words: what it says."""

    name: str
    kind: str
    is_needed: bool
    words: str


@dataclass(frozen=True)
class OperationShown:
    """One operation on the page."""

    name: str
    method: str
    path: str
    summary: str
    words: str
    scopes: tuple[str, ...]
    parameters: tuple[FieldShown, ...]
    sent: tuple[FieldShown, ...]
    answered: tuple[FieldShown, ...]


@dataclass(frozen=True)
class ProblemShown:
    """One kind of problem on the page."""

    name: str
    status: int
    title: str
    detail: str


def reference_page() -> Response:
    """Return the page: every operation, and every kind of problem under the address that a problem names."""
    problems = [ProblemShown(name, status, *sentences(name)) for name, status in STATUSES.items()]
    page = render(
        "plain/api_reference.html", operations=_operations(), problems=problems, forms=OTHER_FORMS, asset=asset_url
    )
    return HTMLResponse(page, headers={"Cache-Control": "no-cache", "Vary": "Accept-Language"})


@cache
def _operations() -> tuple[OperationShown, ...]:
    document = SURFACE.document()
    schemas: Mapping[str, Schema] = document["components"]["schemas"]
    described = {each["operationId"]: each for path in document["paths"].values() for each in path.values()}
    shown = []
    for each in OPERATIONS:
        value = described[each.name]
        parameters = (
            # Of a parameter null means that it is not said.
            FieldShown(one["name"], _kind(_some(one["schema"])), one.get("required", False), _words(one))
            for one in value.get("parameters", ())
        )
        shown.append(
            OperationShown(
                each.name, each.method, f"{SURFACE.root}{each.path.replace(':path', '')}", each.summary,
                (each.handler.__doc__ or "").replace("`", "").strip(), each.scopes, tuple(parameters),
                tuple(_fields(_content(value.get("requestBody", {})), schemas)),
                tuple(_fields(_content(value["responses"][str(each.status)]), schemas)),
            )
        )  # fmt: skip
    return tuple(shown)


def _content(schema: Schema) -> Schema:
    """Return the schema of a body; empty where there is none."""
    content = schema.get("content", {})
    return next((each.get("schema", {}) for each in content.values()), {})


def _fields(schema: Schema, schemas: Mapping[str, Schema]) -> Iterable[FieldShown]:
    """List the fields of an object, those of the objects in its lists behind it by their path."""
    own = _resolved(schema, schemas)
    needed = own.get("required", ())
    for name, each in own.get("properties", {}).items():
        yield FieldShown(name, _kind(each), name in needed, _words(each))
        inner = _some(each)
        is_list = "items" in inner
        below = _some(inner["items"]) if is_list else inner
        if "$ref" in below:
            for one in _fields(below, schemas):
                yield FieldShown(f"{name}{'[]' if is_list else ''}.{one.name}", one.kind, one.is_needed, one.words)


def _words(schema: Schema) -> str:
    return str(schema.get("description", "")).replace("`", "")


def _resolved(schema: Schema, schemas: Mapping[str, Schema]) -> Schema:
    schema = _some(schema)
    return schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _some(schema: Schema) -> Schema:
    """Return what a value is where it is not null."""
    return next((each for each in schema.get("anyOf", ()) if each.get("type") != "null"), schema)


def _kind(schema: Schema) -> str:
    """Format the type of a value with its bounds.

    >>> _kind({"type": "array", "maxItems": 6, "items": {"enum": ["free", "full"], "type": "string"}})
    'list of free | full, at most 6'
    >>> _kind({"anyOf": [{"type": "integer", "minimum": 0, "maximum": 120}, {"type": "null"}]})
    'integer 0–120, or null'
    """
    own = _some(schema)
    bounds = ""
    if "minimum" in own or "maximum" in own:
        bounds = f" {own.get('minimum', '')}–{own.get('maximum', '')}"
    elif "maxLength" in own:
        bounds = f" of {own.get('minLength', 0)}–{own['maxLength']} characters"
    if "items" in own:
        text = f"list of {_kind(own['items'])}"
        bounds = f", at most {own['maxItems']}" if "maxItems" in own else ""
    elif "enum" in own:
        text = " | ".join(each or '""' for each in own["enum"])
    else:
        text = str(own.get("const") or own.get("format") or own.get("type") or "object")
    default = schema.get("default", own.get("default"))
    tail = ", or null" if own is not schema else ""
    return f"{text}{bounds}{tail}" + (f", usually {default}" if default not in (None, "", [], False) else "")
