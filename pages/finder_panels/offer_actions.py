"""What can be done with a service of an answer: refer, note what a call told, say that a fact is wrong.

Every step is taken in a callback, before the page is drawn anew: the answer below is already the one after
it, and a service that has left the list meanwhile still gets its word. Who may do what is the ledger's own
decision; here a button that would be refused is only not drawn.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from api.forms.consent_form import ConsentForm, today
from api.forms.form_fields import Fields
from api.forms.places_form import MOST_PLACES, PlacesForm
from core.errors import MapError
from core.i18n import _, ngettext
from pages.common import markup, screen_wording, shared
from pages.finder_panels import reach_on_map
from providers.finder.answer import Result
from providers.finder.instructions import holds_a_place, referral_effect, takes_referrals
from providers.rules.travel_words import time_words
from providers.rules.wording import places_words
from referrals.field import field_reports
from referrals.records import roles
from referrals.records.ledger_errors import NoPlaceError, SecondPlaceError
from referrals.records.vocabulary import BASES, status_label
from referrals.workflow import field_intake, referral_offers, worklist
from referrals.workflow.referral_offers import NotOfferedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from providers.finder.answer import Answer, Offer, Query
    from referrals.records.vocabulary import Actor

SOURCE = "telefon"
_ONE_TAP_FAULTS = ("phone", "moved", "gone")  # a closure for a time needs its days
_LONGEST_DAY = 20
_ONE_TAP = 6  # so many places are noted with one tap; more are typed


@dataclass(frozen=True)
class NeedContext:
    """One need of the search: its position, its answer, who asks, and how many results stand above it."""

    number: int
    answer: Answer
    actor: Actor | None
    shown_before: int


@dataclass(frozen=True)
class FailedReferral:
    """A referral that could not be made, because the service is no longer there to be had."""

    number: int
    service_id: str
    words: str
    agreement: ConsentForm


@dataclass(frozen=True)
class CreatedReferral:
    """A referral made from this screen: its number and what to do next. Nothing of the person.

    Attributes
    ----------
    number
        Place of the answer on the screen.
    referral_id
        The referral's own number.
    name
        Name of the service.
    words
        What to do next.
    may_cancel
        Whether whoever made it may cancel it here.
    """

    number: int
    referral_id: str
    name: str
    words: str
    may_cancel: bool


def offer_key(number: int, service_id: str) -> str:
    """Name the place of a service on the screen: the same service may answer two needs."""
    return f"{number}-{service_id}"


def forget() -> None:
    """Put away what the last search left behind."""
    for name in ("doing", "told", "made", "lost", "trouble", "unmet"):
        st.session_state.pop(name, None)


def draw(asked: NeedContext, offer: Offer) -> None:
    """Draw the buttons of one service, and the panel of the one that was pressed.

    Parameters
    ----------
    asked
        The question, its answer and who asks.
    offer
        The service; one of a protected address has no buttons.
    """
    actor, here = asked.actor, offer_key(asked.number, offer.service_id)
    if offer.is_secret or not offer.service_id or (actor is None and not isinstance(offer, Result)):
        return
    with st.container(key=f"hs-acts-{here}", horizontal=True):
        if actor is not None:
            _draw_field_buttons(asked, actor, offer, here)
        reach_on_map.draw_buttons(here, offer)
    if actor is None:
        return
    told = st.session_state.get("told", {}).get(here)
    if told:
        st.html(markup.render_done(told))
    if (made := st.session_state.get("made", {}).get(here)) is not None:
        _draw_made(here, made)
    match st.session_state.get("doing"):
        case (on, what) if on == here:
            panel = {"refer": _refer_panel, "places": _places_panel, "wrong": _wrong_panel}[what]
            with st.container(border=True, key=f"hs-do-{here}"):
                panel(asked, offer, here)
                draw_trouble(here)
                st.button(_("Închideți"), key=f"close-{here}", on_click=_open, args=(here, what), type="tertiary")


def _draw_field_buttons(asked: NeedContext, actor: Actor, offer: Offer, here: str) -> None:
    if takes_referrals(offer) and may_refer(actor, asked.answer.query):
        _panel_button(here, "refer", _("Referiți"), _("Referiți la {name}").format(name=offer.name))
    if roles.allows(actor, "capacity.report", roles.NATION):
        _panel_button(here, "places", _("Am sunat"), _("Am sunat la {name}: notați locurile").format(name=offer.name))
    if roles.allows(actor, "field.report", roles.NATION):
        _panel_button(here, "wrong", _("Greșit?"), _("Ceva este greșit la {name}").format(name=offer.name))


def show_notices(asked: NeedContext) -> None:
    """Say above the list what concerns services that are no longer in it, and offer the next best."""
    there = {offer_key(asked.number, offer.service_id) for offer in referral_offers.offers(asked.answer)}
    for here, made in st.session_state.get("made", {}).items():
        if made.number == asked.number and here not in there:
            _draw_made(here, made)
    for here, words in st.session_state.get("told", {}).items():
        if here.startswith(f"{asked.number}-") and here not in there:
            st.html(markup.render_done(words))
    lost: FailedReferral | None = st.session_state.get("lost")
    if lost is None or lost.number != asked.number:
        return
    st.html(markup.render_notice(_("Locul a fost luat între timp"), [lost.words], kind="refusal"))
    after = next((r for r in asked.answer.visited if r.service_id != lost.service_id and takes_referrals(r)), None)
    if after is None:
        return
    st.html(markup.render_quiet(_next_words(after)))
    st.button(
        _("Referiți la {name}").format(name=screen_wording.label_text(after.name)),
        key=f"next-best-{asked.number}",
        type="primary",
        on_click=safely,
        args=(offer_key(asked.number, after.service_id), _refer, asked.number, asked.answer.query, after.service_id),
        kwargs={"agreement": lost.agreement},
    )


def _next_words(after: Result) -> str:
    said = _("Următorul potrivit: {name}, la {minutes}. Acordul dat rămâne valabil.")
    return said.format(name=after.name, minutes=time_words(after.minutes, after.travel))


def may_refer(actor: Actor, query: Query) -> bool:
    """Whether an actor may refer the person of a query, who lives in the actor's own area."""
    home = query.home or query.origin
    return roles.allows(actor, "referral.make", roles.Area(home.county, home.uat_siruta))


def _panel_button(here: str, what: str, words: str, whole: str) -> None:
    st.button(
        words,
        key=f"{what}-{here}",
        help=screen_wording.label_text(whole) if what == "wrong" else None,
        type="primary" if what == "refer" else "secondary",
        on_click=_open,
        args=(here, what),
    )


def _open(here: str, what: str) -> None:
    """Open a panel, or close it where it is open; another one closes."""
    is_open = st.session_state.get("doing") == (here, what)
    st.session_state["doing"] = None if is_open else (here, what)
    st.session_state.pop("trouble", None)


def safely(here: str, act: Callable[..., None], *args: Any, **said: Any) -> None:
    """Take a step; a refusal, or whatever breaks, is said beside the button and never as a stack trace."""
    shared.activate_language()
    st.session_state.pop("trouble", None)
    try:
        act(*args, **said)
    except MapError as error:
        st.session_state["trouble"] = (here, str(error), isinstance(error, SecondPlaceError))
    except Exception:
        logging.getLogger("harta.pages").exception("an action on the answer")
        words = _("A apărut o eroare. Încercați din nou.")
        st.session_state["trouble"] = (here, words, False)


def draw_trouble(here: str) -> None:
    """Say beside a button why its step was refused, where it was."""
    trouble = st.session_state.get("trouble")
    if trouble and trouble[0] == here:
        st.html(markup.render_field_error(trouble[1]))


def _tell(here: str, words: str) -> None:
    st.session_state.setdefault("told", {})[here] = words
    st.session_state["doing"] = None


# --- refer ------------------------------------------------------------------------------------------


def _refer_panel(asked: NeedContext, offer: Offer, here: str) -> None:
    name = screen_wording.label_text(offer.name)
    st.markdown(f"**{_('Referiți persoana la: {name}').format(name=name)}**")
    st.html(markup.render_quiet(referral_effect(offer)))
    words = {
        "consent": _("persoana (sau reprezentantul) și-a dat acordul"),
        "public_task": _("obligația legală de asistență"),
        "vital_interest": _("viața sau sănătatea este în pericol"),
    }
    basis = st.radio(_("Pe ce temei?"), BASES, index=None, key="basis", format_func=words.__getitem__)
    if basis == "consent":
        st.text_input(
            _("Data acordului"),
            f"{today():%d.%m.%Y}",
            key="agreed_on",
            max_chars=_LONGEST_DAY,
            placeholder=_("zz.ll.aaaa"),
        )
    if st.toggle(_("Caz existent, mențiuni"), key="case_more"):
        st.text_input(_("Codul cazului"), key="case", max_chars=20, placeholder="C-XXXXX-XXXXX")
        st.text_area(_("Mențiuni, fără nume, CNP, telefon sau diagnostic"), key="note", max_chars=500, height=80)
    trouble = st.session_state.get("trouble")
    if trouble and trouble[0] == here and trouble[2]:
        st.checkbox(_("Este nevoie de două locuri"), key="second")
    st.button(
        _("Rezervați locul") if holds_a_place(offer) else _("Trimiteți cererea"),
        key=f"go-{here}",
        type="primary",
        on_click=safely,
        args=(here, _refer, asked.number, asked.answer.query, offer.service_id),
    )


def _agreement() -> ConsentForm:
    said = st.session_state
    return ConsentForm.parse(
        Fields.from_pairs(
            {
                "temei": said.get("basis"),
                "acord_la": said.get("agreed_on"),
                "caz": said.get("case"),
                "nota": said.get("note"),
                "al_doilea": "1" if said.get("second") else "",
            }.items()
        )
    )


def _refer(number: int, query: Query, service_id: str, *, agreement: ConsentForm | None = None) -> None:
    """Refer by the facts of this moment; where the place is gone, keep what was said for the next best."""
    home = shared.home()
    directory, actor = shared.directory(home), shared.actor(home)
    if actor is None:
        return
    said, here = agreement or _agreement(), offer_key(number, service_id)
    # The same key until an answer has come: pressed twice, or sent again, it is one referral.
    key = st.session_state.setdefault(f"key-{here}", secrets.token_urlsafe(12))
    st.session_state.pop("lost", None)
    try:
        made = referral_offers.refer(
            directory,
            service_id,
            query,
            actor=actor,
            basis=said.basis,
            consent_at=said.consent_at,
            case_ref=said.case_ref or None,
            note=said.note,
            second_place=said.second_place,
            idempotency_key=key,
        )
    except (NoPlaceError, NotOfferedError) as error:
        st.session_state["lost"] = FailedReferral(number, service_id, str(error), said)
        st.session_state["doing"] = None
        st.session_state.pop(f"key-{here}", None)
        return
    st.session_state.pop(f"key-{here}", None)
    words = worklist.what_next(made)
    may_cancel = "cancel" in worklist.steps_for(actor, made)
    name = referral_offers.service_name(directory, service_id)
    st.session_state.setdefault("made", {})[here] = CreatedReferral(number, made.referral_id, name, words, may_cancel)
    st.session_state.get("told", {}).pop(here, None)
    st.session_state["doing"] = None


def _draw_made(here: str, made: CreatedReferral) -> None:
    st.html(markup.render_referred(made.referral_id, made.name, made.words))
    if made.may_cancel:
        st.button(
            _("Anulați referirea"), key=f"undo-{here}", on_click=safely, args=(here, _cancel, here, made.referral_id)
        )
    if (st.session_state.get("doing") or ("",))[0] != here:
        draw_trouble(here)


def _cancel(here: str, referral_id: str) -> None:
    home = shared.home()
    actor = shared.actor(home)
    if actor is None:
        return
    shared.directory(home).ledger.transition(referral_id, "cancel", actor=actor, key=f"undo-{referral_id}")
    st.session_state.get("made", {}).pop(here, None)
    _tell(here, _("Referirea {number} a fost anulată.").format(number=referral_id))


# --- what a call told -------------------------------------------------------------------------------


def _places_panel(asked: NeedContext, offer: Offer, here: str) -> None:
    if asked.actor is not None:
        line = field_intake.unanswered_line(shared.directory(shared.home()), offer.service_id, actor=asked.actor)
        if line:
            st.html(markup.render_quiet(line))
    st.html(markup.render_quiet(_("Câte locuri libere au pentru persoane noi? Se notează dintr-o singură apăsare.")))
    with st.container(horizontal=True, key=f"hs-taps-{here}"):
        for free in range(1, _ONE_TAP + 1):
            _notes(here, offer, "free", free, str(free), places_words(free))
        for status in ("full", "waitlist", "assess", "open"):
            _notes(here, offer, status, 0 if status == "full" else None, status_label(status).capitalize())
        for outcome in field_intake.CALL_OUTCOMES:
            st.button(
                field_intake.outcome_label(outcome).capitalize(),
                key=f"call-{outcome}-{here}",
                on_click=safely,
                args=(here, _note_call, here, offer.service_id, outcome),
            )
    if st.toggle(_("Mai multe locuri"), key="many"):
        many = st.number_input(
            _("Câte locuri libere?"), 0, MOST_PLACES, value=None, step=1, key="many_places", placeholder=_("număr")
        )
        if many is not None:
            _notes(here, offer, "free", int(many), _("Notați"), name="many")


def _notes(here: str, offer: Offer, status: str, free: int | None, words: str, whole: str = "", name: str = "") -> None:
    st.button(
        words,
        key=f"note-{name or status}-{free}-{here}",
        help=whole or None,
        on_click=safely,
        args=(here, _note, here, offer.service_id, status, free),
    )


def _note(here: str, service_id: str, status: str, free: int | None) -> None:
    home = shared.home()
    actor = shared.actor(home)
    if actor is None:
        return
    said = PlacesForm.of(status, free)
    shared.directory(home).note_capacity(
        service_id, actor=actor, source=SOURCE, free=said.free, status=said.reported_status
    )
    words = status_label(status)
    if status == "free" and free is not None:
        words = ngettext("{n} loc liber", "{n} locuri libere", free).format(n=free)
    _tell(here, _("Am notat: {words}, de azi. Dacă ați greșit, notați din nou.").format(words=words))


def _note_call(here: str, service_id: str, outcome: str) -> None:
    home = shared.home()
    actor = shared.actor(home)
    if actor is not None:
        _tell(here, field_intake.note_call(shared.directory(home), service_id, outcome=outcome, actor=actor))


# --- a wrong fact -----------------------------------------------------------------------------------


def _wrong_panel(_asked: NeedContext, offer: Offer, here: str) -> None:
    st.html(markup.render_quiet(_("Ce este greșit? Unitatea județeană verifică, iar lista arată îndoiala de pe acum.")))
    st.text_input(_("Cum este corect, dacă știți"), key="right", max_chars=80, placeholder=_("numărul sau localitatea"))
    with st.container(horizontal=True):
        for what in _ONE_TAP_FAULTS:
            _reports(here, offer, what)
    if st.toggle(_("Este închis o vreme"), key="closed"):
        day = _("zz.ll.aaaa")
        st.text_input(_("Din ziua"), key="closed_from", max_chars=_LONGEST_DAY, placeholder=day)
        st.text_input(_("Până în ziua"), key="closed_until", max_chars=_LONGEST_DAY, placeholder=day)
        _reports(here, offer, "closed")


def _reports(here: str, offer: Offer, what: str) -> None:
    st.button(
        field_reports.what_label(what).capitalize(),
        key=f"wrong-{what}-{here}",
        on_click=safely,
        args=(here, _report, here, offer.service_id, what),
    )


def _right(what: str) -> str:
    """Return what was typed for a kind of fault: what is gone has no right value, a closure has two days."""
    said = {name: str(st.session_state.get(name, "")).strip() for name in ("right", "closed_from", "closed_until")}
    if what == "closed":
        return f"{said['closed_from']}/{said['closed_until']}"
    return "" if what == "gone" else said["right"]


def _report(here: str, service_id: str, what: str) -> None:
    home = shared.home()
    actor = shared.actor(home)
    if actor is None:
        return
    field_intake.report_wrong(shared.directory(home), service_id, what=what, actor=actor, value=_right(what))
    _tell(here, _("Mulțumim. Sesizarea a fost transmisă: {what}.").format(what=field_reports.what_label(what)))
