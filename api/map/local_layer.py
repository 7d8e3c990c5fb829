"""What teams know, and what comes these weeks, on the map: at its locality, for whoever may read it in the lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from api.map.coverage_layer import asked_of
from core.errors import MapError
from core.i18n import _, ngettext
from core.templating import render
from providers.service_map.map_layers import CALENDAR, LOCAL
from referrals.local import local_lists

if TYPE_CHECKING:
    from api.http.request_view import RequestView
    from providers.service_map.map_layers import MapLayers
    from referrals.local.local_lists import LocalLine

LOCAL_ADDRESS = "/api/map/local"
COMING_DAYS = 31
_BAD = 400


@dataclass(frozen=True)
class LocalPlace:
    """What is at one locality: its label, point (degrees), entries, and whether all of them come on some days."""

    name: str
    lat: float
    lon: float
    lines: tuple[LocalLine, ...]
    is_coming: bool


@dataclass(frozen=True)
class LocalPlaces:
    """The layer. title: how many there are, in words. alert: why there are none."""

    title: str = ""
    places: tuple[LocalPlace, ...] = ()
    alert: str = ""


def local_marks(view: RequestView) -> Response:
    """Send the marks with their cards, and the list of all of them."""
    try:
        _chosen, layers = asked_of(view)
        found = _places(view, layers)
    except MapError as error:
        return JSONResponse({"error": str(error)}, _BAD)
    marks = [
        [each.lat, each.lon, len(each.lines), int(each.is_coming), each.name,
         render("plain/map_local_card.html", place=each)]
        for each in found.places
    ]  # fmt: skip
    return JSONResponse({"marks": marks, "list": render("plain/map_local_list.html", found=found)})


def page_local(view: RequestView, layers: MapLayers) -> LocalPlaces | None:
    """Return the list that the page itself shows; None where neither layer is chosen."""
    return _places(view, layers) if layers.extras & {LOCAL, CALENDAR} else None


def _places(view: RequestView, layers: MapLayers) -> LocalPlaces:
    """Gather what this actor may read by its locality; nobody known who asks sees nothing of it."""
    if view.session is None:
        return LocalPlaces(alert=_("Resursele locale se văd după ce vă autentificați."))
    placed = local_lists.placed_lines(view.directory, actor=view.actor, within_days=COMING_DAYS)
    shown = [each for each in placed if (CALENDAR if each.comes else LOCAL) in layers.extras]
    by_place: dict[tuple[str, float, float], list[local_lists.PlacedLine]] = {}
    for each in shown:
        by_place.setdefault((each.line.place, each.lat, each.lon), []).append(each)
    places = tuple(
        LocalPlace(name, lat, lon, tuple(each.line for each in there), all(each.comes for each in there))
        for (name, lat, lon), there in sorted(by_place.items())
    )
    title = ngettext("{n} resursă pe hartă", "{n} resurse pe hartă", len(shown)).format(n=len(shown))
    return LocalPlaces(title, places)
