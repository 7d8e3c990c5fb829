"""Panels of „Referiri”: the queue with what is looked for; for a county unit signals to settle and its providers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from pages.referrals_panels.county_worklist_panel import draw_gaps as draw_gaps
    from pages.referrals_panels.county_worklist_panel import draw_providers as draw_providers
    from pages.referrals_panels.county_worklist_panel import draw_queue as draw_queue
    from pages.referrals_panels.county_worklist_panel import draw_signals as draw_signals
    from pages.referrals_panels.queue_panel import draw_bulk as draw_bulk
    from pages.referrals_panels.queue_panel import draw_filters as draw_filters

__all__ = ["draw_bulk", "draw_filters", "draw_gaps", "draw_providers", "draw_queue", "draw_signals"]

__getattr__ = lazy_exports(
    __name__,
    {
        "draw_bulk": "queue_panel",
        "draw_filters": "queue_panel",
        "draw_gaps": "county_worklist_panel",
        "draw_providers": "county_worklist_panel",
        "draw_queue": "county_worklist_panel",
        "draw_signals": "county_worklist_panel",
    },
)
