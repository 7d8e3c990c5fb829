"""Maps for the screen: a folium map of an answer, drawn with files of our own host only.

Facts in, a `folium.Map` out. Make a new map for every drawing and cache only what goes in: a map object
shown twice stays blank the second time. Behind the markers lie our own boundaries where they were
imported, else the names of the communes around; never tiles, unless somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import folium
import numpy as np
from branca.element import MacroElement
from folium.template import Template
from folium.utilities import JsCode

from geo.crs import MAP_CRS, METRIC_CRS, require_metric
from geo.language import _

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

LEAFLET_JS = "/assets/leaflet/leaflet.js"
LEAFLET_CSS = "/assets/leaflet/leaflet.css"
TOKENS_CSS = "/assets/tokens.css"
MAP_CSS = "/assets/map.css"
COUNTRY = ((43.6, 20.2), (48.3, 29.8))  # degrees: what is shown while there is nothing to show
_MARGIN_DEG = 0.06  # around a single point: some 6 km
_TOLERANCE_M = 150.0  # boundaries are simplified together by this much: half a pixel at the closest zoom fitted
_MOST_LABELS = 60


@dataclass(frozen=True)
class Spot:
    """Where the search starts from. Degrees WGS84."""

    lat: float
    lon: float
    label: str


@dataclass(frozen=True)
class Marker:
    """One numbered service on the map: the same number as in the list. Degrees WGS84.

    name and lines are plain text and are escaped here. is_confirmed: filled, else outlined.
    """

    number: int
    lat: float
    lon: float
    name: str
    lines: tuple[str, ...]
    is_confirmed: bool


@dataclass(frozen=True)
class Background:
    """What lies behind the markers, as data that may be cached: areas as GeoJSON, names at points."""

    areas: dict[str, Any] | None
    names: tuple[tuple[str, float, float], ...]


class _Popup(MacroElement):  # type: ignore[misc] - folium is untyped
    """Text that opens above a marker. folium's own popup needs jQuery, and its close button speaks English."""

    _template = Template("""
        {% macro script(this, kwargs) %}
            {{ this._parent.get_name() }}.bindPopup({{ this.html | tojavascript }}, {maxWidth: 260, closeButton: false});
        {% endmacro %}
    """)

    def __init__(self, html: str) -> None:
        super().__init__()
        self._name = "Popup"
        self.html = html


class LocalMap(folium.Map):
    """A folium map that asks only our own host: Leaflet and our style sheets, no jQuery, Bootstrap or icon fonts."""

    default_js: ClassVar[list[tuple[str, str]]] = [("leaflet", LEAFLET_JS)]
    default_css: ClassVar[list[tuple[str, str]]] = [
        ("leaflet_css", LEAFLET_CSS),
        ("tokens_css", TOKENS_CSS),
        ("map_css", MAP_CSS),
    ]


class _Furniture(MacroElement):  # type: ignore[misc] - folium is untyped
    """What lies behind: areas and names that neither mouse nor keyboard meets; zoom buttons in our language."""

    _template = Template("""
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = {{ this._parent.get_name() }};
            L.control.zoom({{ this.zoom | tojavascript }}).addTo({{ this.get_name() }});
            L.control.scale({imperial: false}).addTo({{ this.get_name() }});
            {{ this.get_name() }}.getContainer().setAttribute("role", "group");
            {{ this.get_name() }}.getContainer().setAttribute("aria-label", {{ this.label | tojavascript }});
            {% if this.areas %}
            L.geoJSON({{ this.areas | tojavascript }}, {
                interactive: false, smoothFactor: 0.5, style: {className: "hs-area"},
            }).addTo({{ this.get_name() }});
            {% endif %}
            {{ this.names | tojavascript }}.forEach(function (name) {
                L.marker([name[1], name[2]], {
                    interactive: false, keyboard: false,
                    icon: L.divIcon({className: "hs-name", iconSize: null, html: name[0]}),
                }).addTo({{ this.get_name() }});
            });
        {% endmacro %}
    """)

    def __init__(self, background: Background, label: str) -> None:
        super().__init__()
        self._name = "Furniture"
        self.areas = background.areas
        self.zoom = {"zoom_in_title": _("Apropiați"), "zoom_out_title": _("Depărtați")}
        self.label = label
        self.names = [[f"<span>{escape(name)}</span>", lat, lon] for name, lat, lon in background.names]


def answer_map(
    origin: Spot | None,
    markers: Sequence[Marker],
    *,
    background: Background | None = None,
    tiles: str | None = None,
    attribution: str = "",
) -> folium.Map:
    """Draw where the search starts from and the numbered services around it.

    tiles: address template of a tile server, only where somebody has opted in: it learns where people look.
    Markers are reached with Tab in the order of their numbers and opened with Enter. Services behind a
    protected address have no position and never come here.
    """
    drawn = LocalMap(
        tiles=None,
        zoom_control=False,
        attribution_control=bool(tiles),
        # A finger that scrolls the page, or a wheel, must not be caught by the map; two fingers move it.
        dragging=JsCode("!L.Browser.mobile"),
        scroll_wheel_zoom=False,
        zoom_snap=0.25,
        max_zoom=17,
    )
    if tiles:
        folium.TileLayer(tiles, attr=escape(attribution)).add_to(drawn)
    label = _("Harta: locul căutării și serviciile numerotate")
    drawn.add_child(_Furniture(background or Background(None, ()), label))
    if origin is not None:
        drawn.add_child(_origin_marker(origin))
    for marker in sorted(markers, key=lambda m: m.number):
        drawn.add_child(_numbered(marker))
    drawn.fit_bounds(bounds_of(origin, markers), padding=(28, 28), max_zoom=13)
    return drawn


def bounds_of(origin: Spot | None, markers: Sequence[Marker]) -> list[tuple[float, float]]:
    """Return the south-west and north-east corner, degrees, around everything drawn; the country where nothing is."""
    points = [(p.lat, p.lon) for p in ([origin] if origin else []) + list(markers)]
    if not points:
        return list(COUNTRY)
    low, high = np.min(points, axis=0), np.max(points, axis=0)
    spare = np.maximum(0.0, _MARGIN_DEG - (high - low) / 2)
    low, high = low - spare, high + spare
    return [(float(low[0]), float(low[1])), (float(high[0]), float(high[1]))]


def _numbered(marker: Marker) -> folium.Marker:
    kind = "hs-pin-confirmed" if marker.is_confirmed else "hs-pin-call"
    lines = "".join(f"<br>{escape(line)}" for line in marker.lines if line)
    popup = f'<div class="hs-popup"><b>{marker.number}. {escape(marker.name)}</b>{lines}</div>'
    return _point(
        marker.lat,
        marker.lon,
        html=f'<span class="hs-pin {kind}">{marker.number}</span>',
        size=32,
        title=f"{marker.number}. {marker.name}",
        popup=popup,
        z=1000 - marker.number,  # where two stand on one spot, the nearer in rank is seen
    )


def _origin_marker(origin: Spot) -> folium.Marker:
    title = _("Locul căutării: {place}").format(place=origin.label)
    popup = f'<div class="hs-popup">{escape(title)}</div>'
    return _point(origin.lat, origin.lon, html='<span class="hs-here"></span>', size=22, title=title, popup=popup, z=0)


def _point(lat: float, lon: float, *, html: str, size: int, title: str, popup: str, z: int) -> folium.Marker:
    icon = folium.DivIcon(html=html, icon_size=(size, size), icon_anchor=(size // 2, size // 2), class_name="hs-point")
    # Leaflet gives the title to the focusable element: it is also what a screen reader says.
    placed = folium.Marker((lat, lon), icon=icon, title=title, alt=title, z_index_offset=z)
    placed.add_child(_Popup(popup))
    return placed


def areas_around(layer: gpd.GeoDataFrame, bounds: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Cut the administrative areas around some bounds (degrees) as GeoJSON for the background.

    layer: one row an area, geometry in METRIC_CRS. Half as much again is kept on every side, so that the map may be moved.
    Neighbours are simplified together (shapely.coverage_simplify), so that no gaps open between them.
    """
    import geopandas as gpd
    import shapely

    require_metric(layer)
    (south, west), (north, east) = bounds
    tall, wide = (north - south) / 2, (east - west) / 2
    window = shapely.box(west - wide, south - tall, east + wide, north + tall)
    window_m = gpd.GeoSeries([window], crs=MAP_CRS).to_crs(METRIC_CRS).iloc[0]
    near = layer.geometry.iloc[sorted(layer.sindex.query(window_m, predicate="intersects"))]
    simple = shapely.coverage_simplify(near.to_numpy(), _TOLERANCE_M)
    degrees = gpd.GeoSeries(simple, crs=METRIC_CRS).to_crs(MAP_CRS).set_precision(1e-5, "pointwise")
    features = [
        {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(shape)}
        for shape in degrees
        if not shape.is_empty
    ]
    return {"type": "FeatureCollection", "features": features}


def names_around(uats: pd.DataFrame, bounds: Sequence[tuple[float, float]]) -> tuple[tuple[str, float, float], ...]:
    """Choose the names to print on the map: (name, lat, lon) of UATs in the bounds, towns first, spread out.

    uats: `name`, `kind`, `lat`, `lon` (degrees). A name that would stand on another is left out: the map is
    taken as 400 pixels wide, a name as 90 by 18.
    """
    (south, west), (north, east) = bounds
    tall, wide = (north - south) / 4, (east - west) / 4
    inside = uats["lat"].between(south - tall, north + tall) & uats["lon"].between(west - wide, east + wide)
    order = {"municipality": 0, "town": 1, "commune": 2}
    near = uats[inside & uats["kind"].isin(list(order))]
    near = near.assign(_rank=near["kind"].map(order)).sort_values(["_rank", "name"], kind="stable")
    # One pixel in degrees, when the bounds fill the narrow side of the map.
    pixel = max(north - south, (east - west) * np.cos(np.radians((north + south) / 2))) / 400
    height, width = 18 * pixel, 90 * pixel / np.cos(np.radians((north + south) / 2))
    chosen: list[tuple[str, float, float]] = []
    for name, lat, lon in zip(near["name"], near["lat"], near["lon"], strict=True):
        free = all(abs(lat - b) > height or abs(lon - c) > width for _name, b, c in chosen)
        if free and len(chosen) < _MOST_LABELS:
            chosen.append((str(name), float(lat), float(lon)))
    return tuple(chosen)
