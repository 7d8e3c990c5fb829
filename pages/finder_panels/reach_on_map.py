"""What of travel is drawn on the map of an answer when somebody asks: how far one comes, who comes here, the way.

Nothing of it is drawn by itself: a map with marks alone is the quicker read. A service with a protected address has no
button, no area and no way.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from core.errors import MapError
from core.i18n import _, language
from geo.maps.answer_map import corners
from geo.maps.map_style import LegendKey
from geo.maps.reach_layers import reach_layer, way_layer
from pages.common import screen_wording, shared
from providers.catalogue.home_travel import travel_state
from providers.finder.answer import Result
from reports.planning.travel_layers import isochrone_layer, isochrone_words, service_place
from reports.planning.way_view import road_way

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.storage.home import Home
    from geo.gazetteer.places import Place
    from providers.finder.answer import Answer, Offer

MINUTES = (15.0, 30.0, 45.0, 60.0)
_GAP_M = 2_500.0
_CHOSEN = "travel_on_map"
_SWITCH = "reach_of_origin"
_WAY, _REACH = "way", "reach"


@dataclass(frozen=True)
class DrawnTravel:
    """Layers for the map, the corners of what they show (degrees), and the legend: marks and what each means."""

    layers: tuple[dict[str, Any], ...] = ()
    bounds: tuple[tuple[float, float], ...] = ()
    title: str = ""
    legend: tuple[LegendKey, ...] = ()
    note: str = ""


def draw_buttons(here: str, offer: Offer) -> None:
    """Draw under a card what the map can show of the service. here: the card's place on the screen."""
    if not isinstance(offer, Result):
        return
    if offer.travel.kind == "roads":
        _button(here, _WAY, offer, _("Drumul pe hartă"), _("Arătați pe hartă drumul până la {name}"))
    _button(here, _REACH, offer, _("Cine ajunge aici"), _("Arătați pe hartă de unde se ajunge la {name}"))


def _button(here: str, what: str, offer: Result, words: str, whole: str) -> None:
    is_on = st.session_state.get(_CHOSEN) == (what, offer.service_id)
    st.button(
        _("Ascundeți de pe hartă") if is_on else words,
        key=f"{what}-{here}",
        type="tertiary",
        help=screen_wording.label_text(whole.format(name=offer.name)),
        on_click=_choose,
        args=(None if is_on else (what, offer.service_id),),
    )


def _choose(what: tuple[str, str] | None) -> None:
    st.session_state[_CHOSEN] = what
    if what is not None:
        st.session_state[_SWITCH] = False  # one drawing at a time can be read


def ask() -> None:
    """Draw the switch of the areas around the place of the search."""
    if st.toggle(_("Până unde se ajunge de aici în 15, 30, 45 și 60 de minute"), key=_SWITCH):
        st.session_state[_CHOSEN] = None


def drawn(home: Home, answers: Sequence[Answer]) -> DrawnTravel:
    """Return what was asked for, of the services that are on the map; nothing where nobody asked."""
    origin, mode = answers[0].query.origin, answers[0].query.mode
    what, service_id = st.session_state.get(_CHOSEN) or ("", "")
    on_map = {offer.service_id: offer for answer in answers for offer in answer.listed}
    if st.session_state.get(_SWITCH):
        title = _("Până unde se ajunge din {place}:").format(place=origin.label)
        return _areas(home, travel_state(home), language(), origin, mode, title, towards=False)
    if service_id not in on_map:
        return DrawnTravel()
    try:
        end = service_place(shared.snapshot(home), service_id)
    except MapError:  # it left the registers, or became protected, meanwhile
        return DrawnTravel()
    if what == _REACH:
        title = _("De unde se ajunge la {name}:").format(name=end.name)
        return _areas(home, travel_state(home), language(), end, mode, title, towards=True)
    return _way(home, travel_state(home), language(), origin, end, mode)


@lru_cache(16)
def _areas(
    home: Home, _state: str, _language: str, place: Place, mode: str, title: str, *, towards: bool
) -> DrawnTravel:
    layer = isochrone_layer(home, shared.gazetteer(home), place, MINUTES, mode=mode, towards=towards, gap_m=_GAP_M)
    features = layer["features"]
    legend = tuple(
        LegendKey(f"reach-{step}", isochrone_words(each["properties"]))
        for step, each in enumerate(reversed(features), start=1)
    )
    shown = [each for each in features if each["geometry"].get("coordinates")]
    bounds = tuple(corners(shown)) if shown else ()
    note = _("Dintre drumuri apropiate zona este umplută.") if layer["properties"]["model"].startswith("roads") else ""
    return DrawnTravel((reach_layer(features),), bounds, title, legend, note)


@lru_cache(16)
def _way(home: Home, _state: str, _language: str, start: Place, end: Place, mode: str) -> DrawnTravel:
    basis = shared.snapshot(home).travel.of_mode(mode).basis
    try:
        found = road_way(home, start, end, mode=mode, basis=basis)
    except MapError as error:
        return DrawnTravel(note=str(error))
    if not found.features:
        return DrawnTravel(title=found.title)
    legend = tuple(LegendKey(f"way-{kind}", words) for kind, words in found.legend)
    return DrawnTravel((way_layer(found.features),), tuple(corners(found.features)), found.title, legend)
