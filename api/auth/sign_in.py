"""The sign-in page and all around it: `/intra`, `/iesire`, `/invitatie`; and the gate of a live home.

Plain HTML, so that it opens on any telephone. Whoever comes with a small screen, a slow network or a
browser that saves data is led to the plain pages; the choice is remembered, and can be changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from api.auth import openid
from api.auth.failed_sign_ins import FailedSignIns, TooManyTriesError
from api.auth.openid_provider import Provider, provider
from api.auth.waiting_queue import QueueFullError, WaitingQueue
from api.forms.sign_in_forms import LONGEST_ADDRESS, PasswordForm, RoleForm, SignInForm
from api.http import page_frame, rate_limit, session
from api.http.endpoint import ENDED, as_endpoint, remember, set_session
from api.http.open_routes import opens_itself
from api.http.proxies import is_forwarded, network_of
from api.http.refusals import bare_page
from api.http.request_view import RequestView
from core.errors import MapError, NotAllowedError
from core.i18n import _
from core.storage.editions import EditionStore
from core.storage.home import open_home
from core.text import collation_key
from referrals.accounts import account_sessions, accounts, known_devices, passwords
from referrals.records.ledger_errors import SignInError, SpentTokenError
from referrals.records.vocabulary import Actor
from referrals.workflow.role_words import short_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.requests import Request

    from api.http.endpoint import Endpoint, Handler

PLAIN_COOKIE = "harta_simplu"
PLAIN_PAGES, ALL_PAGES = "/intra/simplu", "/intra/complet"  # links that change over, and are remembered
_DOORS = ("/intra", "/iesire", "/invitatie")  # whoever has come in is not led to a door again
_PLAIN_TWINS = {
    "/": "/simplu",
    **{
        f"/{page}": f"/simplu/{page}"
        for page in ("astazi", "gasiti", "referiri", "acoperire", "campanii", "noutati", "lista")
    },
}
_SESSION_SECONDS = int(account_sessions.LONGEST.total_seconds())
_DEVICE_SECONDS = int(known_devices.KEPT.total_seconds())
FAILED = FailedSignIns()
_TOUR_AREA = ("BC", 24089)  # Parincea, where the tour of a demonstration is
_CODES = rate_limit.GrowingDelay(free=20, first=5, longest=60, forgotten=600)  # wrong codes of one address
# Two hashes at a time: 128 MB, some ten in a second. Who waits holds neither a thread nor a connection to the database.
_HASHES = WaitingQueue(2, waiting=64, reserved=32, seconds=15)
_SMALL = 64 * 1024
_SLOW = ("slow-2g", "2g", "3g")
# A path of this host (`//host` is another one), with the question that a screen keeps in its address.
_OURS = re.compile(r"(?P<page>/|/[\w\-]+(?:/[\w:.\-]+)*)(?:\?[\w\-]+=[\w.\-]*(?:&[\w\-]+=[\w.\-]*)*)?", re.ASCII)
_NARROW = re.compile(r"Mobi|Android|iPhone|Opera Mini|KaiOS", re.IGNORECASE)


@dataclass(frozen=True)
class OutsideLink:
    """The way in by an identity provider."""

    address: str
    words: str


def routes() -> list[BaseRoute]:
    """Return the routes of signing in, out and of invitations.

    Returns
    -------
    list of BaseRoute
        In the order in which they are tried.
    """
    return [
        Route("/intra", as_endpoint(show, is_public=True), methods=["GET"]),
        Route("/intra", _in_turn(enter), methods=["POST"]),
        *(Route(path, as_endpoint(choose_pages, is_public=True), methods=["GET"]) for path in (PLAIN_PAGES, ALL_PAGES)),
        Route("/iesire", as_endpoint(leave, is_public=True), methods=["POST"]),
        Route("/invitatie", as_endpoint(show_invitation, is_public=True), methods=["GET"]),
        Route("/invitatie", _in_turn(accept_invitation), methods=["POST"]),
        *openid.routes(),
    ]


def _in_turn(handler: Handler) -> Endpoint:
    """Make the endpoint of a handler that hashes a password: a few at once, others wait or are told to come back."""
    answer = as_endpoint(handler, is_public=True)

    async def wait_and_answer(request: Request) -> Response:
        try:
            # Whoever sends a form byte by byte does it before the queue, not at its head. What is too long or of no
            # known length is refused unread.
            if int(request.headers.get("content-length") or _SMALL + 1) <= _SMALL:
                await request.body()
            may_be_known = session.DEVICE_COOKIE in request.cookies
            async with _HASHES.turn(partial(run_in_threadpool, _has_device, request.cookies) if may_be_known else None):
                return await answer(request)
        except QueueFullError:
            return _too_busy()

    return opens_itself(wait_and_answer)


def _has_device(cookies: Mapping[str, str]) -> bool:
    try:
        return bool(session.devices_of(open_home(), cookies))
    except MapError:
        return False


def _too_busy() -> Response:
    """Say so without a thread and without the database: there may be hundreds."""
    words = _("Prea multe persoane intră în același moment. Încercați din nou peste câteva secunde.")
    page = HTMLResponse(bare_page(_("Nu se poate deocamdată"), words, "/intra"), 503)
    page.headers["Cache-Control"] = "no-store"
    return _later(page, 5)


def _later(response: Response, seconds: int) -> Response:
    response.headers["Retry-After"] = str(seconds)
    return response


def show(view: RequestView) -> Response:
    """Show the form: account and password; in a demonstration, the roles."""
    if view.home.is_demo:
        return _demo_form(view)
    is_lost = ENDED in view.request.url.query.split("&")
    return _account_form(view, _("Sesiunea s-a încheiat și nu s-a trimis nimic. Intrați din nou.") if is_lost else "")


def enter(view: RequestView) -> Response:
    """Open a session and lead on to the pages that suit the device."""
    plain = SignInForm.parse(view.fields).plain
    response = RedirectResponse(_onward(_next_url(view), plain=plain), 303)
    if view.home.is_demo:
        set_session(view, response, _chosen_role(view), session.DEMO_HOURS * 3600)
    else:
        try:
            token, account_id = _signed_in(view)
        except TooManyTriesError as error:
            return _later(_account_form(view, str(error), 429), error.seconds)
        except SignInError as error:
            return _account_form(view, str(error), 403)
        set_session(view, response, session.account_cookie(view.home, token), _SESSION_SECONDS)
        _remember_device(view, response, account_id)
    remember(view, response, PLAIN_COOKIE, "1" if plain else "0")
    return response


def _signed_in(view: RequestView) -> tuple[str, str]:
    """Open the session; give its token and whose it is."""
    form, ledger = SignInForm.parse(view.fields), view.directory.ledger
    login = accounts.tidy_login(form.login)
    device = known_devices.known(ledger, login, session.devices_of(view.home, view.request.cookies))
    with FAILED.attempt(login, view.client, device):
        token = account_sessions.sign_in(ledger, login, form.password)
    actor = account_sessions.who(ledger, token)
    if actor is None:  # ended in the same moment
        raise SignInError(_("Contul nu există."))
    return token, actor.account


def _remember_device(view: RequestView, response: Response, account_id: str) -> None:
    """Let the owner of an account pass from this browser from now on, whatever strangers try."""
    held = session.devices_of(view.home, view.request.cookies)
    made = known_devices.remember(view.directory.ledger, account_id, held)
    response.set_cookie(
        session.DEVICE_COOKIE,
        session.device_cookie(view.home, [*held, made] if made else held),
        _DEVICE_SECONDS,
        path="/intra",
        httponly=True,
        samesite="strict",
        secure=view.request.url.scheme == "https",
    )


def leave(view: RequestView) -> Response:
    """End the session, here and on the server."""
    session.end(view.home, view.request.cookies)
    response = RedirectResponse("/intra", 303)
    response.delete_cookie(session.COOKIE, path="/")
    return response


def _onward(wanted: str, *, plain: bool) -> str:
    """Choose where to go; only a path of ours, so that nobody is led away from here.

    A page that is there in both kinds is shown in the kind that was chosen.
    """
    ours = _OURS.fullmatch(wanted)
    if ours is None or ours["page"] in _DOORS:
        return "/simplu" if plain else "/"
    twins = _PLAIN_TWINS if plain else {twin: page for page, twin in _PLAIN_TWINS.items()}
    return twins.get(ours["page"], wanted)


def choose_pages(view: RequestView) -> Response:
    """Lead to the plain pages or to the application, by a link of the other kind; the browser remembers it."""
    plain = view.request.url.path == PLAIN_PAGES
    response = RedirectResponse("/simplu" if plain else "/", 303)
    remember(view, response, PLAIN_COOKIE, "1" if plain else "0")
    return response


def wants_plain(view: RequestView) -> bool:
    """Whether to offer the plain pages first: by where somebody was going, else by what suits the device."""
    towards = _next_url(view)
    return towards.startswith("/simplu") if _OURS.fullmatch(towards) else suits_plain(view.request)


def _next_url(view: RequestView) -> str:
    return SignInForm.parse(view.fields).towards or view.request.query_params.get("spre", "")[:LONGEST_ADDRESS]


def suits_plain(request: Request) -> bool:
    """Whether the plain pages suit this device: it was chosen before, or it is narrow, slow or saves data."""
    chosen = request.cookies.get(PLAIN_COOKIE)
    if chosen in ("0", "1"):
        return chosen == "1"
    headers = request.headers
    return (
        headers.get("save-data", "").lower() == "on"
        or headers.get("ect", "") in _SLOW
        or headers.get("sec-ch-ua-mobile", "") == "?1"
        or bool(_NARROW.search(headers.get("user-agent", "")))
    )


def _which_pages(view: RequestView) -> str:
    return "simplu" if wants_plain(view) else "complet"


def _carried(view: RequestView) -> list[tuple[str, str]]:
    return [("spre", _next_url(view))]


def _account_form(view: RequestView, trouble: str = "", status: int = 200) -> Response:
    outside = provider()
    return page_frame.page(
        view,
        "sign_in.html",
        status=status,
        alert=trouble,
        carried=_carried(view),
        login=SignInForm.parse(view.fields).login,
        pages=_which_pages(view),
        outside=_outside_link(outside, "?pagini=simplu" if wants_plain(view) else "") if outside else None,
    )


def _outside_link(outside: Provider, query: str) -> OutsideLink:
    words = (
        _("Autentificare cu {name}").format(name=outside.name)
        if outside.name
        else _("Autentificare cu contul instituției")
    )
    return OutsideLink(f"{openid.START}{query}", words)


# --- the demonstration: a role is chosen -------------------------------------------------------------


def _demo_form(view: RequestView) -> Response:
    if not _may_choose(view):
        return page_frame.error_page(
            view, _("În demonstrație, rolul se alege numai pe calculatorul pe care rulează aplicația."), 403
        )
    teams = [(f"team:{uat}", label) for uat, label in communities(view)]
    counties = view.directory.gazetteer.counties
    units = [(f"county:{code}", name) for code, name in zip(counties["county"], counties["name"], strict=True)]
    groups = [
        (_("Echipă comunitară integrată"), teams),
        (_("Unitate județeană de suport și supervizare"), sorted(units, key=lambda unit: collation_key(unit[1]))),
        (_("Altele"), [("national:", _("Nivel național")), ("admin:", _("Administrator"))]),
    ]
    return page_frame.page(
        view,
        "choose_role.html",
        carried=_carried(view),
        usual=_usual_roles(view, {value for _label, pairs in groups for value, _words in pairs}),
        roles=groups,
        pages=_which_pages(view),
    )


def _usual_roles(view: RequestView, known: set[str]) -> list[tuple[str, str]]:
    """Return one role of each kind that this home has, each one press away."""
    county, uat = _TOUR_AREA
    usual = {
        f"team:{uat}": Actor("team", county=county, uat_siruta=uat),
        f"county:{county}": Actor("county", county=county),
        "national:": Actor("national"),
    }
    gazetteer = view.directory.gazetteer
    return [(value, short_words(who, gazetteer)) for value, who in usual.items() if value in known]


def communities(view: RequestView) -> list[tuple[int, str]]:
    """List the communities of this home (SIRUTA, label); where there are none, communes of the gazetteer."""
    edition = EditionStore(view.home).current("communities")
    gazetteer = view.directory.gazetteer
    if edition is None:
        codes: Iterable[int] = gazetteer.uats.loc[gazetteer.uats["county"] == "BC", "uat_siruta"]
    else:
        codes = edition.table("communities")["uat_siruta"]
    labelled = [(int(code), gazetteer.place_of(None, int(code)).label) for code in codes]
    return sorted(labelled, key=lambda pair: collation_key(pair[1]))


def _chosen_role(view: RequestView) -> str:
    if not _may_choose(view):
        raise NotAllowedError(_("Rolul nu se poate alege de aici."))
    form = RoleForm.parse(view.fields)
    if not isinstance(form, RoleForm):
        raise NotAllowedError(form.words)
    if form.role == "team":
        place = view.directory.gazetteer.place_of(None, int(form.area))
        return session.demo_cookie(view.home, "team", county=place.county, uat_siruta=place.uat_siruta)
    if form.role == "county":
        if form.area not in set(view.directory.gazetteer.counties["county"]):
            raise NotAllowedError(_("Alegeți un rol din listă."))
        return session.demo_cookie(view.home, "county", county=form.area)
    return session.demo_cookie(view.home, form.role)


def _may_choose(view: RequestView) -> bool:
    headers = view.request.headers
    # Through a proxy everybody comes from this machine, unless the role may be chosen from anywhere anyway.
    client = "" if is_forwarded(headers) else view.client
    return session.may_choose_role(view.home, client, headers.get("host", ""))


# --- invitations and resets --------------------------------------------------------------------------


def show_invitation(view: RequestView, trouble: str = "", status: int = 200) -> Response:
    """Ask for the invitation and a password. Opening the page spends nothing: mail scanners open links."""
    code = view.fields.text("cod", 300) or view.request.query_params.get("cod", "")
    outside = provider()
    is_invited = bool(outside and code) and accounts.is_invitation(view.directory.ledger, code)
    return page_frame.page(
        view,
        "invitation.html",
        status=status,
        alert=trouble,
        code=code,
        least=passwords.SHORTEST_PASSWORD,
        outside=_outside_link(outside, f"?cod={quote(code)}") if outside and is_invited else None,
    )


def accept_invitation(view: RequestView) -> Response:
    """Set the password; an invitation and a reset are spent by it."""
    source = network_of(view.client)
    if wait := _CODES.wait(source):
        error = TooManyTriesError(wait)
        return _later(show_invitation(view, str(error), 429), error.seconds)
    form = PasswordForm.parse(view.fields)
    if not isinstance(form, PasswordForm):
        return show_invitation(view, form.words, 400)
    try:
        login = accounts.set_password(view.directory.ledger, form.code, form.password)
    except SpentTokenError as error:
        _CODES.fail(source)
        return show_invitation(view, str(error), 400)
    except SignInError as error:
        return show_invitation(view, str(error), 400)
    done = _("Autentificați-vă cu numele contului și parola nouă.")
    return page_frame.page(view, "password_saved.html", done=done, login=login)
