"""The addresses under which other programs ask, each with all below it, and problems for what is not there.

An endpoint stands inside the application that serves the screens, so it sees to everything by itself: language,
token, limits, size of bodies, faults. FastAPI would answer an unforeseen fault with bare text, write the exception's
words (which may be a person's) into the log and break the connection; here it is caught before.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api.http.open_routes import opens_itself
from api.programs.accepted_language import accepted_language
from api.programs.callers import allowance, known_token
from api.programs.problems import RFC_9457, ProblemError, ProblemForm, problem_form, told
from core.i18n import set_language

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.programs.application import ApiSurface

MOST_BYTES = 64 * 1024
_MOST_SENT = (
    16 * 1024 * 1024
)  # of a body that is refused: so much is read on, as many programs hear nothing while they send
_KEEP = {"Cache-Control": "public, max-age=3600"}
_FORM = "application/x-www-form-urlencoded"
OpenAnswer = Callable[[], Response]


class ApiEndpoint:
    """Answer other programs below one address. What FastAPI needs is loaded with the first request: it costs 0.2 s.

    root: the address. surface: loads what is answered there. open_answers: what needs no token and tells nothing of
    the country, by path, beside the description. is_root_asked: whether the bare root is an answer.
    search: end of the addresses at which a search comes as a form, so that it stands in no address; "" = nowhere.
    form: of refusals. may_be_password: whether a token may also come as the password of a name.
    """

    def __init__(
        self,
        root: str,
        surface: Callable[[], ApiSurface],
        *,
        open_answers: dict[str, OpenAnswer] | None = None,
        is_root_asked: bool = True,
        search: str = "",
        form: ProblemForm = RFC_9457,
        may_be_password: bool = False,
    ) -> None:
        self._turn = threading.Lock()
        self.root = root
        self._load = surface
        self._open = {f"{root}/openapi.json": self._description, **(open_answers or {})}
        self._is_root_asked = is_root_asked
        self._search = search
        self._form = form
        self._known_token = partial(known_token, may_be_password=may_be_password)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens."""
        problem_form.set(self._form)
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
        is_head = scope["method"] == "HEAD"  # answered as GET is; the server sends no body of it
        if is_head:
            scope = {**scope, "method": "GET"}
        if not path.startswith(f"{self.root}/") and not (path == self.root and self._is_root_asked):
            raise ProblemError("not-found")
        headers = Headers(scope=scope)
        is_open = path in self._open
        token = None if is_open else await run_in_threadpool(self._known_token, headers)
        limit = allowance(scope, token)
        try:
            limit.take()
        finally:
            extra |= limit.headers
        if is_open:
            if scope["method"] != "GET":
                raise ProblemError("method-not-allowed", headers={"Allow": "GET, HEAD"})
            await (await run_in_threadpool(self._open[path]))(scope, receive, send)
            return
        if token is None:
            raise ProblemError("unauthorized")
        is_search = bool(self._search) and scope["method"] == "POST" and path.endswith(self._search)
        body = await _whole_body(headers, receive, _FORM if is_search else "application/json")
        inner = {
            **scope,
            "root_path": scope.get("root_path", "") + self.root,
            "state": {"token": token, "is_head": is_head},
        }
        inner["path"] = f"{self.root}/" if path == self.root else path
        if is_search:
            inner |= {"method": "GET", "path": path.removesuffix(self._search), "query_string": _joined(scope, body)}
            body = b""
        app: ASGIApp | None = self.__dict__.get("app")
        if app is None:  # once it is made no thread has to be waited for
            app = await run_in_threadpool(lambda: self.app)
        await app(inner, _replayed(body, receive), send)

    @cached_property
    def app(self) -> ASGIApp:
        """The application, made once."""
        with self._turn:
            return self._load().make_application()

    def _description(self) -> Response:
        return Response(self._document, headers=_KEEP, media_type="application/json")

    @cached_property
    def _document(self) -> bytes:
        return json.dumps(self._load().document(), ensure_ascii=False).encode()


def _joined(scope: Scope, body: bytes) -> bytes:
    """Put what a form asks behind what the address asks."""
    return b"&".join(filter(None, (scope.get("query_string", b""), quote(body, safe="&=+%").encode())))


async def _whole_body(headers: Headers, receive: Receive, media_type: str) -> bytes:
    """Read a body to its end, or refuse it."""
    text = headers.get("content-length", "0")
    if not text.isascii() or not text.isdigit() or int(text[:12]) > MOST_BYTES:
        is_endless = not text.isdigit() or int(text[:12]) > _MOST_SENT
        raise ProblemError("too-large", headers={"Connection": "close"} if is_endless else {})
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BYTES:
            raise ProblemError("too-large")
        if not message.get("more_body", False):
            break
    body = b"".join(parts)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and kind != media_type:
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


def surface_routes(endpoint: ApiEndpoint, root: str = "") -> list[BaseRoute]:
    """Return the routes of an endpoint.

    Parameters
    ----------
    endpoint
        What answers.
    root
        Address that it answers with all below; "" = its own.

    Returns
    -------
    list of BaseRoute
        After those of every other address below the root: they answer whatever is left there.
    """
    whole: Any = opens_itself(endpoint)  # asks for a token by itself, and takes no cookie for one
    where = root or endpoint.root
    below = Route(f"{where}/{{path:path}}", whole)
    below.path_regex = re.compile(below.path_regex.pattern, re.DOTALL)  # a line break in an address is below it too
    return [Route(where, whole), below]
