"""Layers of the map: boundaries, localities, population, communities, the marginalisation atlas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from geo.layers.atlas_layer import atlas_class as atlas_class
    from geo.layers.atlas_layer import class_name as class_name
    from geo.layers.atlas_layer import priority as priority
    from geo.layers.boundary_shapes import dissolve_counties as dissolve_counties
    from geo.layers.boundary_shapes import map_layer as map_layer
    from geo.layers.census_table import printed_table as printed_table

__all__ = ["atlas_class", "class_name", "dissolve_counties", "map_layer", "printed_table", "priority"]

__getattr__ = lazy_exports(
    __name__,
    {
        "atlas_class": "atlas_layer",
        "class_name": "atlas_layer",
        "dissolve_counties": "boundary_shapes",
        "map_layer": "boundary_shapes",
        "printed_table": "census_table",
        "priority": "atlas_layer",
    },
)
