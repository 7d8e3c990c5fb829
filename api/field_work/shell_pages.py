"""The shell of the page of the field, the same for everybody, and the service worker that keeps it.

It is open without a session: it holds nothing, and a team works on with it when there is no network.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from api.field_work import exchange_routes, team_resources
from api.field_work.guide_page import GUIDES, guide_html
from api.field_work.shell_files import (
    ADDRESS,
    FOLDER,
    LATER,
    WORKER,
    file_address,
    files_digest,
    shell_file,
    shell_files,
)
from api.field_work.shell_words import shell_words
from api.http.endpoint import as_endpoint
from core.i18n import LANGUAGES, use_language
from core.templating import render

if TYPE_CHECKING:
    from api.http.request_view import RequestView

SCOPE = "/teren/"
# Stricter than other pages: no style and no script that is not a file of ours.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
_PAGES = {"ro": SCOPE, "en": f"{SCOPE}en/"}
_NAMES = {"ro": "Română", "en": "English"}
_FRESH = {"Cache-Control": "no-cache"}
_WORDS = f"{SCOPE}cuvinte"


def routes() -> list[BaseRoute]:
    """Return the routes of the page, of what it asks for and of its exchange.

    Returns
    -------
    list of BaseRoute
        Below `/teren`.
    """
    return [
        Route("/teren", as_endpoint(onward, is_public=True), methods=["GET"]),
        *(Route(path, as_endpoint(_shell_of(code), is_public=True), methods=["GET"]) for code, path in _PAGES.items()),
        *(Route(path, as_endpoint(_guide_of(code), is_public=True), methods=["GET"]) for code, path in GUIDES.items()),
        Route(f"{SCOPE}{WORKER}", as_endpoint(worker, is_public=True), methods=["GET"]),
        Route(f"{SCOPE}manifest.json", as_endpoint(manifest, is_public=True), methods=["GET"]),
        Route(f"{_WORDS}/{{version}}/{{language}}.json", as_endpoint(words, is_public=True), methods=["GET"]),
        Route(f"{ADDRESS}/{{version}}/{{name}}", shell_file, methods=["GET"]),
        *team_resources.routes(),
        *exchange_routes.routes(),
    ]


def onward(view: RequestView) -> Response:
    """Lead to the page in the language of the browser."""
    return RedirectResponse(_PAGES[view.language], 303)


def _shell_of(code: str) -> Any:
    def shell(view: RequestView) -> Response:
        """Return the shell; it is the same for everybody, and stays so without network."""
        return HTMLResponse(
            shell_html(code, is_demo=view.home.is_demo), headers={**_FRESH, "Content-Security-Policy": POLICY}
        )

    return shell


def _guide_of(code: str) -> Any:
    def guide(_view: RequestView) -> Response:
        """Return the guide of a team; the same for everybody."""
        return HTMLResponse(guide_html(code), headers={**_FRESH, "Content-Security-Policy": POLICY})

    return guide


def worker(view: RequestView) -> Response:
    """Return the service worker of this version; a browser asks for it anew each time."""
    text = json.dumps(_kept(is_demo=view.home.is_demo))
    content = f"const SHELL = {text};\n{(FOLDER / WORKER).read_text(encoding='utf-8')}"
    return Response(content, media_type="text/javascript", headers=_FRESH)


def words(view: RequestView) -> Response:
    """Return the sentences of the scripts in one language."""
    code = str(view.request.path_params["language"])
    if code not in LANGUAGES:
        return JSONResponse({}, 404)
    with use_language(code):
        return JSONResponse({"words": shell_words()}, headers=_FRESH)


def manifest(_view: RequestView) -> Response:
    """Say how the page is kept on the first screen of a telephone."""
    icon = {"src": file_address("icon.svg"), "sizes": "any", "type": "image/svg+xml"}
    values = {
        "name": "Teren",
        "short_name": "Teren",
        "start_url": SCOPE,
        "scope": SCOPE,
        "display": "standalone",
        "icons": [icon],
    }
    return JSONResponse(values, media_type="application/manifest+json", headers=_FRESH)


@cache
def shell_html(code: str, *, is_demo: bool) -> str:
    """Return the shell in a language.

    Parameters
    ----------
    code
        Of a language.
    is_demo
        Whether it says that the data are made up.

    Returns
    -------
    str
        A whole page of HTML, with what its scripts need to begin.
    """
    other = "en" if code == "ro" else "ro"
    config = {
        "words": _words_address(code),
        "session": exchange_routes.SESSION,
        "community": team_resources.COMMUNITY,
        "version": files_digest(),
        "index": team_resources.INDEX,
        "instrument": f"{team_resources.INSTRUMENT}EDITION/{code}.json",
        "worker": f"{SCOPE}{WORKER}",
        "scope": SCOPE,
        "signIn": f"/intra?spre={_PAGES[code]}",
    }
    with use_language(code):
        return str(
            render(
                "teren/shell.html",
                file=file_address,
                manifest=f"{SCOPE}manifest.json",
                config=config,
                is_demo=is_demo,
                guide=GUIDES[code],
                other={"address": _PAGES[other], "language": other, "name": _NAMES[other]},
            )
        )


@cache
def _words_version() -> str:
    """Return what names this version of the sentences."""
    digest = hashlib.sha256()
    for code in LANGUAGES:
        with use_language(code):
            digest.update(json.dumps(shell_words(), ensure_ascii=False).encode())
    return digest.hexdigest()[:12]


def _words_address(code: str) -> str:
    return f"{_WORDS}/{_words_version()}/{code}.json"


@cache
def _kept(*, is_demo: bool) -> dict[str, Any]:
    """Return what the service worker keeps, under a name that changes with any of it."""
    files = [
        *_PAGES.values(),
        *GUIDES.values(),
        *(file_address(name) for name in shell_files() if name not in LATER),
        *(_words_address(code) for code in LANGUAGES),
        f"{SCOPE}manifest.json",
    ]
    shells = "".join(shell_html(code, is_demo=is_demo) for code in LANGUAGES)
    shells += "".join(guide_html(code) for code in GUIDES)
    worker_file = (FOLDER / WORKER).read_text(encoding="utf-8")
    later = [file_address(name) for name in LATER]
    version = hashlib.sha256("".join([files_digest(), shells, worker_file, *files]).encode()).hexdigest()[:12]
    pages = {path: path for path in (*_PAGES.values(), *GUIDES.values())} | {"/teren": SCOPE}
    return {"version": version, "files": files, "later": later, "pages": pages, "instrument": team_resources.INSTRUMENT}
