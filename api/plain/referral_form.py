"""From an offer to a referral on plain pages: agreement first, then the place; and what a telephone call told.

The page that a button was on may be old: service, licence and places are looked at again when it arrives.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from api.http import page_frame
from api.plain import consent_form, offer_cards, search_page
from api.plain.answer_page import answer_page
from core.errors import NotAllowedError
from core.i18n import _
from providers.finder.answer import Query
from providers.finder.instructions import holds_a_place, referral_effect
from referrals.ledger import provider_tokens
from referrals.records import roles
from referrals.records.ledger_errors import BadReferralError, NoPlaceError, PersonalDataError, SecondPlaceError
from referrals.records.vocabulary import STATUSES, status_label
from referrals.workflow import referral_offers
from referrals.workflow.referral_offers import NotOfferedError

if TYPE_CHECKING:
    from api.http.request_view import RequestView

_MOST_PLACES = 9999


def find(view: RequestView) -> Response:
    """Show the form of the question."""
    words = _("Cine este aproape, poate primi persoana și are loc. Nu scrieți nume, CNP sau telefon.")
    return page_frame.page(view, _("Găsiți un serviciu"), page_frame.quiet(words), search_page.form(view))


def found(view: RequestView) -> Response:
    """Answer the question that was sent."""
    query = search_page.read(view)
    if not isinstance(query, Query):
        # Who wants to say one more thing has not made a mistake where something is still missing.
        status = 200 if view.said("inca") else 400
        return page_frame.page(view, _("Găsiți un serviciu"), search_page.form(view, query), status=status)
    if view.said("inca"):
        return page_frame.page(view, _("Găsiți un serviciu"), search_page.form(view))
    return answer_page(view, query)


def ask(view: RequestView) -> Response:
    """Ask for the person's agreement before anything is promised."""
    return _consent_page(view, query_of(view))


def query_of(view: RequestView) -> Query:
    """Read the question that a form carries along; BadReferralError where it is not whole."""
    query = search_page.read(view)
    if not isinstance(query, Query):
        raise BadReferralError(_("Lipsește locul sau nevoia. Căutați din nou."))
    return query


def _consent_page(
    view: RequestView, query: Query, trouble: str = "", *, second: bool = False, status: int = 200
) -> Response:
    try:
        service_id = referral_offers.key_now(view.directory, view.said("serviciu"), actor=view.actor)
        offer = referral_offers.offer_now(view.directory, query, service_id)
    except NotOfferedError as error:
        return answer_page(view, query, page_frame.alert(str(error)), status=409)
    carried = [
        *search_page.fields_of(query),
        ("serviciu", service_id),
        ("inlocuieste", view.said("inlocuieste")),
        ("cheie", view.said("cheie") or secrets.token_urlsafe(12)),
    ]
    form = Markup(
        '<form method="post" action="/simplu/referire/noua" class="box">{}{}{}{}<button class="main">{}</button></form>'
    ).format(
        page_frame.hidden(view, carried),
        consent_form.basis_fields(view),
        consent_form.case_fields(view),
        consent_form.second_field(second=second),
        _("Rețineți locul") if holds_a_place(offer) else _("Trimiteți cererea"),
    )
    return page_frame.page(
        view,
        _("Referiți persoana"),
        page_frame.alert(trouble) if trouble else page_frame.NOTHING,
        offer_cards.card(offer, level=2),
        page_frame.quiet(referral_effect(offer)),
        form,
        status=status,
    )


def make(view: RequestView) -> Response:
    """Make the referral, by the facts of this moment; then show it under its own address."""
    query, replaced = query_of(view), view.said("inlocuieste", 20)
    basis, consent_at, case_ref = view.said("temei"), consent_form.consent_at(view), view.said("caz", 20) or None
    if replaced:
        old = view.directory.ledger.referral(replaced, actor=view.actor)
        basis, consent_at, case_ref = old.basis, old.consent_at, old.case_ref or None
    try:
        made = referral_offers.refer(
            view.directory,
            view.said("serviciu"),
            query,
            actor=view.actor,
            basis=basis,
            consent_at=consent_at,
            case_ref=case_ref,
            note=view.said("nota", 1000),
            replaces=replaced,
            second_place=view.said("al_doilea") == "1",
            idempotency_key=view.said("cheie", 60),
        )
    except (NotOfferedError, NoPlaceError) as error:
        return answer_page(view, query, page_frame.alert(str(error)), status=409)
    except SecondPlaceError as error:
        return _consent_page(view, query, str(error), second=True, status=409)
    except (BadReferralError, PersonalDataError) as error:
        return _consent_page(view, query, str(error), status=400)
    return RedirectResponse(f"/simplu/referire/{made.referral_id}", 303)


# --- what a call told -------------------------------------------------------------------------------


def ask_places(view: RequestView) -> Response:
    """Ask what the provider said on the telephone."""
    return _places_page(view, query_of(view))


def _places_page(view: RequestView, query: Query, trouble: str = "", status: int = 200) -> Response:
    key = view.directory.key_for(view.said("serviciu"), actor=view.actor, permission="capacity.report")
    service = view.snapshot.catalogue.service(key)
    said = [(status, status_label(status)) for status in STATUSES if status != "unknown"]
    form = Markup(
        '<form method="post" action="/simplu/confirmare/noua" class="box">{}{}<label for="locuri">{}'
        '<span class="hint">{}</span></label><input type="number" id="locuri" name="locuri" min="0" max="9999" '
        'inputmode="numeric" value="{}"><button class="main">{}</button></form>'
    ).format(
        page_frame.hidden(view, [*search_page.fields_of(query), ("serviciu", key)]),
        page_frame.radios("stare", _("Ce a spus furnizorul?"), said, view.said("stare") or "free"),
        _("Câte locuri libere?"),
        _("Pentru persoane noi: fără locurile promise deja celor acceptați."),
        view.said("locuri", 5),
        _("Notați"),
    )
    return page_frame.page(
        view,
        _("Am sunat"),
        page_frame.alert(trouble) if trouble else page_frame.NOTHING,
        page_frame.quiet(referral_offers.service_name(view.directory, key)),
        form,
        _link_forms(view, query, service),
        status=status,
    )


def _link_forms(view: RequestView, query: Query, service: dict[str, Any]) -> Markup:
    """Offer the county unit a link with which the provider reports its places by itself, and to take it back."""
    if not _may_link(view, service):
        return page_frame.NOTHING
    hidden = page_frame.hidden(view, [*search_page.fields_of(query), ("serviciu", service["service_id"])])
    return Markup(
        '<h2>{title}</h2><form method="post" action="/simplu/confirmare/legatura">{hidden}<div class="row">'
        '<button name="fapta" value="noua">{new}</button>'
        '<button name="fapta" value="retrage">{back}</button></div></form>'
    ).format(
        title=_("Furnizorul raportează singur"),
        hidden=hidden,
        new=_("Legătură nouă"),
        back=_("Retrageți legăturile"),
    )


def _may_link(view: RequestView, service: dict[str, Any]) -> bool:
    area = roles.Area(_county(service), None, service["service_id"])
    return view.session is not None and not service["is_secret"] and roles.allows(view.actor, "link.service", area)


def _county(service: dict[str, Any]) -> str:
    found = (service["county"], service["county_served"])
    return next((county for county in found if isinstance(county, str) and county), "")


def make_places_link(view: RequestView) -> Response:
    """Make the link with which a provider reports its places, or take back all there are."""
    service_id = view.directory.key_for(view.said("serviciu"), actor=view.actor, permission="link.service")
    ledger, service = view.directory.ledger, view.snapshot.catalogue.service(service_id)
    if not _may_link(view, service):
        raise NotAllowedError(_("Legăturile de raportare le face unitatea județeană a serviciului."))
    back = Markup('<p><a href="/simplu">{}</a></p>').format(_("Căutați din nou"))
    if view.said("fapta") == "retrage":
        provider_tokens.revoke(ledger, service_id, actor=view.actor)
        return page_frame.page(
            view, _("Am sunat"), page_frame.done(_("Legăturile acestui serviciu sunt retrase.")), back
        )
    token = provider_tokens.make_service_link(ledger, service_id, county=_county(service), actor=view.actor)
    address = f"{str(view.request.base_url).rstrip('/')}/l/{token}"
    words = _("Trimiteți furnizorului această adresă. Cine o are poate raporta locurile serviciului.")
    return page_frame.page(
        view, _("Furnizorul raportează singur"), page_frame.done(words), page_frame.to_copy(address), back
    )


def note_places(view: RequestView) -> Response:
    """Write down what the provider said, as a report with its source, and answer the question again."""
    query, status, typed = query_of(view), view.said("stare"), view.said("locuri", 6)
    service_id = view.directory.key_for(view.said("serviciu"), actor=view.actor, permission="capacity.report")
    if status not in STATUSES or (status == "free" and not (typed.isascii() and typed.isdigit())):
        return _places_page(view, query, _("Scrieți câte locuri libere sunt."), 400)
    free = int(typed) if status == "free" else 0 if status == "full" else None
    if free is not None and free > _MOST_PLACES:
        return _places_page(view, query, _("Sunt prea multe locuri: verificați numărul."), 400)
    view.directory.note_capacity(
        service_id, actor=view.actor, source="telefon", free=free, status=None if status == "free" else status
    )
    return answer_page(view, query, page_frame.done(_("Am notat. Lista de mai jos ține seama de ce ați aflat.")))
