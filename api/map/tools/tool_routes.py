"""The addresses of the map's tools. Facts of the country and of the catalogue only: nothing here knows a person."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from api.http import rate_limit
from api.http.endpoint import as_endpoint
from api.http.request_limits import limit_requests
from api.map.map_tools import IMAGE, PDF, RESULTS, SUGGEST
from api.map.tools import map_embed, map_export, map_paper, map_suggest

# A minute, of one network (docs/serving.md). A search is sent at every pause in typing; a sheet takes a second.
SEARCHES = rate_limit.Limiter(300, 60)
PAPERS = rate_limit.Limiter(20, 60)
PICTURES = rate_limit.Limiter(30, 60)
FILES = rate_limit.Limiter(20, 60)


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
        Route(SUGGEST, as_endpoint(limit_requests(map_suggest.suggest, SEARCHES))),
        Route(RESULTS, as_endpoint(limit_requests(map_suggest.show_results, SEARCHES))),
        Route(PDF, as_endpoint(limit_requests(map_paper.as_pdf, PAPERS))),
        Route(IMAGE, as_endpoint(limit_requests(map_paper.as_picture, PICTURES))),
        Route(map_export.CSV, as_endpoint(limit_requests(map_export.as_csv, FILES))),
        Route(map_export.GEOPACKAGE, as_endpoint(limit_requests(map_export.as_geopackage, FILES))),
        *map_embed.embedded(policy),
    ]
