"""My referrals on plain pages: what is open, what is about to run out, the answer, the next best, the slip."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, RedirectResponse, Response

from api.forms.question_form import question_fields
from api.forms.step_forms import StepForm
from api.http import page_frame
from api.plain import county_worklist_pages, today_pages
from api.plain.offer_cards import NOTHING_OFFERED, OfferButtons
from api.queue.queue_search import asked_fields, bulk_offered, queue_search, wanted_filter
from core.errors import UnknownCodeError
from core.i18n import _
from core.paging import page_of
from providers.finder import search_terms
from providers.finder.offer_view import OfferView, view_of
from providers.rules.wording import Phone
from referrals.answers import provider_words, referral_histories
from referrals.ledger import provider_tokens
from referrals.ledger.lifecycle import TRANSITIONS
from referrals.ledger.queries import Filters
from referrals.queue import filter_referrals, found_words
from referrals.records import roles
from referrals.records.vocabulary import OPEN, WITH_A_PLACE, reason_label, state_label
from referrals.workflow import field_intake, next_best, referral_offers, worklist
from referrals.workflow.ride_sharing import find_shared_rides, ride_words
from referrals.workflow.worklist import last_moment, moment_words, step_label
from reports.documents.slip import is_sensitive, slip_lines

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from providers.catalogue.catalogue import Catalogue
    from referrals.answers import HistoryLine
    from referrals.ledger.lifecycle import Action
    from referrals.records.vocabulary import Referral

_ADDRESS = "/simplu/referire/"
_MOST_SHOWN = 20


@dataclass(frozen=True)
class ReferralCard:
    """One referral of a list. kind: of its chip. need: empty where it is confidential. since: it is of.

    may_mark: whether a step may be taken with it, also with several at once.
    """

    number: str
    service: str
    kind: str
    state: str
    need: str
    is_urgent: bool
    next: str
    phones: tuple[Phone, ...]
    case: str = ""
    since: str = ""
    may_mark: bool = False


@dataclass(frozen=True)
class StepOffered:
    """One step that may be taken. reasons: to choose from, none where the step takes no reason."""

    name: str
    label: str
    carried: list[tuple[str, str]]
    is_main: bool = False
    is_required: bool = False
    reasons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class NextBest:
    """The next services for the same need, nearest first. Where there is none, `words` say so."""

    offers: tuple[OfferView, ...] = ()
    words: str = ""
    may: OfferButtons = NOTHING_OFFERED
    carried: tuple[tuple[str, str], ...] = ()
    key: str = ""


@dataclass(frozen=True)
class ReferralShown:
    """One referral and what may be done with it.

    facts: (name, value), an empty value is left out. service_id: of the service's page, empty where it has none.
    may_note: whether a call without an answer may be noted, once by note_key; unanswered: how often nobody answered
    lately. history: the steps so far, the first one first.
    """

    number: str
    kind: str
    state: str
    next: str
    facts: tuple[tuple[str, str], ...]
    phones: tuple[Phone, ...]
    next_best: NextBest | None
    steps: tuple[StepOffered, ...]
    reasoned: tuple[StepOffered, ...]
    is_open: bool
    may_link: bool
    rides: str
    service_id: str = ""
    may_note: bool = False
    note_key: str = ""
    unanswered: str = ""
    history: tuple[HistoryLine, ...] = ()


def list_referrals(view: RequestView) -> Response:
    """List the open referrals of the area, and the refused ones to move on; a county unit has its desk for them."""
    if view.actor.role == "county":
        return RedirectResponse(county_worklist_pages.ADDRESS, 303)
    every = view.directory.ledger.list_referrals(actor=view.actor)
    wanted = wanted_filter(view)
    waiting, lost = worklist.open_referrals(every), worklist.awaiting_reassignment(every)
    here: list[Referral] = []
    if wanted.is_blank:
        here = [each for each in waiting if each.state == "started"]
        titled = [(_("De mutat la alt serviciu"), each) for each in lost]
        titled += [(_("Deschise"), each) for each in waiting if each.state != "started"]
    else:
        found = filter_referrals(every, wanted, now=view.directory.ledger.clock(), account=view.actor.account)
        titled = [(found_words(len(found)), each) for each in found]
    page = page_of(len(titled), _MOST_SHOWN, asked_fields(view).text("pagina", 6))
    catalogue, search = view.directory.snapshot().catalogue, queue_search(view, wanted, every)
    lists: dict[str, list[ReferralCard]] = {} if wanted.is_blank else {found_words(len(titled)): []}
    for title, each in titled[page.rows]:
        lists.setdefault(title, []).append(_card(catalogue, each))
    return page_frame.page(
        view,
        "referrals.html",
        lists=list(lists.items()),
        here=[_card(catalogue, each) for each in here],
        here_words=worklist.at_service_words(len(here)),
        open_count=len(waiting),
        lost_count=len(lost),
        search=search,
        bulk=bulk_offered(),
        pages=[(search.page_address(n), n, n == page.number) for n in range(1, page.count + 1)],
    )


def _card(catalogue: Catalogue, referral: Referral) -> ReferralCard:
    return ReferralCard(
        number=referral.referral_id,
        service=referral_offers.name_in(catalogue, referral.service_id),
        kind=_chip_kind(referral),
        state=state_label(referral.stage),
        need="" if is_sensitive(referral) else _need_name(referral),
        is_urgent=worklist.is_urgent(referral) and referral.state in ("held", "asked"),
        next=worklist.what_next(referral),
        phones=referral_offers.service_phones(catalogue, referral.service_id) if referral.state in OPEN else (),
        case=referral.case_ref,
        since=_("din {when}").format(when=moment_words(referral.made_at)),
        may_mark=referral.state in OPEN,
    )


def _chip_kind(referral: Referral) -> str:
    return "free" if referral.state in WITH_A_PLACE else "ask"


def _need_name(referral: Referral) -> str:
    known = search_terms.all_search_terms().get(referral.need)
    return known.label if known else referral.need


def show_referral(view: RequestView) -> Response:
    """Show one referral and what may be done with it. Reading it is written in the audit log."""
    referral = view.directory.ledger.referral(_number(view), actor=view.actor)
    step = view.request.query_params.get("facut", "")
    return _page(view, referral, done=_done(step), is_noted=step == field_intake.NO_ANSWER)


def _done(step: str) -> str:
    """Say what was just done, by the address that a step led to."""
    if step == field_intake.NO_ANSWER:
        return field_intake.unanswered_noted()
    if step == today_pages.TAKEN_BACK:
        return field_intake.call_taken_back()
    return _("Am notat: {step}.").format(step=worklist.step_done(step)) if step in TRANSITIONS else ""


def _number(view: RequestView) -> str:
    return str(view.request.path_params["number"]).upper()


def _page(view: RequestView, referral: Referral, *, done: str = "", link: str = "", is_noted: bool = False) -> Response:
    return page_frame.page(view, "referral.html", done=done, link=link, is_noted=is_noted, r=_shown(view, referral))


def _shown(view: RequestView, referral: Referral) -> ReferralShown:
    steps = worklist.steps_for(view.actor, referral)
    area = roles.Area(referral.county, referral.uat_siruta, referral.service_id, referral.referral_id)
    return ReferralShown(
        number=referral.referral_id,
        kind=_chip_kind(referral),
        state=state_label(referral.stage),
        next=worklist.what_next(referral),
        facts=_facts(view, referral),
        phones=referral_offers.service_phones(view.directory.snapshot().catalogue, referral.service_id),
        next_best=_next_best(view, referral),
        steps=tuple(_step(step) for step in steps if not worklist.takes_reason(step)),
        reasoned=tuple(_step(step) for step in steps if worklist.takes_reason(step)),
        is_open=referral.state in OPEN,  # a referral that has ended sends nobody anywhere
        may_link=roles.allows(view.actor, "link.referral", area),
        rides=_rides(view, referral),
        service_id=(public := _public_id(view, referral)),
        may_note=(may_note := bool(public) and roles.allows(view.actor, "capacity.report", area)),
        note_key=secrets.token_urlsafe(12),
        unanswered=field_intake.unanswered_line(view.directory, public, actor=view.actor) if may_note else "",
        history=referral_histories(view.directory.ledger, [referral])[referral.referral_id],
    )


def _public_id(view: RequestView, referral: Referral) -> str:
    """Return the id of the service's page; empty where it is gone or its address is protected."""
    catalogue = view.snapshot.catalogue
    row = catalogue.position.get(referral.service_id)
    if row is None or catalogue.cell("is_secret", row):
        return ""
    return str(catalogue.cell("service_id", row))


def _facts(view: RequestView, referral: Referral) -> tuple[tuple[str, str], ...]:
    number = referral.referral_id
    text = provider_words(view.directory.ledger, {number: referral.state})[number]
    return (
        (_("Programare"), worklist.visit_words(text.visit_at)),
        (_("Furnizorul roagă să fie sunat"), moment_words(text.call_at)),
        (_("Serviciu"), referral_offers.service_name(view.directory, referral.service_id)),
        (_("Nevoie"), _("confidențială") if is_sensitive(referral) else _need_name(referral)),
        (_("Codul cazului"), referral.case_ref or _("șters")),
        (_("Făcută la"), moment_words(referral.made_at)),
        (_("Expiră la"), last_moment(referral.expires_at)),
        (_("Motiv"), reason_label(referral.reason)),
        (_("Mențiuni"), referral.note),
    )


def _next_best(view: RequestView, referral: Referral) -> NextBest | None:
    """Offer the next services for the same need: one button each, the agreement already given goes with it."""
    may = roles.allows(view.actor, "referral.make", roles.Area(referral.county, referral.uat_siruta))
    if referral.state not in worklist.LOST or not may or not referral.case_ref:
        return None
    others = view.directory.ledger.list_referrals(Filters(case_ref=referral.case_ref), actor=view.actor)
    if any(each.replaces == referral.referral_id for each in others):
        return NextBest(words=_("Cazul a fost mutat deja la alt serviciu."))
    offers = next_best.next_bests(view.directory, referral, [each.service_id for each in others])
    if not offers:
        return NextBest(
            words=_("Nu mai este alt serviciu potrivit. Întrebați unitatea județeană de suport și supervizare.")
        )
    question = question_fields(next_best.question_of(view.directory, referral))
    return NextBest(
        offers=tuple(view_of(offer) for offer in offers),
        carried=(*question, ("inlocuieste", referral.referral_id)),
        key=secrets.token_urlsafe(12),
    )


def _step(step: Action) -> StepOffered:
    must = worklist.needs_reason(step)
    first = ("", _("Alegeți motivul") if must else _("fără motiv"))
    return StepOffered(
        name=step,
        label=step_label(step),
        carried=[("pas", step), ("cheie", secrets.token_urlsafe(12))],
        is_main=step in ("accept", "start"),
        is_required=must,
        reasons=(first, *worklist.reasons()) if worklist.takes_reason(step) else (),
    )


def advance(view: RequestView) -> Response:
    """Take one step of a referral, then lead to it again: what was sent is not sent once more by going back."""
    form = StepForm.parse(view.fields)
    if form.step == field_intake.NO_ANSWER:
        referral = view.directory.ledger.referral(_number(view), actor=view.actor)
        outcome = field_intake.NO_ANSWER
        field_intake.note_call(view.directory, referral.service_id, outcome=outcome, actor=view.actor, key=form.key)
        return RedirectResponse(f"{_ADDRESS}{referral.referral_id}?facut={outcome}", 303)
    after = view.directory.ledger.transition(
        _number(view), form.step, actor=view.actor, reason=form.reason, key=form.key
    )
    if view.fields.is_ticked("inapoi"):
        return today_pages.back_here(after.referral_id, form.step)
    return RedirectResponse(f"{_ADDRESS}{after.referral_id}?facut={form.step}", 303)


def take_back(view: RequestView) -> Response:
    """Take back the call without an answer that was noted a moment ago, and lead to where it was noted."""
    referral = view.directory.ledger.referral(_number(view), actor=view.actor)
    field_intake.take_back(view.directory, unanswered=referral.service_id, actor=view.actor)
    if view.fields.is_ticked("inapoi"):
        return today_pages.back_here(referral.referral_id, today_pages.TAKEN_BACK)
    return RedirectResponse(f"{_ADDRESS}{referral.referral_id}?facut={today_pages.TAKEN_BACK}", 303)


def _rides(view: RequestView, referral: Referral) -> str:
    """Say who of the same community could come along; sensitive needs ride alone, and nobody to a protected address."""
    area = roles.Area(referral.county, referral.uat_siruta)
    is_open = referral.state in ("held", "asked", "accepted")
    if not is_open or is_sensitive(referral) or not roles.allows(view.actor, "referral.list", area):
        return ""
    try:
        service = view.snapshot.catalogue.service(referral.service_id)
    except UnknownCodeError:
        return ""
    if service["is_secret"] or service["delivery"] != "at_site" or isnan(service["lat"]):
        return ""
    stops = [(float(service["lat"]), float(service["lon"]))]
    home = next_best.place_of(view.directory, referral)
    return ride_words(
        find_shared_rides(view.directory, home, stops, actor=view.actor, case_ref=referral.case_ref or "")
    )


def make_link(view: RequestView) -> Response:
    """Make the link with which the provider answers, and show it to be copied into a message."""
    referral = view.directory.ledger.referral(_number(view), actor=view.actor)
    token = provider_tokens.make_referral_link(view.directory.ledger, referral.referral_id, actor=view.actor)
    address = f"{view.origin}/l/{token}"
    words = _("Trimiteți furnizorului această adresă. Cine o are poate răspunde la referire, timp de {n} de zile.")
    return _page(view, referral, done=words.format(n=provider_tokens.REFERRAL_DAYS), link=address)


def slip(view: RequestView) -> Response:
    """Show the slip; with `?forma=text` as a text file that any telephone opens and any printer prints."""
    referral = view.directory.ledger.referral(_number(view), actor=view.actor)
    lines = slip_lines(view.directory, referral)
    if view.request.query_params.get("forma") == "text":
        name = f"bilet-{referral.referral_id}.txt"
        # A byte order mark: without it old telephones and Windows guess the letters wrongly.
        return PlainTextResponse(
            "\ufeff" + "\r\n".join(lines) + "\r\n", headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )
    return page_frame.page(view, "slip.html", lines=lines, here=f"/simplu/referire/{referral.referral_id}")
