"""Where files in bulk are: `/bulk` and all below it, with a token as every answer to programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.programs.api_endpoint import ApiEndpoint, surface_routes
from api.programs.surface_roots import BULK

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from api.programs.application import ApiSurface


def _surface() -> ApiSurface:
    from api.bulk.bulk_surface import SURFACE

    return SURFACE


def routes() -> list[BaseRoute]:
    """Return the routes of files in bulk.

    Returns
    -------
    list of BaseRoute
        Of `/bulk` and whatever is below it.
    """
    return surface_routes(ApiEndpoint(BULK, _surface))
