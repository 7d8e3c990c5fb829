"""The sign-in page and all around it: `/intra`, `/iesire`, `/invitatie`; and the gate of a live home.

Plain HTML, so that it opens on any telephone. Whoever comes with a small screen, a slow network or a
browser that saves data is led to the plain pages; the choice is remembered, and can be changed.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from api import openid, rate, session
from api.guesses import Guesses, TooManyTriesError
from api.openid_provider import Provider, provider
from api.plain import frame
from api.proxies import is_forwarded, network_of
from api.refusals import bare_page
from api.turns import QueueFullError, Turns
from api.view import View, endpoint, remember, set_session
from geo.editions import Store
from geo.errors import MapError, NotAllowedError
from geo.home import open_home
from geo.language import _
from referrals import accounts, known_devices
from referrals.errors import SignInError, SpentTokenError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.requests import Request

    from api.view import Endpoint, Handler

PLAIN_COOKIE = "harta_simplu"
PLAIN_PAGES, ALL_PAGES = "/intra/simplu", "/intra/complet"  # links that change over, and are remembered
_DOORS = ("/intra", "/iesire", "/invitatie")  # whoever has come in is not led to a door again
_LONGEST_ADDRESS = 400
_PLAIN_TWINS = {"/": "/simplu", "/referiri": "/simplu/referiri"}
_SESSION_SECONDS = int(accounts.LONGEST.total_seconds())
_DEVICE_SECONDS = int(known_devices.KEPT.total_seconds())
GUESSES = Guesses()
_CODES = rate.GrowingDelay(free=20, first=5, longest=60, forgotten=600)  # wrong codes of one address
# Two hashes at a time: 128 MB, some ten in a second. Who waits holds neither a thread nor a connection to the database.
_TURNS = Turns(2, waiting=64, reserved=32, seconds=15)
_SMALL = 64 * 1024
_SLOW = ("slow-2g", "2g", "3g")
# A path of this host (`//host` is another one), with the question that a screen keeps in its address.
_OURS = re.compile(r"(?P<page>/|/[\w\-]+(?:/[\w:.\-]+)*)(?:\?[\w\-]+=[\w.\-]*(?:&[\w\-]+=[\w.\-]*)*)?", re.ASCII)
_NARROW = re.compile(r"Mobi|Android|iPhone|Opera Mini|KaiOS", re.IGNORECASE)


def routes() -> list[BaseRoute]:
    """Return the routes of this module."""
    return [
        Route("/intra", endpoint(show, is_public=True), methods=["GET"]),
        Route("/intra", _in_turn(enter), methods=["POST"]),
        *(Route(path, endpoint(choose_pages, is_public=True), methods=["GET"]) for path in (PLAIN_PAGES, ALL_PAGES)),
        Route("/iesire", endpoint(leave, is_public=True), methods=["POST"]),
        Route("/invitatie", endpoint(show_invitation, is_public=True), methods=["GET"]),
        Route("/invitatie", _in_turn(accept_invitation), methods=["POST"]),
        *openid.routes(),
    ]


def _in_turn(handler: Handler) -> Endpoint:
    """Make the endpoint of a handler that hashes a password: a few at once, others wait or are told to come back."""
    answer = endpoint(handler, is_public=True)

    async def wait_and_answer(request: Request) -> Response:
        try:
            # Whoever sends a form byte by byte does it before the queue, not at its head. What is too long or of no
            # known length is refused unread.
            if int(request.headers.get("content-length") or _SMALL + 1) <= _SMALL:
                await request.body()
            may_be_known = session.DEVICE_COOKIE in request.cookies
            async with _TURNS.turn(partial(run_in_threadpool, _has_device, request.cookies) if may_be_known else None):
                return await answer(request)
        except QueueFullError:
            return _too_busy()

    return wait_and_answer


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


def show(view: View) -> Response:
    """Show the form: account and password; in a demonstration, the roles."""
    return _demo_form(view) if view.home.is_demo else _account_form(view)


def enter(view: View) -> Response:
    """Open a session and lead on to the pages that suit the device."""
    plain = view.said("pagini") != "complet"
    response = RedirectResponse(_onward(_towards(view), plain=plain), 303)
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


def _signed_in(view: View) -> tuple[str, str]:
    """Open the session; give its token and whose it is."""
    ledger, login = view.desk.ledger, accounts.tidy_login(view.said("cont"))
    device = known_devices.known(ledger, login, session.devices_of(view.home, view.request.cookies))
    with GUESSES.guessing(login, view.client, device):
        token = accounts.sign_in(ledger, login, view.said("parola", 300))
    actor = accounts.who(ledger, token)
    if actor is None:  # ended in the same moment
        raise SignInError(_("Contul nu există."))
    return token, actor.account


def _remember_device(view: View, response: Response, account_id: str) -> None:
    """Let the owner of an account pass from this browser from now on, whatever strangers try."""
    held = session.devices_of(view.home, view.request.cookies)
    made = known_devices.remember(view.desk.ledger, account_id, held)
    response.set_cookie(
        session.DEVICE_COOKIE,
        session.device_cookie(view.home, [*held, made] if made else held),
        _DEVICE_SECONDS,
        path="/intra",
        httponly=True,
        samesite="strict",
        secure=view.request.url.scheme == "https",
    )


def leave(view: View) -> Response:
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


def choose_pages(view: View) -> Response:
    """Lead to the plain pages or to the application, by a link of the other kind; the browser remembers it."""
    plain = view.request.url.path == PLAIN_PAGES
    response = RedirectResponse("/simplu" if plain else "/", 303)
    remember(view, response, PLAIN_COOKIE, "1" if plain else "0")
    return response


def wants_plain(view: View) -> bool:
    """Whether to offer the plain pages first: by where somebody was going, else by what suits the device."""
    towards = _towards(view)
    return towards.startswith("/simplu") if _OURS.fullmatch(towards) else suits_plain(view.request)


def _towards(view: View) -> str:
    return view.said("spre", _LONGEST_ADDRESS) or view.request.query_params.get("spre", "")[:_LONGEST_ADDRESS]


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


def _which_pages(view: View) -> Markup:
    pairs = [
        ("simplu", _("Pagini simple: telefon, rețea slabă")),
        ("complet", _("Aplicația completă, cu hartă")),
    ]
    return frame.radios("pagini", _("Cum lucrați?"), pairs, "simplu" if wants_plain(view) else "complet")


def _carried(view: View) -> list[tuple[str, str]]:
    return [("spre", _towards(view))]


def _account_form(view: View, trouble: str = "", status: int = 200) -> Response:
    form = Markup(
        '<form method="post" action="/intra">{hidden}'
        '<label for="cont">{account}</label><input type="text" id="cont" name="cont" autocomplete="username" '
        'autocapitalize="none" spellcheck="false" required value="{typed}">'
        '<label for="parola">{password}</label><input type="password" id="parola" name="parola" '
        'autocomplete="current-password" required>{pages}<button class="main">{go}</button></form>{more}'
    ).format(
        hidden=frame.hidden(view, _carried(view)),
        account=_("Numele contului"),
        typed=view.said("cont"),
        password=_("Parola"),
        pages=_which_pages(view),
        go=_("Intrați"),
        more=_other_ways(view),
    )
    return frame.page(
        view, _("Intrați în cont"), frame.alert(trouble) if trouble else frame.NOTHING, form, status=status
    )


def _other_ways(view: View) -> Markup:
    outside = provider()
    # A link and not a form: a form may not lead to another host (see the policy in api/middleware.py).
    link = _outside_link(outside, _carried_pages(view)) if outside else frame.NOTHING
    return link + frame.quiet(
        _("Ați uitat parola sau nu aveți cont? Unitatea județeană de sprijin vă trimite o legătură de intrare.")
    )


def _carried_pages(view: View) -> str:
    return "?pagini=simplu" if wants_plain(view) else ""


def _outside_link(outside: Provider, query: str) -> Markup:
    words = _("Intrați cu {name}").format(name=outside.name) if outside.name else _("Intrați cu contul instituției")
    return Markup('<p><a class="btn" href="{}{}">{}</a></p>').format(openid.START, query, words)


# --- the demonstration: a role is chosen -------------------------------------------------------------


def _demo_form(view: View) -> Response:
    if not _may_choose(view):
        return frame.refused(
            view, _("În demonstrație, rolul se alege numai pe calculatorul pe care rulează aplicația."), 403
        )
    teams = [(f"team:{uat}", label) for uat, label in communities(view)]
    counties = view.desk.gazetteer.counties
    units = [(f"county:{code}", name) for code, name in zip(counties["county"], counties["name"], strict=True)]
    select = Markup(
        '<label for="rol">{}</label><select id="rol" name="rol"><optgroup label="{}">{}</optgroup>'
        '<optgroup label="{}">{}</optgroup><optgroup label="{}">{}</optgroup></select>'
    ).format(
        _("În numele cui lucrați?"),
        _("Echipă comunitară"),
        frame.options(teams),
        _("Unitate județeană de sprijin"),
        frame.options(sorted(units, key=lambda unit: unit[1])),
        _("Altele"),
        frame.options([("national:", _("Nivel național")), ("admin:", _("Administrator"))]),
    )
    form = Markup('<form method="post" action="/intra">{}{}{}<button class="main">{}</button></form>').format(
        frame.hidden(view, _carried(view)), select, _which_pages(view), _("Intrați")
    )
    return frame.page(view, _("Alegeți un rol"), frame.quiet(_("Este o demonstrație: nu se cere parolă.")), form)


def communities(view: View) -> list[tuple[int, str]]:
    """List the communities of this home (SIRUTA, label); where there are none, communes of the gazetteer."""
    edition = Store(view.home).current("communities")
    gazetteer = view.desk.gazetteer
    if edition is None:
        codes: Iterable[int] = gazetteer.uats.loc[gazetteer.uats["county"] == "BC", "uat_siruta"]
    else:
        codes = edition.table("communities")["uat_siruta"]
    labelled = [(int(code), gazetteer.place_of(None, int(code)).label) for code in codes]
    return sorted(labelled, key=lambda pair: pair[1])


def _chosen_role(view: View) -> str:
    if not _may_choose(view):
        raise NotAllowedError(_("Rolul nu se poate alege de aici."))
    role, _colon, area = view.said("rol").partition(":")
    if role == "team" and area.isdigit():
        place = view.desk.gazetteer.place_of(None, int(area))
        return session.demo_cookie(view.home, "team", county=place.county, uat_siruta=place.uat_siruta)
    if role == "county" and area in set(view.desk.gazetteer.counties["county"]):
        return session.demo_cookie(view.home, "county", county=area)
    if role == "national":
        return session.demo_cookie(view.home, "national")
    if role == "admin":
        return session.demo_cookie(view.home, "admin")
    raise NotAllowedError(_("Alegeți un rol din listă."))


def _may_choose(view: View) -> bool:
    headers = view.request.headers
    # Through a proxy everybody comes from this machine, unless the role may be chosen from anywhere anyway.
    client = "" if is_forwarded(headers) else view.client
    return session.may_choose_role(view.home, client, headers.get("host", ""))


# --- invitations and resets --------------------------------------------------------------------------


def show_invitation(view: View, trouble: str = "", status: int = 200) -> Response:
    """Ask for the invitation and a password. Opening the page spends nothing: mail scanners open links."""
    code = view.said("cod", 300) or view.request.query_params.get("cod", "")
    form = Markup(
        '<form method="post" action="/invitatie">{hidden}'
        '<label for="cod">{code_label}</label><input type="text" id="cod" name="cod" value="{code}" required '
        'autocapitalize="none" spellcheck="false" autocomplete="off">'
        '<label for="parola">{password}<span class="hint">{hint}</span></label>'
        '<input type="password" id="parola" name="parola" autocomplete="new-password" minlength="{least}" required>'
        '<label for="parola2">{again}</label>'
        '<input type="password" id="parola2" name="parola2" autocomplete="new-password" required>'
        '<button class="main">{go}</button></form>'
    ).format(
        hidden=frame.hidden(view),
        code_label=_("Codul din invitație"),
        code=code,
        password=_("Parola nouă"),
        hint=_("Cel puțin {n} caractere; câteva cuvinte la întâmplare sunt o parolă bună.").format(
            n=accounts.SHORTEST_PASSWORD
        ),
        least=accounts.SHORTEST_PASSWORD,
        again=_("Parola nouă, încă o dată"),
        go=_("Salvați parola"),
    )
    outside = provider()
    is_invited = bool(outside and code) and accounts.is_invitation(view.desk.ledger, code)
    instead = _outside_link(outside, f"?cod={quote(code)}") if outside and is_invited else frame.NOTHING
    said = frame.alert(trouble) if trouble else frame.NOTHING
    return frame.page(view, _("Parolă nouă"), said, form, instead, status=status)


def accept_invitation(view: View) -> Response:
    """Set the password; an invitation and a reset are spent by it."""
    source = network_of(view.client)
    if wait := _CODES.wait(source):
        error = TooManyTriesError(wait)
        return _later(show_invitation(view, str(error), 429), error.seconds)
    if view.said("parola", 300) != view.said("parola2", 300):
        return show_invitation(view, _("Cele două parole nu sunt la fel."), 400)
    try:
        accounts.set_password(view.desk.ledger, view.said("cod", 300), view.said("parola", 300))
    except SpentTokenError as error:
        _CODES.fail(source)
        return show_invitation(view, str(error), 400)
    except SignInError as error:
        return show_invitation(view, str(error), 400)
    link = Markup('<p><a class="btn main" href="/intra">{}</a></p>').format(_("Intrați în cont"))
    return frame.page(view, _("Parola este salvată"), frame.done(_("Intrați cu numele contului și parola nouă.")), link)
