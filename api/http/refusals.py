"""What a person is told when something cannot be done, wherever on the way it happened: a page in words, never a stack.

`Refusals` stands around every route and the sign-in gate, so that a database that is away is the same sentence
on every page, with a session and without.
"""

from __future__ import annotations

import logging
import secrets
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import HTMLResponse, JSONResponse, Response

from api.http.assets import asset_url
from core.errors import HomeError, MapError, NotAllowedError, UnknownCodeError
from core.i18n import LANGUAGES, _, set_language
from core.templating import render
from referrals.records.ledger_errors import (
    BadLocalEntryError,
    BadReferralError,
    PersonalDataError,
    StoreBusyError,
    StoreDamagedError,
    StoreFullError,
    StoreLostError,
    StoreReadOnlyError,
    UnknownLocalEntryError,
    UnknownReferralError,
)

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LANGUAGE_COOKIE = "harta_limba"
RETRY_SECONDS = 10
_LOG = logging.getLogger("harta.api")
_STORE = (StoreBusyError, StoreDamagedError, StoreFullError, StoreLostError, StoreReadOnlyError, HomeError)
_UNAVAILABLE = 503
_TRY_AGAIN = 1013  # close code of a socket, from its registry: the server cannot serve now


def status_of(error: MapError) -> int:
    """Return the HTTP status of a refusal.

    403 not allowed, 404 not there, 400 said wrongly, 503 the database or the home is away, 409 not possible now.
    """
    if isinstance(error, NotAllowedError):
        return 403
    if isinstance(error, (UnknownReferralError, UnknownCodeError, UnknownLocalEntryError)):
        return 404
    if isinstance(error, (BadReferralError, BadLocalEntryError, PersonalDataError)):
        return 400
    if isinstance(error, _STORE):
        return _UNAVAILABLE
    return 409


def language_of(request: HTTPConnection, *, remembered: str | None = None) -> str:
    """Return the language of a request: the one it asks for (`?lang=en`), else the one this browser has chosen before.

    remembered: in place of what the browser has chosen.
    """
    asked = request.query_params.get("lang") or remembered or request.cookies.get(LANGUAGE_COOKIE, "ro")
    return asked if asked in LANGUAGES else "ro"


class Refusals:
    """Answer in words what no route has answered for itself: refusals, faults of ours, and senders who went away."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; what it raises before its answer has begun becomes a page."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        set_language(language_of(HTTPConnection(scope)))
        is_begun = False

        async def watched(message: Message) -> None:
            nonlocal is_begun
            is_begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except ClientDisconnect:
            return  # nobody is there to be told, and it is no fault of ours
        except Exception as error:
            answer = _answer_to(error, scope)
            if is_begun:
                raise
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": _TRY_AGAIN})
            else:
                await answer(scope, receive, send)


def _answer_to(error: Exception, scope: Scope) -> Response:
    if isinstance(error, MapError):
        status, words = status_of(error), str(error)
        if status == _UNAVAILABLE:
            _LOG.warning("%s: %s", type(error).__name__, error)
    else:
        status, words = 500, fault(f"{scope['type']} {scope['path'].split('/')[1]}")
    keep = {"Cache-Control": "no-store"}
    if status == _UNAVAILABLE:
        keep["Retry-After"] = str(RETRY_SECONDS)
    if not wants_page(scope):
        return JSONResponse({"error": words}, status, headers=keep)
    return HTMLResponse(bare_page(_("Nu se poate deocamdată"), words), status, headers=keep)


def fault(where: str) -> str:
    """Log the exception at hand under a number, and return the sentence that gives a person this number."""
    reference = secrets.token_hex(4)
    _LOG.exception("%s, %s", where, reference)
    words = _("A apărut o eroare. Încercați din nou; dacă se repetă, spuneți administratorului codul {code}.")
    return words.format(code=reference)


def wants_page(scope: Scope) -> bool:
    """Whether a person reads the answer: a browser says so, and our plain pages and forms are for nobody else."""
    first = scope["path"].split("/")[1]
    accepts = HTTPConnection(scope).headers.get("accept", "")
    return "text/html" in accepts or first in ("simplu", "intra", "invitatie", "iesire", "l")


def bare_page(title: str, words: str, onward: str = "/") -> str:
    """Return a page that needs neither session nor database: a heading, a sentence and a way on."""
    return render("plain/bare.html", title=title, words=words, onward=onward, asset=asset_url)
