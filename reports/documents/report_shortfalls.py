"""What a report on paper begins with: what is furthest from its target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.i18n import _
from reports.output.pdf import notice
from reports.views.shortfalls import shortfalls

if TYPE_CHECKING:
    from reports.output.pdf import ReportPdf
    from reports.views.report_views import ReportView


def write_shortfalls(paper: ReportPdf, view: ReportView) -> None:
    """Name the figures that are furthest from their targets; nothing where every target is reached.

    A community's report begins with its diagnosis, which says what is missing there.
    """
    failing = shortfalls(view) if view.level != "community" else []
    if failing:
        which = "; ".join(f"{_(each.indicator.name)}: {each.words}" for each in failing)
        notice(paper, _("Ce nu merge. {which}.").format(which=which))
