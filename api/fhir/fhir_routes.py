"""Where the directory answers as FHIR R4: `/fhir`; what it can do (`/fhir/metadata`) needs no token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.programs.api_endpoint import ApiEndpoint, surface_routes
from api.programs.surface_roots import FHIR, FHIR_FORM

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from api.programs.application import ApiSurface


def _surface() -> ApiSurface:
    from api.fhir.fhir_surface import SURFACE

    return SURFACE


def _capabilities() -> Response:
    from api.fhir.fhir_surface import capabilities

    return capabilities()


def routes() -> list[BaseRoute]:
    """Return the routes of FHIR.

    Returns
    -------
    list of BaseRoute
        Of `/fhir` and whatever is below it; a search may come as a form, so that it stands in no address.
    """
    answers = {f"{FHIR}/metadata": _capabilities}
    return surface_routes(ApiEndpoint(FHIR, _surface, open_answers=answers, search="/_search", form=FHIR_FORM))
