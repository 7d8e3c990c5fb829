"""Maps for the screen: what a map shows, as data for one drawing component."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from geo.maps.answer_map import Marker as Marker
    from geo.maps.answer_map import Origin as Origin
    from geo.maps.atlas_map import country_map as country_map
    from geo.maps.atlas_view import AtlasView as AtlasView
    from geo.maps.atlas_view import view_table as view_table

__all__ = ["AtlasView", "Marker", "Origin", "country_map", "view_table"]

__getattr__ = lazy_exports(
    __name__,
    {
        "AtlasView": "atlas_view",
        "Marker": "answer_map",
        "Origin": "answer_map",
        "country_map": "atlas_map",
        "view_table": "atlas_view",
    },
)
