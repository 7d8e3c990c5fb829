"""HSDS 3.1 as one surface, its description, and the profile that says what is special here."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from api.hsds import hsds_resources
from api.programs.application import ApiSurface
from api.programs.surface_roots import HSDS, HSDS_PROFILE
from core.i18n import _
from providers.interchange import hsds_terms

OPERATIONS = hsds_resources.OPERATIONS
SURFACE = ApiSurface(
    HSDS,
    {
        "title": "Harta serviciilor comunitare: HSDS",
        "version": "3.1.0",
        "summary": "Services, organizations and taxonomies as HSDS 3.1 (Open Referral)",
        "description": (
            "HSDS 3.1; the profile says which lists of codes are used. Every request carries `Authorization: Bearer "
            "harta_…`. `format=ndjson` gives a whole list, an object a line. See docs/api/hsds.md."
        ),
    },
    OPERATIONS,
)


def profile() -> Response:
    """Return the profile: what is used of the standard, and how."""
    values = {
        "id": HSDS_PROFILE,
        "title": _("Profil românesc al HSDS 3.1"),
        "hsds_version": hsds_resources.HSDS_VERSION,
        "changes_to_schemas": [],
        "rules": {
            "service.id": "UUID v5, lasting; the key of the register is the attribute `service_id`",
            "service.last_modified": "the later of the register's import and the last report of places",
            "service.capacities": "only where somebody reported; the state is the attribute `capacity_status`",
            "service.metadata": "the edition of the register that all of it comes from",
            "location": "one for all services at a point and address; external_identifier is a SIRUTA code",
            "service_area.uri": "siruta:CODE of a unit or county, nuts:CODE of a region, iso3166:RO",
            "attribute": "every one has a term; a value that is no code has the term of its name",
            "protected": "a service with a protected address has its public label, type and county, nothing else",
        },
        "taxonomies": list(hsds_terms.taxonomies()),
    }
    return JSONResponse(values, headers={"Cache-Control": "no-cache", "Vary": "Accept-Language"})
