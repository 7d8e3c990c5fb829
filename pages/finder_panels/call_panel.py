"""What a telephone call told of places: one tap, a dated fact, and a way back from a slip of the finger."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from api.forms.places_form import PlacesForm
from core.i18n import _
from pages.common import markup, shared
from pages.common.call_taps import draw_call_taps, draw_undo, forget_typed
from pages.common.screen_wording import action_label
from pages.finder_panels.action_state import NeedContext, safely, tell, toggle_panel
from referrals.workflow import field_intake

if TYPE_CHECKING:
    from providers.finder.answer import Offer
    from referrals.workflow.field_intake import CallNoted


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
    form = PlacesForm.of(status, free)
    noted = field_intake.note_places(
        shared.directory(home), service_id, status=form.status, free=form.free, actor=actor
    )
    forget_typed()
    tell(here, noted)


def _note_call(here: str, service_id: str, outcome: str) -> None:
    home = shared.home()
    actor = shared.actor(home)
    if actor is not None:
        tell(here, field_intake.note_call(shared.directory(home), service_id, outcome=outcome, actor=actor))


def draw_told(here: str, call_noted: CallNoted, offer_name: str, *, may_refer: bool) -> None:
    """Say what was noted, and offer what comes next: to refer here, or to take the note back."""
    st.html(markup.render_done(call_noted.words))
    if not call_noted.may_be_taken_back:
        return
    with st.container(horizontal=True, key=f"hs-told-{here}"):
        if may_refer and call_noted.report_id:
            st.button(
                action_label(_("Referiți aici"), offer_name),
                key=f"refer-told-{here}",
                type="primary",
                on_click=toggle_panel,
                args=(here, "refer"),
            )
        draw_undo(call_noted, here, offer_name, partial(safely, here, _take_back, here))


def _take_back(here: str, call_noted: CallNoted) -> None:
    home = shared.home()
    actor = shared.actor(home)
    if actor is None:
        return
    directory = shared.directory(home)
    tell(
        here,
        field_intake.take_back(
            directory, report_id=call_noted.report_id, unanswered=call_noted.unanswered, actor=actor
        ),
    )
