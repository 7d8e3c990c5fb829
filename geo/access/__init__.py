"""Spatial accessibility: floating catchment areas, decay, reach, people served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from geo.access.catchment import catchment_rates as catchment_rates
    from geo.access.catchment import floating_catchment as floating_catchment
    from geo.access.decay import gaussian as gaussian
    from geo.access.decay import zones as zones
    from geo.access.reach import distribution as distribution
    from geo.access.reach import weighted_quantiles as weighted_quantiles
    from geo.access.served import allocate_proportionally as allocate_proportionally
    from geo.access.travel_pairs import pairs_within as pairs_within

__all__ = [
    "allocate_proportionally",
    "catchment_rates",
    "distribution",
    "floating_catchment",
    "gaussian",
    "pairs_within",
    "weighted_quantiles",
    "zones",
]

__getattr__ = lazy_exports(
    __name__,
    {
        "allocate_proportionally": "served",
        "catchment_rates": "catchment",
        "distribution": "reach",
        "floating_catchment": "catchment",
        "gaussian": "decay",
        "pairs_within": "travel_pairs",
        "weighted_quantiles": "reach",
        "zones": "decay",
    },
)
