"""The way between two places by road, as GeoJSON and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.errors import MapError
from core.i18n import _, number
from geo.roads.home_roads import open_roads
from geo.roads.reach_files import model_words, require_known
from geo.roads.road_parts import road_route

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.storage.home import Home
    from geo.gazetteer.places import Place
    from geo.roads.road_parts import RoadRoute


class NoRoadsError(MapError, LookupError):
    """No roads of the mode are in force."""


def route_layer(home: Home, start: Place, end: Place, *, mode: str, season: str) -> dict[str, Any]:
    """Return the shortest way by road between two places, as a GeoJSON FeatureCollection: a feature for each part.

    Parameters
    ----------
    home
        Whose roads count.
    start, end
        The places.
    mode
        `car` or `walk`.
    season
        `summer` or `winter`.

    Returns
    -------
    dict
        `properties` say minutes and km (None where no road leads there), and what was measured by.

    Raises
    ------
    BadValueError
        For another mode or season.
    NoRoadsError
        Where no roads were imported for the mode.
    """
    require_known(mode, season)
    roads = open_roads(home, mode, season)
    if roads is None:
        raise NoRoadsError(_("Nu sunt importate drumuri; importați-le cu „harta import roads FIȘIER.osm.pbf”."))
    found = road_route(roads.search, (start.lat, start.lon), (end.lat, end.lon))
    said = {
        "from": start.label, "to": end.label, "model": f"roads_{mode}_{season}", "model_words": model_words(roads),
        "edition": roads.edition, "demo": home.is_demo, "minutes": None if found is None else round(found.minutes, 1),
        "km": None if found is None else round(found.km, 1),
    }  # fmt: skip
    return {"type": "FeatureCollection", "properties": said, "features": _features(found) if found else []}


def _features(found: RoadRoute) -> list[dict[str, Any]]:
    return [
        {
            "type": "Feature",
            "properties": {"kind": part.kind, "minutes": round(part.minutes, 1), "km": round(part.km, 2)},
            "geometry": {"type": "LineString", "coordinates": part.line.round(6).tolist()},
        }
        for part in found.parts
    ]


def route_lines(layer: dict[str, Any]) -> Iterator[str]:
    """Say the way in words: the whole, its parts, and by what it was measured."""
    said = layer["properties"]
    if said["minutes"] is None:
        yield _("De la {start} la {end} nu se ajunge pe drumurile importate.").format(
            start=said["from"], end=said["to"]
        )
    else:
        yield _("De la {start} la {end}: {minutes} min, {km} km").format(
            start=said["from"], end=said["to"], minutes=number(said["minutes"]), km=number(said["km"])
        )
    for feature in layer["features"]:
        part = feature["properties"]
        yield "  " + _("{what}: {minutes} min, {km} km").format(
            what=_part_words(part["kind"]), minutes=number(part["minutes"]), km=number(part["km"])
        )
    yield said["model_words"]


def _part_words(kind: str) -> str:
    return {
        "road": _("drum"),
        "unpaved": _("drum neasfaltat"),
        "track": _("drum de țară"),
        "ferry": _("bac"),
        "walk": _("pe jos până la drum"),
        "local": _("drum local, în linie dreaptă"),
    }[kind]
