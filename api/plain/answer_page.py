"""The page of an answer: to one need, or to several with the one way that does for all of them."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from api.forms.question_form import question_fields
from api.http import page_frame
from api.http.endpoint import keep_for_back
from api.plain import offer_cards, search_page, trip_box
from core.i18n import _, ngettext
from geo.spatial.route import MOST_NEEDS
from providers.finder.answer_view import answer_view, first_hour_view, minutes_note
from providers.output.answer_text import asked_line
from providers.rules.help_tables.first_hour import first_hours_of
from referrals.search_gaps import note_answers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.responses import Response

    from api.http.request_view import RequestView
    from api.plain.trip_box import MadeReferral
    from providers.finder.answer import Answer, Query

_FILTERS_BY_KIND = {"free": "loc", "home": "acasa", "also": "institutii"}  # `AnswerView.kinds` to `offer_cards.FILTERS`


def answer_page(
    view: RequestView,
    query: Query,
    *,
    done: str = "",
    alert: str = "",
    made: Sequence[MadeReferral] = (),
    carried: Iterable[tuple[str, str]] = (),
    status: int = 200,
) -> Response:
    """Answer a question on a page of its own.

    Parameters
    ----------
    view
        The request.
    query
        What is asked; with several things wanted also the way that answers all of them.
    done, alert
        What has to be said above the answer; "" = nothing.
    made
        Referrals that were just made.
    carried
        Name and value of fields that a referral from this page takes along.
    status
        HTTP status.

    Returns
    -------
    Response
        The page; a sensitive one is not kept for the browser's way back.
    """
    taken_along = [*((name, view.fields.text(name)) for name in ("inlocuieste", "caz")), *carried]
    answers = offer_cards.answers_to(view, query)
    if not (done or alert or made):  # asked anew, and not shown again after a step
        note_answers(view.directory.ledger, answers)
    trip = trip_box.trip_shown(view, query) if len(answers) > 1 else None
    numbered = accumulate((len(found.listed) for found in answers), initial=0)
    only = view.fields.text("arata")
    page = page_frame.page(
        view,
        "answer.html",
        status=status,
        done=done,
        alert=alert,
        made=made,
        danger=offer_cards.danger(answers),
        first_hours=[first_hour_view(each) for each in first_hours_of(query.wanted)],
        is_sensitive=any(found.is_sensitive for found in answers),
        person=search_page.person_questions(view, query),
        line=asked_line(answers),
        summary=_summary(answers),
        filters=_filters(answers[0], only),
        trip=trip,
        needs=[
            offer_cards.need_answered(
                view,
                found,
                carried=taken_along,
                is_short=trip is not None,
                is_open=trip is not None and found.query.wanted[0] not in trip.answered,
                shown_before=before,
            )
            for found, before in zip(answers, numbered, strict=False)
        ],
        minutes_note=minutes_note(answers[0]),
        sources=offer_cards.sources(answers),
        question=question_fields(query),
        may_say_more=len(query.wanted) < MOST_NEEDS,
    )
    return page if any(found.is_sensitive for found in answers) else keep_for_back(page)


def _summary(answers: Sequence[Answer]) -> str:
    if len(answers) == 1:
        return answer_view(answers[0]).summary
    return ngettext("{n} nevoie, un singur drum", "{n} nevoi, un singur drum", len(answers)).format(n=len(answers))


def _filters(found: Answer, only: str) -> list[tuple[str, str, bool, bool]]:
    """Name the filters of a list: code, words, whether it is on, and whether there is anything of it."""
    there = {"", *(_FILTERS_BY_KIND[kind] for kind in answer_view(found).kinds)}
    words = (_("Toate"), _("Cu loc"), _("Vin acasă"), _("Instituții"))
    pairs = zip(offer_cards.FILTERS, words, strict=True)
    return [(code, name, code == only, code in there) for code, name in pairs]
