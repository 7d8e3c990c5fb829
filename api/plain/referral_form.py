"""From an offer to a referral on plain pages: agreement first, then the place; and what a telephone call told.

The page that a button was on may be old: service, licence and places are looked at again when it arrives.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from starlette.responses import RedirectResponse, Response

from api.forms.consent_form import ChosenServiceForm, ConsentForm, bases, field_error, today
from api.forms.form_fields import LONGEST_KEY, LONGEST_NAME, FieldError
from api.forms.places_form import CallForm
from api.forms.question_form import question_fields
from api.http import page_frame
from api.plain import offer_cards, search_page, service_pages
from api.plain.answer_page import answer_page
from core.i18n import _
from providers.finder.answer import Query
from providers.finder.instructions import referral_effect
from providers.finder.offer_view import view_of
from referrals.ledger import provider_tokens
from referrals.records import roles
from referrals.records.ledger_errors import BadReferralError, NoPlaceError, PersonalDataError, SecondPlaceError
from referrals.search_gaps import note_unfound
from referrals.workflow import county_worklist, field_intake, referral_offers
from referrals.workflow.referral_offers import NotOfferedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.http.request_view import RequestView


def find(view: RequestView) -> Response:
    """Show the form of the question."""
    asked = search_page.question_page(view)
    return page_frame.page(view, "search.html", is_first=True, q=asked, danger=(), is_sensitive=False)


def found(view: RequestView) -> Response:
    """Answer the question that was sent."""
    query, is_more = search_page.read(view), bool(view.fields.text("inca") or view.fields.text("schimbati"))
    if isinstance(query, Query) and not is_more:
        return answer_page(view, query)
    errors = () if isinstance(query, Query) else query
    _note_unfound(view, errors)
    # Who wants to say one more thing, or another, has not made a mistake where something is still missing.
    status = 200 if is_more else 400
    asked = search_page.question_page(view, errors)
    danger = offer_cards.danger_of(asked.asked_back_error)
    return page_frame.page(
        view, "search.html", status=status, is_first=False, q=asked, danger=danger, is_sensitive=asked.is_sensitive
    )


def _note_unfound(view: RequestView, errors: Iterable[FieldError]) -> None:
    """Count the words for which no need was found, so that the vocabulary grows."""
    if any(error.field == "cuvinte" and not error.choices for error in errors):
        typed, actor = view.fields.text("cuvinte", LONGEST_NAME), view.actor if view.session else None
        note_unfound(view.directory.ledger, typed, actor=actor, is_place=view.directory.gazetteer.is_name_part)


def ask(view: RequestView) -> Response:
    """Ask for the person's agreement before anything is promised."""
    return _consent_page(view, query_of(view))


def query_of(view: RequestView) -> Query:
    """Read the question that a form carries along; BadReferralError where it is not whole."""
    query = search_page.read(view)
    if not isinstance(query, Query):
        raise BadReferralError(_("Lipsește locul sau nevoia. Căutați din nou."))
    return query


def _consent_page(view: RequestView, query: Query, wrong: FieldError | None = None, status: int = 200) -> Response:
    chosen = ChosenServiceForm.parse(view.fields)
    try:
        service_id = referral_offers.key_now(view.directory, chosen.service_id, actor=view.actor)
        offer = referral_offers.offer_now(view.directory, query, service_id)
    except NotOfferedError as error:
        return answer_page(view.anew(), query, alert=str(error), status=409)
    carried = [
        *question_fields(query),
        ("serviciu", service_id),
        ("inlocuieste", chosen.replaces),
        ("cheie", chosen.key or secrets.token_urlsafe(12)),
    ]
    return page_frame.page(
        view,
        "consent.html",
        status=status,
        alert=wrong.words if wrong is not None and not wrong.field else "",
        o=view_of(offer),
        line=referral_offers.offer_line(offer),
        effect=referral_effect(offer),
        carried=carried,
        said=ConsentForm.parse(view.fields),
        bases=bases(),
        wrong=wrong,
        today=today().isoformat(),
        asks_case=not chosen.replaces,  # a referral that is only moved stays of its case
        asks_second=wrong is not None and wrong.field == "al_doilea",
        go=referral_offers.refer_label(offer, datetime.now(UTC)),
    )


def make(view: RequestView) -> Response:
    """Make the referral, by the facts of this moment; then show it under its own address."""
    query, chosen, form = query_of(view), ChosenServiceForm.parse(view.fields), ConsentForm.parse(view.fields)
    basis, consent_at, case_ref = form.basis, form.consent_at, form.case_ref or None
    if chosen.replaces:
        old = view.directory.ledger.referral(chosen.replaces, actor=view.actor)
        basis, consent_at, case_ref = old.basis, old.consent_at, old.case_ref or None
    try:
        made = referral_offers.refer(
            view.directory,
            chosen.service_id,
            query,
            actor=view.actor,
            basis=basis,
            consent_at=consent_at,
            case_ref=case_ref,
            note=form.note,
            replaces=chosen.replaces,
            second_place=form.second_place,
            idempotency_key=chosen.key,
        )
    except (NotOfferedError, NoPlaceError) as error:
        return answer_page(view.anew(), query, alert=str(error), status=409)
    except (SecondPlaceError, BadReferralError, PersonalDataError) as error:
        status = 409 if isinstance(error, SecondPlaceError) else 400
        return _consent_page(view, query, field_error(error, form), status)
    return RedirectResponse(f"/simplu/referire/{made.referral_id}", 303)


def record_unmet_need(view: RequestView) -> Response:
    """Count the need as one for which nobody had a place, and answer the question again."""
    query = query_of(view)
    referral_offers.record_unmet_need(
        view.directory, query, actor=view.actor, key=view.fields.text("cheie_lipsa", LONGEST_KEY)
    )
    return answer_page(view, query, done=referral_offers.unmet_words())


# --- what a call told -------------------------------------------------------------------------------


def ask_places(view: RequestView) -> Response:
    """Ask what the provider said on the telephone."""
    return _places_page(view, query_of(view))


def _places_page(view: RequestView, query: Query, wrong: FieldError | None = None, status: int = 200) -> Response:
    service_id = ChosenServiceForm.parse(view.fields).service_id
    key = view.directory.key_for(service_id, actor=view.actor, permission="capacity.report")
    service = view.snapshot.catalogue.service(key)
    return page_frame.page(
        view,
        "call_note.html",
        status=status,
        service=referral_offers.service_name(view.directory, key),
        carried=[*question_fields(query), ("serviciu", key)],
        action="/simplu/confirmare/noua",
        call=service_pages.call_asked(view, key),
        wrong=wrong,
        may_link=_may_link(view, service),
    )


def _may_link(view: RequestView, service: dict[str, Any]) -> bool:
    """Whether the county unit may make a link with which the provider reports its places by itself."""
    area = roles.Area(county_worklist.service_county(service), None, service["service_id"])
    return view.session is not None and not service["is_secret"] and roles.allows(view.actor, "link.service", area)


def make_places_link(view: RequestView) -> Response:
    """Make the link with which a provider reports its places, or take back all there are."""
    chosen = ChosenServiceForm.parse(view.fields)
    if chosen.action == "retrage":
        key, _county = county_worklist.link_of(view.directory, chosen.service_id, actor=view.actor)
        provider_tokens.revoke(view.directory.ledger, key, actor=view.actor)
        return page_frame.page(
            view, "places_link.html", done=_("Linkurile acestui serviciu au fost dezactivate."), address=""
        )
    token = county_worklist.make_places_link(view.directory, chosen.service_id, actor=view.actor)
    address = f"{view.origin}/l/{token}"
    words = _("Trimiteți furnizorului această adresă. Cine o are poate raporta locurile serviciului.")
    return page_frame.page(view, "places_link.html", done=words, address=address)


def note_places(view: RequestView) -> Response:
    """Write down what the provider said, as a report with its source, and answer the question again."""
    query, form = query_of(view), CallForm.parse(view.fields)
    chosen = ChosenServiceForm.parse(view.fields).service_id
    if isinstance(form, FieldError):
        return _places_page(view, query, form, 400)
    if (places := form.places) is None:
        done = field_intake.note_call(view.directory, chosen, outcome=form.outcome, actor=view.actor, key=form.key)
        return answer_page(view.anew(), query, done=done.words)
    service_id = view.directory.key_for(chosen, actor=view.actor, permission="capacity.report")
    public = str(view.snapshot.catalogue.service(service_id)["service_id"])
    return service_pages.noted(view, service_id, public, places, once=form.key)
