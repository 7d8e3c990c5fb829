"""Files of roads to networks: an OpenStreetMap extract or a layer of lines, in a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from geo.roads.reading.line_layer import read_lines as read_lines
    from geo.roads.reading.mountain_passes import load_passes as load_passes
    from geo.roads.reading.network_build import build_network as build_network
    from geo.roads.reading.osm_extract import read_extract as read_extract
    from geo.roads.reading.raw_roads import RawRoads as RawRoads

__all__ = ["RawRoads", "build_network", "load_passes", "read_extract", "read_lines"]

__getattr__ = lazy_exports(
    __name__,
    {
        "RawRoads": "raw_roads",
        "build_network": "network_build",
        "load_passes": "mountain_passes",
        "read_extract": "osm_extract",
        "read_lines": "line_layer",
    },
)
