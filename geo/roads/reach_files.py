"""Areas reached in so many minutes, as GeoJSON: by road where roads are in force, else circles in a straight line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import Geod

from core.errors import BadValueError
from core.i18n import _
from geo.roads.home_roads import HomeRoads, open_roads
from geo.roads.isochrones import isochrones
from geo.roads.road_network import SEASONS
from geo.roads.road_travel import home_travel
from geo.spatial.crs import geodesic_m
from geo.spatial.points import Points
from geo.spatial.travel import CAR, MODES, WALK, StraightLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.storage.home import Home
    from geo.gazetteer.gazetteer import Gazetteer
    from geo.gazetteer.places import Place

_CIRCLE_POINTS = 72
_MOST_M_PER_MINUTE = 130_000 / 60


def reach_layer(
    home: Home, gazetteer: Gazetteer, place: Place, minutes: Sequence[float], *, mode: str, season: str
) -> dict[str, Any]:
    """Return the areas that one reaches from a place within each of some limits, as a GeoJSON FeatureCollection.

    Parameters
    ----------
    home
        Whose roads count.
    gazetteer
        Whose localities are counted.
    place
        Where from.
    minutes
        The limits.
    mode
        `car` or `walk`.
    season
        `summer` or `winter`.

    Returns
    -------
    dict
        The largest first, so that the smaller are drawn over it. What was measured by stands in `properties`.

    Raises
    ------
    BadValueError
        For another mode or season.
    EditionError
        Where the edition of roads is damaged.
    """
    straight = require_known(mode, season)
    limits = sorted(set(minutes), reverse=True)
    roads = open_roads(home, mode, season)
    lats, lons = _localities_near(gazetteer, place, limits[0])
    if roads is None:
        areas = [_circle(straight, place.lat, place.lon, limit) for limit in limits]
        model, words = straight.basis.code, _("Minute în linie dreaptă: nu sunt importate drumuri.")
    else:
        areas = isochrones(roads.search, place.lat, place.lon, limits)
        model, words = f"roads_{mode}_{season}", model_words(roads)
    travel = home_travel(home, "winter" if season == "winter" else "summer").of_mode(mode)
    took = travel.times_to_many(place.lat, place.lon, Points.of(lats, lons))[0]
    features = [
        {
            "type": "Feature",
            "properties": {
                "minutes": limit,
                "from": place.label,
                "model": model,
                "area_km2": round(_km2(area), 1),
                "localities": int(np.count_nonzero(took <= limit)),
            },
            "geometry": json.loads(shapely.to_geojson(area)),
        }
        for limit, area in zip(limits, areas, strict=True)
    ]
    said = {"model": model, "model_words": words, "edition": roads.edition if roads else None, "demo": home.is_demo}
    return {"type": "FeatureCollection", "properties": said, "features": features}


def require_known(mode: str, season: str) -> StraightLine:
    """Return the straight line of a mode; BadValueError for another mode or season."""
    if mode not in MODES:
        raise BadValueError(_("Nu cunosc modul „{mode}”; alegeți car sau walk.").format(mode=mode))
    if season not in SEASONS:
        raise BadValueError(_("Nu cunosc anotimpul „{season}”; alegeți summer sau winter.").format(season=season))
    return CAR if mode == "car" else WALK


def model_words(roads: HomeRoads) -> str:
    """Say by which roads minutes are measured: source, day, season, and what is assumed."""
    season = _("iarna") if roads.season == "winter" else _("vara")
    source = _("drumuri OpenStreetMap") if roads.layout == "osm" else _("un strat de drumuri mari")
    said = _("Minute pe {source}, ediția din {day}, {season}; viteze presupuse.").format(
        source=source, day=roads.as_of, season=season
    )
    if roads.local_access:
        said += " " + _("Drumurile locale sunt socotite în linie dreaptă.")
    if roads.mode == "foot":
        said += " " + _("Pe jos: pe teren drept.")
    return said


def geojson_bytes(layer: dict[str, Any]) -> bytes:
    """Write a layer as a file."""
    return json.dumps(layer, ensure_ascii=False).encode()


def _localities_near(
    gazetteer: Gazetteer, place: Place, minutes: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the points of localities that a car could reach in a straight line at the highest speed."""
    known = gazetteer.localities.dropna(subset=["lat", "lon"])
    lats, lons = known["lat"].to_numpy(float), known["lon"].to_numpy(float)
    near = geodesic_m(place.lat, place.lon, lats, lons) <= minutes * _MOST_M_PER_MINUTE
    return lats[near], lons[near]


def _circle(straight: StraightLine, lat: float, lon: float, minutes: float) -> shapely.Geometry:
    count = _CIRCLE_POINTS
    away = np.full(count, minutes / straight.minutes_per_metre)
    lons, lats, _back = Geod(ellps="WGS84").fwd(
        np.full(count, lon), np.full(count, lat), -np.arange(count) * 360.0 / count, away
    )
    return shapely.set_precision(shapely.Polygon(np.column_stack([lons, lats])), 1e-6)


def _km2(area: shapely.Geometry) -> float:
    return abs(Geod(ellps="WGS84").geometry_area_perimeter(area)[0]) / 1e6
