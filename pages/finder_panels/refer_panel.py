"""Refer in the application as the plain page does: to whom, until when, on what ground, with the agreement's day."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from api.forms.consent_form import ConsentForm, bases, field_error, today
from api.forms.form_fields import Fields
from core.i18n import _
from pages.common import markup, shared
from pages.finder_panels.action_state import (
    NeedContext,
    RefusedFieldError,
    draw_trouble,
    offer_key,
    refused_at,
    safely,
    tell,
)
from providers.finder.instructions import referral_effect
from referrals.records.ledger_errors import BadReferralError, NoPlaceError, PersonalDataError, SecondPlaceError
from referrals.workflow import referral_offers, worklist
from referrals.workflow.referral_offers import NotOfferedError

if TYPE_CHECKING:
    from providers.finder.answer import Offer, Query

LONGEST_DAY = 20  # signs of a day that is typed


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


def draw_refer_panel(asked: NeedContext, offer: Offer, here: str) -> None:
    """Draw the panel of „Referiți”: the service first, then what is said before anything is promised."""
    title = _("Referiți persoana la: {name}").format(name=offer.name)
    st.html(markup.render_panel_title(title, referral_offers.offer_line(offer), referral_effect(offer)))
    draw_consent_fields(here)
    if refused_at(here, "al_doilea"):
        draw_trouble(here, "al_doilea")
        st.checkbox(_("Este nevoie de două locuri"), key="second")
    st.button(
        referral_offers.refer_label(offer, datetime.now(UTC)),
        key=f"go-{here}",
        type="primary",
        on_click=safely,
        args=(here, refer, asked.number, asked.answer.query, offer.service_id),
    )


def draw_consent_fields(here: str) -> None:
    """Draw what is said before a referral, each refusal under its field. The names of fields are those of the form."""
    words = dict(bases())
    basis = st.radio(_("Pe ce temei?"), tuple(words), index=None, key="temei", format_func=words.__getitem__)
    draw_trouble(here, "temei")
    if basis == "consent":
        st.text_input(
            _("Data acordului"),
            f"{today():%d.%m.%Y}",
            key="acord_la",
            max_chars=LONGEST_DAY,
            placeholder=_("zz.ll.aaaa"),
        )
        draw_trouble(here, "acord_la")
    if st.toggle(_("Caz existent, mențiuni"), key="case_more"):
        st.text_input(_("Codul cazului"), key="caz", max_chars=20, placeholder="C-XXXXX-XXXXX")
        draw_trouble(here, "caz")
        st.text_area(_("Mențiuni, fără nume, CNP, telefon sau diagnostic"), key="nota", max_chars=500, height=80)
        draw_trouble(here, "nota")


def read_consent() -> ConsentForm:
    """Read what the fields of `draw_consent_fields` say."""
    state = st.session_state
    pairs = [(name, state.get(name)) for name in ("temei", "acord_la", "caz", "nota")]
    return ConsentForm.parse(Fields.from_pairs([*pairs, ("al_doilea", "1" if state.get("second") else "")]))


def refer(number: int, query: Query, service_id: str, *, agreement: ConsentForm | None = None) -> None:
    """Refer by the facts of this moment; where the place is gone, keep what was said for the next best."""
    home = shared.home()
    directory, actor = shared.directory(home), shared.actor(home)
    if actor is None:
        return
    form, here = agreement or read_consent(), offer_key(number, service_id)
    # The same key until an answer has come: pressed twice, or sent again, it is one referral.
    key = st.session_state.setdefault(f"key-{here}", secrets.token_urlsafe(12))
    st.session_state.pop("lost", None)
    try:
        made = referral_offers.refer(
            directory,
            service_id,
            query,
            actor=actor,
            basis=form.basis,
            consent_at=form.consent_at,
            case_ref=form.case_ref or None,
            note=form.note,
            second_place=form.second_place,
            idempotency_key=key,
        )
    except (NoPlaceError, NotOfferedError) as error:
        st.session_state["lost"] = FailedReferral(number, service_id, str(error), form)
        st.session_state["doing"] = None
        st.session_state.pop(f"key-{here}", None)
        return
    except (BadReferralError, PersonalDataError, SecondPlaceError) as error:
        raise RefusedFieldError(field_error(error, form)) from error
    st.session_state.pop(f"key-{here}", None)
    words = worklist.what_next(made)
    may_cancel = "cancel" in worklist.steps_for(actor, made)
    name = referral_offers.service_name(directory, service_id)
    st.session_state.setdefault("made", {})[here] = CreatedReferral(number, made.referral_id, name, words, may_cancel)
    st.session_state.setdefault("referred", {})[service_id] = made.referral_id
    st.session_state.get("told", {}).pop(here, None)
    st.session_state["doing"] = None


def draw_made(here: str, made: CreatedReferral) -> None:
    """Say that a referral was made, and offer to take it back."""
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
    referred = st.session_state.get("referred", {})
    st.session_state["referred"] = {service: number for service, number in referred.items() if number != referral_id}
    tell(here, _("Referirea {number} a fost anulată.").format(number=referral_id))
