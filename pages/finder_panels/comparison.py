"""Answers side by side: two or three chosen services in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.finder_panels import answer_markup

if TYPE_CHECKING:
    from providers.finder.answer import Result


def draw(results: list[Result]) -> None:
    """Lay results side by side, a column each: those ticked in the list are seen (api/static/finder.js)."""
    if len(results) > 1:
        with st.container(key="hs-compare"):
            st.html(answer_markup.render_comparison([*enumerate(results, start=1)]))
