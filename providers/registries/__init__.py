"""One module per registry: `load()` reads a publisher"s file, a pure `tidy()` shapes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from providers.registries.capacity_text import Capacity as Capacity
    from providers.registries.contacts import phones as phones
    from providers.registries.geocoding import geocode as geocode
    from providers.registries.geocoding import parse_coordinates as parse_coordinates
    from providers.registries.licences import read_status as read_status
    from providers.registries.row_validation import Check as Check
    from providers.registries.row_validation import reject_rows as reject_rows
    from providers.registries.unit_rules import classify as classify

__all__ = ["Capacity", "Check", "classify", "geocode", "parse_coordinates", "phones", "read_status", "reject_rows"]

__getattr__ = lazy_exports(
    __name__,
    {
        "Capacity": "capacity_text",
        "Check": "row_validation",
        "classify": "unit_rules",
        "geocode": "geocoding",
        "parse_coordinates": "geocoding",
        "phones": "contacts",
        "read_status": "licences",
        "reject_rows": "row_validation",
    },
)
