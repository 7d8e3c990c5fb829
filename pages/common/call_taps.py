"""What a telephone call told, one tap: a number of places, a word that stands for one, or that it told nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from api.forms.places_form import MOST_PLACES, ONE_TAP, call_choices
from core.i18n import _
from pages.common.screen_wording import action_label
from providers.rules.wording import places_words
from referrals.workflow import field_intake

if TYPE_CHECKING:
    from collections.abc import Callable


def draw_call_taps(here: str, *, note: Callable[[str, int | None], None], note_call: Callable[[str], None]) -> None:
    """Draw the taps of a call, the same wherever one is noted.

    Parameters
    ----------
    here
        Place on the screen, for the keys.
    note
        Takes the status and how many places are free; None where the status says no number.
    note_call
        Takes one of `field_intake.CALL_OUTCOMES`.
    """
    with st.container(horizontal=True, key=f"hs-taps-{here}"):
        for free in range(ONE_TAP + 1):
            words = action_label(str(free), places_words(free) if free else _("niciun loc liber"))
            st.button(
                words, key=f"note-free-{free}-{here}", on_click=note, args=("free" if free else "full", free)
            )  # fmt: skip
        more = action_label(f"{ONE_TAP + 1}+", _("scrieți câte locuri sunt"))
        st.button(more, key=f"note-more-{here}", on_click=_type_more, args=(here,))
    with st.container(horizontal=True, key=f"hs-taps-words-{here}"):
        for outcome in field_intake.CALL_OUTCOMES:
            words = field_intake.outcome_label(outcome).capitalize()
            st.button(words, key=f"call-{outcome}-{here}", on_click=note_call, args=(outcome,))
        for status, words in call_choices():
            st.button(words, key=f"note-{status}-None-{here}", on_click=note, args=(status, None))
    if st.session_state.get("many") == here:
        many = st.number_input(
            _("Câte locuri libere?"), 0, MOST_PLACES, value=None, step=1, key="many_places", placeholder=_("număr")
        )
        if many is not None:
            whole = ("free" if many else "full", int(many))
            st.button(_("Notați"), key=f"note-many-{many}-{here}", on_click=note, args=whole)


def draw_undo(
    noted: field_intake.CallNoted, here: str, name: str, take_back: Callable[[field_intake.CallNoted], None]
) -> None:
    """Draw the way back from a slip of the finger, the same wherever a call is noted; nothing where nothing was.

    Parameters
    ----------
    noted
        What was noted a moment ago.
    here
        Place on the screen, for the key.
    name
        Of what is taken back, for whoever does not see the screen.
    take_back
        Takes `noted`.
    """
    if noted.may_be_taken_back:
        st.button(
            action_label(_("Anulați nota"), name), key=f"untell-{here}", on_click=take_back, args=(noted,)
        )  # fmt: skip


def forget_typed() -> None:
    """Fold the field for a number again: what was typed is noted."""
    st.session_state.pop("many", None)


def _type_more(here: str) -> None:
    st.session_state["many"] = here
