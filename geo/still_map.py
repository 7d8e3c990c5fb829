"""The map of the country as it lies on a page that is scrolled: our own ground, no tiles, two fingers to move it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from folium.utilities import JsCode

from geo.drawing import COUNTRY, Background, Furniture, LocalMap


def still_map(ground: Background, *, label: str, note: str = "", max_zoom: int = 13) -> LocalMap:
    """Make a map that neither a finger that scrolls the page nor a wheel moves by mistake.

    ground: what lies under everything. label: what the map is, for who does not see it. note: printed in a corner:
    the mark of a demonstration.
    """
    drawn = LocalMap(
        tiles=None,
        zoom_control=False,
        attribution_control=False,
        dragging=JsCode("!L.Browser.mobile"),  # type: ignore[arg-type]  # folium writes JsCode as it is
        scroll_wheel_zoom=False,
        zoom_snap=0.25,
        max_zoom=max_zoom,
    )
    drawn.add_child(Furniture(ground, label, note))
    return drawn


def corners(areas: Sequence[Mapping[str, Any]]) -> list[tuple[float, float]]:
    """Return the south-west and north-east corner, degrees, of GeoJSON features; the country where there are none."""
    if not areas:
        return list(COUNTRY)
    boxes = np.array([shapely.geometry.shape(area["geometry"]).bounds for area in areas])
    (west, south), (east, north) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return [(float(south), float(west)), (float(north), float(east))]
