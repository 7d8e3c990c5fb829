"""Where OGC API Features answers: `/ogc` and all below it, with a token as every answer to programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.programs.api_endpoint import ApiEndpoint, surface_routes
from api.programs.surface_roots import OGC, OGC_FORM

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from api.programs.application import ApiSurface


def _surface() -> ApiSurface:
    from api.ogc.ogc_surface import SURFACE

    return SURFACE


def routes() -> list[BaseRoute]:
    """Return the routes of OGC API Features.

    Returns
    -------
    list of BaseRoute
        Of `/ogc` and whatever is below it.
    """
    return surface_routes(ApiEndpoint(OGC, _surface, form=OGC_FORM, may_be_password=True))
