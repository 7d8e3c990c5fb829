"""From one way to its referrals: the agreement once, then every stop by itself, all of one case.

A stop whose place is gone meanwhile does not take the others with it: what was made stands, and for what
was not the list of this moment follows.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from api.forms.consent_form import ConsentForm, bases, field_error, today
from api.forms.form_fields import FieldError
from api.forms.question_form import question_fields
from api.http import page_frame
from api.plain import trip_box
from api.plain.answer_page import answer_page
from api.plain.referral_form import query_of
from core.i18n import _
from geo.spatial.route import MOST_NEEDS
from providers.finder.instructions import referral_effect
from providers.output.answer_text import wanted_words
from referrals.ledger import case_codes
from referrals.records.ledger_errors import BadReferralError, PersonalDataError
from referrals.workflow import referral_offers
from referrals.workflow.referral_offers import NotOfferedError
from referrals.workflow.trip_referrals import refer_to_stops

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response

    from api.forms.form_fields import Fields
    from api.http.request_view import RequestView
    from providers.finder.answer import Offer, Query
    from providers.finder.offer_view import PlacesBadge
    from referrals.records.vocabulary import Referral

    Stop = tuple[str, str]  # what for (a code of the question), and the service


@dataclass(frozen=True)
class TripForm:
    """The way that a form carries along.

    stops: what for, and where. key: makes a form sent twice one referral a stop. new_case: names the case of all.
    """

    stops: tuple[Stop, ...]
    key: str
    new_case: str

    @classmethod
    def parse(cls, fields: Fields, query: Query) -> TripForm | FieldError:
        """Understand the fields: only needs of the question, each once."""
        found: dict[str, str] = {}
        for text in fields.all("oprire")[:MOST_NEEDS]:
            need, _blank, service = text.partition(" ")
            if need in query.wanted:
                found.setdefault(need, service)
        if not found:
            return FieldError("oprire", _("Lipsesc opririle drumului. Căutați din nou."))
        return cls(tuple(found.items()), fields.text("cheie"), fields.text("caz_nou"))


@dataclass(frozen=True)
class TripStop:
    """One stop of a way, before the agreement. effect: what the referral will do."""

    code: str
    service_id: str
    need: str
    name: str
    places: PlacesBadge | None
    effect: str


def ask(view: RequestView) -> Response:
    """Ask for the person's agreement to all the stops of a way."""
    query = query_of(view)
    return _consent_page(view, query, _way(view, query))


def _way(view: RequestView, query: Query) -> TripForm:
    way = TripForm.parse(view.fields, query)
    if not isinstance(way, TripForm):
        raise BadReferralError(way.words)
    return way


def _consent_page(
    view: RequestView, query: Query, way: TripForm, wrong: FieldError | None = None, status: int = 200
) -> Response:
    try:
        stops = [
            _stop(need, referral_offers.offer_now(view.directory, replace(query, wanted=(need,)), service), service)
            for need, service in way.stops
        ]
    except NotOfferedError as error:
        return answer_page(view, query, alert=str(error), status=409)
    carried = [
        *question_fields(query),
        ("cheie", way.key or secrets.token_urlsafe(12)),
        # A new case is named here, so that the form sent again says the same thing, whatever was made before.
        ("caz_nou", way.new_case or case_codes.offer_code(view.directory.ledger, view.actor)),
    ]
    return page_frame.page(
        view,
        "trip_consent.html",
        status=status,
        alert=wrong.words if wrong is not None and not wrong.field else "",
        stops=stops,
        carried=carried,
        said=ConsentForm.parse(view.fields),
        bases=bases(),
        wrong=wrong,
        asks_case=not view.fields.text("inlocuieste"),
        today=today().isoformat(),
    )


def on_paper(view: RequestView) -> Response:
    """Show one way alone, to be printed: its stops as they are now, without a word of the person."""
    query = query_of(view)
    way, shown = _way(view, query), trip_box.trip_shown(view, query)
    asked = {service for _need, service in way.stops}
    plans = [plan for plan in (shown.first, *shown.shorter) if plan.stops]
    if not plans:
        return answer_page(view, query)
    chosen = next((plan for plan in plans if {stop.service_id for stop in plan.stops} == asked), plans[0])
    return page_frame.page(view, "trip_paper.html", p=chosen, place=query.origin.label)


def _stop(need: str, offer: Offer, service_id: str) -> TripStop:
    return TripStop(
        need, service_id, wanted_words(need), offer.name, trip_box.public_badge(offer), referral_effect(offer)
    )


def make(view: RequestView) -> Response:
    """Refer to every stop, by the facts of this moment; say what was made and what was not."""
    query, form = query_of(view), ConsentForm.parse(view.fields)
    way = _way(view, query)
    try:
        came = refer_to_stops(
            view.directory,
            query,
            way.stops,
            actor=view.actor,
            basis=form.basis,
            consent_at=form.consent_at,
            case_ref=form.case_ref,
            new_case=way.new_case,
            note=form.note,
            idempotency_key=way.key,
        )
    except (BadReferralError, PersonalDataError) as error:
        # What is wrong with the form is wrong from the first stop on.
        return _consent_page(view, query, way, field_error(error, form), 400)
    return _what_came(view, query, came.made, came.failed)


def _what_came(
    view: RequestView, query: Query, made: Sequence[Referral], failed: Sequence[tuple[str, str]]
) -> Response:
    done = [trip_box.made_referral(view, each) for each in made]
    if not failed:
        return page_frame.page(view, "trip_made.html", made=done)
    text = " ".join(f"{wanted_words(need)}: {why}" for need, why in failed)
    left = replace(query, wanted=tuple(need for need, _why in failed))
    case = [("caz", made[0].case_ref)] if made else []
    return answer_page(view, left, made=done, alert=text, carried=case, status=409)
