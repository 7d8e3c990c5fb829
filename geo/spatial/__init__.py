"""Points, travel times, exact nearest neighbours, areas and routes; pure functions on coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from geo.spatial.areas import AreaIndex as AreaIndex
    from geo.spatial.areas import area_index as area_index
    from geo.spatial.crs import geodesic_m as geodesic_m
    from geo.spatial.crs import to_metric as to_metric
    from geo.spatial.nearest import PointIndex as PointIndex
    from geo.spatial.route import best_trip as best_trip
    from geo.spatial.travel import TravelModel as TravelModel
    from geo.spatial.travel import TravelModels as TravelModels

__all__ = [
    "AreaIndex",
    "PointIndex",
    "TravelModel",
    "TravelModels",
    "area_index",
    "best_trip",
    "geodesic_m",
    "to_metric",
]

__getattr__ = lazy_exports(
    __name__,
    {
        "AreaIndex": "areas",
        "PointIndex": "nearest",
        "TravelModel": "travel",
        "TravelModels": "travel",
        "area_index": "areas",
        "best_trip": "route",
        "geodesic_m": "crs",
        "to_metric": "crs",
    },
)
