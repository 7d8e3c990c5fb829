"""The areas of the country's map: `/api/atlas-map?v=…`, one file that a browser keeps until the data change.

The address names the state of the editions. Facts of areas only: nothing here knows a person.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from core.errors import HomeError
from core.storage.editions import EditionStore
from core.storage.home import Home, open_home
from geo.gazetteer.gazetteer import load_gazetteer
from geo.maps.atlas_view import AtlasView, load_view, wire

PATH = "/api/atlas-map"
# Of one browser: in a live home these stand behind the sign-in.
_KEEP = "private, max-age=31536000, immutable"


def view_of(home: Home) -> AtlasView:
    """Return the country as the editions in force show it; kept until one of them changes."""
    return _view(home, EditionStore(home).state())


@lru_cache(maxsize=2)
def _view(home: Home, _state: str) -> AtlasView:
    return load_view(home, load_gazetteer(home))


@lru_cache(maxsize=2)
def _wire(home: Home, state: str) -> bytes:
    return wire(_view(home, state))


def address(home: Home) -> str:
    """Return the address of the areas of a home: it changes with the editions."""
    return f"{PATH}?v={version(home)}"


def version(home: Home) -> str:
    """Return what an address names of the editions in force, for answers that a browser keeps until they change."""
    return _mark(EditionStore(home).state())


def _mark(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()[:12]


def areas(request: Request) -> Response:
    """Send the areas. Runs in a worker thread."""
    try:
        home = open_home()
    except HomeError as error:
        return PlainTextResponse(str(error), 503)
    state = EditionStore(home).state()
    # An address of another state is answered with the present one, and not kept.
    keep = _KEEP if request.query_params.get("v") == _mark(state) else "no-store"
    return Response(_wire(home, state), media_type="application/json", headers={"Cache-Control": keep})


def routes() -> list[BaseRoute]:
    """Return the routes of this module."""
    return [Route(PATH, areas)]
