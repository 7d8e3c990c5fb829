"""Answers side by side: two or three chosen services in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.i18n import _
from pages.common import markup

if TYPE_CHECKING:
    from providers.finder.answer import Result

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
