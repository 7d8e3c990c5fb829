"""Files of roads to networks: an OpenStreetMap extract or a layer of lines, in a process of its own."""

from core.lazy_exports import lazy_exports

__all__ = ["RawRoads", "build_network"]

__getattr__ = lazy_exports(__name__, {"RawRoads": "raw_roads", "build_network": "network_build"})
