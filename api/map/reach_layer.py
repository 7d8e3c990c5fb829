"""How far one comes from the place of the filter in 15 to 60 minutes, as areas of the map."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from api.http.dependencies import directory_for
from api.map.coverage_layer import asked_of
from core.errors import BadValueError, MapError
from core.i18n import _
from core.templating import render
from geo.maps.map_style import LegendKey
from geo.maps.reach_layers import reach_layer
from providers.catalogue.home_travel import travel_state
from providers.service_map.map_layers import MINUTES, REACH
from reports.planning.travel_layers import isochrone_layer, isochrone_words

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from core.storage.home import Home
    from geo.gazetteer.places import Place
    from providers.service_map.map_filter import MapFilter
    from providers.service_map.map_layers import MapLayers

REACH_ADDRESS = "/api/map/reach"
_GAP_M = 2_500.0  # as on the map of an answer: from far the roads themselves would be hairs
_BAD = 400


@dataclass(frozen=True)
class ReachLegend:
    """What the areas mean.

    title: from where. steps: minutes and localities in words. note: the model. alert: why not.
    """

    title: str = ""
    steps: tuple[LegendKey, ...] = ()
    note: str = ""
    alert: str = ""


def reach_areas(view: RequestView) -> Response:
    """Send the areas, the largest first, with their legend."""
    try:
        chosen, _layers = asked_of(view)
        layer = _reached(view, chosen)
    except MapError as error:
        return JSONResponse({"error": str(error)}, _BAD)
    html = render("plain/map_reach_legend.html", legend=_legend(layer, chosen))
    return JSONResponse({"areas": reach_layer(layer["features"])["areas"], "legend": html})


def page_reach(view: RequestView, chosen: MapFilter, layers: MapLayers) -> ReachLegend | None:
    """Return the legend that the page itself shows: in words, since its drawing has no areas; None where not chosen."""
    if REACH not in layers.extras:
        return None
    try:
        return _legend(_reached(view, chosen), chosen)
    except MapError as error:
        return ReachLegend(alert=str(error))


def _reached(view: RequestView, chosen: MapFilter) -> dict[str, Any]:
    if chosen.near is None:
        raise BadValueError(_("Scrieți întâi locul, la „Căutare și filtre”: de acolo se măsoară."))
    return _of_place(view.home, travel_state(view.home), chosen.near)


@lru_cache(maxsize=16)
def _of_place(home: Home, _state: str, place: Place) -> dict[str, Any]:
    minutes = [float(limit) for limit in MINUTES]
    return isochrone_layer(home, directory_for(home).gazetteer, place, minutes, mode="car", gap_m=_GAP_M)


def _legend(layer: dict[str, Any], chosen: MapFilter) -> ReachLegend:
    steps = tuple(
        LegendKey(f"reach-{step}", isochrone_words(each["properties"]))
        for step, each in enumerate(reversed(layer["features"]), start=1)
    )
    place = "" if chosen.near is None else chosen.near.label
    return ReachLegend(
        _("Până unde se ajunge din {place}:").format(place=place), steps, str(layer["properties"]["model_words"])
    )
