"""Tables of a report in words: indicators against targets, rankings, what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from reports.views.figures_import import read_figures as read_figures
    from reports.views.ranking import Ranking as Ranking
    from reports.views.report_views import ReportView as ReportView
    from reports.views.report_views import format_value as format_value
    from reports.views.report_views import make_view as make_view

__all__ = ["Ranking", "ReportView", "format_value", "make_view", "read_figures"]

__getattr__ = lazy_exports(
    __name__,
    {
        "Ranking": "ranking",
        "ReportView": "report_views",
        "format_value": "report_views",
        "make_view": "report_views",
        "read_figures": "figures_import",
    },
)
