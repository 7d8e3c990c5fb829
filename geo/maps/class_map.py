"""A map of areas coloured by class, each with its figures behind a click, and numbered marks of what is proposed.

The same map as elsewhere (`geo.maps.map_component`): files of our own host, no tiles, colours of the tokens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely

from geo.maps.answer_map import Marker, corners, marks_layer
from geo.maps.map_component import LocalMap, draw_map
from geo.maps.map_style import AREA_ZOOM, OUTLINE_PIXELS, ROOM_OF_AREAS
from geo.spatial.crs import require_metric, shapes_in_degrees

if TYPE_CHECKING:
    import geopandas as gpd


NOBODY, NOT_KNOWN = 0, 5


@dataclass(frozen=True)
class ServicePoint:
    """A service as a point. lat, lon: degrees WGS84; lines: plain text of its card; state: one of MARK_STATES."""

    lat: float
    lon: float
    name: str
    lines: tuple[str, ...]
    state: str


def outlines(layer: gpd.GeoDataFrame, key: str) -> dict[str, Any]:
    """Make the areas of a layer (METRIC_CRS; column `key`) light enough for a screen, as GeoJSON in degrees.

    Neighbours are simplified together, so that no gaps open. Each feature has the property `key`, as text.
    """
    require_metric(layer)
    if layer.empty:
        return {"type": "FeatureCollection", "features": []}
    west, south, east, north = layer.total_bounds
    simple = shapely.coverage_simplify(layer.geometry.to_numpy(), max(north - south, east - west) / OUTLINE_PIXELS / 2)
    degrees = shapes_in_degrees(simple, 1e-4)
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"key": str(code)}, "geometry": shapely.geometry.mapping(shape)}
            for code, shape in zip(layer[key], degrees, strict=True)
            if not shape.is_empty
        ],
    }


def class_map(
    areas: Mapping[str, Any],
    grades: Mapping[str, int],
    facts: Mapping[str, Sequence[str]],
    *,
    label: str,
    marks: Sequence[Marker] = (),
    names: Sequence[tuple[str, float, float]] = (),
    services: Sequence[ServicePoint] = (),
    sheet: tuple[str, str] | None = None,
    note: str = "",
) -> LocalMap:
    """Draw areas by class.

    areas: from `outlines`. grades: class of each key, 1 to 4; NOT_KNOWN and NOBODY have hatchings of their own, and one
    that is missing is NOBODY. facts: lines of plain text for each key, the first its name. label: what the map is, for
    who does not see it. names: (name, lat, lon) printed over the areas, the important first, as room allows. services:
    points over them. sheet: words of a link in each area's card, and its address up to the key.
    """
    filled = []
    for area in areas["features"]:
        code = area["properties"]["key"]
        name, *lines = facts.get(code) or ("",)
        says = {"grade": grades.get(code, NOBODY), "name": name, "lines": lines}
        if sheet is not None:
            says["address"] = sheet[1] + code
        filled.append({**area, "properties": says})
    classes: dict[str, Any] = {"kind": "classes", "areas": {"type": "FeatureCollection", "features": filled}}
    if sheet is not None:
        classes["words"] = sheet[0]
    layers: list[dict[str, Any]] = [
        classes,
        *([{"kind": "names", "names": [list(each) for each in names]}] if names else []),
    ]
    if services:
        points = [{"at": [s.lat, s.lon], "name": s.name, "lines": list(s.lines), "state": s.state} for s in services]
        layers.append({"kind": "services", "points": points})
    layers += [marks_layer(marks)] if marks else []
    return draw_map(layers, label=label, bounds=corners(filled), room=ROOM_OF_AREAS, max_zoom=AREA_ZOOM, note=note)
