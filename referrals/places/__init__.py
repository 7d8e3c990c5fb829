"""Free places: reports, what is held and taken of them, and what is free now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.places.capacity import free_now as free_now
    from referrals.places.capacity_table import now_table as now_table
    from referrals.places.moved_services import services_moved_since as services_moved_since

__all__ = [
    "free_now",
    "now_table",
    "services_moved_since",
]

__getattr__ = lazy_exports(
    __name__,
    {
        "free_now": "capacity",
        "now_table": "capacity_table",
        "services_moved_since": "moved_services",
    },
)
