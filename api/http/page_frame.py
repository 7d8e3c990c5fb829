"""The frame of a plain page, and the page that says what is the matter. How they look is in `templates/plain/`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, Response

from api.http.assets import asset_url
from api.http.menu import NO_MENU, TODAY, menu_for
from api.http.service_links import SERVICE_PAGES
from core.templating import render
from referrals.delivery.news_list import count_news, has_news
from referrals.today import count_work

if TYPE_CHECKING:
    from api.http.menu import Menu
    from api.http.request_view import RequestView
    from referrals.records.vocabulary import Actor

_FINE = 200
_FAULT = 500
_OF_PROVIDERS = "/l/"
_OPEN_AT = (  # where an address begins, and the screen of the menu that is open there
    ("/simplu/astazi", TODAY),
    ("/simplu/gasiti", "find"),
    ("/simplu/raspuns", "find"),
    ("/simplu/serviciu", "find"),
    ("/simplu/referir", "referrals"),
    ("/simplu/raport-lunar", "monthly"),
    ("/simplu/rapoarte", "figures"),
    ("/simplu/acoperire", "coverage"),
    ("/simplu/judetul-meu", "referrals"),
    ("/simplu/furnizori", "providers"),
    ("/simplu/noutati", "news"),
    ("/simplu/campanii", "campaigns"),
    ("/simplu/locuri-din-fisier", "campaigns"),
    ("/simplu/lista", "visit_list"),
    ("/simplu/local", "local"),
    ("/simplu/programe", "programs"),
    ("/simplu/harta", "map"),
)


@dataclass(frozen=True)
class PageFrame:
    """What stands around every plain page.

    here: the address that the link to the other language leads to. current: name of the screen that is open, "" for
    none. csrf_token: what a form of the page carries. hindrance: what stands in the way of writing.
    """

    language: str
    other: str
    other_name: str
    here: str
    csrf_token: str
    is_demo: bool
    menu: Menu
    current: str
    hindrance: str


# Before an element: templates are indented for who reads them, and a slow network carries each blank of it.
_INDENTATION = re.compile(r"\n\s+<")


def page(
    view: RequestView, template: str, *, status: int = 200, done: str = "", alert: str = "", **values: object
) -> HTMLResponse:
    """Render a template of `templates/plain/` in the frame.

    Parameters
    ----------
    view
        The request that is answered.
    template
        Name of the template, for instance `search.html`.
    status
        HTTP status of the answer.
    done, alert
        What was done, and what went wrong: said above all else of the page.
    **values
        What the template names beside `frame`.

    Returns
    -------
    HTMLResponse
        The whole page.
    """
    frame = _frame(view, status)
    html = render(f"plain/{template}", frame=frame, asset=asset_url, done=done, alert=alert, **values)
    return HTMLResponse(_INDENTATION.sub("\n<", html), status)


def _frame(view: RequestView, status: int) -> PageFrame:
    other = "en" if view.language == "ro" else "ro"
    return PageFrame(
        language=view.language,
        other=other,
        other_name={"en": "English", "ro": "Română"}[other],
        here=_address_of(view, other),
        csrf_token=view.token,
        is_demo=view.home.is_demo,
        menu=_menu(view, status),
        current=_current(view),
        hindrance=_hindrance(view) if status == _FINE else "",
    )


def _address_of(view: RequestView, language: str) -> str:
    """Return the address of this page in another language, with its question; of a form's answer, that of the form."""
    if view.request.method != "GET":
        stays = view.request.url.path.startswith((_OF_PROVIDERS, SERVICE_PAGES))  # addresses that open by themselves
        return f"{view.request.url.path if stays else '/simplu'}?lang={language}"
    items = [(name, value) for name, value in view.request.query_params.multi_items() if name != "lang"]
    return f"{view.request.url.path}?{urlencode([*items, ('lang', language)])}"


def _menu(view: RequestView, status: int) -> Menu:
    actor = view.session.actor if view.session is not None else None
    if view.request.url.path.startswith(_OF_PROVIDERS):
        return NO_MENU  # a provider comes by a link of its own and has no role here
    # A page that says what is the matter needs nothing that may be the matter.
    count, news = (0, None) if status >= _FAULT else _counts(view, actor)
    return menu_for(actor, view.directory.gazetteer, is_demo=view.home.is_demo, count=count, news=news)


def _counts(view: RequestView, actor: Actor | None) -> tuple[int, int | None]:
    """Count the work and the news of a role; None where its role is told no news."""
    if actor is None:
        return 0, None
    ledger = view.directory.ledger
    with ledger.store.one_reading():
        return count_work(view.directory, actor), count_news(ledger, actor) if has_news(actor) else None


def _current(view: RequestView) -> str:
    path = view.request.url.path
    if path == "/simplu":
        return "find" if view.session is None else TODAY
    return next((name for start, name in _OPEN_AT if path.startswith(start)), "")


def _hindrance(view: RequestView) -> str:
    """Say what stands in the way of writing, on pages for who works here."""
    return view.directory.ledger.notice() if view.session is not None or view.home.is_demo else ""


def error_page(
    view: RequestView, words: str, status: int = 409, *, has_way_back: bool = True, form_page: str = ""
) -> Response:
    """Render the page that says what is the matter.

    Parameters
    ----------
    view
        The request that is refused.
    words
        Why, and what to do.
    status
        HTTP status of the answer.
    has_way_back
        Whether to lead back to the search; a provider with a link has none.
    form_page
        Path of the page on which a form stood that was not taken, to lead back there; empty = none.

    Returns
    -------
    Response
        The whole page.
    """
    return page(view, "refused.html", alert=words, status=status, has_way_back=has_way_back, form_page=form_page)
