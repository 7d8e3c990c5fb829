"""The exchange of a telephone with the server, as JSON: a signed-in member of a team, never kept in a cache.

`GET /teren/sesiune` says who is signed in and gives the token that `POST /teren/schimb` wants in its header, so that no
page of another site can send changes. Both answer with JSON, a refusal too: `{"error": "…"}`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from api.http import csrf, session
from api.http.dependencies import directory_for, secret_key
from api.http.open_routes import opens_itself
from api.http.refusals import fault, language_of, status_of
from cases.record import exchange
from core.errors import MapError
from core.i18n import _, set_language
from core.storage.home import open_home

if TYPE_CHECKING:
    from starlette.requests import Request

SESSION, EXCHANGE = "/teren/sesiune", "/teren/schimb"
TOKEN_HEADER = "x-harta-formular"  # noqa: S105  the name of a header
_MOST_BYTES = 2 * 1024 * 1024


def routes() -> list[BaseRoute]:
    """Return the routes of the exchange; both ask for the session by themselves."""
    return [
        Route(SESSION, opens_itself(who_works), methods=["GET"]),
        Route(EXCHANGE, opens_itself(exchange_changes_of), methods=["POST"]),
    ]


async def who_works(request: Request) -> Response:
    """Say who is signed in, and give the token of an exchange."""
    set_language(language_of(request))
    return await run_in_threadpool(_session, request)


def _session(request: Request) -> Response:
    home = open_home()
    who = session.session_of(request.cookies, home)
    if who is None:
        return _refusal(_("Autentificați-vă ca să continuați."), 401)
    cookie = request.cookies.get(csrf.COOKIE) or csrf.new_cookie()
    actor = who.actor
    values = {
        "account": actor.account,
        "role": actor.role,
        "profession": actor.profession,
        "county": actor.county,
        "uat_siruta": actor.uat_siruta,
        "is_demo": home.is_demo,
        "token": csrf.token(secret_key(home), cookie, who.session_id),
    }
    response = _json(values)
    is_secure = request.url.scheme == "https"
    response.set_cookie(csrf.COOKIE, cookie, path="/", httponly=True, samesite="lax", secure=is_secure)
    return response


async def exchange_changes_of(request: Request) -> Response:
    """Take in the changes of a telephone, and tell it what changed."""
    set_language(language_of(request))
    if not request.headers.get("content-type", "").startswith("application/json"):
        return _refusal(_("Mesajul telefonului nu are forma cunoscută. Actualizați pagina de teren."), 415)
    size = request.headers.get("content-length", "")
    if not size.isdecimal() or int(size[:12]) > _MOST_BYTES:  # one that does not say how long it is, is too long
        return _refusal(_("Mesajul este prea mare: trimiteți mai puține schimbări deodată."), 413)
    try:
        payload = json.loads(await request.body())
    except (ValueError, RecursionError):  # no JSON, or lists in lists without end
        payload = None
    if not isinstance(payload, dict):
        return _refusal(_("Mesajul telefonului nu are forma cunoscută. Actualizați pagina de teren."), 400)
    return await run_in_threadpool(_exchange, request, payload)


def _exchange(request: Request, values: dict[str, Any]) -> Response:
    home = open_home()
    who = session.session_of(request.cookies, home)
    if who is None:
        return _refusal(_("Autentificați-vă ca să continuați."), 401)
    token = request.headers.get(TOKEN_HEADER, "")
    if not csrf.is_ours(secret_key(home), request.headers, request.cookies, token, who.session_id):
        return _refusal(_("Pagina de teren este prea veche și nu s-a trimis nimic. Deschideți-o din nou."), 403)
    try:
        return _json(exchange(directory_for(home).ledger, values, actor=who.actor, home=home).as_json())
    except MapError as error:
        return _refusal(str(error), status_of(error))
    except Exception:  # noqa: BLE001  (a telephone must not meet a stack trace)
        return _refusal(fault("field exchange"), 500)


def _refusal(words: str, status: int) -> Response:
    return _json({"error": words}, status)


def _json(values: dict[str, Any], status: int = 200) -> Response:
    return JSONResponse(values, status, headers={"Cache-Control": "no-store"})
