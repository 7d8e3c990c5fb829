"""OGC API Features as one surface, with the document that describes it."""

from __future__ import annotations

from api.ogc import feature_resources
from api.programs.application import ApiSurface
from api.programs.surface_roots import OGC, OGC_FORM

OPERATIONS = feature_resources.OPERATIONS
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
)
