"""The page of an answer: to one need, or to several with the one way that does for all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from markupsafe import Markup

from api.http import page_frame
from api.http.endpoint import keep_for_back
from api.plain import offer_cards, search_page, trip_box
from core.i18n import _
from geo.spatial.route import MOST_NEEDS
from providers.finder import search_terms
from providers.finder.finder import find

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.responses import Response

    from api.http.request_view import RequestView
    from providers.finder.answer import Answer, Query


def answer_page(
    view: RequestView, query: Query, *before: Markup, carried: Iterable[tuple[str, str]] = (), status: int = 200
) -> Response:
    """Answer a question on a page of its own.

    before: what has to be said above the answer. carried: fields that a referral from this page takes along.
    """
    taken_along = [*((name, view.said(name)) for name in ("inlocuieste", "caz")), *carried]
    answers = [find(view.snapshot, replace(query, wanted=(code,))) for code in query.wanted]
    is_sensitive = any(found.is_sensitive for found in answers)
    page = page_frame.page(
        view,
        _("Servicii potrivite"),
        *before,
        offer_cards.danger(answers),
        search_page.person_form(view, query),
        offer_cards.asked(query),
        _drawn(view, query, answers, taken_along),
        offer_cards.sources(answers),
        _again(view, query),
        status=status,
    )
    return page if is_sensitive else keep_for_back(page)


def _drawn(view: RequestView, query: Query, answers: list[Answer], carried: list[tuple[str, str]]) -> Markup:
    if len(answers) == 1:
        return offer_cards.answer(view, answers[0], carried=carried)
    trip = trip_box.draw(view, query)
    pieces = [
        _need(view, place, found, carried, is_open=found.query.wanted[0] not in trip.answered)
        for place, found in enumerate(answers, start=1)
    ]
    return Markup("").join([trip.box, *pieces])


def _need(view: RequestView, place: int, found: Answer, carried: list[tuple[str, str]], *, is_open: bool) -> Markup:
    """Draw the answer to one of several needs; folded where the trip above has a service for it already."""
    label = search_terms.all_search_terms()[found.query.wanted[0]].label
    return Markup('<details class="need"{}><summary>{}</summary>{}</details>').format(
        Markup(" open") if is_open else page_frame.NOTHING,
        _("Nevoia {n}: {label}").format(n=place, label=label),
        offer_cards.answer(view, found, carried=carried, is_short=True),
    )


def _again(view: RequestView, query: Query) -> Markup:
    """Lead on: one more need on the same way, or another search."""
    more = Markup('<button name="inca" value="1">{}</button>').format(_("Încă o nevoie"))
    if len(query.wanted) >= MOST_NEEDS:
        more = page_frame.NOTHING
    return Markup(
        '<form method="post" action="/simplu/raspuns"><div class="row">{}{}'
        '<a class="btn" href="/simplu">{}</a></div></form>'
    ).format(page_frame.hidden(view, search_page.fields_of(query)), more, _("Altă căutare"))
