"""Panels of „Referiri” for a county unit: signals to settle, its queue, its providers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from pages.referrals_panels.county_desk_panel import draw_gaps as draw_gaps
    from pages.referrals_panels.county_desk_panel import draw_providers as draw_providers
    from pages.referrals_panels.county_desk_panel import draw_queue as draw_queue
    from pages.referrals_panels.county_desk_panel import draw_signals as draw_signals

__all__ = ["draw_gaps", "draw_providers", "draw_queue", "draw_signals"]

__getattr__ = lazy_exports(__name__, dict.fromkeys(__all__, "county_desk_panel"))
