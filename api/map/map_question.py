"""From the map to the answer: a question in a form's body is answered on the map, with and without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, RedirectResponse, Response

from api.http import page_frame
from api.http.endpoint import keep_for_back
from api.map import answer_on_map, map_page
from api.plain import offer_cards, referral_form, search_page
from core.errors import MapError
from core.templating import render
from providers.finder.answer import Query
from providers.service_map.map_layers import MapLayers

if TYPE_CHECKING:
    from api.http.request_view import RequestView

_BAD = 400
_LONGEST_ID = 200


def show_answer(view: RequestView) -> Response:
    """Show the map with the answer to the question that was sent; an unclear one is asked back about."""
    query = search_page.read(view)
    if not isinstance(query, Query):
        return referral_form.found(view)
    answer = answer_on_map.answer_on_map(view, query, way_to=view.fields.text("drum", _LONGEST_ID))
    chosen, seen = answer.shown
    shown = map_page.map_page(view, chosen, seen, MapLayers(), answer)
    page = page_frame.page(view, "map.html", m=shown)
    return page if answer.is_sensitive else keep_for_back(page)


def again(_view: RequestView) -> Response:
    """Lead from the address of an answer back to the map."""
    return RedirectResponse(map_page.ADDRESS, 303)


def answer(view: RequestView) -> Response:
    """Send the answer to the question that was sent: the list as it stands on the page, and its pins."""
    query = search_page.read(view)
    if not isinstance(query, Query):
        asked = search_page.question_page(view, query)
        danger = offer_cards.danger_of(asked.asked_back_error)
        html = render("plain/map_question.html", q=asked, danger=danger, csrf_token=view.token)
        return JSONResponse({"ask": html}, _BAD)
    try:
        found = answer_on_map.answer_on_map(view, query)
    except MapError as error:
        return JSONResponse({"error": str(error)}, _BAD)
    html = render("plain/map_answer.html", a=found, csrf_token=view.token)
    return JSONResponse({"html": html, **answer_on_map.data(found)})


def way(view: RequestView) -> Response:
    """Send the way to a service of the answer."""
    try:
        query = referral_form.query_of(view)
        found = answer_on_map.way_shown(view, query, view.fields.text("drum", _LONGEST_ID))
    except MapError as error:
        return JSONResponse({"error": str(error)}, _BAD)
    return JSONResponse({"html": render("plain/map_way.html", way=found), "way": answer_on_map.way_data(found)})
