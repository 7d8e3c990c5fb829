"""The addresses of the plain pages. What is about a person is sent by POST and never stands in an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from api.plain import followed, papers, protected, referring, trip
from api.view import View, endpoint

if TYPE_CHECKING:
    from api.view import Handler

# Pages that answer a form. Reloaded or shared, their address alone leads back to the form.
_ANSWERS: dict[str, Handler] = {
    "/simplu/raspuns": referring.found,
    "/simplu/referire": referring.ask,
    "/simplu/referire/noua": referring.make,
    "/simplu/drum": trip.ask,
    "/simplu/drum/nou": trip.make,
    "/simplu/confirmare": referring.ask_places,
    "/simplu/confirmare/noua": referring.note_places,
    "/simplu/confirmare/legatura": referring.make_places_link,
    "/simplu/protejat": protected.show,
}
_PAGES: dict[str, Handler] = {
    "/simplu": referring.find,
    "/simplu/referiri": followed.mine,
    "/simplu/referire/{number}": followed.one,
    "/simplu/referire/{number}/bilet": followed.slip,
    "/simplu/referire/{number}/bilet.pdf": papers.slip_pdf,
    "/simplu/judet/{county}.pdf": papers.pack_pdf,
    "/simplu/judet/{county}.html": papers.pack_html,
    "/simplu/ghid.pdf": papers.guide,
    papers.HELP: papers.help_page,
}
_STEPS: dict[str, Handler] = {
    "/simplu/referire/{number}/pas": followed.step,
    "/simplu/referire/{number}/legatura": followed.make_link,
}


def routes() -> list[BaseRoute]:
    """Return the routes of the plain pages: answers first, so that no page's parameter takes their address."""
    return [
        *(_route("POST", path, handler) for path, handler in (_ANSWERS | _STEPS).items()),
        *(_route("GET", path, again) for path in _ANSWERS),
        *(_route("GET", path, handler) for path, handler in _PAGES.items()),
    ]


def again(_view: View) -> Response:
    """Lead from the address of a form's answer back to the form."""
    return RedirectResponse("/simplu", 303)


def _route(method: str, path: str, handler: Handler) -> Route:
    return Route(path, endpoint(handler), methods=[method])
