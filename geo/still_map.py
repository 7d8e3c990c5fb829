"""The map of the country as it lies on a page that is scrolled: our own ground, no tiles, two fingers to move it."""

from __future__ import annotations

from folium.utilities import JsCode

from geo.drawing import Background, Furniture, LocalMap


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
