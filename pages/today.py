"""„Astăzi”: what waits for whoever is signed in, each thing with its action."""

from __future__ import annotations

import streamlit as st

from core.i18n import _
from pages.common import markup


def page() -> None:
    """Draw what waits."""
    st.html(markup.render_title(_("Astăzi"), _("Ce este de făcut acum, ce este în curs și ce vine în comună.")))


page()
