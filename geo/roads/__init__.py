"""Roads: read, contracted to junctions, searched for minutes that a driver would believe."""

from core.lazy_exports import lazy_exports

__all__ = [
    "PinnedPoints",
    "RoadNetwork",
    "RoadSearch",
    "Snapped",
    "ToRoad",
]

__getattr__ = lazy_exports(
    __name__,
    {
        "PinnedPoints": "pinned_points",
        "RoadNetwork": "road_network",
        "RoadSearch": "road_search",
        "Snapped": "snap_grid",
        "ToRoad": "road_search",
    },
)
