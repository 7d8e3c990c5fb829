"""Where the directory answers as HSDS: `/hsds`; its profile needs no token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.programs.api_endpoint import ApiEndpoint, surface_routes
from api.programs.surface_roots import HSDS, HSDS_PROFILE

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from api.programs.application import ApiSurface


def _surface() -> ApiSurface:
    from api.hsds.hsds_surface import SURFACE

    return SURFACE


def _profile() -> Response:
    from api.hsds.hsds_surface import profile

    return profile()


def routes() -> list[BaseRoute]:
    """Return the routes of HSDS.

    Returns
    -------
    list of BaseRoute
        Of `/hsds` and whatever is below it.
    """
    return surface_routes(ApiEndpoint(HSDS, _surface, open_answers={HSDS_PROFILE: _profile}))
