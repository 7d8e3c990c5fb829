"""The plan of community services as a workbook, to download."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from core.i18n import _
from reports.documents.report_writing import today
from reports.views.plan_workbook import plan_workbook

if TYPE_CHECKING:
    from cases.community.community_plan import CommunityPlan

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def offer_plan(plan: CommunityPlan, name: str, *, is_demo: bool) -> None:
    """Offer a plan as a workbook, written when the button is pressed. name: of the community."""
    st.download_button(
        _("Descărcați planul (XLSX)"),
        partial(plan_workbook, plan, area=name, made_on=today(), is_demo=is_demo),
        file_name=f"plan-comunitar-{plan.uat_siruta}-{plan.year}-{plan.number}.xlsx",
        mime=_XLSX,
        key=f"plan_file_{plan.plan_id}",
        on_click="ignore",
    )
