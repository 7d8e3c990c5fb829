"""What every answer of the web server goes through: compression, language, security headers.

Streamlit's index page is English, empty until its scripts have run, and points at fonts that we do not use.
It is rewritten on its way out: `lang`, title, our style sheet, and a first screen in words, so that a
slow network shows something at once.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cached_property
from typing import TYPE_CHECKING

from markupsafe import escape
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import HTTPConnection

from api.auth.gate import SignInGate
from api.http.assets import asset_url
from api.http.proxies import ClientAddress, proxies
from api.http.refusals import LANGUAGE_COOKIE, Refusals, bare_page, language_of
from api.programs.direct_dispatch import DirectDispatch
from api.programs.surface_roots import BULK
from api.screens import OwnScreens
from api.server.metrics import Measured
from api.server.origin import OwnOrigin
from core.i18n import LANGUAGES, _, language, set_language
from core.templating import render
from geo.maps.tiles import TileServer, tile_server

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.other_workers import OtherWorkers
    from api.screens import Screens, ScreenServer

# Streamlit styles by inline <style> (emotion) and draws icons from data: addresses; nothing comes from another host.
_POLICY = (
    "default-src 'self'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:{images}; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "frame-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
PAGE_POLICY = _POLICY.format(scripts="", images="")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=(), payment=(), usb=()",
}
_YEAR_SECONDS = 365 * 24 * 3600
# Over https only: a browser takes it from nowhere else, and a server without https would promise what it has not.
STRICT_TRANSPORT = f"max-age={_YEAR_SECONDS}"
# As they are sent: every answer has them.
_HEADERS = tuple((name.lower().encode(), value.encode()) for name, value in HEADERS.items())
_BULK_FILE = re.compile(rf"{BULK}/[^/]+/[^/]+")
_POLICY_NAME, _FRAMES_NAME = b"content-security-policy", b"x-frame-options"
_STRICT_NAME = b"strict-transport-security"


def _element(name: str, attributes: str = "") -> re.Pattern[str]:
    """Find a whole element of Streamlit's index page, with exactly these attributes."""
    return re.compile(f"<{name}{attributes}>.*?</{name}>", re.DOTALL)


def _link(attributes: str) -> re.Pattern[str]:
    """Find a link of Streamlit's index page by what its attributes begin with."""
    return re.compile(rf"<link\s+{attributes}[^>]*/>")


_UNWANTED = (
    re.compile(r"<!--.*?-->", re.DOTALL),
    _element("script"),
    _link('rel="preload"[^>]*as="font"'),
    _link('rel="service-desc"'),
)
# Pieces of their page, and the template that takes the place of each.
_REPLACED = (
    (_link('rel="shortcut icon"'), "icon"),
    (re.compile("(?<=<head>)"), "head"),  # ours first: page.js has to run before Streamlit's own scripts
    (_element("noscript"), "without_scripts"),
    (_element("div", ' id="root"'), "body"),
)
_STREAMLIT_PAGE = b"<title>Streamlit</title>"


def stack(
    pages: frozenset[str],
    screens: tuple[ScreenServer, Screens] | None = None,
    *,
    map_script: Callable[[], str] | None = None,
    others: OtherWorkers | None = None,
) -> list[Middleware]:
    """Return the middleware in order, the outermost first.

    Parameters
    ----------
    pages
        Addresses under which a page answers.
    screens
        The software that runs the screens, and whose are whose; None = there are no screens.
    map_script
        Returns the one script inside a page that the frame of a map may run; read with the first frame.
    others
        The other processes of this server, which may have a screen that asks here; None = there are none.

    Returns
    -------
    list of Middleware
        For Starlette.
    """
    return [
        Middleware(Measured),
        Middleware(ClientAddress, proxies=proxies()),
        # 6, not 9: half the time for two hundredths more (measured on 8 MB of features).
        Middleware(Compressed, minimum_size=600, compresslevel=6),
        Middleware(SecurityHeaders, tiles=tile_server(), map_script=map_script),
        Middleware(Refusals),
        Middleware(OwnOrigin),
        Middleware(DirectDispatch),
        Middleware(SignInGate),
        *([Middleware(OwnScreens, server=screens[0], screens=screens[1], others=others)] if screens else []),
        Middleware(OurIndexPage, pages=pages),
    ]


class Compressed(GZipMiddleware):
    """Compress what is long, but for files in bulk: length, digest and ranges that are told are of the bytes sent."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its answer compressed or as it is."""
        if scope["type"] == "http" and _BULK_FILE.fullmatch(scope["path"]):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


class SecurityHeaders:
    """Set the security headers on every answer, unless a route has set its own.

    tiles: whose pictures a map's frame may fetch; what is fetched is up to who looks
    (`pages.finder_panels.result_map`).
    map_script: returns the one script inside its page that a map's frame may run; none, where it is None.
    """

    def __init__(
        self, app: ASGIApp, *, tiles: TileServer | None = None, map_script: Callable[[], str] | None = None
    ) -> None:
        self.app = app
        self.images = f" {tiles.origin}" if tiles else ""
        self.map_script = map_script

    @cached_property
    def component_policy(self) -> str:
        """What a map's frame may do: its script is the same for all maps, so it is named by its digest."""
        if self.map_script is None:
            return _POLICY.format(scripts="", images=self.images)
        digest = base64.b64encode(hashlib.sha256(self.map_script().encode()).digest()).decode()
        return _POLICY.format(scripts=f" 'sha256-{digest}'", images=self.images)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add headers to the start of its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        policy = self.component_policy if scope["path"].startswith("/component/") else PAGE_POLICY
        own = (*_HEADERS, (_POLICY_NAME, policy.encode("latin-1")))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                codes = {name.lower() for name, _value in headers}
                # A policy of its own says who may frame it, which this older header can say of one site alone.
                codes |= {_FRAMES_NAME} if _POLICY_NAME in codes else set()
                headers += [(name, value) for name, value in own if name not in codes]
                if scope["scheme"] == "https":
                    if _STRICT_NAME not in codes:
                        headers.append((_STRICT_NAME, STRICT_TRANSPORT.encode()))
                    headers = [_secured(name, value) for name, value in headers]
                message["headers"] = headers
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _secured(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """Return a header as it is; a cookie (Streamlit's own as well) so that it is never sent without encryption."""
    if name.lower() != b"set-cookie" or b"secure" in [part.strip().lower() for part in value.split(b";")]:
        return name, value
    return name, value + b"; Secure"


class OurIndexPage:
    """Rewrite Streamlit's index page on its way out (see `rewritten`); everything else passes untouched.

    Streamlit sends the same page, with status 200, for every address that it does not know, and then says
    "Page not found" in English: such an address gets an honest 404 in our words.
    """

    def __init__(self, app: ASGIApp, *, pages: frozenset[str]) -> None:
        self.app = app
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold back an HTML answer until it is whole, then send it rewritten."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # Plain text inward: what is compressed cannot be rewritten; the outermost layer compresses.
        scope = {**scope, "headers": [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]}
        start: Message | None = None
        body = b""

        async def hold(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                if not Headers(raw=message["headers"]).get("content-type", "").startswith("text/html"):
                    await send(message)
                    return
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    await _send_whole(send, start, body, scope, is_page=scope["path"] in self.pages)

        await self.app(scope, receive, hold)


async def _send_whole(send: Send, start: Message, body: bytes, scope: Scope, *, is_page: bool) -> None:
    if _STREAMLIT_PAGE in body:
        asked = HTTPConnection(scope)
        set_language(language_of(asked))
        body = (rewritten(body.decode("utf-8")) if is_page else not_found()).encode("utf-8")
        start["status"] = start["status"] if is_page else 404
        headers = MutableHeaders(scope=start)
        headers["content-length"] = str(len(body))
        # The file's own tag would let a browser keep our old page when only our part has changed.
        for name in ("etag", "last-modified"):
            del headers[name]
        headers["vary"] = "Cookie"
        if asked.query_params.get("lang") in LANGUAGES:
            # The pages read it back when their socket opens; the plain pages read the same cookie.
            secure = "; Secure" if asked.url.scheme == "https" else ""
            headers.append(
                "set-cookie",
                f"{LANGUAGE_COOKIE}={language()}; Max-Age={_YEAR_SECONDS}; Path=/; HttpOnly; SameSite=Lax{secure}",
            )
    await send(start)
    await send({"type": "http.response.body", "body": body})


def rewritten(page: str) -> str:
    """Return Streamlit's index page in our language, with our style sheet and a first screen in words.

    The inline script of the page goes too (a flag for crawlers): without it no inline script is needed,
    and the policy can refuse them all.
    """
    page = page.replace('lang="en"', f'lang="{language()}"', 1)
    page = page.replace(">Streamlit<", f">{escape(_('Harta serviciilor comunitare'))}<", 1)
    for unwanted in _UNWANTED:
        page = unwanted.sub("", page)
    for mark, name in _REPLACED:
        page = mark.sub(_piece(name), page, count=1)
    return page.lstrip()


def _piece(name: str) -> str:
    """Render what we put in place of a piece of their page, as `re.sub` takes it."""
    return render(f"screen/index_{name}.html", asset=asset_url).strip().replace("\\", r"\\")


def not_found() -> str:
    """Return the page that says that there is no page here, and where to go.

    Returns
    -------
    str
        HTML in the language of the request.
    """
    words = _("Poate adresa a fost scrisă greșit sau pagina s-a mutat.")
    return bare_page(_("Această pagină nu există"), words)
