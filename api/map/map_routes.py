"""The addresses of the map. Facts of the country, the catalogue, and of what teams know: nothing of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from api.http import rate_limit
from api.http.endpoint import as_endpoint
from api.http.request_limits import limit_requests
from api.map import (
    answer_on_map,
    area_more,
    county_maps,
    coverage_layer,
    joined_table,
    local_layer,
    map_area,
    map_names,
    map_page,
    map_question,
    map_tools,
    reach_layer,
)
from core.errors import MapError, UnknownCodeError
from core.i18n import _
from core.templating import render
from providers.service_map.map_answer import MOST_LISTED, answer_map_view
from providers.service_map.map_list import views_of

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from providers.catalogue.snapshot import Snapshot
    from providers.finder.offer_view import OfferView
    from providers.service_map.map_answer import MapAnswer

_BAD = 400
_DIGITS = 5  # of a degree: a metre
# A minute, of one network (docs/serving.md): the layers over the map, and the counties side by side. Marks are not
# limited: a view takes milliseconds, and everybody in a building pans.
LAYERS = rate_limit.Limiter(120, 60)
COUNTIES = rate_limit.Limiter(30, 60)
_RECENT_SECONDS = 1.0  # marks may be so old; a card, a list without a script and a download are of the moment


def points(view: RequestView, *, may_ask: bool = True) -> Response:
    """Send the marks of a view, the counts beside each filter, and the list as it stands on the page.

    may_ask: whether the list begins with the way to ask from the place of the filter.
    """
    snapshot = view.directory.recent_snapshot(_RECENT_SECONDS)
    try:
        chosen, seen = map_page.asked(view, snapshot.gazetteer)
    except MapError as error:
        return JSONResponse({"error": str(error)}, _BAD)
    answer = answer_map_view(snapshot, chosen, seen)
    html = render(
        "plain/map_list.html",
        listed=map_page.listed(snapshot, answer, chosen),
        more=map_page.more_words(answer.total - len(answer.listed)),
        summary=map_page.summary(answer),
        place="" if chosen.near is None or not may_ask else chosen.near.label,
        need=chosen.wanted,
        csrf_token=view.token if may_ask else "",
    )
    return JSONResponse(
        {
            "total": answer.total,
            "legend": answer.by_state,
            "marks": marks(snapshot, answer),
            "counts": answer.counts,
            "list": html,
            "listed_at": marks_of_list(answer),
            "zone": map_tools.zone_words(chosen.zone),
        }
    )


def marks(snapshot: Snapshot, answer: MapAnswer) -> list[list[Any]]:
    """Return the marks of an answer as they travel.

    Parameters
    ----------
    snapshot
        What the answer was made of.
    answer
        Of a view.

    Returns
    -------
    list of list
        Latitude, longitude, how many services, how many of each state, 1 where all stand at one place, and of a single
        one its id and name.
    """
    found, catalogue = answer.clusters, snapshot.catalogue
    made = []
    for place, size in enumerate(found.size.tolist()):
        mark = [
            round(float(found.lat[place]), _DIGITS), round(float(found.lon[place]), _DIGITS), size,
            *found.by_state[place].tolist(), int(found.is_one_place[place]),
        ]  # fmt: skip
        if size == 1:
            row = int(answer.rows[found.first[place]])
            mark += [str(catalogue.cell("service_id", row)), catalogue.name(row)]
        made.append(mark)
    return made


def marks_of_list(answer: MapAnswer) -> list[int]:
    """Return for each service of an answer's list which of its marks, from 0, stands for it."""
    places = np.searchsorted(answer.rows, answer.listed)
    return [int(mark) for mark in answer.clusters.member[places]]


def card(view: RequestView) -> Response:
    """Send the card of one service, or of several that stand at one place."""
    try:
        offers, place = card_offers(view)
    except MapError as error:
        return HTMLResponse(render("plain/map_refusal.html", words=str(error)), _BAD)
    need = view.request.query_params.get("serviciu", "")
    return HTMLResponse(render("plain/map_card.html", offers=offers, csrf_token=view.token, need=need, place=place))


def card_offers(view: RequestView) -> tuple[list[OfferView], str]:
    """Return the services that the address of a card names, and the label of the locality of the first.

    Raises UnknownCodeError for one that is on no map, PlaceError for a place that is none.
    """
    ids = view.request.query_params.getlist("id")[:MOST_LISTED]
    place = view.request.query_params.get("loc", "").strip()
    catalogue = view.snapshot.catalogue
    if not ids or any(catalogue.service(each)["is_secret"] for each in ids):
        raise UnknownCodeError(_("Serviciul cerut nu este pe hartă."))
    near = view.snapshot.gazetteer.resolve(place, near=view.own_county) if place else None
    where = catalogue.service(ids[0])
    home = view.snapshot.gazetteer.nearest_locality(float(where["lat"]), float(where["lon"]))
    return views_of(view.snapshot, ids, near), home.label


def routes() -> list[BaseRoute]:
    """Return the routes of the map.

    Returns
    -------
    list of BaseRoute
        The page, its marks and its cards.
    """
    return [
        Route(map_page.ADDRESS, as_endpoint(map_page.show_map)),
        Route(county_maps.COUNTIES_ADDRESS, as_endpoint(limit_requests(county_maps.show_counties, COUNTIES))),
        Route(answer_on_map.ADDRESS, as_endpoint(map_question.show_answer), methods=["POST"]),
        Route(answer_on_map.ADDRESS, as_endpoint(map_question.again)),
        Route(answer_on_map.ANSWER, as_endpoint(map_question.answer), methods=["POST"]),
        Route(answer_on_map.WAY, as_endpoint(map_question.way), methods=["POST"]),
        Route(map_names.NAMES, as_endpoint(map_names.names)),
        Route(map_names.ROADS, as_endpoint(map_names.roads)),
        Route(map_page.POINTS, as_endpoint(points)),
        Route(map_page.CARD, as_endpoint(card)),
        Route(map_page.AREA, as_endpoint(map_area.area)),
        Route(map_area.MORE, as_endpoint(area_more.area_more)),
        Route(coverage_layer.COVERAGE_ADDRESS, as_endpoint(limit_requests(coverage_layer.coverage_layer, LAYERS))),
        Route(reach_layer.REACH_ADDRESS, as_endpoint(limit_requests(reach_layer.reach_areas, LAYERS))),
        Route(local_layer.LOCAL_ADDRESS, as_endpoint(local_layer.local_marks)),
        Route(joined_table.TABLE_ADDRESS, as_endpoint(limit_requests(joined_table.joined_table, LAYERS))),
        Route(joined_table.JOINED_CSV, as_endpoint(limit_requests(joined_table.as_joined_csv, LAYERS))),
    ]
