"""A map of places as dots coloured by class on plain areas; a click tells the facts and leads on.

The same map as elsewhere (`geo.maps.map_component`): files of our own host, no tiles, colours of the tokens.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from geo.maps.answer_map import Background, corners, ground_layer
from geo.maps.map_component import LocalMap, draw_map
from geo.maps.map_style import AREA_ZOOM, DOT_RADII, ROOM_OF_AREAS


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


def dot_map(
    areas: dict[str, Any], dots: Sequence[Dot], *, label: str, words: str, is_approximate: bool, note: str = ""
) -> LocalMap:
    """Draw dots on areas.

    areas: GeoJSON in degrees, as `geo.maps.class_map.outlines` makes it. label: what the map is, for who does not see
    it. words: what the link in a dot's facts says. note: printed in a corner: the mark of a demonstration.
    """
    # Those that stand out are drawn last, over the others; the unknown first. What has no point has no dot.
    placed = [dot for dot in dots if math.isfinite(dot.lat) and math.isfinite(dot.lon)]
    ordered = sorted(placed, key=lambda dot: (dot.stands_out, dot.grade))
    items = [
        {
            "at": [round(dot.lat, 4), round(dot.lon, 4)], "name": dot.name, "lines": list(dot.lines),
            "grade": dot.grade, "out": dot.stands_out, "address": dot.address,
        }
        for dot in ordered
    ]  # fmt: skip
    layers = [
        *ground_layer(Background(areas, (), is_approximate=is_approximate)),
        {"kind": "dots", "dots": items, "words": words, "radii": DOT_RADII},
    ]
    bounds = corners(areas["features"])
    return draw_map(layers, label=label, bounds=bounds, room=ROOM_OF_AREAS, max_zoom=AREA_ZOOM, note=note)
