"""Spatial accessibility: floating catchment areas, decay, people served, how a measure spreads over people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from geo.access.catchment import floating_catchment as floating_catchment
    from geo.access.decay import gaussian as gaussian
    from geo.access.decay import zones as zones
    from geo.access.reach import concentration_index as concentration_index
    from geo.access.reach import weighted_quantiles as weighted_quantiles
    from geo.access.served import Allocation as Allocation
    from geo.access.served import allocate_people as allocate_people

__all__ = [
    "Allocation",
    "allocate_people",
    "concentration_index",
    "floating_catchment",
    "gaussian",
    "weighted_quantiles",
    "zones",
]

__getattr__ = lazy_exports(
    __name__,
    {
        "Allocation": "served",
        "allocate_people": "served",
        "concentration_index": "reach",
        "floating_catchment": "catchment",
        "gaussian": "decay",
        "weighted_quantiles": "reach",
        "zones": "decay",
    },
)
