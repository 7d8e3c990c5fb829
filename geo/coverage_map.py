"""A map of areas coloured by class, each with its figures behind a click, and numbered marks of what is proposed.

The same map as elsewhere (`geo.drawing.LocalMap`): files of our own host, no tiles, colours of the tokens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import folium
import shapely
from branca.element import MacroElement
from folium.template import Template

from geo.crs import MAP_CRS, METRIC_CRS, require_metric
from geo.drawing import Background, Marker, _numbered, apart
from geo.still_map import corners, still_map

if TYPE_CHECKING:
    import geopandas as gpd

CLASSES = 4  # 1 to 4; 0 = not known
_MAP_PIXELS = 400


class _Fills(MacroElement):
    """Areas filled by class; a click, or Enter, tells the facts.

    Colours come from map.css by the class of each path: when the script runs, the tokens may not have arrived yet.
    """

    _template = Template("""
        {% macro script(this, kwargs) %}
            (function (map) {
                document.body.insertAdjacentHTML("beforeend", `<svg width="0" height="0" aria-hidden="true"
                    style="position:absolute"><defs><pattern id="hs-unknown" width="6" height="6"
                    patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hs-unknown-ground"
                    width="6" height="6"/><line class="hs-unknown-line" x1="0" x2="0" y2="6"/></pattern></defs></svg>`);
                L.geoJSON({{ this.areas | tojavascript }}, {
                    smoothFactor: 0.5,
                    style: (area) => ({
                        className: "hs-area hs-area-" + area.properties.grade, weight: 0.8, fillOpacity: 1,
                    }),
                    onEachFeature: (area, layer) => layer.bindPopup(area.properties.html, {
                        maxWidth: 260, closeButton: false,
                    }),
                }).addTo(map);
            })({{ this._parent.get_name() }});
        {% endmacro %}
    """)

    def __init__(self, areas: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca is untyped
        self._name = "Fills"
        self.areas = areas


def outlines(layer: gpd.GeoDataFrame, key: str) -> dict[str, Any]:
    """Make the areas of a layer (METRIC_CRS; column `key`) light enough for a screen, as GeoJSON in degrees.

    Neighbours are simplified together, so that no gaps open. Each feature has the property `key`, as text.
    """
    import geopandas as gpd

    require_metric(layer)
    if layer.empty:
        return {"type": "FeatureCollection", "features": []}
    west, south, east, north = layer.total_bounds
    simple = shapely.coverage_simplify(layer.geometry.to_numpy(), max(north - south, east - west) / _MAP_PIXELS / 2)
    degrees = gpd.GeoSeries(simple, crs=METRIC_CRS).to_crs(MAP_CRS).set_precision(1e-4, "pointwise")
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
    note: str = "",
) -> folium.Map:
    """Draw areas by class.

    areas: from `outlines`. grades: class of each key, 1 to CLASSES; one that is missing is not known: hatched.
    facts: lines of plain text for each key, the first its name. label: what the map is, for who does not see it.
    """
    filled = []
    for area in areas["features"]:
        code = area["properties"]["key"]
        first, *others = facts.get(code) or ("",)
        html = f'<div class="hs-popup"><b>{escape(first)}</b>{"".join(f"<br>{escape(x)}" for x in others)}</div>'
        filled.append({**area, "properties": {"grade": grades.get(code, 0), "html": html}})
    drawn = still_map(Background(None, ()), label=label, note=note, max_zoom=14)
    drawn.add_child(_Fills({"type": "FeatureCollection", "features": filled}))
    for marker, shift in zip(marks, apart(marks), strict=True):
        drawn.add_child(_numbered(marker, shift))
    drawn.fit_bounds(corners(filled), padding=(8, 8))
    return drawn
