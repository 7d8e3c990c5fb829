"""What lies under the marks of a view, in squares that a browser keeps: names of localities, and main roads."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from api import atlas_areas
from core.errors import BadValueError, MapError
from core.i18n import _
from core.storage.editions import EditionStore
from geo.maps.place_names import LEAST_ZOOM, PlaceNames, place_names
from geo.roads.main_roads import MainRoads, open_main_roads
from providers.finder.answer import SourceUsed
from providers.finder.answer_view import source_lines

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from core.storage.home import Home
    from geo.gazetteer.gazetteer import Gazetteer

NAMES, ROADS = "/api/map/names", "/api/map/roads"
MOST_ZOOM = 13  # nearer ones ask for the squares of this one
_BAD = 400
_LONGEST = 4  # digits
_DIGITS = 4  # of a degree: ten metres
_KEEP = "private, max-age=31536000, immutable"  # of one browser: in a live home these stand behind the sign-in


def addresses(home: Home) -> dict[str, str]:
    """Return where a script asks for names and roads; they change with the editions. No roads, no address of roads.

    Parameters
    ----------
    home
        Whose gazetteer and roads count.

    Returns
    -------
    dict
        `names` and `roads`.
    """
    version = atlas_areas.version(home)
    has_roads = EditionStore(home).current("roads") is not None
    return {"names": f"{NAMES}?v={version}", "roads": f"{ROADS}?v={version}" if has_roads else ""}


def sources(home: Home) -> tuple[str, ...]:
    """Name what names and roads are drawn from, each with its day.

    Parameters
    ----------
    home
        Whose gazetteer and roads count.

    Returns
    -------
    tuple of str
        In the language of the request.
    """
    manifests = [edition.manifest for slot in ("localities", "roads") if (edition := EditionStore(home).current(slot))]
    used = [SourceUsed(m.kind, m.edition, m.as_of, m.source.title, m.source.synthetic) for m in manifests]
    return (_("SIRUTA și punctele localităților"), *source_lines(used))


def names(view: RequestView) -> Response:
    """Send the names in a square: SIRUTA, name, latitude, longitude, rank (0 a county's seat) and SIRUTA of the UAT."""
    try:
        zoom, column, row = _square(view)
    except MapError as error:
        return JSONResponse({"error": str(error)}, _BAD)
    found = _names(view.snapshot.gazetteer)
    rows = [
        [
            int(found.codes[at]), found.names[at], round(float(found.lats[at]), _DIGITS),
            round(float(found.lons[at]), _DIGITS), int(found.ranks[at]), int(found.uats[at]),
        ]
        for at in found.within(zoom, column, row).tolist()
    ]  # fmt: skip
    return _kept(view, {"names": rows})


def roads(view: RequestView) -> Response:
    """Send the main roads in a square: rank (0 a motorway) and the line as latitude and longitude by turns."""
    try:
        zoom, column, row = _square(view)
        lines = _roads_of(view.home, EditionStore(view.home).state(), zoom, column, row)
    except MapError as error:
        return JSONResponse({"error": str(error)}, _BAD)
    return _kept(view, {"roads": lines})


@lru_cache(maxsize=2)
def _names(gazetteer: Gazetteer) -> PlaceNames:
    return place_names(gazetteer)


@lru_cache(maxsize=400)
def _roads_of(home: Home, state: str, zoom: int, column: int, row: int) -> list[list[Any]]:
    found = _roads(home, state)
    lines = [] if found is None else found.within(zoom, column, row)
    return [[rank, line.round(_DIGITS).ravel().tolist()] for rank, line in lines]


@lru_cache(maxsize=2)
def _roads(home: Home, _state: str) -> MainRoads | None:
    return open_main_roads(home)


def _square(view: RequestView) -> tuple[int, int, int]:
    """Read the square of an address: its zoom, column and row."""
    items = [view.request.query_params.get(name, "") for name in ("zoom", "x", "y")]
    if not all(text.isascii() and text.isdigit() and len(text) <= _LONGEST for text in items):
        raise _square_error()
    zoom, column, row = map(int, items)
    if not LEAST_ZOOM <= zoom <= MOST_ZOOM:
        raise _square_error()
    return zoom, column, row


def _square_error() -> BadValueError:
    words = _("Un pătrat al hărții are mărirea între {least} și {most}, coloana și rândul, numere întregi.")
    return BadValueError(words.format(least=LEAST_ZOOM, most=MOST_ZOOM))


def _kept(view: RequestView, values: dict[str, object]) -> Response:
    """Let the browser keep an answer for as long as its address names the editions in force."""
    is_now = view.request.query_params.get("v") == atlas_areas.version(view.home)
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    headers = {"Cache-Control": _KEEP} if is_now else {}
    return Response(text, media_type="application/json", headers=headers)
