"""OGC API Features: landing page, conformance, collections, their schemas and queryables, and the features."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import quote, urlencode

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from api.ogc.feature_collections import CollectionNamed, layer_of, named_collections
from api.ogc.feature_layer import COUNTRY, CRS84, EPSG_3844, SYSTEMS, FeatureLayer
from api.programs.operations import Answered, CallOf, Operation, as_bytes
from api.programs.problems import ProblemError
from core.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.ogc.feature_layer import Box
    from api.programs.callers import Call

MOST = 10_000
USUAL = 1_000
GEOJSON, SCHEMA = "application/geo+json", "application/schema+json"
_PART = "http://www.opengis.net/spec/ogcapi-features-{}/1.0/conf/{}"
CONFORMS = (
    _PART.format(1, "core"),
    _PART.format(1, "geojson"),
    _PART.format(2, "crs"),
    _PART.format(3, "queryables"),
    _PART.format(3, "queryables-query-parameters"),
)
_QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_MOMENT = r"(?:\.\.|\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))?)"
_OF_TYPE = {"integer": re.compile(r"-?\d+", re.ASCII), "boolean": re.compile("true|false")}
_TYPES: dict[str, dict[str, str]] = {
    **{name: {"type": name} for name in ("string", "integer", "number", "boolean")},
    "date": {"type": "string", "format": "date"},
    "date-time": {"type": "string", "format": "date-time"},
}


class OgcAnswer(BaseModel):
    """A document of OGC API Features."""

    model_config = ConfigDict(extra="allow")
    links: list[dict[str, str]] = []


class ConformanceResponse(BaseModel):
    """The requirements that are met."""

    conformsTo: list[str]  # noqa: N815  (the standard's name)


class FeatureCollectionResponse(OgcAnswer):
    """A page of features, GeoJSON."""

    type: Literal["FeatureCollection"]
    features: list[dict[str, Any]]
    numberMatched: int = Field(description="How many there are on all pages")  # noqa: N815
    numberReturned: int  # noqa: N815


class FeatureResponse(OgcAnswer):
    """One feature, GeoJSON."""

    type: Literal["Feature"]
    id: str
    properties: dict[str, Any]
    geometry: dict[str, Any] | None


JsonFormat = Annotated[Literal["json"] | None, Query(alias="f", description="The only form there is")]
Collection = Annotated[str, Path(min_length=1, max_length=80)]
System = Annotated[str, Query(max_length=80, description=f"{CRS84} or {EPSG_3844} (northing before easting)")]


def _show_landing(call: CallOf, f: JsonFormat = None) -> Answered:  # noqa: ARG001
    """Show where everything is."""
    _only(call, ())
    return Answered(
        {
            "title": _("Harta serviciilor comunitare"),
            "description": _("Servicii, unități administrative, comunități și localități ca obiecte geografice."),
            "links": [
                _link(call.base, "/", "self"),
                _link(call.base, "/openapi.json", "service-desc", "application/vnd.oai.openapi+json;version=3.1"),
                _link(call.base, "/conformance", "conformance"),
                _link(call.base, "/collections", "data"),
            ],
        }
    )


def _show_conformance(call: CallOf, f: JsonFormat = None) -> Answered:  # noqa: ARG001
    """List the requirements that are met."""
    _only(call, ())
    return Answered({"conformsTo": list(CONFORMS)})


def _list_collections(call: CallOf, f: JsonFormat = None) -> Answered:  # noqa: ARG001
    """List the collections."""
    _only(call, ())
    found = [_about(call, each, COUNTRY) for each in named_collections()]
    return Answered({"links": [_link(call.base, "/collections", "self")], "crs": list(SYSTEMS), "collections": found})


def _show_collection(call: CallOf, collection: Collection, f: JsonFormat = None) -> Answered:  # noqa: ARG001
    """Show one collection with its extent."""
    _only(call, ())
    layer = layer_of(call, collection)
    return Answered(_about(call, CollectionNamed(layer.name, layer.title, layer.words), layer.extent))


def _list_features(
    call: CallOf,
    collection: Collection,
    bbox: Annotated[
        str | None, Query(max_length=200, description="West, south, east, north; touching is enough")
    ] = None,
    bbox_crs: Annotated[System, Query(alias="bbox-crs")] = CRS84,
    crs: System = CRS84,
    limit: Annotated[int, Query(ge=1, description=f"How many a page; {MOST} at most, whatever is asked")] = USUAL,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    datetime: Annotated[
        str | None,
        Query(pattern=rf"^{_MOMENT}(?:/{_MOMENT})?$", description="Features have no time: all of them match"),
    ] = None,
    f: JsonFormat = None,  # noqa: ARG001
) -> Answered:
    """List features page by page: a few with every property, then by id; queryables are parameters of the same name."""
    layer = layer_of(call, collection)
    _only(call, ("bbox", "bbox-crs", "crs", "limit", "offset", "datetime", *layer.asked_by))
    wanted = {name: _value(layer, name, call.query[name]) for name in layer.asked_by if name in call.query}
    _look_at_days(datetime or "")
    boxes = None if bbox is None else boxes_of(bbox, _known(bbox_crs))
    found = layer.found(boxes, bbox_crs, wanted)
    limit = min(limit, MOST)
    shown = found[offset : offset + limit]
    links = [_link(call.base, _page(call, collection, offset, limit), "self", GEOJSON)]
    if offset + limit < len(found):
        links.append(_link(call.base, _page(call, collection, offset + limit, limit), "next", GEOJSON))
    if offset:
        links.append(_link(call.base, _page(call, collection, max(0, offset - limit), limit), "prev", GEOJSON))
    system = _known(crs)
    # By hand: the features are bytes already, and there may be ten thousand.
    head = as_bytes(
        {"type": "FeatureCollection", "links": links, "numberMatched": len(found), "numberReturned": len(shown)}
    )
    features = b",\n".join(layer.features(shown.tolist(), system))
    return Answered(head[:-1] + b',"features":[' + features + b"]}", headers={"Content-Crs": f"<{system}>"})


def _show_feature(
    call: CallOf,
    collection: Collection,
    feature: Annotated[str, Path(min_length=1, max_length=120)],
    crs: System = CRS84,
    f: JsonFormat = None,  # noqa: ARG001
) -> Answered:
    """Show one feature."""
    _only(call, ("crs",))
    layer = layer_of(call, collection)
    place = layer.place_of.get(feature)
    if place is None:
        raise ProblemError("not-found")
    system = _known(crs)
    above = f"/collections/{collection}"
    links = [
        _link(call.base, f"{above}/items/{quote(feature, safe='')}", "self", GEOJSON),
        _link(call.base, above, "collection"),
    ]
    return Answered(layer.feature(place, system, links), headers={"Content-Crs": f"<{system}>"})


def boxes_of(text: str, system: str) -> list[Box]:
    """Return the boxes that a `bbox` means: x before y; two where one goes over the date line.

    >>> boxes_of("20,43,30,48", CRS84), boxes_of("170,40,-170,50", CRS84)
    ([(20.0, 43.0, 30.0, 48.0)], [(170.0, 40.0, 180.0, 50.0), (-180.0, 40.0, -170.0, 50.0)])
    """
    parts = text.split(",")
    if not all(_NUMBER.fullmatch(part) for part in parts):
        raise _bad_error("bbox")
    items = [float(part) for part in parts]
    if len(items) == 6:  # noqa: PLR2004  (with heights, of which features have none)
        items = [*items[:2], *items[3:5]]
    if len(items) != 4 or not all(math.isfinite(each) for each in items):  # noqa: PLR2004
        raise _bad_error("bbox")
    first, second, third, fourth = items
    west, south, east, north = (second, first, fourth, third) if system == EPSG_3844 else (first, second, third, fourth)
    if south > north or (west > east and system == EPSG_3844):
        raise _bad_error("bbox")
    if west > east:
        return [(west, south, 180.0, north), (-180.0, south, east, north)]
    return [(west, south, east, north)]


def _value(layer: FeatureLayer, name: str, text: str) -> str:
    """Return a value that features are asked for by as the layer has it; it has to be of the property's type."""
    text = text.lower() if layer.types[name] == "boolean" else text
    fits = _OF_TYPE.get(layer.types[name])
    if fits is not None and not fits.fullmatch(text):
        raise _bad_error(name)
    return text


def _look_at_days(text: str) -> None:
    """Refuse a moment or a stretch of time with a day that is in no calendar."""
    for moment in text.split("/"):
        if moment not in ("", ".."):
            try:
                date.fromisoformat(moment[:10])
            except ValueError:
                raise _bad_error("datetime") from None


def _known(system: str) -> str:
    if system not in SYSTEMS:
        raise _bad_error("crs")
    return system


def _only(call: Call, names: tuple[str, ...]) -> None:
    """Refuse a parameter that is none: the standard wants it so, and a filter that is passed over misleads."""
    if any(name != "f" and name not in names for name in call.query) or len(call.query.multi_items()) > len(call.query):
        raise _bad_error("query")


def _bad_error(name: str) -> ProblemError:
    return ProblemError("invalid", {"errors": [{"at": ["query", name], "code": "value"}]})


def _link(base: str, path: str, rel: str, media_type: str = "application/json") -> dict[str, str]:
    return {"href": f"{base}{path}", "rel": rel, "type": media_type}


def _page(call: Call, collection: str, offset: int, limit: int) -> str:
    values = {name: value for name, value in call.query.items() if name not in ("offset", "limit")}
    query = urlencode({**values, "limit": limit, **({"offset": offset} if offset else {})}, safe=":/,")
    return f"/collections/{collection}/items?{query}"


def _about(call: Call, named: CollectionNamed, extent: Box) -> dict[str, Any]:
    own = f"/collections/{named.name}"
    return {
        "id": named.name,
        "title": named.title,
        "description": named.words,
        "itemType": "feature",
        "extent": {"spatial": {"bbox": [list(extent)], "crs": CRS84}},
        "crs": list(SYSTEMS),
        "storageCrs": CRS84,
        "links": [
            _link(call.base, own, "self"),
            _link(call.base, f"{own}/items", "items", GEOJSON),
            _link(call.base, f"{own}/schema", "describedby", SCHEMA),
            _link(call.base, f"{own}/schema", "describedBy", SCHEMA),  # as GDAL spells it
            _link(call.base, f"{own}/queryables", _QUERYABLES, SCHEMA),
        ],
    }


def _show_schema(call: CallOf, collection: Collection, f: JsonFormat = None) -> Answered:  # noqa: ARG001
    """Describe a feature of the collection: every property with its type and what it says."""
    _only(call, ())
    layer = layer_of(call, collection)
    members = {
        "type": {"type": "string", "const": "Feature"},
        "id": {"type": "string"},
        "properties": {"type": "object", "properties": _properties(layer, layer.columns)},
        "geometry": {"type": ["object", "null"]},
    }
    return Answered({**_head(call, layer, "schema"), "required": [*members], "properties": members})


def _show_queryables(call: CallOf, collection: Collection, f: JsonFormat = None) -> Answered:  # noqa: ARG001
    """Name the properties by whose value features may be asked for."""
    _only(call, ())
    layer = layer_of(call, collection)
    values = _properties(layer, layer.asked_by)
    return Answered({**_head(call, layer, "queryables"), "properties": values, "additionalProperties": False})


def _properties(layer: FeatureLayer, names: Iterable[str]) -> dict[str, Any]:
    return {name: {**_TYPES[layer.types[name]], "title": layer.meanings.get(name, name)} for name in names}


def _head(call: Call, layer: FeatureLayer, what: str) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{call.base}/collections/{layer.name}/{what}",
        "type": "object",
        "title": layer.title,
    }


_SCOPES = ("read", "figures")
OPERATIONS = (
    Operation("show_landing", "GET", "/", _show_landing, _SCOPES, OgcAnswer, "Landing page", is_kept=True),
    Operation(
        "show_conformance", "GET", "/conformance", _show_conformance, _SCOPES, ConformanceResponse, "Conformance",
        is_kept=True,
    ),
    Operation(
        "list_collections", "GET", "/collections", _list_collections, _SCOPES, OgcAnswer, "Collections", is_kept=True
    ),
    Operation(
        "show_collection", "GET", "/collections/{collection}", _show_collection, _SCOPES, OgcAnswer, "One collection",
        is_kept=True,
    ),
    Operation(
        "show_schema", "GET", "/collections/{collection}/schema", _show_schema, _SCOPES, OgcAnswer, "Properties",
        is_kept=True, media_types=(SCHEMA,),
    ),
    Operation(
        "show_queryables", "GET", "/collections/{collection}/queryables", _show_queryables, _SCOPES, OgcAnswer,
        "Queryables", is_kept=True, media_types=(SCHEMA,),
    ),
    Operation(
        "list_features", "GET", "/collections/{collection}/items", _list_features, _SCOPES, FeatureCollectionResponse,
        "Features", is_kept=True, media_types=(GEOJSON,),
    ),
    Operation(
        "show_feature", "GET", "/collections/{collection}/items/{feature:path}", _show_feature, _SCOPES,
        FeatureResponse, "One feature", is_kept=True, media_types=(GEOJSON,),
    ),
)  # fmt: skip
