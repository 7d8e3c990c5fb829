"""Panels of the finder: the form, the answer's map and what can be done with an offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from pages.finder_panels.offer_actions import draw as draw
    from pages.finder_panels.pick_map import picked as picked
    from pages.finder_panels.refer_panel import CreatedReferral as CreatedReferral
    from pages.finder_panels.search_form import ask as ask
    from pages.finder_panels.trip_panel import one_trip as one_trip

__all__ = ["CreatedReferral", "ask", "draw", "one_trip", "picked"]

__getattr__ = lazy_exports(
    __name__,
    {
        "CreatedReferral": "refer_panel",
        "ask": "search_form",
        "draw": "offer_actions",
        "one_trip": "trip_panel",
        "picked": "pick_map",
    },
)
