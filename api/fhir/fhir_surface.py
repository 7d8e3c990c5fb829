"""FHIR R4 as one surface, and the statement of what it can do: nothing that it cannot."""

from __future__ import annotations

from starlette.responses import Response

from api.fhir import fhir_resources
from api.programs.application import ApiSurface
from api.programs.operations import as_bytes
from api.programs.surface_roots import FHIR, FHIR_FORM, FHIR_JSON

OPERATIONS = fhir_resources.OPERATIONS
SURFACE = ApiSurface(
    FHIR,
    {
        "title": "Harta serviciilor comunitare: FHIR R4",
        "version": "4.0.1",
        "summary": "Organization, Location and HealthcareService as IHE mCSD has them",
        "description": (
            "JSON alone. Every request carries `Authorization: Bearer harta_…`. A search may come as a form to "
            "`TYPE/_search`, so that it stands in no address. See docs/api/fhir.md."
        ),
    },
    OPERATIONS,
    FHIR_FORM,
    is_strict=False,  # the standard passes over what it does not know, unless asked to be strict
)


def capabilities() -> Response:
    """Return the CapabilityStatement."""
    resources = [
        {
            "type": kind,
            "interaction": [{"code": code} for code in interactions],
            "searchParam": [{"name": name, "type": of} for name, of in parameters],
        }
        for kind, (interactions, parameters) in fhir_resources.CAN.items()
    ]
    values = {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": "2026-12-01",
        "kind": "instance",
        "implementation": {"description": "Harta serviciilor comunitare"},
        "fhirVersion": "4.0.1",
        "format": [FHIR_JSON],
        "rest": [
            {
                "mode": "server",
                "security": {"description": "Authorization: Bearer harta_…"},
                "resource": resources,
            }
        ],
    }
    return Response(as_bytes(values), media_type=FHIR_JSON, headers={"Cache-Control": "no-cache"})
