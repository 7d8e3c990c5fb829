"""Answers side by side: two or three chosen services in one table, and one way for several needs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from geo.language import _
from pages import markup
from providers.trips import best_for

if TYPE_CHECKING:
    from providers.answer import Answer, Result
    from referrals.desk import Desk

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


def one_trip(desk: Desk, answers: list[Answer]) -> None:
    """Show the way that answers all the needs with the least travel, beside separate ways."""
    whole = replace(answers[0].query, wanted=tuple(answer.query.wanted[0] for answer in answers))
    plans = best_for(desk.catalogue(), whole, desk.available())
    st.html("".join(markup.trip(plan) for plan in plans))
