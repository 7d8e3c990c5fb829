"""A map on a screen: its frame, its files by their digests, and the point that somebody taps."""

from __future__ import annotations

from typing import Any

import streamlit as st
import streamlit_folium
from streamlit_folium import st_folium

from api.http.assets import asset_url
from geo.maps.map_component import LocalMap
from geo.maps.map_style import FRAME_PIXELS

# What streamlit-folium's page adds to the script of a map before it runs it.
_ITS_OWN = "window.map = map_div; window.initComponent(map_div, false);"


def show(drawn: LocalMap, *, key: str) -> None:
    """Show a map as wide as its place and as high as every map. Nothing comes back from it."""
    _frame(drawn, _key(drawn, key), [])


def tapped(drawn: LocalMap, *, key: str) -> tuple[float, float] | None:
    """Show a map and return where it was tapped, as (lat, lon) in degrees; the point is kept nowhere."""
    own = _key(drawn, key)
    value = _frame(drawn, own, ["last_clicked"])
    at = (value or {}).get("last_clicked")
    if not at:
        return None
    st.session_state.pop(own, None)
    return float(at["lat"]), float(at["lng"])


def _frame(drawn: LocalMap, key: str, returned: list[str]) -> Any:
    # Only an address with a digest tells the browser that a file has changed.
    drawn.default_js = [(name, _asset(address)) for name, address in drawn.default_js]
    drawn.default_css = [(name, _asset(address)) for name, address in drawn.default_css]
    return st_folium(drawn, key=key, height=FRAME_PIXELS, use_container_width=True, returned_objects=returned)


def _asset(address: str) -> str:
    return asset_url(address.removeprefix("/assets/"))


def _key(drawn: LocalMap, key: str) -> str:
    # The script of every map is the same: a frame whose data changed is another frame.
    return f"{key}_{drawn.digest}"


def frame_script() -> str:
    """Return the one script that the frame of every map runs: it holds no value, so a content policy can name it."""
    return str(streamlit_folium._get_map_string(LocalMap({}))) + _ITS_OWN  # noqa: SLF001 - there is no public way
