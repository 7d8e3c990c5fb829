"""Maps for the screen: a folium map of an answer, drawn with files of our own host only.

Facts in, a `folium.Map` out. Make a new map for every drawing and cache only what goes in: a map object
shown twice stays blank the second time. Behind the markers lie our own boundaries where they were
imported, else the names of the communes around; never tiles, unless somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

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
_MOST_LABELS = 60
_MAP_PIXELS = 330  # what is left of a phone's width, or of the map's column, inside the margins
_MARK = 29  # pixels between the middles of two marks that both can be read
_RINGS = [(0, 0)] + [
    (round(radius * np.cos(angle)), round(radius * np.sin(angle)))
    for radius in (_MARK + 1, 2 * _MARK + 2)
    for angle in np.linspace(0, 2 * np.pi, 12, endpoint=False)
]


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
    """What lies behind the markers, as data that may be cached: areas as GeoJSON, names at points (lat, lon)."""

    areas: dict[str, Any] | None
    names: tuple[tuple[str, float, float], ...]
    is_approximate: bool = False


class _Point(MacroElement):
    """A mark of HTML with text that opens above it.

    Not folium's Marker and Popup: the one asks for two pictures that are never shown, the other needs
    jQuery and has a close button that speaks English.
    """

    _template = Template("""
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.marker({{ this.at | tojavascript }}, Object.assign(
                {{ this.options | tojavascript }}, {icon: L.divIcon({{ this.icon | tojavascript }})}
            )).addTo({{ this._parent.get_name() }});
            {{ this.get_name() }}.bindPopup({{ this.popup | tojavascript }}, {maxWidth: 260, closeButton: false});
        {% endmacro %}
    """)

    def __init__(
        self,
        lat: float,
        lon: float,
        *,
        html: str,
        size: int,
        title: str,
        popup: str,
        z: int,
        shift: tuple[int, int] = (0, 0),
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Point"
        self.at = [lat, lon]
        self.icon = {
            "html": html,
            "class_name": "hs-point",
            "icon_size": [size, size],
            "icon_anchor": [size // 2 - shift[0], size // 2 - shift[1]],
            "popup_anchor": [shift[0], shift[1] - size // 2],
        }
        # Leaflet gives the title to the focusable element: it is also what a screen reader says.
        self.options = {"title": title, "alt": title, "z_index_offset": z}
        self.popup = popup


class LocalMap(folium.Map):
    """A folium map that asks only our own host: Leaflet and our style sheets, no jQuery, Bootstrap or icon fonts."""

    default_js: list[tuple[str, str]] = [("leaflet", LEAFLET_JS)]  # noqa: RUF012 - so declared by folium
    default_css: list[tuple[str, str]] = [  # noqa: RUF012
        ("leaflet_css", LEAFLET_CSS),
        ("tokens_css", TOKENS_CSS),
        ("map_css", MAP_CSS),
    ]


class Furniture(MacroElement):
    """What lies behind: areas and names that neither mouse nor keyboard meets; zoom buttons in our language."""

    _template = Template("""
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = {{ this._parent.get_name() }};
            L.control.zoom({{ this.zoom | tojavascript }}).addTo({{ this.get_name() }});
            L.control.scale({imperial: false}).addTo({{ this.get_name() }});
            {{ this.get_name() }}.getContainer().setAttribute("role", "group");
            {{ this.get_name() }}.getContainer().setAttribute("aria-label", {{ this.label | tojavascript }});
            {% if this.note %}
            var note = L.control({position: "bottomright"});
            note.onAdd = function () {
                var box = L.DomUtil.create("div", "hs-map-note");
                box.innerHTML = {{ this.note | tojavascript }};
                return box;
            };
            note.addTo({{ this.get_name() }});
            {% endif %}
            {% if this.areas %}
            L.geoJSON({{ this.areas | tojavascript }}, {
                interactive: false, smoothFactor: 0.5, style: {className: {{ this.area_class | tojavascript }}},
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

    def __init__(self, background: Background, label: str, note: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca is untyped
        self._name = "Furniture"
        self.areas = background.areas
        self.area_class = "hs-area hs-area-approximate" if background.is_approximate else "hs-area"
        self.zoom = {"zoom_in_title": _("Apropiați"), "zoom_out_title": _("Depărtați")}
        self.label = label
        self.note = escape(note)
        self.names = [[f"<span>{escape(name)}</span>", lat, lon] for name, lat, lon in background.names]


def answer_map(
    origin: Spot | None,
    markers: Sequence[Marker],
    *,
    background: Background | None = None,
    bounds: Sequence[tuple[float, float]] | None = None,
    note: str = "",
    tiles: str | None = None,
    attribution: str = "",
) -> folium.Map:
    """Draw where the search starts from and the numbered services around it.

    bounds: what to show, south-west and north-east corner in degrees; by default all that is drawn. note:
    printed in a corner: the mark of a demonstration. tiles: address template of a tile server, only where
    somebody has opted in: it learns where people look. Markers are reached with Tab in the order of their
    numbers and opened with Enter. Services behind a protected address have no position and never come here.
    """
    drawn = LocalMap(
        tiles=None,
        zoom_control=False,
        attribution_control=bool(tiles),
        # A finger that scrolls the page, or a wheel, must not be caught by the map; two fingers move it.
        dragging=JsCode("!L.Browser.mobile"),  # type: ignore[arg-type]  # folium writes JsCode as it is
        scroll_wheel_zoom=False,
        zoom_snap=0.25,
        max_zoom=17,
    )
    if tiles:
        folium.TileLayer(tiles, attr=escape(attribution)).add_to(drawn)
    label = _("Harta: locul căutării și serviciile numerotate")
    drawn.add_child(Furniture(background or Background(None, ()), label, note))
    if origin is not None:
        drawn.add_child(_start(origin))
    ordered = sorted(markers, key=lambda m: m.number)
    for marker, shift in zip(ordered, apart(ordered), strict=True):
        drawn.add_child(_numbered(marker, shift))
    drawn.add_child(_Chosen())
    drawn.fit_bounds(bounds or bounds_of(origin, markers), padding=(28, 28), max_zoom=13)
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


class _Chosen(MacroElement):
    """What is chosen in the list stands out on the map, and the other way round: the two pages write to each other."""

    _template = Template("""
        {% macro script(this, kwargs) %}
            (function (map) {
                function mark(number) {
                    var found = null;
                    map.eachLayer(function (layer) {
                        var pin = layer.getElement && layer.getElement() && layer.getElement().querySelector(".hs-pin");
                        if (!pin) return;
                        var is = pin.textContent === String(number);
                        pin.classList.toggle("hs-pin-chosen", is);
                        layer.setZIndexOffset(is ? 2000 : 1000 - Number(pin.textContent));
                        if (is) found = layer;
                    });
                    return found;
                }
                map.on("popupopen", function (event) {
                    var pin = event.popup._source.getElement().querySelector(".hs-pin");
                    if (!pin) return;
                    mark(pin.textContent);
                    window.parent.postMessage({hartaChosen: Number(pin.textContent)}, location.origin);
                });
                window.addEventListener("message", function (event) {
                    if (event.origin !== location.origin || !event.data || !event.data.hartaShow) return;
                    var layer = mark(event.data.hartaShow);
                    if (layer && !layer.isPopupOpen()) layer.openPopup();
                });
            })({{ this._parent.get_name() }});
        {% endmacro %}
    """)

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca is untyped
        self._name = "Chosen"


def _numbered(marker: Marker, shift: tuple[int, int]) -> _Point:
    kind = "hs-pin-confirmed" if marker.is_confirmed else "hs-pin-call"
    lines = "".join(f"<br>{escape(line)}" for line in marker.lines if line)
    return _Point(
        marker.lat,
        marker.lon,
        html=f'<span class="hs-pin {kind}">{marker.number}</span>',
        size=32,
        title=f"{marker.number}. {marker.name}",
        popup=f'<div class="hs-popup"><b>{marker.number}. {escape(marker.name)}</b>{lines}</div>',
        z=1000 - marker.number,
        shift=shift,
    )


def _start(origin: Spot) -> _Point:
    title = _("Locul căutării: {place}").format(place=origin.label)
    popup = f'<div class="hs-popup">{escape(title)}</div>'
    mark = f'<span class="hs-here"></span><span class="hs-here-name">{escape(origin.label.split(",")[0])}</span>'
    return _Point(origin.lat, origin.lon, html=mark, size=22, title=title, popup=popup, z=0)


def apart(markers: Sequence[Marker]) -> list[tuple[int, int]]:
    """Tell by how many pixels (right, down) to move each mark aside, so that no number hides another.

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
    pixel = max(north - south, (east - west) * stretch) / _MAP_PIXELS
    return pixel, pixel / stretch


def areas_around(layer: gpd.GeoDataFrame, bounds: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Cut the administrative areas around some bounds (degrees) as GeoJSON for the background.

    layer: one row an area, geometry in METRIC_CRS. The view is taken as twice as tall or wide as the bounds
    are at most, since the map is higher than wide on a phone. Neighbours are simplified together
    (shapely.coverage_simplify), by half a pixel, so that no gaps open between them.
    """
    import geopandas as gpd
    import shapely

    require_metric(layer)
    (south, west), (north, east) = bounds
    corners = gpd.GeoSeries(gpd.points_from_xy([west, east], [south, north]), crs=MAP_CRS).to_crs(METRIC_CRS)
    side_m = max(np.ptp(corners.x), np.ptp(corners.y))
    window_m = shapely.Point(corners.x.mean(), corners.y.mean()).buffer(side_m, cap_style="square")
    near = layer.geometry.iloc[sorted(layer.sindex.query(window_m, predicate="intersects"))]
    simple = shapely.coverage_simplify(near.to_numpy(), side_m / _MAP_PIXELS / 2)
    degrees = gpd.GeoSeries(simple, crs=METRIC_CRS).to_crs(MAP_CRS).set_precision(1e-5, "pointwise")
    features = [
        {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(shape)}
        for shape in degrees
        if not shape.is_empty
    ]
    return {"type": "FeatureCollection", "features": features}


def names_around(
    uats: pd.DataFrame, bounds: Sequence[tuple[float, float]], *, avoid: Sequence[tuple[float, float]] = ()
) -> tuple[tuple[str, float, float], ...]:
    """Choose the names to print on the map: (name, lat, lon) of UATs in the bounds, towns first, spread out.

    uats: `name`, `kind`, `lat`, `lon` (degrees). avoid: points (lat, lon) of marks. A name that would stand
    on a mark or on another name is left out; a name is taken as 90 by 18 pixels.
    """
    (south, west), (north, east) = bounds
    tall, wide = (north - south) / 4, (east - west) / 4
    inside = uats["lat"].between(south - tall, north + tall) & uats["lon"].between(west - wide, east + wide)
    order = {"municipality": 0, "town": 1, "commune": 2}
    near = uats[inside & uats["kind"].isin(list(order))]
    near = near.assign(_rank=near["kind"].map(order)).sort_values(["_rank", "name"], kind="stable")
    lat_px, lon_px = _degrees_a_pixel(bounds)
    chosen: list[tuple[str, float, float]] = []
    for name, lat, lon in zip(near["name"], near["lat"], near["lon"], strict=True):
        clear = all(abs(lat - a) > 26 * lat_px or abs(lon - b) > 55 * lon_px for a, b in avoid)
        free = all(abs(lat - b) > 18 * lat_px or abs(lon - c) > 90 * lon_px for _name, b, c in chosen)
        if clear and free and len(chosen) < _MOST_LABELS:
            chosen.append((str(name), float(lat), float(lon)))
    return tuple(chosen)
