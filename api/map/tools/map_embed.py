"""The map in a frame of another site, say a town hall's: off until an operator names the site (`harta embed`).

No session is read and no cookie set; nothing here writes. What is shown is what the map shows to everybody: published
facts of services that are not protected. Only these addresses may be framed, and only by the sites named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from api import atlas_areas
from api.http import rate_limit
from api.http.assets import asset_url
from api.http.open_routes import opens_itself
from api.http.proxies import network_of
from api.http.refusals import bare_page, language_of, status_of
from api.http.request_view import RequestView
from api.map import map_page, map_routes
from api.map.map_area import area_card
from core.errors import MapError
from core.i18n import _, set_language
from core.storage.embedding import read_embedding
from core.storage.home import open_home
from core.templating import render
from providers.service_map.map_filter import MapFilter
from providers.service_map.map_layers import MapLayers
from providers.service_map.view_window import MapView

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from starlette.requests import Request

    Handler = Callable[[RequestView], Response]

ADDRESS = "/incorporat/harta"
POINTS, CARD, AREA, AREAS = (f"{ADDRESS}/{name}" for name in ("puncte", "fisa", "comuna", "comune"))
_ASKED = rate_limit.Limiter(240, 60)  # a minute, of one network: a pan a second, and everything around it
_SELF = "frame-ancestors 'self'"


def embedded(policy: str) -> list[BaseRoute]:
    """Return the routes of the embedded map.

    Parameters
    ----------
    policy
        Content security policy of a page; the sites named take the place of who may frame it.

    Returns
    -------
    list of BaseRoute
        Each answers 404 where no site is named.
    """

    def route(address: str, handler: Handler) -> Route:
        return Route(address, _endpoint(handler, policy), methods=["GET"])

    return [
        route(ADDRESS, _show),
        route(POINTS, lambda view: map_routes.points(view, may_ask=False)),
        route(CARD, _card),
        route(AREA, _area),
        route(AREAS, lambda view: atlas_areas.areas(view.request)),
    ]


def _endpoint(handler: Handler, policy: str) -> Callable[[Request], Coroutine[None, None, Response]]:
    async def answer(request: Request) -> Response:
        set_language(language_of(request, remembered="ro"))
        return await run_in_threadpool(_answer, handler, request, policy)

    return opens_itself(answer)  # who may see it is said by the operator, not by a session


def _answer(handler: Handler, request: Request, policy: str) -> Response:
    home = open_home()
    origins = read_embedding(home)
    view = RequestView(request, home, None, language_of(request, remembered="ro"))
    if not origins:
        return HTMLResponse(bare_page(_("Această pagină nu există"), _("Harta nu este oferită altor site-uri.")), 404)
    if not _ASKED.allows(network_of(view.client)):
        return Response(
            _("Prea multe încercări. Încercați peste un minut."), 429, media_type="text/plain; charset=utf-8"
        )
    try:
        response = handler(view)
    except MapError as error:
        response = HTMLResponse(render("plain/map_refusal.html", words=str(error)), status_of(error))
    response.headers["Content-Security-Policy"] = policy.replace(_SELF, f"{_SELF} {' '.join(origins)}")
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _show(view: RequestView) -> Response:
    alert, status = "", 200
    try:
        chosen, seen = map_page.asked(view, view.snapshot.gazetteer)
    except MapError as error:
        chosen, seen, alert, status = MapFilter(), MapView(), str(error), 400
    page = map_page.map_page(view, chosen, seen, MapLayers())
    here = {"points": POINTS, "card": CARD, "area": AREA, "areas": AREAS, "page": ADDRESS}
    settings = {**page.settings, **here}
    html = render(
        "plain/map_embed.html", m=page, settings=settings, asset=asset_url, alert=alert, whole=map_page.ADDRESS,
        is_demo=view.home.is_demo,
    )  # fmt: skip
    return HTMLResponse(html, status)


def _card(view: RequestView) -> Response:
    offers, _place = map_routes.card_offers(view)
    return HTMLResponse(render("plain/map_embed_card.html", offers=offers))


def _area(view: RequestView) -> Response:
    found = area_card(view.home, view.snapshot, view.request.query_params.get("siruta", ""))
    return HTMLResponse(render("plain/map_embed_area.html", a=found))
