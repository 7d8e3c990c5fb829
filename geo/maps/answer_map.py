"""The map of an answer: where the search starts, the numbered services around it, and what lies behind them.

Facts in, layers of plain data out to `geo.maps.map_component`. Behind the markers lie our own boundaries where they
were
imported, else the names of the communes around; never tiles, unless somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from core.i18n import _
from geo.maps.map_component import LocalMap, draw_map
from geo.maps.map_style import OUTLINE_PIXELS, PHONE_PIXELS, ROOM_OF_MARKS
from geo.spatial.crs import require_metric, shapes_in_degrees, to_metric

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from geo.spatial.window_index import WindowIndex

COUNTRY = ((43.6, 20.2), (48.3, 29.8))  # degrees: what is shown while there is nothing to show
_MARGIN_DEG = 0.06  # around a single point: some 6 km
_MOST_LABELS = 60
_MARK = 29  # pixels between the middles of two marks that both can be read
_RINGS = [(0, 0)] + [
    (round(radius * np.cos(angle)), round(radius * np.sin(angle)))
    for radius in (_MARK + 1, 2 * _MARK + 2)
    for angle in np.linspace(0, 2 * np.pi, 12, endpoint=False)
]


@dataclass(frozen=True)
class Origin:
    """Where the search starts from.

    Attributes
    ----------
    lat, lon
        Degrees WGS84.
    label
        Name of the place, plain text.
    """

    lat: float
    lon: float
    label: str


@dataclass(frozen=True)
class Marker:
    """One numbered service on the map: the same number as in the list.

    Attributes
    ----------
    number
        Place in the list, from 1.
    lat, lon
        Degrees WGS84.
    name
        Plain text.
    lines
        What the popup says, plain text.
    is_confirmed
        Drawn filled, else as a dashed ring.
    is_full
        Drawn crossed.
    """

    number: int
    lat: float
    lon: float
    name: str
    lines: tuple[str, ...]
    is_confirmed: bool
    is_full: bool = False


@dataclass(frozen=True)
class Background:
    """What lies behind the markers, as data that may be cached: areas as GeoJSON, names at points (lat, lon)."""

    areas: dict[str, Any] | None
    names: tuple[tuple[str, float, float], ...]
    is_approximate: bool = False


def ground_layer(background: Background) -> list[dict[str, Any]]:
    """Return the layer that lies under everything, as a list of one; of none, where there is nothing to draw."""
    if not background.areas and not background.names:
        return []
    names = [list(name) for name in background.names]
    approximate = background.is_approximate
    return [{"kind": "ground", "areas": background.areas, "approximate": approximate, "names": names}]


def marks_layer(markers: Sequence[Marker], *, linked: bool = False) -> dict[str, Any]:
    """Return the layer of numbered marks, in the order of their numbers, none hiding another.

    linked: the mark chosen here stands out in the list of the page around, and the other way round.
    """
    ordered = sorted(markers, key=lambda m: m.number)
    marks = [
        {
            "number": marker.number,
            "at": [marker.lat, marker.lon],
            "shift": list(shift),
            "name": marker.name,
            "lines": [line for line in marker.lines if line],
            "state": "full" if marker.is_full else "free" if marker.is_confirmed else "ask",
        }
        for marker, shift in zip(ordered, spread_markers(ordered), strict=True)
    ]
    return {"kind": "marks", "marks": marks, "linked": linked}


def answer_map(
    origin: Origin | None,
    markers: Sequence[Marker],
    *,
    background: Background | None = None,
    bounds: Sequence[tuple[float, float]] | None = None,
    note: str = "",
    tiles: str | None = None,
    attribution: str = "",
    travel: Sequence[Mapping[str, Any]] = (),
) -> LocalMap:
    """Draw where the search starts from and the numbered services around it.

    bounds: what to show, south-west and north-east corner in degrees; by default all that is drawn. note:
    printed in a corner: the mark of a demonstration. tiles: address template of a tile server, only where
    somebody has opted in: it learns where people look. Markers are reached with Tab in the order of their
    numbers and opened with Enter. travel: layers of `geo.maps.reach_layers`, below the marks. Services behind a
    protected address have no position and never come here.
    """
    layers = ground_layer(background) if background else []
    layers += map(dict, travel)
    if origin is not None:
        layers.append(_start(origin))
    layers.append(marks_layer(markers, linked=True))
    return draw_map(
        layers,
        label=_("Harta: locul căutării și serviciile numerotate"),
        bounds=bounds or bounds_of(origin, markers),
        room=ROOM_OF_MARKS,
        note=note,
        tiles={"template": tiles, "attribution": attribution} if tiles else None,
    )


def bounds_of(origin: Origin | None, markers: Sequence[Marker]) -> list[tuple[float, float]]:
    """Return the south-west and north-east corner, degrees, around everything drawn; the country where nothing is."""
    points = [(p.lat, p.lon) for p in ([origin] if origin else []) + list(markers)]
    if not points:
        return list(COUNTRY)
    low, high = np.min(points, axis=0), np.max(points, axis=0)
    spare = np.maximum(0.0, _MARGIN_DEG - (high - low) / 2)
    low, high = low - spare, high + spare
    return [(float(low[0]), float(low[1])), (float(high[0]), float(high[1]))]


def corners(areas: Sequence[Mapping[str, Any]]) -> list[tuple[float, float]]:
    """Return the south-west and north-east corner, degrees, of GeoJSON features; the country where there are none."""
    import shapely

    if not areas:
        return list(COUNTRY)
    boxes = np.array([shapely.geometry.shape(area["geometry"]).bounds for area in areas])
    (west, south), (east, north) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return [(float(south), float(west)), (float(north), float(east))]


def _start(origin: Origin) -> dict[str, Any]:
    title = _("Locul căutării: {place}").format(place=origin.label)
    return {"kind": "origin", "at": [origin.lat, origin.lon], "title": title, "name": origin.label.split(",")[0]}


def spread_markers(markers: Sequence[Marker]) -> list[tuple[int, int]]:
    """Return by how many pixels (right, down) to move each mark aside, so that no number hides another.

    Services of one town often stand on one point, its centre. The first keeps its spot; each later one
    takes the nearest free place on a ring around its own.
    """
    if not markers:
        return []
    degrees = _degrees_a_pixel(bounds_of(None, markers))
    spots = [(m.lon / degrees[1], -m.lat / degrees[0]) for m in markers]
    taken: list[tuple[float, float]] = []
    shifts = []
    for x, y in spots:
        free = ((dx, dy) for dx, dy in _RINGS if all(np.hypot(x + dx - a, y + dy - b) >= _MARK for a, b in taken))
        dx, dy = next(free, (0, 0))
        taken.append((x + dx, y + dy))
        shifts.append((dx, dy))
    return shifts


def _degrees_a_pixel(bounds: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the degrees of latitude and of longitude in one pixel, when the bounds fill the map's narrow side."""
    (south, west), (north, east) = bounds
    stretch = float(np.cos(np.radians((north + south) / 2)))
    pixel = max(north - south, (east - west) * stretch) / PHONE_PIXELS
    return pixel, pixel / stretch


def areas_around(layer: gpd.GeoDataFrame, bounds: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Cut the administrative areas around some bounds (degrees) as GeoJSON for the background.

    layer: one row an area, geometry in METRIC_CRS. The view is taken as twice as tall or wide as the bounds
    are at most, since the map is higher than wide on a phone. Neighbours are simplified together
    (shapely.coverage_simplify), by half a pixel, so that no gaps open between them.
    """
    import shapely

    require_metric(layer)
    (south, west), (north, east) = bounds
    corners_m = to_metric([south, north], [west, east])
    side_m = np.ptp(corners_m, axis=0).max()
    window_m = shapely.Point(corners_m.mean(axis=0)).buffer(side_m, cap_style="square")
    near = layer.geometry.iloc[sorted(layer.sindex.query(window_m, predicate="intersects"))]
    simple = shapely.coverage_simplify(near.to_numpy(), side_m / OUTLINE_PIXELS / 2)
    degrees = shapes_in_degrees(simple, 1e-5)
    features = [
        {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(shape)}
        for shape in degrees
        if not shape.is_empty
    ]
    return {"type": "FeatureCollection", "features": features}


def names_around(
    uats: pd.DataFrame,
    windows: WindowIndex,
    bounds: Sequence[tuple[float, float]],
    *,
    avoid: Sequence[tuple[float, float]] = (),
) -> tuple[tuple[str, float, float], ...]:
    """Choose the names to print on the map: (name, lat, lon) of UATs in the bounds, towns first, spread out.

    uats: `name`, `kind`, `lat`, `lon` (degrees). windows: over the same points, in their order. avoid: points
    (lat, lon) of marks. A name that would stand on a mark or on another name is left out; a name is taken as 90
    by 18 pixels.
    """
    (south, west), (north, east) = bounds
    tall, wide = (north - south) / 4, (east - west) / 4
    inside = uats.iloc[windows.within(((south - tall, west - wide), (north + tall, east + wide)))]
    order = {"municipality": 0, "town": 1, "commune": 2}
    near = inside[inside["kind"].isin(list(order))]
    near = near.assign(_rank=near["kind"].map(order)).sort_values(["_rank", "name"], kind="stable")
    lat_px, lon_px = _degrees_a_pixel(bounds)
    chosen: list[tuple[str, float, float]] = []
    for name, lat, lon in zip(near["name"], near["lat"], near["lon"], strict=True):
        clear = all(abs(lat - a) > 26 * lat_px or abs(lon - b) > 55 * lon_px for a, b in avoid)
        free = all(abs(lat - b) > 18 * lat_px or abs(lon - c) > 90 * lon_px for _name, b, c in chosen)
        if clear and free and len(chosen) < _MOST_LABELS:
            chosen.append((str(name), float(lat), float(lon)))
    return tuple(chosen)
