"""The frame around every page: language, title, navigation, and what is said when something breaks."""

from __future__ import annotations

import logging

import streamlit as st

from geo.errors import MapError
from geo.language import _
from pages import parts, shared
from pages.sitemap import sitemap

shared.speak()
help_of = {title: file.removesuffix(".py") for file, _address, title in sitemap()}
pages = [
    st.Page(file, title=title, url_path=address or None, default=not address) for file, address, title in sitemap()
]
chosen = st.navigation(pages, position="hidden")
st.set_page_config(page_title=f"{chosen.title} · {_('Harta serviciilor comunitare')}", layout="wide")
parts.bar(pages, chosen)
home = shared.home_or_none()
parts.watermark(home)
try:
    if home is None or home.is_demo or shared.actor(home) is not None:
        parts.hindrance("" if home is None else shared.desk(home).ledger.notice())
        chosen.run()
    else:  # the gate (api/gate.py) stands before; a session that ends while a page is open ends here
        parts.sign_in(chosen)
except MapError as error:
    parts.refusal(error)
except Exception:  # whatever it is, a person must not meet a stack trace, nor Streamlit's English box
    logging.getLogger("harta.pages").exception("page %s", chosen.title)
    parts.broken()
parts.foot(help_of[chosen.title])
