"""„Harta”: every service on one map. The map is a page of its own (`api/map`), which this screen frames."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from core.templating import render_macro
from pages.common import shared

ADDRESS = "/simplu/harta"
# What of this screen's address is the map's: its filter and its view.
_FIELDS = ("registru", "serviciu", "grup", "locuri", "deschis", "livrare", "licenta", "loc", "km", "cadru", "zoom")


def page() -> None:
    """Show the map under the filter and the view of the address."""
    shared.home()
    said = [(name, value) for name in _FIELDS for value in st.query_params.get_all(name)]
    st.html(render_macro("screen/map.html", "map_frame", f"{ADDRESS}?{urlencode([('incadrat', '1'), *said])}", ADDRESS))


page()
