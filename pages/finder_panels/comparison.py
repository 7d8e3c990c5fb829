"""Answers side by side: two or three chosen services in one table, and one way for several needs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from core.i18n import _
from pages.common import markup
from providers.finder.trips import best_for
from referrals.records import roles
from referrals.workflow.ride_sharing import find_shared_rides, ride_words

if TYPE_CHECKING:
    from providers.catalogue.snapshot import Snapshot
    from providers.finder.answer import Answer, Result
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

MOST_COMPARED = 3


def choose(results: list[Result]) -> None:
    """Let two or three results be chosen by their numbers, and lay them side by side."""
    if len(results) < 2:  # noqa: PLR2004 - one cannot be compared
        return
    st.html(markup.render_heading(_("Comparați"), _("alegeți două sau trei după numărul din listă")))
    with st.container(key="hs-compare"):
        chosen = st.pills(
            _("Serviciile de comparat"),
            range(1, len(results) + 1),
            selection_mode="multi",
            key="compared",
            label_visibility="collapsed",
        )
    if len(chosen) > MOST_COMPARED:
        st.html(markup.render_quiet(_("Sunt arătate primele trei dintre cele alese.")))
    if len(chosen) > 1:
        st.html(markup.render_comparison([(number, results[number - 1]) for number in sorted(chosen)[:MOST_COMPARED]]))


def one_trip(directory: Directory, snapshot: Snapshot, answers: list[Answer], actor: Actor | None = None) -> None:
    """Show the way that answers all the needs with the least travel, beside separate ways; who could come along.

    Parameters
    ----------
    directory
        Referrals of those who could come along.
    snapshot
        Services, places and doubts of one moment.
    answers
        One answer a need, from the same place.
    actor
        Who is signed in; None = nobody, and nobody who could come along is told.
    """
    whole = replace(answers[0].query, wanted=tuple(answer.query.wanted[0] for answer in answers))
    plans = best_for(snapshot, whole)
    st.html("".join(markup.render_trip(plan) for plan in plans))
    home = whole.home or whole.origin
    if actor is None or not roles.allows(actor, "referral.list", roles.Area(home.county, home.uat_siruta)):
        return
    stops = [(visit.offer.lat, visit.offer.lon) for visit in plans[0].visits]
    words = ride_words(find_shared_rides(directory, home, stops, actor=actor, mode=whole.mode))
    if words:
        st.html(markup.render_quiet(words))
