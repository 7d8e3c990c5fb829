"""„Harta”: every service on one map. The map is a page of its own (`api/map`), which this screen frames."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from api.map.answer_on_map import SHOWN
from api.map.map_page import ADDRESS
from core.i18n import language
from core.templating import render_macro
from pages.common import shared
from providers.service_map import MapFilter, MapLayers, MapView


def page() -> None:
    """Show the map under the filter and the view of the address."""
    shared.home()
    names = (SHOWN, *MapFilter.FIELDS, *MapLayers.FIELDS, *MapView.FIELDS)
    items = [(name, value) for name in names for value in st.query_params.get_all(name)]
    framed = urlencode([("incadrat", "1"), ("lang", language()), *items])
    st.html(render_macro("screen/map.html", "map_frame", f"{ADDRESS}?{framed}", ADDRESS))


page()
