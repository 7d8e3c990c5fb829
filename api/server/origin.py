"""A socket, or a file sent, only from a page of ours: the `Origin` that a browser names has to be this host and port.

Streamlit takes more: every port of this machine, and its own address in the world, for which it asks another
host (and everybody waits). So whatever is foreign is refused before Streamlit sees it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_PORTS = {"http": 80, "https": 443}
_FOREIGN = 4403  # a close code of our own; before the handshake a server answers 403
_CHANGING = frozenset({"PUT", "PATCH", "DELETE"})  # forms (POST) have a token of their own (api/http/csrf.py)


class OwnOrigin:
    """Refuse sockets and sent files that a page of another origin asks for; everything else passes."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it here."""
        is_socket = scope["type"] == "websocket"
        is_asked = is_socket or (scope["type"] == "http" and scope["method"] in _CHANGING)
        if not is_asked or is_own(Headers(scope=scope)):
            await self.app(scope, receive, send)
        elif is_socket:
            await receive()
            await send({"type": "websocket.close", "code": _FOREIGN})
        else:
            await PlainTextResponse("403", 403, headers={"Cache-Control": "no-store"})(scope, receive, send)


def is_own(headers: Headers) -> bool:
    """Whether a request comes from a page of the host and port that it asks, or from no page at all.

    The scheme of the page stands for both: a proxy that speaks https outside may ask us by http.

    >>> is_own(Headers({"host": "harta.example", "origin": "https://harta.example:443"}))
    True
    >>> is_own(Headers({"host": "localhost:8501", "origin": "http://localhost:9999"}))
    False
    """
    named = headers.getlist("origin")
    if not named:
        return True  # no browser: a page cannot leave the header out
    try:
        origin, asked = urlsplit(named[0]), urlsplit(f"//{headers.get('host', '')}")
        if len(named) > 1 or origin.scheme not in _PORTS or origin.path or origin.query or origin.username is not None:
            return False
        port = _PORTS[origin.scheme]
        return bool(origin.hostname) and (origin.hostname, origin.port or port) == (asked.hostname, asked.port or port)
    except ValueError:  # no address at all, or a port that is no number
        return False
