"""Files in bulk as one surface, with the document that describes it."""

from __future__ import annotations

from api.bulk import bulk_resources
from api.programs.application import ApiSurface
from api.programs.surface_roots import BULK

OPERATIONS = bulk_resources.OPERATIONS
SURFACE = ApiSurface(
    BULK,
    {
        "title": "Harta serviciilor comunitare: files in bulk",
        "version": "1.0.0",
        "summary": "Everything public as files of a day",
        "description": (
            "CSV, NDJSON, GeoParquet and GeoPackage with SHA-256 digests, a dictionary and a DCAT-AP 3 catalogue. "
            "Every request carries `Authorization: Bearer harta_…`. See docs/api/bulk.md."
        ),
    },
    OPERATIONS,
)
