"""What a map shows of the way to a service: its parts, a heading and a legend in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.i18n import _, number
from providers.rules.travel_words import unreachable_words
from providers.rules.wording import minute_words
from reports.planning.travel_layers import part_words, route_layer

if TYPE_CHECKING:
    from core.storage.home import Home
    from geo.gazetteer.places import Place
    from geo.spatial.travel import TravelBasis

STRAIGHT = "straight"
_LEAST_KM = 0.05  # a shorter part is no line on a map


@dataclass(frozen=True)
class WayView:
    """A way on a map.

    title: the whole in words. legend: kind of part and what is said of it. features: GeoJSON lines in degrees with
    `kind`, in their order; none where nothing leads there. model: what it was measured by, in words.
    """

    title: str
    legend: tuple[tuple[str, str], ...] = ()
    features: tuple[dict[str, Any], ...] = ()
    model: str = ""


def road_way(home: Home, start: Place, end: Place, *, mode: str, basis: TravelBasis) -> WayView:
    """Return the way by road between two places.

    Parameters
    ----------
    home
        Whose roads count.
    start, end
        The places; the way is named after the end.
    mode
        `car` or `walk`.
    basis
        What minutes of the mode rest on: it says why nothing leads there.

    Returns
    -------
    WayView
        In the language of the request.

    Raises
    ------
    NoRoadsError
        Where the home does not measure the mode by road.
    EditionError
        Where the edition of roads is damaged.
    """
    layer = route_layer(home, start, end, mode=mode)
    value, parts = layer["properties"], layer["features"]
    if not parts:
        return WayView(f"{end.name}: {unreachable_words(basis)}", model=value["model_words"])
    sums: dict[str, list[float]] = {}
    for each in parts:
        of_kind = sums.setdefault(each["properties"]["kind"], [0.0, 0.0])
        of_kind[0] += each["properties"]["minutes"]
        of_kind[1] += each["properties"]["km"]
    legend = tuple(
        (
            kind,
            _("{what}: {minutes}, {km} km").format(
                what=part_words(kind), minutes=minute_words(minutes), km=number(km, 1)
            ),
        )
        for kind, (minutes, km) in sums.items()
        if km >= _LEAST_KM
    )
    title = _("Drumul până la {name}: {minutes}, {km} km").format(
        name=end.name, minutes=minute_words(value["minutes"]), km=number(value["km"], 1)
    )
    return WayView(title, legend, tuple(parts), value["model_words"])


def straight_way(start: Place, end: Place, words: str, model: str) -> WayView:
    """Return the straight line between two places, said to be one.

    Parameters
    ----------
    start, end
        The places; the line is named after the end.
    words
        The way in words.
    model
        What its minutes rest on, in words.

    Returns
    -------
    WayView
        One part of the kind STRAIGHT.
    """
    line = [[start.lon, start.lat], [end.lon, end.lat]]
    feature = {
        "type": "Feature",
        "properties": {"kind": STRAIGHT},
        "geometry": {"type": "LineString", "coordinates": line},
    }
    return WayView(f"{end.name}: {words}", ((STRAIGHT, _("linie dreaptă, nu drum")),), (feature,), model)
