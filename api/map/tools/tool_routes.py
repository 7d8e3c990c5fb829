"""The addresses of the map's tools. Facts of the country and of the catalogue only: nothing here knows a person."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from api.http.endpoint import as_endpoint
from api.map.map_tools import IMAGE, PDF, RESULTS, SUGGEST
from api.map.tools import map_embed, map_export, map_paper, map_suggest


def routes(policy: str) -> list[BaseRoute]:
    """Return the routes of the tools.

    Parameters
    ----------
    policy
        Content security policy of a page, of which the embedded map changes who may frame it.

    Returns
    -------
    list of BaseRoute
        Search, paper, picture, and the map in a frame of another site.
    """
    return [
        Route(SUGGEST, as_endpoint(map_suggest.suggest)),
        Route(RESULTS, as_endpoint(map_suggest.show_results)),
        Route(PDF, as_endpoint(map_paper.as_pdf)),
        Route(IMAGE, as_endpoint(map_paper.as_picture)),
        Route(map_export.CSV, as_endpoint(map_export.as_csv)),
        Route(map_export.GEOPACKAGE, as_endpoint(map_export.as_geopackage)),
        *map_embed.embedded(policy),
    ]
