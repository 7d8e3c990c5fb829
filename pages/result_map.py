"""The map of an answer: the same numbers as in the list, our own boundaries behind them, a legend in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from streamlit_folium import st_folium

from geo.drawing import Marker, Spot, answer_map, bounds_of
from geo.language import _, number
from geo.travel import straight_line
from pages import markup, shared, wording
from providers.answer_text import capacity_words

if TYPE_CHECKING:
    from geo.home import Home
    from providers.answer import Answer

HEIGHT = 460  # pixels


def draw(answer: Answer | None, home: Home) -> None:
    """Draw the place and the numbered services; the whole country while nothing is asked."""
    origin, markers = facts(answer)
    background = shared.background(home, tuple(bounds_of(origin, markers)))
    with st.container(key="hs-map"):
        st_folium(
            # A new map at each run: a folium.Map shown twice stays blank the second time.
            answer_map(origin, markers, background=background),
            key="answer_map",
            height=HEIGHT,
            use_container_width=True,
            returned_objects=[],
        )
        st.html(markup.map_notes(bool(markers), _how_minutes(answer) if answer else ""))


def facts(answer: Answer | None) -> tuple[Spot | None, list[Marker]]:
    """Take from an answer what is drawn: where the search starts and the results, numbered as in the list."""
    if answer is None:
        return None, []
    place = answer.query.origin
    markers = [
        Marker(
            order,
            result.lat,
            result.lon,
            result.name,
            (f"{wording.minutes(result.minutes)}, {wording.kilometres(result.distance_m)}", capacity_words(result)),
            is_confirmed=result.block == "confirmed",
        )
        for order, result in enumerate(answer.results, start=1)
    ]
    return Spot(place.lat, place.lon, place.label), markers


def _how_minutes(answer: Answer) -> str:
    model = straight_line(answer.query.mode)
    return _(
        "Cum se calculează minutele: distanța în linie dreaptă × {detour}, la {speed} km/h. "
        "Drumul adevărat poate dura mai mult."
    ).format(detour=number(model.detour, 2), speed=number(model.speed_km_h, 0 if model.speed_km_h >= 10 else 1))  # noqa: PLR2004
