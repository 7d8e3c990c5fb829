"""The one address under which other programs ask: `/api/v1/…`, and a problem for every other address below `/api`.

It stands inside the application that serves the screens, so it sees to everything by itself: language, token, limits,
size of bodies, faults. FastAPI would answer an unforeseen fault with bare text, write the exception's words (which
may be a person's) into the log and break the connection; here it is caught before.
"""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute, Route

from api.http.open_routes import opens_itself
from api.v1.accepted_language import accepted_language
from api.v1.callers import allowance, known_token
from api.v1.problems import ProblemError, told
from core.i18n import set_language

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

ROOT = "/api/v1"
MOST_BYTES = 64 * 1024
_OPEN = frozenset({f"{ROOT}/openapi.json", f"{ROOT}/docs"})  # what says how to ask, and nothing of the country


class ApiEndpoint:
    """Answer other programs. What FastAPI needs is loaded with the first request: it costs 0.2 s."""

    def __init__(self) -> None:
        self._turn = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens."""
        set_language(accepted_language(Headers(scope=scope).get("accept-language", "")))
        is_begun = False
        extra: dict[str, str] = {}

        async def watched(message: Message) -> None:
            nonlocal is_begun
            if message["type"] == "http.response.start":
                is_begun = True
                headers = MutableHeaders(scope=message)
                for name, value in extra.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._answer(scope, receive, watched, extra)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001  (whatever it is: told as a problem, and logged without its words)
            answer = told(error)
            if not is_begun:
                await answer(scope, receive, watched)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, extra: dict[str, str]) -> None:
        path: str = scope["path"]
        if not path.startswith(f"{ROOT}/"):
            raise ProblemError("not-found")
        headers = Headers(scope=scope)
        token = None if path in _OPEN else await run_in_threadpool(known_token, headers)
        limit = allowance(scope, token)
        try:
            limit.take()
        finally:
            extra |= limit.headers
        if path in _OPEN:
            if scope["method"] != "GET":
                raise ProblemError("method-not-allowed", headers={"Allow": "GET"})
            await (await run_in_threadpool(self._reference, path))(scope, receive, send)
            return
        if token is None:
            raise ProblemError("unauthorized")
        body = await _whole_body(headers, receive)
        inner = {**scope, "root_path": scope.get("root_path", "") + ROOT, "state": {"token": token}}
        app = await run_in_threadpool(lambda: self.app)
        await app(inner, _replayed(body, receive), send)

    @cached_property
    def app(self) -> ASGIApp:
        """The application, made once."""
        with self._turn:
            from api.v1.application import make_application

            return make_application()

    def _reference(self, path: str) -> Response:
        from api.v1.reference_page import reference_document, reference_page

        return reference_document() if path.endswith(".json") else reference_page()


async def _whole_body(headers: Headers, receive: Receive) -> bytes:
    """Read a body to its end, or refuse it."""
    said = headers.get("content-length", "0")
    if not said.isascii() or not said.isdigit() or int(said[:12]) > MOST_BYTES:
        raise ProblemError("too-large", headers={"Connection": "close"})
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BYTES:
            raise ProblemError("too-large", headers={"Connection": "close"})
        if not message.get("more_body", False):
            break
    body = b"".join(parts)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and kind != "application/json":
        raise ProblemError("unsupported-media-type")
    return body


def _replayed(body: bytes, receive: Receive) -> Receive:
    is_given = False

    async def replay() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def routes() -> list[BaseRoute]:
    """Return the routes of the API.

    Returns
    -------
    list of BaseRoute
        After those of every other address below `/api`: they answer whatever is left there.
    """
    whole: Any = opens_itself(ApiEndpoint())  # asks for a token by itself, and takes no cookie for one
    return [Route("/api", whole), Route("/api/{path:path}", whole)]
