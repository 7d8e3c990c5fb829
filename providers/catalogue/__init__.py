"""The catalogue in memory: editions in force, availability, eligibility, what may be published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from providers.catalogue.availability import Availability as Availability
    from providers.catalogue.catalogue import Catalogue as Catalogue
    from providers.catalogue.catalogue import load_catalogue as load_catalogue
    from providers.catalogue.catalogue import make_catalogue as make_catalogue
    from providers.catalogue.eligibility import refusals as refusals
    from providers.catalogue.snapshot import Snapshot as Snapshot

__all__ = ["Availability", "Catalogue", "Snapshot", "load_catalogue", "make_catalogue", "refusals"]

__getattr__ = lazy_exports(
    __name__,
    {
        "Availability": "availability",
        "Catalogue": "catalogue",
        "Snapshot": "snapshot",
        "load_catalogue": "catalogue",
        "make_catalogue": "catalogue",
        "refusals": "eligibility",
    },
)
