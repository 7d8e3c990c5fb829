"""How a handler becomes a route: language, session, forms, refusals.

A handler is a plain function from a `RequestView` to a response; it runs in a worker thread. Refusals (`MapError`)
become a page that says what is the matter, and nothing about a person is ever in an address or a log.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from api.forms.form_fields import Fields
from api.http import csrf, page_frame, session
from api.http.dependencies import secret_key
from api.http.open_routes import opens_itself
from api.http.refusals import LANGUAGE_COOKIE, fault, language_of, status_of
from api.http.request_view import GivenFile, RequestView, SignInNeededError
from core.errors import MapError
from core.i18n import LANGUAGES, _, set_language
from core.storage.home import open_home

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from starlette.requests import Request

    Handler = Callable[[RequestView], Response]
    Endpoint = Callable[[Request], Coroutine[None, None, Response]]

ENDED = "incheiat=1"  # in the address of the sign-in page: a form was sent after the session had ended
_STEP = re.compile(r"/(?:pas|legatura|nu-raspunde|nota-anulata)$")  # addresses that take a form and show no page
_YEAR_SECONDS = 365 * 24 * 3600
_MOST_BYTES = 64 * 1024  # of a form: a few hundred are usual
_MOST_FIELDS = 200  # of a form: two for each of `provider_tokens.MOST_OF_A_LINK` services
_MOST_FILE_BYTES = 1024 * 1024  # of a form with a file
_LONGEST_NAME = 80


def as_endpoint(
    handler: Handler, *, is_public: bool = False, is_for_provider: bool = False, takes_file: bool = False
) -> Endpoint:
    """Make a route's endpoint of a handler: language, form, CSRF token, session and refusals are seen to.

    Parameters
    ----------
    handler
        Turns a `RequestView` into a response.
    is_public
        Answered without a session in a live home too (sign-in, provider links).
    is_for_provider
        Romanian unless the address asks otherwise; what a browser has chosen for the team's screens does not count.
    takes_file
        Whether its form may bring one file, of a megabyte at most.

    Returns
    -------
    Endpoint
        To be given to a route.
    """

    async def answer(request: Request) -> Response:
        language = language_of(request, remembered="ro" if is_for_provider else None)
        set_language(language)
        try:
            fields, given = await _fields(request, takes_file=takes_file)
        except ValueError as error:
            return _closed(Response(str(error), 413, media_type="text/plain; charset=utf-8"))
        response = await run_in_threadpool(_answer, handler, request, (fields, given), language, is_public=is_public)
        if request.query_params.get("lang") in LANGUAGES and not is_for_provider:
            _set_cookie(request, response, LANGUAGE_COOKIE, language, _YEAR_SECONDS)
        return _closed(response)

    return opens_itself(answer)  # who has no session is led to sign-in, unless it is public


async def _fields(request: Request, *, takes_file: bool) -> tuple[Fields, GivenFile | None]:
    if request.method != "POST":
        return Fields(), None
    most = _MOST_FILE_BYTES if takes_file else _MOST_BYTES
    if int(request.headers.get("content-length") or most + 1) > most:
        raise ValueError(_("Formularul este prea mare."))
    # Only what forms of ours send; a file, hence multipart, only where one is asked for.
    kind = request.headers.get("content-type", "")
    kinds = ("application/x-www-form-urlencoded", *(("multipart/form-data",) if takes_file else ()))
    if not kind.startswith(kinds):
        raise ValueError(_("Formularul nu poate fi citit."))
    try:
        form = await request.form(max_fields=_MOST_FIELDS, max_files=1, max_part_size=_MOST_BYTES)
    except HTTPException as error:
        raise ValueError(_("Formularul nu poate fi citit.")) from error
    try:
        pairs = form.multi_items()
        file = next((value for _name, value in pairs if isinstance(value, UploadFile) and value.filename), None)
        given = None if file is None else GivenFile(str(file.filename)[-_LONGEST_NAME:], await file.read())
    finally:
        await form.close()
    return Fields.from_pairs(pairs), given


def _answer(
    handler: Handler, request: Request, sent: tuple[Fields, GivenFile | None], language: str, *, is_public: bool
) -> Response:
    # The thread starts with a copy of the request's context, language and all. What is raised here is answered
    # by `Refusals`, whose page needs neither home nor session.
    home = open_home()
    who = session.session_of(request.cookies, home)
    cookie = request.cookies.get(csrf.COOKIE) or csrf.new_cookie()
    view = RequestView(request, home, who, language, sent[0], cookie, sent[1])
    if who is None and not home.is_demo and not is_public:
        return _to_sign_in(view)
    try:
        if request.method == "POST" and not _is_ours(view):
            words = _("Formularul a expirat și nu s-a trimis nimic. Deschideți-l din nou.")
            response: Response = page_frame.error_page(view, words, 403, form_page=_form_page(view))
        else:
            response = handler(view)
    except SignInNeededError:
        response = _to_sign_in(view)
    except MapError as error:
        response = page_frame.error_page(view, str(error), status_of(error))
    except Exception:  # noqa: BLE001  (a person must not meet a stack trace)
        response = page_frame.error_page(view, fault(f"plain page {_name_of(handler)}"), 500)
    if request.cookies.get(csrf.COOKIE) != cookie:
        _set_cookie(request, response, csrf.COOKIE, cookie, None)
    return response


def _name_of(handler: Handler) -> str:
    """Name a handler for the log: the address that was asked for may be a provider's link, which opens something."""
    return f"{handler.__module__}.{getattr(handler, '__name__', '')}"


def _is_ours(view: RequestView) -> bool:
    return csrf.is_ours(
        secret_key(view.home),
        view.request.headers,
        view.request.cookies,
        view.fields.text(csrf.FIELD),
        view.session.session_id if view.session else "",
    )


def _to_sign_in(view: RequestView) -> Response:
    if view.request.method == "GET":
        return RedirectResponse(f"/intra?spre={quote(view.request.url.path)}", 303)
    # A form was filled in and is lost: it is said, and after signing in its page comes again.
    return RedirectResponse(f"/intra?spre={quote(_form_page(view) or '/simplu')}&{ENDED}", 303)


def _form_page(view: RequestView) -> str:
    """Return the path of the page on which the form stood, as the browser says; empty where it names none of ours."""
    url = urlsplit(view.request.headers.get("referer", ""))
    return _STEP.sub("", url.path) if url.netloc == view.request.url.netloc else ""


def set_session(view: RequestView, response: Response, sealed: str, seconds: int) -> None:
    """Put the session's cookie on an answer."""
    _set_cookie(view.request, response, session.COOKIE, sealed, seconds)


def remember(view: RequestView, response: Response, name: str, value: str) -> None:
    """Remember a choice of this browser (not of a person) for a year."""
    _set_cookie(view.request, response, name, value, _YEAR_SECONDS)


def _set_cookie(request: Request, response: Response, name: str, value: str, seconds: int | None) -> None:
    response.set_cookie(
        name, value, max_age=seconds, path="/", httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )


def keep_for_back(response: Response) -> Response:
    """Let the browser keep an answer for its back button: the answer to a form cannot be asked for again.

    Only where it says nothing that should not be found on a lent telephone.
    """
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _closed(response: Response) -> Response:
    """Keep an answer out of every cache: telephones are lent and computers shared."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response
