"""What passes between a browser and the software that runs the screens: each to its own session, files within limits.

That software takes a long random number in an address for proof enough. Here the number has to belong to who asks:
a file that a screen made opens in the session it was made for and nowhere else; a file is taken only from an account
that sends such files, on a screen that asks for one; a screen's state is taken up again by its own session alone.
What the software says about itself (measurements, an interface for programs) is nobody's business.
A screen that lives in another process of this server is asked there (`api.other_workers`).
"""

from __future__ import annotations

import re
import secrets
from collections import Counter, OrderedDict
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, PlainTextResponse, Response

from api.http import session
from core.errors import HomeError
from core.i18n import _
from core.storage.home import open_home
from referrals.records import roles

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.http.session import Session
    from api.other_workers import OtherWorkers
    from referrals.records.vocabulary import Actor

SOCKET_HEADER = "x-harta-socket"  # inward only: tells the sockets of one server apart
SOCKET_PATH = "/_stcore/stream"
_KNOWN = re.compile(r"/_stcore/(?:health|stream|host-config|upload_file/.*|bidi-components/.*)")
_FILE = re.compile(r"/media/(?P<file>[^/.]+)(?:\.[^/]*)?")
_UPLOAD = re.compile(r"/_stcore/upload_file/(?P<screen>[^/]+)/[^/]+")
_MB = 1024 * 1024
_FRAME_BYTES = 64 * 1024  # around a file: what a browser adds when it sends a form
_REGISTER_BYTES = 61 * _MB  # one file of a register (publishing.MOST_BYTES) and its frame; a second may come with it
_SHEET_BYTES = 2 * _MB  # the sheet of a month's figures: 20 KB are usual
_MOST_BYTES = 4 * _REGISTER_BYTES  # of all files that wait on all screens
_MOST_SOCKETS, _MOST_OF_ONE = 1_000, 40
_MOST_SCREENS = 10_000  # that are remembered; only what is connected has to be

Identity = str  # of a session of ours; empty for whoever has chosen no role in a demonstration
who_asks: ContextVar[Identity | None] = ContextVar("who_asks", default=None)


class ScreenServer(Protocol):
    """What is asked of the software that runs the screens. `screen` is its own name for one open page."""

    def screen_of_socket(self, socket: str) -> str | None:
        """Return the screen whose socket carries this `SOCKET_HEADER`."""

    def is_connected(self, screen: str) -> bool:
        """Whether a browser is connected to the screen."""

    def is_let_through(self, message: bytes) -> bool:
        """Whether a message from a browser is of a kind that our screens send."""

    def prepared_file_of(self, message: bytes) -> str | None:
        """Return the number of the download that a message asks to be made, None where it asks for none."""

    def screen_of_prepared(self, number: str) -> str | None:
        """Return the screen on which such a download is offered."""

    def owners_of(self, file: str) -> frozenset[Identity]:
        """Return the sessions for which a file was made."""

    def has_file_field(self, screen: str) -> bool:
        """Whether the screen asks for a file at this moment."""

    def uploaded(self) -> dict[str, int]:
        """Return how many bytes of files each screen holds."""

    def forget_uploads(self, screen: str) -> None:
        """Drop the files of a screen."""


@dataclass
class Screens:
    """Whose screen is whose, and what is under way. One for each process, shared with the software's side."""

    owners: OrderedDict[str, Identity] = field(default_factory=OrderedDict)
    sockets: Counter[Identity] = field(default_factory=Counter)
    arriving: Counter[str] = field(default_factory=Counter)  # bytes of files under way, by screen

    def own(self, screen: str, identity: Identity) -> None:
        """Note whose a screen is."""
        self.owners[screen] = identity
        self.owners.move_to_end(screen)
        while len(self.owners) > _MOST_SCREENS:
            self.owners.popitem(last=False)


class OwnScreens:
    """Keep screens, their files and their uploads to the session they belong to.

    others: the other processes of this server; None where there are none.
    """

    def __init__(
        self, app: ASGIApp, *, server: ScreenServer, screens: Screens, others: OtherWorkers | None = None
    ) -> None:
        self.app = app
        self.server = server
        self.screens = screens
        self.others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on as far as it is the asker's own."""
        path = scope.get("path", "")
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] != "http":
            await self.app(scope, receive, send)
        elif path.startswith("/_stcore/") and not _KNOWN.fullmatch(path):
            await PlainTextResponse("404", 404)(scope, receive, send)
        elif path.startswith("/media/"):
            await self._file(scope, receive, send)
        elif path.startswith("/_stcore/upload_file/") and scope["method"] != "OPTIONS":
            await self._upload(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    # --- a screen's socket ----------------------------------------------------------------------------

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        identity = _identity(await _session(scope))
        of_one = self.screens.sockets[identity] if identity else 0
        if scope["path"] != SOCKET_PATH or of_one >= _MOST_OF_ONE or self.screens.sockets.total() >= _MOST_SOCKETS:
            await receive()
            await send({"type": "websocket.close", "code": 1013})
            return
        socket = secrets.token_urlsafe(12)
        scope = {**scope, "headers": self._own_headers(scope, identity, socket)}
        who_asks.set(identity)
        self.screens.sockets[identity] += 1
        screen = ""

        async def own_messages() -> Message:
            nonlocal screen
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                if not screen:
                    screen = self.server.screen_of_socket(socket) or ""
                    self.screens.own(screen, identity)
                if await self._is_own(message.get("bytes") or b"", screen, scope):
                    return message

        try:
            await self.app(scope, own_messages, send)
        finally:
            self.screens.sockets[identity] -= 1
            if not self.screens.sockets[identity]:
                del self.screens.sockets[identity]
            self._forget_what_is_left()

    def _own_headers(self, scope: Scope, identity: Identity, socket: str) -> list[tuple[bytes, bytes]]:
        """Return the headers of a socket with its number, and without the name of a screen that is somebody else's."""
        headers = MutableHeaders(raw=[pair for pair in scope["headers"] if pair[0] != SOCKET_HEADER.encode()])
        headers[SOCKET_HEADER] = socket
        # Three values: the protocol, a seal, and the screen to be taken up again after a break of the network.
        lines = [part.strip() for part in headers.get("sec-websocket-protocol", "").split(",", 2)]
        if any(self.screens.owners.get(screen) != identity for screen in lines[2:]):
            headers["sec-websocket-protocol"] = ", ".join(lines[:2])
        return headers.raw

    async def _is_own(self, message: bytes, screen: str, scope: Scope) -> bool:
        if not self.server.is_let_through(message):
            return False
        number = self.server.prepared_file_of(message)
        if number is None:
            return True
        # What was drawn while somebody was signed in is not made after that.
        is_in = await run_in_threadpool(_may_still, scope)
        return is_in and self.server.screen_of_prepared(number) == screen

    def _forget_what_is_left(self) -> None:
        for screen in self.server.uploaded():
            if not self.server.is_connected(screen):
                self.server.forget_uploads(screen)

    # --- files that a screen has made --------------------------------------------------------------

    async def _file(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = _FILE.fullmatch(scope["path"])
        identity = _identity(await _session(scope))
        # In a demonstration a role may be chosen while a screen is open on which there was none.
        if found is None or self.server.owners_of(found["file"]).isdisjoint({identity, ""}):
            if found is not None and self.others is not None and await self.others.answer(scope, receive, send):
                return
            await PlainTextResponse("404", 404, headers={"Cache-Control": "no-store"})(scope, receive, send)
            return

        async def send_for_now(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Cache-Control"] = "no-store"
            await send(message)

        await self.app(scope, receive, send_for_now)

    # --- files for a screen ---------------------------------------------------------------------------

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = _UPLOAD.fullmatch(scope["path"])
        who = await _session(scope)
        screen = found["screen"] if found else ""
        allowed = most_bytes(who.actor if who else None)
        is_own = self.server.is_connected(screen) and self.screens.owners.get(screen) == _identity(who)
        others = self.others if allowed and screen and screen not in self.screens.owners else None
        if others is not None and await others.answer(scope, receive, send):
            return
        if not (allowed and is_own and self.server.has_file_field(screen)):
            words = _("Aici nu se primesc fișiere de la contul dumneavoastră.")
            await _refused(403, words)(scope, receive, send)
        elif scope["method"] == "HEAD":  # another process asks whether the screen is here
            await Response(status_code=204)(scope, receive, send)
        elif scope["method"] != "PUT":
            await self.app(scope, receive, send)
        elif (size := _length(scope)) is None:
            await PlainTextResponse("411", 411)(scope, receive, send)
        elif size > allowed + _FRAME_BYTES or self._held_by(screen) + size > 2 * allowed:
            words = _("Fișierul este prea mare. Reîncărcați pagina și trimiteți unul mai mic.")
            await _refused(413, words)(scope, receive, send)
        elif self._held() + size > _MOST_BYTES:
            words = _("Se primesc prea multe fișiere deodată. Încercați din nou peste câteva minute.")
            await _refused(503, words)(scope, receive, send)
        else:
            self.screens.arriving[screen] += size
            try:
                await self.app(scope, receive, send)
            finally:
                self.screens.arriving[screen] -= size
                if not self.screens.arriving[screen]:
                    del self.screens.arriving[screen]
                self._forget_what_is_left()  # the socket may have closed while the file was coming

    def _held_by(self, screen: str) -> int:
        return self.server.uploaded().get(screen, 0) + self.screens.arriving[screen]

    def _held(self) -> int:
        return sum(self.server.uploaded().values()) + self.screens.arriving.total()


def most_bytes(actor: Actor | None) -> int:
    """Return the most bytes that one file of this actor may have; 0 for whoever sends none.

    Registers are published by who may; a team and a county unit send the sheet of a month's figures.
    """
    if actor is None:
        return 0
    if roles.reach(actor.role, "edition.publish"):
        return _REGISTER_BYTES
    return _SHEET_BYTES if roles.reach(actor.role, "monthly.enter") else 0


def _refused(status: int, words: str) -> JSONResponse:
    return JSONResponse({"error": words}, status, headers={"Cache-Control": "no-store", "Connection": "close"})


def _length(scope: Scope) -> int | None:
    """Return how long a body says that it is; the server holds it to that. None where it does not say."""
    text = Headers(scope=scope).get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() else None


async def _session(scope: Scope) -> Session | None:
    return await run_in_threadpool(session.session_of, HTTPConnection(scope).cookies)


def _identity(who: Session | None) -> Identity:
    return who.session_id if who else ""


def _may_still(scope: Scope) -> bool:
    """Whether the session with which a socket was opened is still good; in a demonstration there is none to end."""
    try:
        home = open_home()
    except HomeError:
        return False
    return home.is_demo or session.session_of(HTTPConnection(scope).cookies, home) is not None
