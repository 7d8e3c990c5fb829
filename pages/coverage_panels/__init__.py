"""Panels of the coverage screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from pages.coverage_panels.coverage_downloads import downloads as downloads
    from pages.coverage_panels.coverage_map_panel import draw_map as draw_map
    from pages.coverage_panels.coverage_plan import panel as panel
    from pages.coverage_panels.coverage_scenarios import Scenario as Scenario

__all__ = ["Scenario", "downloads", "draw_map", "panel"]

__getattr__ = lazy_exports(
    __name__,
    {
        "Scenario": "coverage_scenarios",
        "downloads": "coverage_downloads",
        "draw_map": "coverage_map_panel",
        "panel": "coverage_plan",
    },
)
