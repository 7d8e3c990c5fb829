"""The frame of a plain page, and the page that says what is the matter. How they look is in `templates/plain/`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, Response

from api.http.assets import asset_url
from core.i18n import _
from core.templating import render
from referrals.workflow.role_words import actor_words

if TYPE_CHECKING:
    from api.http.request_view import RequestView

_FINE = 200


@dataclass(frozen=True)
class MenuLink:
    """One link of the menu."""

    address: str
    words: str
    is_here: bool


@dataclass(frozen=True)
class PageFrame:
    """What stands around every plain page.

    seal: what a form of the page carries. role: in whose name somebody works, or empty. hindrance: what stands in
    the way of writing. here: the address that the link to the other language leads to.
    """

    language: str
    other: str
    other_name: str
    here: str
    seal: str
    role: str
    is_demo: bool
    links: tuple[MenuLink, ...]
    hindrance: str


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
    return HTMLResponse(html, status)


def _frame(view: RequestView, status: int) -> PageFrame:
    other = "en" if view.language == "ro" else "ro"
    return PageFrame(
        language=view.language,
        other=other,
        other_name={"en": "English", "ro": "Română"}[other],
        here=_address_of(view, other),
        seal=view.token,
        role=role_words(view),
        is_demo=view.home.is_demo,
        links=_links(view),
        hindrance=_hindrance(view) if status == _FINE else "",
    )


def _address_of(view: RequestView, language: str) -> str:
    """Return the address of this page in another language, with its question; of a form's answer, that of the form."""
    if view.request.method != "GET":
        return f"/simplu?lang={language}"
    said = [(name, value) for name, value in view.request.query_params.multi_items() if name != "lang"]
    return f"{view.request.url.path}?{urlencode([*said, ('lang', language)])}"


def _hindrance(view: RequestView) -> str:
    """Say what stands in the way of writing, on pages for who works here."""
    return view.directory.ledger.notice() if view.session is not None or view.home.is_demo else ""


def _links(view: RequestView) -> tuple[MenuLink, ...]:
    if view.session is None and not view.home.is_demo:
        return ()
    links = [("/simplu/harta", _("Harta")), ("/simplu", _("Căutați"))]
    if view.session is None or view.session.actor.role in ("team", "county"):
        links.append(("/simplu/referiri", _("Referiri")))
        links.append(("/simplu/local", _("Resurse locale")))
    if view.session is not None and view.session.actor.role == "county":
        links.append(("/simplu/judetul-meu", _("Județul meu")))
    here = view.request.url.path
    return tuple(MenuLink(address, words, here == address) for address, words in links)


def role_words(view: RequestView) -> str:
    """Say in whose name somebody works: the role and its area, never a person's name."""
    if view.session is None:
        return ""
    return actor_words(view.session.actor, view.directory.gazetteer)


def error_page(view: RequestView, words: str, status: int = 409, *, has_way_back: bool = True) -> Response:
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

    Returns
    -------
    Response
        The whole page.
    """
    return page(view, "refused.html", alert=words, status=status, has_way_back=has_way_back)
