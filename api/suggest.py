"""What a field offers while somebody is typing: `/api/places?q=parin` and `/api/needs?q=buletin`.

Facts of the country and of the catalogue only: nothing here knows a person, and no answer is kept by
caches on the way.
"""

from __future__ import annotations

from functools import lru_cache

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from api.http import session
from api.http.refusals import language_of
from core.errors import HomeError, MapError
from core.i18n import set_language
from core.storage.editions import EditionStore
from core.storage.home import Home, open_home
from geo.gazetteer.gazetteer import Gazetteer, load_gazetteer
from providers.finder import search_terms

SHORTEST_PLACE = 2  # letters
_LONGEST = 80
_MOST_PLACES = 8
_PRIVATE = {"Cache-Control": "private, max-age=300"}


def places(request: Request) -> Response:
    """List up to eight places that begin with, or sound like, what is typed, those of the asker's own county first.

    Runs in a worker thread.
    """
    typed = _typed(request)
    if len(typed) < SHORTEST_PLACE:
        return JSONResponse([], headers=_PRIVATE)
    found = _current_gazetteer().suggest(typed, limit=_MOST_PLACES, near=_own_county(request))
    return JSONResponse([{"label": place.label} for place in found], headers={**_PRIVATE, "Vary": "Cookie"})


def needs(request: Request) -> Response:
    """List the needs and service types that typed words may mean; with nothing typed, every need by group."""
    set_language(language_of(request))
    found = search_terms.suggest(_typed(request))
    items = [{"label": each.label, "group": each.group, "words": list(each.words)} for each in found]
    return JSONResponse(items, headers=_PRIVATE)


def routes() -> list[BaseRoute]:
    """Return the routes of this module."""
    return [Route("/api/places", places), Route("/api/needs", needs)]


def _typed(request: Request) -> str:
    return request.query_params.get("q", "")[:_LONGEST].strip()


def _own_county(request: Request) -> str | None:
    try:
        actor = session.actor_of(request.cookies)
    except MapError:  # without its database the field still offers places
        return None
    return (actor.county if actor else "") or None


def _current_gazetteer() -> Gazetteer:
    try:
        home = open_home()
    except HomeError:
        return _gazetteer(None, "")
    return _gazetteer(home, EditionStore(home).state())


@lru_cache(maxsize=1)
def _gazetteer(home: Home | None, _state: str) -> Gazetteer:
    """Keep the gazetteer in force; the state of the editions is part of the key, so that an import is seen."""
    return load_gazetteer(home)
