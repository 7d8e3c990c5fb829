"""The map of all services: what a view of it holds under filters, as marks, counts and a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from providers.service_map.map_answer import MapAnswer as MapAnswer
    from providers.service_map.map_answer import answer_map_view as answer_map_view
    from providers.service_map.map_filter import MapFilter as MapFilter
    from providers.service_map.map_layers import MapLayers as MapLayers
    from providers.service_map.view_window import MapView as MapView

__all__ = ["MapAnswer", "MapFilter", "MapLayers", "MapView", "answer_map_view"]

__getattr__ = lazy_exports(
    __name__,
    {
        "MapAnswer": "map_answer",
        "MapFilter": "map_filter",
        "MapLayers": "map_layers",
        "MapView": "view_window",
        "answer_map_view": "map_answer",
    },
)
