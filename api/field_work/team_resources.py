"""What the page of the field asks for beside its exchange: the places of its community, the instrument in force."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from api.http.endpoint import as_endpoint
from cases.instrument import instrument_at
from cases.instrument.assessing import UNKNOWN_LEVEL
from cases.instrument.instrument_editions import BUILT_IN, KIND, read_instrument
from cases.instrument.instrument_json import instrument_json
from cases.instrument.instrument_model import LEVELS
from cases.rules.case_terms import term
from core.errors import UnknownCodeError
from core.i18n import LANGUAGES, use_language
from core.romanian_calendar import BUCHAREST, is_public_holiday
from core.storage.editions import EditionStore
from core.storage.home import Home
from geo.gazetteer.community_places import community_places

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from cases.instrument import Instrument

COMMUNITY = "/teren/comunitate"
INSTRUMENT = "/teren/instrument/"
INDEX = INSTRUMENT
BUILT_IN_NAME = "inclus"  # in addresses; the edition itself has no name
_DAYS_BACK, _DAYS_ON = 60, 400  # of public holidays, for deadlines worked out without network
_FOREVER = "private, max-age=31536000, immutable"


def routes() -> list[BaseRoute]:
    """Return the routes of this module."""
    return [
        Route(COMMUNITY, as_endpoint(community), methods=["GET"]),
        Route(INDEX, as_endpoint(index), methods=["GET"]),
        Route(f"{INSTRUMENT}{{name}}/{{language}}.json", as_endpoint(edition), methods=["GET"]),
    ]


def community(view: RequestView) -> Response:
    """Name the community of the team that is signed in, and its places."""
    here = community_places(view.snapshot.gazetteer, view.actor.uat_siruta or 0)
    return JSONResponse(
        {
            "uat_name": here.uat_name,
            "county_name": here.county_name,
            "localities": [list(each) for each in here.villages],
        }
    )


def index(view: RequestView) -> Response:
    """Name the edition in force, what is due when by level, and the public holidays around today."""
    current = EditionStore(view.home).current(KIND)
    today = datetime.now(BUCHAREST).date()
    days = (today + timedelta(days=n) for n in range(-_DAYS_BACK, _DAYS_ON))
    values = {
        "edition": current.manifest.edition if current else "",
        "built_in": built_in_name(view.home),
        "deadlines": {
            level or UNKNOWN_LEVEL: {name: term(name, level) for name in ("assess", "plan", "review")}
            for level in ("", *LEVELS)
        },
        "locked_after": term("device_locked"),
        "days_off": [day.isoformat() for day in days if is_public_holiday(day)],
    }
    return JSONResponse(values)


def edition(view: RequestView) -> Response:
    """Return an edition of the instrument in one language: what has a name never changes."""
    name, code = str(view.request.path_params["name"]), str(view.request.path_params["language"])
    if code not in LANGUAGES:
        return JSONResponse({"error": "unknown language"}, 404)
    try:
        is_built_in = name in (BUILT_IN_NAME, built_in_name(view.home))
        values = _edition_json(view.home, "" if is_built_in else name, code)
    except UnknownCodeError as error:
        return JSONResponse({"error": str(error)}, 404)
    keep = "no-cache" if name == BUILT_IN_NAME else _FOREVER
    return JSONResponse(values, headers={"Cache-Control": keep})


@lru_cache(maxsize=2)
def built_in_name(home: Home) -> str:
    """Name the built-in instrument in addresses by what it says: another version of the program may bring another."""
    text = json.dumps([_edition_json(home, "", code) for code in LANGUAGES], sort_keys=True)
    return f"{BUILT_IN_NAME}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


@lru_cache(maxsize=16)
def _edition_json(home: Home, name: str, code: str) -> dict[str, Any]:
    found: Instrument = (instrument_at(home, name) if name else read_instrument(BUILT_IN)).instrument
    with use_language(code):
        return instrument_json(found, name)
