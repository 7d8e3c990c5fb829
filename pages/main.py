"""The frame around every page: language, title, navigation, and what is said when something breaks."""

from __future__ import annotations

import logging

import streamlit as st

from core.errors import MapError
from core.i18n import _
from pages.common import page_elements, shared
from pages.common.sitemap import ASKED_WITH, FINDER, TODAY, sitemap

shared.activate_language()
home = shared.home_or_none()
who = None if home is None else shared.actor(home)
asks = any(name in st.query_params for name in ASKED_WITH)
first = FINDER if who is None or asks else TODAY  # what `/` opens on: a role's work, for everybody else the finder
pages = [st.Page(file, title=title, url_path=address) for file, address, title in sitemap()]
start = [st.Page(file, title=title, default=True) for file, address, title in sitemap() if address == first]
chosen = st.navigation([*start, *pages], position="hidden")
opened = chosen.url_path or first
st.set_page_config(page_title=f"{chosen.title} · {_('Harta serviciilor comunitare')}", layout="wide")
page_elements.bar({page.url_path: page for page in pages}, opened, home, who)
page_elements.watermark(home)
try:
    if home is None or home.is_demo or who is not None:
        page_elements.hindrance("" if home is None else shared.directory(home).ledger.notice())
        chosen.run()
    else:  # the gate (api/auth/gate.py) stands before; a session that ends while a page is open ends here
        page_elements.sign_in(chosen)
except MapError as error:
    page_elements.refusal(error)
except Exception:  # whatever it is, a person must not meet a stack trace, nor Streamlit's English box
    logging.getLogger("harta.pages").exception("page %s", chosen.title)
    page_elements.broken()
page_elements.foot(page_elements.help_of(opened))
