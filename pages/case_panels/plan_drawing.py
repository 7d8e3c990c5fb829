"""The plan of community services as its team and its county unit see it: the sheet, and a workbook to download."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from cases.figures.told_counts import rounding_words
from core.i18n import _
from pages.case_panels import case_markup
from pages.case_panels.plan_sheet import people_of_diagnosis, sheet_of_plan
from pages.common import markup
from reports.documents.report_writing import today
from reports.views.plan_workbook import plan_workbook

if TYPE_CHECKING:
    from cases.community.community_plan import CommunityPlan
    from cases.figures.community_diagnosis import CommunityDiagnosis
    from core.storage.home import Home

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw_sheet(home: Home, plan: CommunityPlan, found: CommunityDiagnosis, name: str) -> None:
    """Draw a plan with the people whom its priorities are about, and offer it as a workbook.

    Parameters
    ----------
    home
        Whose mark the file carries.
    plan
        The plan, as its reader has it.
    found
        The diagnosis of its community, as its reader may be told.
    name
        Of the community.
    """
    people = people_of_diagnosis(found)
    st.html(case_markup.render_plan(sheet_of_plan(plan, people)))
    counted = {each.kind for each in plan.priorities if (each.kind, each.code) in people}
    if (counted and found.is_rounded) or ("category" in counted and found.are_findings_rounded):
        st.html(markup.render_quiet(rounding_words()))
    st.download_button(
        _("Descărcați planul (XLSX)"),
        partial(plan_workbook, plan, area=name, made_on=today(), is_demo=home.is_demo),
        file_name=f"plan-comunitar-{plan.uat_siruta}-{plan.year}-{plan.number}.xlsx",
        mime=_XLSX,
        key=f"plan_file_{plan.plan_id}",
        on_click="ignore",
    )
