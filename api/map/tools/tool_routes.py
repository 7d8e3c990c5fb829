"""The addresses of the map's tools. Facts of the country and of the catalogue only: nothing here knows a person."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from api.http.endpoint import as_endpoint
from api.map.map_tools import IMAGE, PDF, RESULTS, SUGGEST
from api.map.tools import map_paper, map_suggest


def routes() -> list[BaseRoute]:
    """Return the routes of this module."""
    return [
        Route(SUGGEST, as_endpoint(map_suggest.suggest)),
        Route(RESULTS, as_endpoint(map_suggest.show_results)),
        Route(PDF, as_endpoint(map_paper.as_pdf)),
        Route(IMAGE, as_endpoint(map_paper.as_picture)),
    ]
