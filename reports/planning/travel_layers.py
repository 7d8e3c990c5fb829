"""How far one comes, and the way between two places, as GeoJSON: by the travel model that the home chose."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import shapely
from pyproj import Geod

from core.errors import BadValueError, MapError, UnknownCodeError
from core.i18n import _, ngettext, number
from geo.gazetteer.places import Place
from geo.roads.isochrones import isochrones
from geo.roads.reversed_roads import reversed_search
from geo.roads.road_parts import road_route
from geo.roads.road_travel import RoadTravel, home_travel
from geo.spatial.crs import geodesic_m
from geo.spatial.points import Points
from geo.spatial.tabled_travel import live_model
from geo.spatial.travel import CAR, WALK, Season, TravelBasis, TravelModel
from providers.catalogue.home_travel import travel_of
from providers.rules.travel_modes import require_season, travel_model
from providers.rules.travel_words import how_measured
from providers.rules.wording import minute_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from core.storage.home import Home
    from geo.gazetteer.gazetteer import Gazetteer
    from geo.roads.road_parts import RoadRoute
    from geo.roads.road_search import RoadSearch
    from providers.catalogue.snapshot import Snapshot

_CIRCLE_POINTS = 72
_MOST_M_PER_MINUTE = 130_000 / 60


class NoRoadsError(MapError, LookupError):
    """The home does not measure the mode by road."""


def isochrone_layer(
    home: Home,
    gazetteer: Gazetteer,
    place: Place,
    minutes: Sequence[float],
    *,
    mode: str,
    season: str = "",
    towards: bool = False,
    gap_m: float = 0.0,
) -> dict[str, Any]:
    """Return the areas that one reaches from a place within each of some limits, as a GeoJSON FeatureCollection.

    Parameters
    ----------
    home
        Whose travel model counts.
    gazetteer
        Whose localities are counted.
    place
        Where from.
    minutes
        The limits.
    mode
        `car` or `walk`.
    season
        `summer` or `winter`, of a home that measures by road; empty is the season that it chose.
    towards
        Whether the areas are those from which one comes to the place.
    gap_m
        How far apart reached roads may be that the land between them is filled (`geo.roads.isochrones`).

    Returns
    -------
    dict
        The largest first, so that the smaller are drawn over it: by road where the home chose roads, else circles in a
        straight line. What was measured by stands in `properties`.

    Raises
    ------
    UnknownCodeError
        For another mode or season.
    EditionError
        Where the edition of roads is damaged.
    """
    travel = _travel(home, mode, season)
    limits = sorted(set(minutes), reverse=True)
    if towards and isinstance(travel, RoadTravel):
        travel = RoadTravel(_turned(travel.search), travel.basis)
    if isinstance(travel, RoadTravel):
        areas = isochrones(travel.search, place.lat, place.lon, limits, gap_m=gap_m)
    else:
        areas = [_circle(mode, place.lat, place.lon, limit) for limit in limits]
    lats, lons = _localities_near(gazetteer, place, limits[0])
    took = travel.minutes_to_many(place.lat, place.lon, Points.of(lats, lons))
    features = [
        {
            "type": "Feature",
            "properties": {
                "minutes": limit,
                "to" if towards else "from": place.label,
                "model": travel.basis.code,
                "area_km2": round(_km2(area), 1),
                "localities": int(np.count_nonzero(took <= limit)),
            },
            "geometry": json.loads(shapely.to_geojson(area)),
        }
        for limit, area in zip(limits, areas, strict=True)
    ]
    return {"type": "FeatureCollection", "properties": _measured(home, travel.basis), "features": features}


def isochrone_words(values: Mapping[str, Any]) -> str:
    """Say how far a feature of `isochrone_layer` goes and how many localities are in it; values: its properties."""
    counted = ngettext("{n} localitate", "{n} localități", values["localities"]).format(n=number(values["localities"]))
    return _("{minutes} ({places})").format(minutes=minute_words(values["minutes"]), places=counted)


def route_layer(home: Home, start: Place, end: Place, *, mode: str, season: str = "") -> dict[str, Any]:
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
        `summer` or `winter`; empty is the season that the home chose.

    Returns
    -------
    dict
        `properties` say minutes and km (None where no road leads there), and what was measured by.

    Raises
    ------
    UnknownCodeError
        For another mode or season.
    NoRoadsError
        Where the home does not measure the mode by road.
    EditionError
        Where the edition of roads is damaged.
    """
    travel = _travel(home, mode, season)
    if not isinstance(travel, RoadTravel):
        raise NoRoadsError(
            _(
                "Minutele nu sunt aici pe drumuri: importați-le („harta import roads FIȘIER.osm.pbf”) și alegeți-le "
                "(„harta travel roads”). {how}"
            ).format(how=how_measured(travel.basis))
        )
    found = road_route(travel.search, (start.lat, start.lon), (end.lat, end.lon))
    values = _measured(home, travel.basis) | {
        "from": start.label,
        "to": end.label,
        "minutes": None if found is None else round(found.minutes, 1),
        "km": None if found is None else round(found.km, 1),
    }
    return {"type": "FeatureCollection", "properties": values, "features": _features(found) if found else []}


def route_lines(layer: dict[str, Any]) -> Iterator[str]:
    """Format the way in words: the whole, its parts, and by what it was measured."""
    value = layer["properties"]
    if value["minutes"] is None:
        yield _("De la {start} la {end} nu se ajunge pe drumurile importate.").format(
            start=value["from"], end=value["to"]
        )
    else:
        yield _("De la {start} la {end}: {minutes}, {km} km").format(
            start=value["from"], end=value["to"], minutes=minute_words(value["minutes"]), km=number(value["km"], 1)
        )
    for feature in layer["features"]:
        part = feature["properties"]
        if not part["minutes"] and not part["km"]:  # a place at the road
            continue
        yield "  " + _("{what}: {minutes}, {km} km").format(
            what=part_words(part["kind"]), minutes=minute_words(part["minutes"]), km=number(part["km"], 1)
        )
    yield value["model_words"]


def service_place(snapshot: Snapshot, service_id: str) -> Place:
    """Return where a service is, as a place.

    Parameters
    ----------
    snapshot
        Of one moment.
    service_id
        Its id.

    Returns
    -------
    Place
        Named as the service.

    Raises
    ------
    UnknownCodeError
        Where there is none, or where its address is protected: neither a way nor an area may lead there.
    BadValueError
        Where nobody travels to it.
    """
    catalogue = snapshot.catalogue
    service = catalogue.service(service_id)
    row = catalogue.position.get(str(service["service_id"]))
    if service["is_secret"] or row is None:
        raise UnknownCodeError(_("Nu există serviciul „{code}”.").format(code=service_id))
    if row >= catalogue.types[str(catalogue.cell("service_type", row))].middle:
        raise BadValueError(_("La acest serviciu nu se merge: vine acasă, este la distanță sau nu are un punct."))
    name = str(service["name"])
    return Place(
        name, name, None, int(service["uat_siruta"]), str(service["county"]), float(service["lat"]),
        float(service["lon"]), str(service["position_precision"]),
    )  # fmt: skip


def geojson_bytes(layer: dict[str, Any]) -> bytes:
    """Write a layer as a file."""
    return json.dumps(layer, ensure_ascii=False).encode()


def _travel(home: Home, mode: str, season: str) -> TravelModel:
    """Return the model of a mode: of the home's own choice, its roads in another season where one is asked for."""
    models = travel_of(home).in_bulk
    if season:
        require_season(season)
        if models.car.basis.kind == "roads":
            models = home_travel(home, cast("Season", season))
    return live_model(travel_model(models, mode))  # ways and areas are of the roads themselves


@lru_cache(maxsize=2)
def _turned(search: RoadSearch) -> RoadSearch:
    return reversed_search(search)


def _measured(home: Home, basis: TravelBasis) -> dict[str, Any]:
    return {
        "model": basis.code,
        "model_words": how_measured(basis),
        "edition": basis.edition or None,
        "demo": home.is_demo,
    }


def _localities_near(
    gazetteer: Gazetteer, place: Place, minutes: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the points of localities that a car could reach in a straight line at the highest speed."""
    known = gazetteer.localities.dropna(subset=["lat", "lon"])
    lats, lons = known["lat"].to_numpy(float), known["lon"].to_numpy(float)
    near = geodesic_m(place.lat, place.lon, lats, lons) <= minutes * _MOST_M_PER_MINUTE
    return lats[near], lons[near]


def _circle(mode: str, lat: float, lon: float, minutes: float) -> shapely.Geometry:
    straight, count = CAR if mode == "car" else WALK, _CIRCLE_POINTS
    away = np.full(count, minutes / straight.minutes_per_metre)
    lons, lats, _back = Geod(ellps="WGS84").fwd(
        np.full(count, lon), np.full(count, lat), -np.arange(count) * 360.0 / count, away
    )
    return shapely.set_precision(shapely.Polygon(np.column_stack([lons, lats])), 1e-6)


def _km2(area: shapely.Geometry) -> float:
    return abs(Geod(ellps="WGS84").geometry_area_perimeter(area)[0]) / 1e6


def _features(found: RoadRoute) -> list[dict[str, Any]]:
    return [
        {
            "type": "Feature",
            "properties": {"kind": part.kind, "minutes": round(part.minutes, 1), "km": round(part.km, 2)},
            "geometry": {"type": "LineString", "coordinates": part.line.round(6).tolist()},
        }
        for part in found.parts
    ]


def part_words(kind: str) -> str:
    """Return in words what a part of a way is: `road`, `unpaved`, `track`, `ferry`, `walk` or `local`."""
    return {
        "road": _("drum"),
        "unpaved": _("drum neasfaltat"),
        "track": _("drum de țară"),
        "ferry": _("bac"),
        "walk": _("pe jos până la drum"),
        "local": _("drum local, în linie dreaptă"),
    }[kind]
