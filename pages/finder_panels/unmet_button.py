"""The button with which a team says that nobody had a place: the need is counted, nothing of the person."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import streamlit as st

from core.i18n import _
from pages.common import markup, shared
from pages.finder_panels.action_state import draw_trouble, may_refer, safely
from referrals.workflow import referral_offers

if TYPE_CHECKING:
    from pages.finder_panels.action_state import NeedContext
    from providers.finder.answer import Query


def draw(asked: NeedContext) -> None:
    """Draw the button under an answer, or what was said when it was pressed."""
    query = asked.answer.query
    if asked.actor is None or not may_refer(asked.actor, query):
        return
    here = f"unmet-{asked.number}"
    if st.session_state.get("unmet", {}).get(here) == query:
        st.html(markup.render_done(referral_offers.unmet_words()))
        return
    with st.container(key=f"hs-{here}"):
        st.button(
            _("Nu s-a găsit loc: notați nevoia"),
            key=here,
            help=_("Se numără nevoia, localitatea și ziua, ca județul să știe ce lipsește. Nimic despre persoană."),
            on_click=safely,
            args=(here, _record, here, query),
        )
        draw_trouble(here)


def _record(here: str, query: Query) -> None:
    home = shared.home()
    actor = shared.actor(home)
    if actor is None:
        return
    # The same key until it was counted: pressed twice, it is one need.
    key = st.session_state.setdefault(f"key-{here}", secrets.token_urlsafe(12))
    referral_offers.record_unmet_need(shared.directory(home), query, actor=actor, key=key)
    st.session_state.pop(f"key-{here}", None)
    st.session_state.setdefault("unmet", {})[here] = query
