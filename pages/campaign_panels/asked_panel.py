"""One provider of a campaign with its telephone, and what it said there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from api.forms.places_form import MOST_PLACES
from core.errors import MapError
from core.i18n import _
from pages.common import campaign_markup, markup
from pages.common.screen_wording import label_text
from referrals.campaigns import campaign_calls
from referrals.workflow import field_intake
from referrals.workflow.referral_offers import name_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from referrals.campaigns.campaign_status import AskedOne
    from referrals.campaigns.campaign_view import CampaignLine
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

_OPEN = "campaign-called"


def draw_asked(directory: Directory, actor: Actor, campaign_id: str, line: CampaignLine, *, done_key: str) -> None:
    """Draw a provider; pressed, „Am sunat” opens the fields for what it said.

    Parameters
    ----------
    directory
        Catalogue and ledger.
    actor
        Who calls.
    campaign_id
        The campaign.
    line
        The provider in words.
    done_key
        Where in the session the page looks for what was done.
    """
    with st.container(key=f"hs-work-Rask-{line.ask_id}"):
        st.html(campaign_markup.render_asked(line))
        if line.is_done:
            return
        with st.container(horizontal=True, key=f"hs-work-acts-ask-{line.ask_id}"):
            if line.phones:
                st.html(campaign_markup.render_calls(line.phones), width="content")
            st.button(
                _("Am sunat"),
                key=f"ask-called-{line.ask_id}",
                on_click=_toggle,
                args=(line.ask_id,),
                help=label_text(line.provider),
            )
        if st.session_state.get(_OPEN) == line.ask_id:
            _panel(directory, actor, campaign_id, line, done_key)


def _toggle(ask_id: int) -> None:
    st.session_state[_OPEN] = None if st.session_state.get(_OPEN) == ask_id else ask_id


def _panel(directory: Directory, actor: Actor, campaign_id: str, line: CampaignLine, done_key: str) -> None:
    asked = campaign_calls.asked_one(directory, campaign_id, line.ask_id, actor=actor)
    catalogue = directory.snapshot().catalogue
    note = ""
    if asked.left and asked.left[0] in catalogue.position:
        note = field_intake.unanswered_line(directory, asked.left[0], actor=actor)
    st.html(markup.render_panel_title(_("Am sunat: ce a spus?"), line.provider, note))
    values: dict[str, int] = {}
    for service_id in asked.services:
        free = st.number_input(
            _("{service}: locuri libere").format(service=label_text(name_in(catalogue, service_id))),
            0,
            MOST_PLACES,
            None,
            placeholder=_("număr"),
            key=f"ask-free-{line.ask_id}-{service_id}",
        )
        if free is not None:
            values[service_id] = int(free)
    with st.container(horizontal=True):
        if st.button(_("Notați"), key=f"ask-note-{line.ask_id}", type="primary"):
            _do(
                lambda: campaign_calls.note_said(directory, campaign_id, line.ask_id, values, actor=actor),
                done_key,
            )
        for outcome in field_intake.CALL_OUTCOMES:
            if st.button(field_intake.outcome_label(outcome).capitalize(), key=f"ask-{outcome}-{line.ask_id}"):
                called = partial(campaign_calls.note_outcome, directory, campaign_id, line.ask_id, outcome, actor=actor)
                _do(called, done_key)
    _address(directory, actor, campaign_id, asked, done_key)


def _address(directory: Directory, actor: Actor, campaign_id: str, asked: AskedOne, done_key: str) -> None:
    """Keep where the provider gets its messages."""
    kept = campaign_calls.kept_address(directory, asked, actor=actor)
    with st.expander(_("Adresa pentru mesaje")):
        st.html(
            markup.render_quiet(_("Unde primește furnizorul mesajele, dacă nu la adresa din registru. Nu se publică."))
        )
        email = st.text_input(_("E-mail"), kept.email, max_chars=120, key=f"ask-email-{asked.ask_id}")
        phone = st.text_input(_("Telefon mobil, pentru SMS"), kept.phone, max_chars=40, key=f"ask-phone-{asked.ask_id}")
        if st.button(_("Păstrați adresa"), key=f"ask-address-{asked.ask_id}"):
            _do(
                lambda: campaign_calls.keep_address(
                    directory, campaign_id, asked.ask_id, email=email, phone=phone, actor=actor
                ),
                done_key,
            )


def _do(step: Callable[[], str], done_key: str) -> None:
    try:
        words = step()
    except MapError as error:
        st.html(markup.render_field_error(str(error)))
        return
    st.session_state[done_key] = words
    st.session_state[_OPEN] = None
    st.rerun()
