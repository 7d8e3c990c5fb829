"""Where the API of our own answers: `/api/v1/…`; every other address below `/api` that is no screen's is a problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.programs.api_endpoint import ApiEndpoint, surface_routes

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from api.programs.application import ApiSurface

ROOT = "/api/v1"


def _surface() -> ApiSurface:
    from api.v1.v1_surface import SURFACE

    return SURFACE


def _reference() -> Response:
    from api.v1.reference_page import reference_page

    return reference_page()


def routes() -> list[BaseRoute]:
    """Return the routes of the API.

    Returns
    -------
    list of BaseRoute
        After those of every other address below `/api`: they answer whatever is left there.
    """
    endpoint = ApiEndpoint(ROOT, _surface, open_answers={f"{ROOT}/docs": _reference}, is_root_asked=False)
    return surface_routes(endpoint, "/api")
