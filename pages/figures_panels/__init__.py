"""Panels of the figures screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from pages.figures_panels.figures_query import FiguresQuery as FiguresQuery
    from pages.figures_panels.figures_query import load_query_parameters as load_query_parameters
    from pages.figures_panels.figures_ranking import choose_indicator as choose_indicator
    from pages.figures_panels.monthly_form import draw as draw

__all__ = ["FiguresQuery", "choose_indicator", "draw", "load_query_parameters"]

__getattr__ = lazy_exports(
    __name__,
    {
        "FiguresQuery": "figures_query",
        "choose_indicator": "figures_ranking",
        "draw": "monthly_form",
        "load_query_parameters": "figures_query",
    },
)
