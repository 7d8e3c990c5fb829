"""The addresses of the plain pages. What is about a person is sent by POST and never stands in an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from api.plain import followed, papers, protected, referring, trip
from api.view import View, endpoint

if TYPE_CHECKING:
    from api.view import Handler


def routes() -> list[BaseRoute]:
    """Return the routes of the plain pages."""
    return [
        _get("/simplu", referring.find),
        _post("/simplu/raspuns", referring.found),
        _post("/simplu/referire", referring.ask),
        _post("/simplu/referire/noua", referring.make),
        _post("/simplu/drum", trip.ask),
        _post("/simplu/drum/nou", trip.make),
        _post("/simplu/confirmare", referring.ask_places),
        _post("/simplu/confirmare/noua", referring.note_places),
        # Pages that answer a form: reloaded or shared, their address alone means a new search.
        *(_get(path, again) for path in ("/simplu/raspuns", "/simplu/referire", "/simplu/confirmare")),
        *(_get(path, again) for path in ("/simplu/referire/noua", "/simplu/confirmare/noua")),
        *(_get(path, again) for path in ("/simplu/drum", "/simplu/drum/nou")),
        _post("/simplu/confirmare/legatura", referring.make_places_link),
        _get("/simplu/confirmare/legatura", again),
        _post("/simplu/protejat", protected.show),
        _get("/simplu/protejat", again),
        _get("/simplu/referiri", followed.mine),
        _get("/simplu/referire/{number}", followed.one),
        _post("/simplu/referire/{number}/pas", followed.step),
        _post("/simplu/referire/{number}/legatura", followed.make_link),
        _get("/simplu/referire/{number}/bilet", followed.slip),
        _get("/simplu/referire/{number}/bilet.pdf", papers.slip_pdf),
        _get("/simplu/judet/{county}.pdf", papers.pack_pdf),
        _get("/simplu/judet/{county}.html", papers.pack_html),
        _get("/simplu/ghid.pdf", papers.guide),
        _get(papers.HELP, papers.help_page),
    ]


def again(_view: View) -> Response:
    """Lead from the address of a form's answer back to the form."""
    return RedirectResponse("/simplu", 303)


def _get(path: str, handler: Handler) -> Route:
    return Route(path, endpoint(handler), methods=["GET"])


def _post(path: str, handler: Handler) -> Route:
    return Route(path, endpoint(handler), methods=["POST"])
