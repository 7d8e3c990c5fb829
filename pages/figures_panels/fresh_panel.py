"""„Rapoarte”, the share of services with a fresh report of places: over weeks, by county and by type; its files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from core.i18n import _
from pages.common import shared
from pages.figures_panels import report_html
from reports.campaigns.fresh_figures import FILE_KINDS, explained, file_name, fresh_places, fresh_places_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.campaigns.fresh_figures import FreshPart
    from reports.views.report_views import ReportView


def draw(view: ReportView) -> None:
    """Draw the shares of the area on screen."""
    directory = shared.directory(view.gathered.home)
    shown = fresh_places(directory, view.gathered, view.level, view.area)
    st.html(report_html.render_notes([shown.headline, explained()]))
    _bars(_("Săptămână de săptămână"), _("La data"), shown.weeks)
    if shown.counties:
        _bars(_("Pe județe"), _("Județul"), shown.counties)
    _bars(_("Pe tipuri de servicii"), _("Tipul serviciului"), shown.types)
    with st.container(key="hs-row-fresh", horizontal=True):
        for kind in FILE_KINDS:
            st.download_button(
                kind.upper(),
                data=partial(_written, view, kind),
                file_name=file_name(view.area, kind),
                key=f"reports_fresh_{kind}",
                on_click="ignore",
            )


def _bars(caption: str, first: str, parts: Sequence[FreshPart]) -> None:
    st.html(report_html.render_shares(caption, first, [(part.name, part.share, part.words) for part in parts]))


def _written(view: ReportView, kind: str) -> bytes:
    return fresh_places_file(shared.directory(view.gathered.home), view.gathered, view.level, view.area, kind)[0]
