"""„Acoperire” as files: CSV, workbook, GeoPackage and a brief of two pages, with the scenario that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.i18n import _
from pages.common import markup, shared
from reports.planning.coverage_brief import brief
from reports.planning.coverage_files import coverage_csv, coverage_workbook, file_stem, geopackage

if TYPE_CHECKING:
    from core.storage.home import Home
    from pages.coverage_panels.coverage_scenarios import Scenario
    from providers.planning.coverage_tables import CoverageLevel
    from providers.planning.effective_coverage import Coverage
    from reports.planning.coverage_question import CoverageQuestion

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def downloads(home: Home, found: Coverage, asked: CoverageQuestion, shown: Scenario | None) -> None:
    """Offer the files of what is on screen; each is made when it is asked for.

    No run follows a download (`on_click`): it would take the file from under who presses the next button.

    Parameters
    ----------
    home
        Whose boundaries are drawn.
    found
        The coverage on screen.
    asked
        What was asked of it.
    shown
        The plan on screen; None = none.
    """
    name = file_stem(asked.service, asked.county, is_demo=home.is_demo)
    today = shared.directory(home).ledger.today()
    level: CoverageLevel = "uat" if asked.county else "county"
    county, plan = asked.county or None, shown.plan if shown is not None else None
    if shown is not None:
        st.html(markup.render_quiet(_("Fișierele XLSX, GeoPackage și PDF cuprind „{name}”.").format(name=shown.name)))
    with st.container(key="hs-row-download", horizontal=True):
        st.download_button(
            _("Descărcați CSV"), lambda: coverage_csv(found, level, county=county), f"{name}.csv", "text/csv",
            key="cov_csv", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            _("Descărcați XLSX"),
            lambda: coverage_workbook(
                found, made_on=today, is_demo=home.is_demo, county=county, level=level, plan=plan
            ),
            f"{name}.xlsx", XLSX, key="cov_xlsx", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            _("Descărcați GeoPackage"), lambda: geopackage(found, level, home, county=county, plan=plan),
            f"{name}.gpkg", "application/geopackage+sqlite3", key="cov_gpkg", on_click="ignore",
        )  # fmt: skip
        if county:
            where = shared.area_name(home, county)
            st.download_button(
                _("Descărcați PDF"),
                lambda: brief(
                    found, home, county=county, county_name=where, made_on=today, plan=plan, measure=asked.measure
                ),
                f"{name}.pdf", "application/pdf", key="cov_pdf", on_click="ignore",
            )  # fmt: skip
