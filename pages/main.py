"""The frame around every page: language, title, navigation, and what is said when something breaks."""

from __future__ import annotations

import logging

import streamlit as st

from core.errors import MapError
from core.i18n import _
from pages.common import page_elements, shared
from pages.common.sitemap import sitemap

shared.activate_language()
help_of = {title: file.removesuffix(".py") for file, _address, title in sitemap()}
pages = [
    st.Page(file, title=title, url_path=address or None, default=not address) for file, address, title in sitemap()
]
chosen = st.navigation(pages, position="hidden")
st.set_page_config(page_title=f"{chosen.title} · {_('Harta serviciilor comunitare')}", layout="wide")
page_elements.bar(pages, chosen)
home = shared.home_or_none()
page_elements.watermark(home)
try:
    if home is None or home.is_demo or shared.actor(home) is not None:
        page_elements.hindrance("" if home is None else shared.directory(home).ledger.notice())
        chosen.run()
    else:  # the gate (api/auth/gate.py) stands before; a session that ends while a page is open ends here
        page_elements.sign_in(chosen)
except MapError as error:
    page_elements.refusal(error)
except Exception:  # whatever it is, a person must not meet a stack trace, nor Streamlit's English box
    logging.getLogger("harta.pages").exception("page %s", chosen.title)
    page_elements.broken()
page_elements.foot(help_of[chosen.title], home)
