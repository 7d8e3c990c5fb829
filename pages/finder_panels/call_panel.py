"""What a telephone call told of places: one tap, a dated fact, and a way back from a slip of the finger."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from api.forms.places_form import PlacesForm
from core.i18n import _
from pages.common import markup, shared
from pages.common.call_taps import draw_call_taps, forget_typed
from pages.common.screen_wording import action_label
from pages.finder_panels.action_state import NeedContext, StepTold, safely, tell, toggle_panel
from referrals.workflow import field_intake

if TYPE_CHECKING:
    from providers.finder.answer import Offer


def draw_call_panel(asked: NeedContext, offer: Offer, here: str) -> None:
    """Draw the panel of „Am sunat”: numbers, the words that stand for one, and calls that told nothing."""
    line = ""
    if asked.actor is not None:
        line = field_intake.unanswered_line(shared.directory(shared.home()), offer.service_id, actor=asked.actor)
    st.html(markup.render_panel_title(_("Am sunat: ce a spus?"), offer.name, line))
    draw_call_taps(
        here,
        note=partial(safely, here, _note, here, offer.service_id),
        note_call=partial(safely, here, _note_call, here, offer.service_id),
    )


def _note(here: str, service_id: str, status: str, free: int | None) -> None:
    home = shared.home()
    actor = shared.actor(home)
    if actor is None:
        return
    said = PlacesForm.of(status, free)
    noted = field_intake.note_places(
        shared.directory(home), service_id, status=said.status, free=said.free, actor=actor
    )
    forget_typed()
    tell(here, noted.words, noted.report_id)


def _note_call(here: str, service_id: str, outcome: str) -> None:
    home = shared.home()
    actor = shared.actor(home)
    if actor is not None:
        words = field_intake.note_call(shared.directory(home), service_id, outcome=outcome, actor=actor)
        tell(here, words, call_of=service_id if outcome == field_intake.NO_ANSWER else "")


def draw_told(here: str, told: StepTold, offer_name: str, *, may_refer: bool) -> None:
    """Say what was noted, and offer what comes next: to refer here, or to take the note back."""
    st.html(markup.render_done(told.words))
    if not told.report_id and not told.call_of:
        return
    with st.container(horizontal=True, key=f"hs-told-{here}"):
        if may_refer and told.report_id:
            st.button(
                action_label(_("Referiți aici"), offer_name),
                key=f"refer-told-{here}",
                type="primary",
                on_click=toggle_panel,
                args=(here, "refer"),
            )
        st.button(
            action_label(_("Anulați nota"), offer_name),
            key=f"untell-{here}",
            on_click=safely,
            args=(here, _withdraw, here, told),
        )


def _withdraw(here: str, told: StepTold) -> None:
    home = shared.home()
    actor = shared.actor(home)
    if actor is None:
        return
    directory = shared.directory(home)
    if told.call_of:
        tell(here, field_intake.take_back_call(directory, told.call_of, actor=actor))
    else:
        tell(here, field_intake.withdraw_places(directory, told.report_id, actor=actor))
