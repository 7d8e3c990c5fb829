"""OGC API Features as one surface, with the document that describes it."""

from __future__ import annotations

from typing import Any

from api.ogc import feature_resources
from api.ogc.feature_collections import COVERAGE, named_collections, queryables
from api.programs.application import ApiSurface
from api.programs.surface_roots import OGC, OGC_FORM

OPERATIONS = feature_resources.OPERATIONS
_ITEMS = "/collections/{}/items"


def _name_collections(document: dict[str, Any]) -> None:
    """Name the features of each collection, and the limit of a page where GDAL and QGIS look for it.

    Both take pages of 1,000 unless the description of the very address, or the parameter `limit` among the components,
    names the most that a page may have, and no usual number below it.
    """
    every = document["paths"][_ITEMS.format("{collection}")]["get"]
    parameters = [each for each in every["parameters"] if each["in"] == "query"]
    limit = next(each for each in parameters if each["name"] == "limit")
    limit["schema"] = {"type": "integer", "minimum": 1, "maximum": feature_resources.MOST}
    components = document["components"].setdefault("parameters", {})
    components |= {each["name"]: each for each in parameters}
    named = [{"$ref": f"#/components/parameters/{each['name']}"} for each in parameters]
    every["parameters"] = [*(each for each in every["parameters"] if each["in"] == "path"), *named]
    for name in (each.name for each in named_collections() if not each.name.startswith(COVERAGE)):
        own = [{"name": each, "in": "query", "schema": {"type": "string"}} for each in queryables(name)]
        document["paths"][_ITEMS.format(name)] = {
            "get": {**every, "operationId": f"{every['operationId']}_{name}", "parameters": [*named, *own]}
        }


SURFACE = ApiSurface(
    OGC,
    {
        "title": "Harta serviciilor comunitare: OGC API Features",
        "version": "1.0.0",
        "summary": "Services, communes and towns, communities and localities as features",
        "description": (
            "OGC API Features, parts 1 (core, GeoJSON), 2 (coordinate systems) and 3 (queryables as parameters). "
            "Every request carries `Authorization: Bearer harta_…`. Services with a protected address are in no "
            "collection and in no count. See docs/api/ogc.md."
        ),
    },
    OPERATIONS,
    OGC_FORM,
    is_strict=False,  # each looks by itself: properties are parameters too
    complete=_name_collections,
)
