"""The map of an answer: the same numbers as in the list, our own boundaries behind them, a legend in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from api.map.answer_on_map import address_of
from core.i18n import _
from geo.maps.answer_map import Marker, Origin, answer_map, bounds_of
from geo.maps.tiles import TileServer, tile_server
from pages.common import map_view, markup, screen_wording, shared
from pages.finder_panels import reach_on_map
from providers.finder.answer_view import how_measured_words
from providers.finder.offer_view import places_badge, view_of

if TYPE_CHECKING:
    from core.storage.home import Home
    from pages.common.shared import MapBounds
    from providers.finder.answer import Answer, Result


def draw(answers: Sequence[Answer], home: Home) -> None:
    """Draw the place of the search and the numbered services around it."""
    origin, markers = facts(answers)
    marks = ((origin.lat, origin.lon), *((m.lat, m.lon) for m in markers))
    note = _("Date demonstrative") if home.is_demo else ""
    with st.container(key="hs-map"):
        drawn = st.container(key="hs-map-frame")
        with st.container(key="hs-reach"):
            reach_on_map.ask()
        travel = reach_on_map.drawn(home, answers)
        bounds = _both(bounds_of(origin, markers), travel.bounds)
        background = shared.background(home, bounds, marks=marks)
        if travel.title or travel.note:
            st.html(markup.render_travel_notes(travel.title, travel.legend, travel.note))
        st.html(markup.render_map_notes(how_measured_words(answers[0]), is_approximate=background.is_approximate))
        if address := address_of(answers):
            st.html(markup.render_link(f"/harta?{address}", _("Vedeți pe hartă, între toate serviciile")))
        tiles = _chosen_tiles()
    with drawn:
        map_view.show(
            answer_map(
                origin, markers, background=None if tiles else background, note=note, bounds=bounds,
                travel=travel.layers,
                tiles=tiles.template if tiles else None, attribution=tiles.attribution if tiles else "",
            ),
            key="answer_map",
        )  # fmt: skip


def _both(marks: Sequence[tuple[float, float]], travel: Sequence[tuple[float, float]]) -> MapBounds:
    """Return the corners around the marks and what is drawn of travel."""
    low, high = zip(*(marks, *([travel] if travel else [])), strict=True)
    return (min(a for a, _b in low), min(b for _a, b in low)), (max(a for a, _b in high), max(b for _a, b in high))


def _chosen_tiles() -> TileServer | None:
    """Offer the tile server of this installation, with what it would learn; None unless somebody turns it on."""
    server = tile_server()
    if server is None:
        return None
    text = _("Dacă îl porniți, {host} află ce zonă priviți și de la ce adresă; nu află nimic despre persoană.")
    with st.container(key="hs-tiles"):
        words = _("Fond de hartă de la {host}").format(host=screen_wording.label_text(server.host))
        is_on = st.toggle(words, key="tiles")
        st.html(markup.render_quiet(text.format(host=server.host)))
    return server if is_on else None


def facts(answers: Sequence[Answer]) -> tuple[Origin, list[Marker]]:
    """Take from the answers what is drawn: where the search starts and the results, numbered as in the list."""
    place = answers[0].query.origin
    results = [result for answer in answers for result in answer.listed]
    markers = [
        Marker(
            order,
            result.lat,
            result.lon,
            result.name,
            (
                _way_words(result),
                places_badge(result).words,
            ),
            is_confirmed=places_badge(result).kind == "free",
            is_full=places_badge(result).kind == "full",
        )
        for order, result in enumerate(results, start=1)
    ]
    return Origin(place.lat, place.lon, place.label), markers


def _way_words(result: Result) -> str:
    travel = view_of(result).travel
    return travel.words if travel else ""
