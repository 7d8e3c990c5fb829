"""Answers side by side: two or three chosen services in one table, and one way for several needs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from geo.language import _
from pages import markup
from providers.trips import best_for
from referrals import roles
from referrals.together import ride_words, together

if TYPE_CHECKING:
    from providers.answer import Answer, Result
    from referrals.desk import Desk
    from referrals.facts import Actor

MOST_COMPARED = 3


def choose(results: list[Result]) -> None:
    """Let two or three results be chosen by their numbers, and lay them side by side."""
    if len(results) < 2:  # noqa: PLR2004 - one cannot be compared
        return
    st.html(markup.heading(_("Comparați"), _("alegeți două sau trei după numărul din listă")))
    with st.container(key="hs-compare"):
        chosen = st.pills(
            _("Serviciile de comparat"),
            range(1, len(results) + 1),
            selection_mode="multi",
            key="compared",
            label_visibility="collapsed",
        )
    if len(chosen) > MOST_COMPARED:
        st.html(markup.quiet(_("Sunt arătate primele trei dintre cele alese.")))
    if len(chosen) > 1:
        st.html(markup.side_by_side([(number, results[number - 1]) for number in sorted(chosen)[:MOST_COMPARED]]))


def one_trip(desk: Desk, answers: list[Answer], actor: Actor | None = None) -> None:
    """Show the way that answers all the needs with the least travel, beside separate ways; who could come along."""
    whole = replace(answers[0].query, wanted=tuple(answer.query.wanted[0] for answer in answers))
    plans = best_for(desk.catalogue(), whole, desk.available())
    st.html("".join(markup.trip(plan) for plan in plans))
    home = whole.home or whole.origin
    if actor is None or not roles.allows(actor, "referral.list", roles.Area(home.county, home.uat_siruta)):
        return
    stops = [(visit.offer.lat, visit.offer.lon) for visit in plans[0].visits]
    words = ride_words(together(desk, home, stops, actor=actor, mode=whole.mode))
    if words:
        st.html(markup.quiet(words))
