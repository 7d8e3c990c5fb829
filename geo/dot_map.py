"""A map of places as dots coloured by class on plain areas; a click tells the facts and leads on.

The same map as elsewhere (`geo.drawing.LocalMap`): files of our own host, no tiles, colours of the tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template

from geo.drawing import Background
from geo.still_map import corners, still_map


@dataclass(frozen=True)
class Dot:
    """One place, degrees WGS84. grade: 1 to 4, 0 = not known. lines: plain text; address: where a click may lead."""

    lat: float
    lon: float
    name: str
    lines: tuple[str, ...]
    grade: int
    stands_out: bool = False
    address: str = ""


class _Dots(MacroElement):
    """Dots whose colours come from map.css: when the script runs, the tokens may not have arrived yet."""

    _template = Template("""
        {% macro script(this, kwargs) %}
            (function (map, dots, words) {
                const text = (tag, said) => Object.assign(document.createElement(tag), {textContent: said});
                function facts(dot) {
                    const box = Object.assign(document.createElement("div"), {className: "hs-popup"});
                    box.append(text("b", dot.name));
                    for (const line of dot.lines) box.append(document.createElement("br"), line);
                    if (dot.address) {
                        const link = Object.assign(text("a", words), {href: dot.address, target: "_blank"});
                        // This frame may not lead the page elsewhere; our script in the page does it.
                        link.addEventListener("click", (event) => {
                            event.preventDefault();
                            window.parent.postMessage({hartaOpen: dot.address}, location.origin);
                        });
                        box.append(document.createElement("br"), link);
                    }
                    return box;
                }
                for (const dot of dots)
                    L.circleMarker([dot.lat, dot.lon], {
                        radius: dot.grade ? (dot.out ? 8 : 6.5) : 5, fillOpacity: 1,
                        className: "hs-dot hs-area-" + dot.grade + (dot.out ? " hs-dot-out" : ""),
                    }).bindPopup(() => facts(dot), {maxWidth: 260, closeButton: false}).addTo(map);
                map.getContainer().dataset.dots = dots.length;
            })({{ this._parent.get_name() }}, {{ this.dots | tojavascript }}, {{ this.words | tojavascript }});
        {% endmacro %}
    """)

    def __init__(self, dots: Sequence[Dot], words: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca is untyped
        self._name = "Dots"
        self.words = words
        # Those that stand out are drawn last, over the others; the unknown first.
        self.dots = [
            {
                "lat": round(dot.lat, 4), "lon": round(dot.lon, 4), "name": dot.name, "lines": list(dot.lines),
                "grade": dot.grade, "out": dot.stands_out, "address": dot.address,
            }
            for dot in sorted(dots, key=lambda dot: (dot.stands_out, dot.grade))
        ]  # fmt: skip


def dot_map(
    areas: dict[str, Any], dots: Sequence[Dot], *, label: str, words: str, is_approximate: bool, note: str = ""
) -> folium.Map:
    """Draw dots on areas.

    areas: GeoJSON in degrees, as `geo.coverage_map.outlines` makes it. label: what the map is, for who does not see
    it. words: what the link in a dot's facts says. note: printed in a corner: the mark of a demonstration.
    """
    drawn = still_map(Background(areas, (), is_approximate=is_approximate), label=label, note=note)
    drawn.add_child(_Dots(dots, words))
    drawn.fit_bounds(corners(areas["features"]), padding=(8, 8))
    return drawn
