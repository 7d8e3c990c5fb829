"""A provider's link, `/l/…`: answer one referral, or report free places, without an account.

Opening shows and changes nothing (mail scanners open links); a change is a confirmed POST with a nonce
that the page was given. It shows no more than the provider needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from api import provider_entry, provider_several
from api.forms.consent_form import today
from api.forms.places_form import MOST_PLACES, ONE_TAP, CallButtons, PlacesForm, call_choices
from api.forms.step_forms import CALL_ME, LINK_ANSWERS, LinkAnswerForm
from api.http import page_frame
from api.http.endpoint import as_endpoint
from api.http.request_view import RequestView
from api.link_opening import onward, open_link, token_in
from core.cells import is_missing
from core.i18n import _
from providers.finder import search_terms
from providers.rules.wording import Phone, phones, places_words
from referrals.answers import provider_words
from referrals.ledger import link_answers, provider_tokens
from referrals.ledger.lifecycle import TRANSITIONS
from referrals.records.ledger_errors import BadReportError, LedgerError, LinkError, WrongStateError
from referrals.records.vocabulary import state_label, status_label
from referrals.workflow import referral_offers, worklist

if TYPE_CHECKING:
    from api.forms.form_fields import FieldError
    from referrals.answers import ProviderWords
    from referrals.ledger.lifecycle import Action
    from referrals.ledger.link_answers import LinkAnswer, ProviderView

_TEAMS_OFFICE = "AUT-SPAS"


@dataclass(frozen=True)
class AnswerOffered:
    """One answer that a provider may give. reasons: to choose from, none where the answer takes no reason."""

    name: str
    label: str
    carried: list[tuple[str, str]]
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class VisitFields:
    """The fields of the day and the hour. first: the first day that can be meant; wrong: FieldError or none."""

    first: str
    day: str
    hour: str
    wrong: FieldError | None


class RefusedFieldsError(BadReportError):
    """What was sent is not whole; error: beside which field, and what to set right."""

    def __init__(self, error: FieldError) -> None:
        super().__init__(error.words)
        self.error = error


def routes() -> list[BaseRoute]:
    """Return the routes of this module."""
    return [
        Route("/l/{token}", as_endpoint(show, is_public=True, is_for_provider=True), methods=["GET"]),
        Route("/l/{token}", as_endpoint(answer, is_public=True, is_for_provider=True), methods=["POST"]),
        *provider_entry.routes(),
    ]


def show(
    view: RequestView, *, done: str = "", alert: str = "", wrong: FieldError | None = None, status: int = 200
) -> Response:
    """Show what a link opens: the referral, or the form for places."""
    opened = open_link(view)
    if isinstance(opened, Response):
        return opened
    link, seen = opened
    services = provider_tokens.services_of(view.directory.ledger, link)
    if len(services) > 1:
        return provider_several.show(view, token_in(view), services, done=done, alert=alert, status=status)
    name = referral_offers.service_name(view.directory, link.service_id)
    if seen is None:
        return page_frame.page(
            view,
            "provider_places.html",
            status=status,
            done=done,
            alert=alert,
            service=name,
            carried=_carried(view, "places"),
            call=CallButtons(tuple(call_choices()), ONE_TAP, MOST_PLACES, _known_words(view, link.service_id)),
            wrong=wrong,
            entry=onward(view, provider_entry.entry_address(token_in(view))),
            upload=onward(view, f"/l/{token_in(view)}/fisier"),
        )
    may_answer = seen.state in TRANSITIONS["accept"].sources
    words = provider_words(view.directory.ledger, {seen.referral_id: seen.state})[seen.referral_id]
    return page_frame.page(
        view,
        "provider_referral.html",
        status=status,
        done=done,
        alert=alert,
        number=seen.referral_id,
        asker=_("Echipa comunitară din {place}").format(
            place=view.directory.gazetteer.place_of(None, seen.uat_siruta).label
        ),
        phones=_asker_phones(view, seen.uat_siruta),
        may_answer=may_answer,
        visit=VisitFields(today().isoformat(), view.fields.text("ziua", 20), view.fields.text("ora", 10), wrong),
        call_me=_carried(view, CALL_ME),
        rows=_facts(name, seen, words),
        steps=[
            _answer_offered(view, step)
            for step in LINK_ANSWERS
            if seen.state in TRANSITIONS[cast("Action", step)].sources
            and not (step == "examine" and seen.examined_at is not None)
        ],
    )


def _known_words(view: RequestView, key: str) -> str:
    """Say what is known of the places of the link's own service, whose provider is asked, and why nobody is sent."""
    stands = provider_several.stands_of(view, key)
    known = view.directory.ledger.capacity_now([key])
    if known.empty or known["places_reported_at"].isna().iloc[0]:
        return " ".join(stands)
    column, free = known.iloc[0], known["places_free"].iloc[0]
    words = status_label(column["status"]) if is_missing(free) or not free else places_words(int(free))
    shown = _("Acum se arată: {words}, din {when}.").format(
        words=words, when=worklist.moment_words(column["places_reported_at"])
    )
    return " ".join((*stands, shown))


def _asker_phones(view: RequestView, uat: int) -> tuple[Phone, ...]:
    """Return the telephones of the social assistance of a commune or town, where its team works."""
    catalogue = view.snapshot.catalogue
    kind = catalogue.types.get(_TEAMS_OFFICE)
    if kind is None:
        return ()
    rows = np.flatnonzero(catalogue.rules.uat[kind.start : kind.end] == uat)
    value = catalogue.cell("phone", kind.start + int(rows[0])) if len(rows) else None
    return phones(value) if isinstance(value, str) else ()


def _facts(service: str, seen: ProviderView, words: ProviderWords) -> tuple[tuple[str, str], ...]:
    known = search_terms.all_search_terms().get(seen.need)
    return (
        (_("Serviciu"), service),
        (_("Nevoie"), known.label if known else seen.need),
        (_("Stare"), state_label(seen.state)),
        (_("Făcută la"), worklist.moment_words(seen.made_at)),
        (_("Răspundeți până la"), worklist.last_moment(seen.expires_at)),
        (_("Programare"), worklist.visit_words(words.visit_at)),
        (_("Ați spus că examinați cazul"), worklist.moment_words(seen.examined_at)),
        (_("Ați rugat să fiți sunat"), worklist.moment_words(words.call_at)),
        (_("Mențiuni"), seen.note),
    )


def _label(step: LinkAnswer) -> str:
    return {
        "accept": _("Acceptăm persoana"),
        "examine": _("Examinăm cazul, răspundem până la termen"),
        "decline": _("Nu putem primi persoana"),
        "start": _("Persoana a ajuns"),
        "complete": _("Serviciul s-a încheiat"),
        "break_off": _("Serviciul s-a întrerupt"),
    }[step]


def _answer_offered(view: RequestView, step: LinkAnswer) -> AnswerOffered:
    must = worklist.needs_reason(cast("Action", step))
    reasons = (("", _("Alegeți motivul")), *worklist.reasons()) if must else ()
    return AnswerOffered(step, _label(step), _carried(view, step), reasons)


def _carried(view: RequestView, step: str) -> list[tuple[str, str]]:
    return [("pas", step), ("o_data", provider_tokens.new_nonce(view.directory.ledger, token_in(view)))]


def answer(view: RequestView) -> Response:
    """Do what was confirmed, once, and show the link's page again with what became of it."""
    opened = open_link(view)
    if isinstance(opened, Response):
        return opened
    services = provider_tokens.services_of(view.directory.ledger, opened[0])
    try:
        if len(services) > 1:
            words = provider_several.answer(view, token_in(view), services)
        else:
            words = _places(view) if view.fields.text("pas", 20) == "places" else _step(view)
    except RefusedFieldsError as error:
        return show(view, wrong=error.error, status=409)
    except (WrongStateError, BadReportError) as error:
        return show(view, alert=str(error), status=409)
    except LedgerError as error:
        return show(view, alert=str(error), status=400)
    return show(view, done=words)


def _step(view: RequestView) -> str:
    if view.fields.text("pas", 20) == CALL_ME:
        link_answers.ask_for_call(view.directory.ledger, token_in(view), view.fields.text("o_data", 300))
        return _("Echipa vede că o rugați să vă sune. Puteți răspunde și aici, oricând până la termen.")
    form = LinkAnswerForm.parse(view.fields)
    if not isinstance(form, LinkAnswerForm):
        raise LinkError(form.words) if form.field == "pas" else RefusedFieldsError(form)
    link_answers.answer(
        view.directory.ledger, token_in(view), form.nonce, form.step, reason=form.reason, visit_at=form.visit_at
    )
    if form.step == "examine":
        return _("Echipa vede că examinați cazul. Răspundeți aici, până la termen.")
    return _("Am notat răspunsul. Echipa îl vede imediat.")


def _places(view: RequestView) -> str:
    form = PlacesForm.parse(view.fields)
    if not isinstance(form, PlacesForm):
        raise RefusedFieldsError(form)
    link_answers.report_places(
        view.directory.ledger,
        token_in(view),
        view.fields.text("o_data", 300),
        places_free=form.free,
        status=form.reported_status,
    )
    words = places_words(form.free) if form.status == "free" and form.free else status_label(form.status)
    if form.free == 0:
        words = status_label("full")
    return _("Am notat: {words}, azi. Vă mulțumim.").format(words=words)
