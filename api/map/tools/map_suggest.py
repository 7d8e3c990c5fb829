"""The search over the map: suggestions while somebody types, and the same as a page without a script."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response

from api.http import page_frame
from api.map import map_page
from api.map.map_tools import RESULTS
from core.errors import MapError
from core.i18n import _, ngettext, number
from providers.finder.offer_view import OfferView
from providers.rules import taxonomy
from providers.service_map.map_filter import MapFilter
from providers.service_map.map_list import views_of
from providers.service_map.map_search import MapSearch, search_map
from providers.service_map.name_index import LONGEST, provider_corners
from providers.service_map.view_window import MapView

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from providers.catalogue.snapshot import Snapshot
    from providers.finder.search_terms import SearchTerm
    from providers.service_map.map_search import NamedProvider, NamedService

_BAD = 400
_MOST_ON_PAGE = 12
_DIGITS = 5


@dataclass(frozen=True)
class SearchLink:
    """One thing found, as a link of the page. detail: what tells it from others of its name."""

    address: str
    words: str
    detail: str


@dataclass(frozen=True)
class SearchPage:
    """What the page of a search shows. typed: what was typed. carried: filter and view, which the next search keeps."""

    typed: str
    carried: tuple[tuple[str, str], ...]
    places: tuple[SearchLink, ...]
    services: tuple[OfferView, ...]
    providers: tuple[SearchLink, ...]
    terms: tuple[SearchLink, ...]
    back: str
    is_framed: bool


def suggest(view: RequestView) -> Response:
    """Send what typed words may mean, by kind: what is said of each, and what choosing it does."""
    try:
        found = _found(view)
    except MapError as error:
        return JSONResponse({"error": str(error)}, _BAD)
    snapshot = view.snapshot
    terms = (_("Nevoi și tipuri de servicii"), [_term(term) for term in found.terms])
    names = (
        (_("Servicii"), [_service(snapshot, service) for service in found.services]),
        (_("Furnizori"), [_provider(snapshot, provider) for provider in found.providers]),
    )
    is_name = bool(found.services) and found.services[0].is_as_typed
    places = (_("Localități"), [_place(place.label, place.lat, place.lon) for place in found.places])
    groups = (places, *names, terms) if is_name else (places, terms, *names)
    return JSONResponse({"groups": [{"title": title, "found": items} for title, items in groups if items]})


def show_results(view: RequestView) -> Response:
    """Show what typed words may mean as links of a page."""
    alert, status, found = "", 200, MapSearch()
    chosen, seen = MapFilter(), MapView()
    try:
        chosen, seen = map_page.asked(view, view.snapshot.gazetteer)
        found = _found(view, most=_MOST_ON_PAGE)
    except MapError as error:
        alert, status = str(error), _BAD
    is_framed = view.request.query_params.get("incadrat") == "1"
    framed = [("incadrat", "1")] if is_framed else []
    fields = [*chosen.fields(), *framed]

    def link(words: str, detail: str, name: str, value: str) -> SearchLink:
        kept = [field for field in fields if field[0] != name]
        return SearchLink(f"{map_page.ADDRESS}?{urlencode([*kept, (name, value)])}", words, detail)

    ids = [str(view.snapshot.catalogue.cell("service_id", service.row)) for service in found.services]
    page = SearchPage(
        _typed(view),
        (*fields, *seen.fields()),
        tuple(link(place.label, "", "loc", place.label) for place in found.places),
        tuple(views_of(view.snapshot, ids, chosen.near)),
        tuple(link(each.name, _count_words(each.count), "furnizor", each.name) for each in found.providers),
        tuple(link(term.label, term.group, "serviciu", term.code) for term in found.terms),
        f"{map_page.ADDRESS}?{urlencode([*fields, *seen.fields()])}",
        is_framed,
    )
    return page_frame.page(view, "map_search.html", status=status, alert=alert, s=page, address=RESULTS)


def _typed(view: RequestView) -> str:
    return view.request.query_params.get("q", "").strip()[:LONGEST]


def _found(view: RequestView, *, most: int = 5) -> MapSearch:
    chosen, seen = map_page.asked(view, view.snapshot.gazetteer)
    near = seen.middle if "cadru" in view.request.query_params or chosen.near is None else None
    if near is None and chosen.near is not None:
        near = (chosen.near.lat, chosen.near.lon)
    elif "cadru" not in view.request.query_params:  # typed in the bar of a screen: near the team's own community
        near = map_page.own_point(view) or near
    return search_map(view.snapshot, _typed(view), near, most=most)


def _place(label: str, lat: float, lon: float) -> dict[str, Any]:
    return {"words": label, "detail": "", "loc": label, "at": [round(lat, _DIGITS), round(lon, _DIGITS)]}


def _term(term: SearchTerm) -> dict[str, Any]:
    return {"words": term.label, "detail": term.group, "serviciu": term.code}


def _service(snapshot: Snapshot, service: NamedService) -> dict[str, Any]:
    catalogue = snapshot.catalogue
    kind = _(taxonomy.service_type(str(catalogue.cell("service_type", service.row))).name)
    locality = catalogue.cell("locality", service.row)
    items = [kind, locality if isinstance(locality, str) else "", _away(service.metres)]
    at = [round(float(catalogue.cell(name, service.row)), _DIGITS) for name in ("lat", "lon")]
    return {
        "words": catalogue.name(service.row), "detail": " · ".join(filter(None, items)), "at": at,
        "id": str(catalogue.cell("service_id", service.row)),
    }  # fmt: skip


def _provider(snapshot: Snapshot, provider: NamedProvider) -> dict[str, Any]:
    (south, west), (north, east) = provider_corners(snapshot.catalogue, provider.name)
    corners = [round(side, _DIGITS) for side in (south, west, north, east)]
    return {
        "words": provider.name, "detail": _count_words(provider.count), "furnizor": provider.name, "corners": corners,
    }  # fmt: skip


def _count_words(count: int) -> str:
    return ngettext("{n} serviciu", "{n} servicii", count).format(n=number(count))


def _away(metres: float) -> str:
    return "" if math.isnan(metres) else _("{km} km").format(km=number(metres / 1000, 1 if metres < 9_950 else 0))  # noqa: PLR2004
