"""Facility location: p-median, maximal covering and set cover to a proven gap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from geo.siting.assignment import assignment_in_order as assignment_in_order
    from geo.siting.assignment import best_assignment as best_assignment
    from geo.siting.facility_location import maximal_coverage as maximal_coverage
    from geo.siting.facility_location import p_median as p_median
    from geo.siting.facility_location import set_cover as set_cover
    from geo.siting.siting_check import faults as faults
    from geo.siting.siting_types import Options as Options
    from geo.siting.siting_types import Siting as Siting

__all__ = [
    "Options",
    "Siting",
    "assignment_in_order",
    "best_assignment",
    "faults",
    "maximal_coverage",
    "p_median",
    "set_cover",
]

__getattr__ = lazy_exports(
    __name__,
    {
        "Options": "siting_types",
        "Siting": "siting_types",
        "assignment_in_order": "assignment",
        "best_assignment": "assignment",
        "faults": "siting_check",
        "maximal_coverage": "facility_location",
        "p_median": "facility_location",
        "set_cover": "facility_location",
    },
)
