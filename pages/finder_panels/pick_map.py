"""A map on which to tap where the person is. The point becomes a locality at once and is kept nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.i18n import _
from geo.maps.answer_map import COUNTRY, answer_map
from pages.common import map_view, markup, shared

if TYPE_CHECKING:
    from core.storage.home import Home
    from geo.gazetteer.gazetteer import Gazetteer


def picked(home: Home, places: Gazetteer, county: str) -> str | None:
    """Draw the country, or a county, and read where it was tapped.

    Parameters
    ----------
    home
        Whose outlines are drawn.
    places
        Finds the nearest locality.
    county
        Letters of the county; "" = the country.

    Returns
    -------
    str or None
        Label of the locality nearest to the tap; None = not tapped.
    """
    st.html(markup.render_quiet(_("Atingeți harta: alegem localitatea cea mai apropiată. Punctul nu se păstrează.")))
    bounds = _bounds(places, county)
    background = shared.background(home, bounds, marks=())
    drawing = answer_map(None, [], background=background, bounds=bounds)
    key = f"pick_map_{st.session_state.setdefault('picks', 0)}"
    with st.container(key="hs-pick"):
        at = map_view.tapped(drawing, key=key)
    if at is None:
        return None
    # The next map is another one, so that this one's tap is not read again.
    st.session_state["picks"] += 1
    return places.nearest_locality(*at).label


def _bounds(places: Gazetteer, county: str) -> shared.MapBounds:
    inside = places.uats[places.uats["county"] == county].dropna(subset=["lat", "lon"])
    if inside.empty:
        return COUNTRY
    return (
        (float(inside["lat"].min()), float(inside["lon"].min())),
        (float(inside["lat"].max()), float(inside["lon"].max())),
    )
