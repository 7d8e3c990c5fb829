"""The gate of a live home: without a session only sign-in, provider links, health and static files answer.

It stands before everything, Streamlit's socket included: what a page shows comes through there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.http import session
from api.http.open_routes import leads_to_open
from core.errors import HomeError
from core.storage.home import open_home

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

# Streamlit's scripts and styles, which are the same for everybody, and its own health. Ours are marked where they
# are made.
_OPEN_OF_STREAMLIT = re.compile(r"/(?:static/.*|favicon\.(?:png|ico)|robots\.txt|_stcore/health)")
_NO_SESSION = 4401  # a close code of our own for sockets; before the handshake a server answers 403


class SignInGate:
    """Let pass what is open to everybody, and otherwise those with a session."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        if scope["type"] not in ("http", "websocket") or _is_open(scope):
            await self.app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        if await run_in_threadpool(may_pass, asked.cookies):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": _NO_SESSION})
        else:
            await _refusal(scope["path"], asked)(scope, receive, send)


def _is_open(scope: Scope) -> bool:
    return bool(_OPEN_OF_STREAMLIT.fullmatch(scope["path"])) or leads_to_open(scope["app"].routes, scope)


def may_pass(cookies: Mapping[str, str]) -> bool:
    """Whether these cookies open what is behind the gate: in a demonstration everything is open."""
    try:
        home = open_home()
    except HomeError:
        return True  # there is nothing behind the gate; the page says how to make a home
    return home.is_demo or session.actor_of(cookies, home) is not None


def _refusal(path: str, asked: HTTPConnection) -> Response:
    if "text/html" in asked.headers.get("accept", ""):
        # The bare address says nothing of which pages are wanted: the sign-in page goes by the device.
        question = asked.url.query
        onward = "" if path == "/" and not question else f"?spre={quote(f'{path}?{question}' if question else path)}"
        return RedirectResponse(f"/intra{onward}", 303, headers={"Cache-Control": "no-store"})
    return JSONResponse({"error": "sign-in required"}, 401, headers={"Cache-Control": "no-store"})
