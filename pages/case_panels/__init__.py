"""Panels of the screens about cases: what a county unit supervises and opens with a reason, and a team's desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from pages.case_panels.campaign_panel import draw_campaigns as draw_campaigns
    from pages.case_panels.county_plans_panel import draw_county_plans as draw_county_plans
    from pages.case_panels.desk_panel import draw_activities as draw_activities
    from pages.case_panels.devices_panel import draw_devices as draw_devices
    from pages.case_panels.opened_case_panel import draw_opening as draw_opening
    from pages.case_panels.plan_panel import draw_plan as draw_plan
    from pages.case_panels.session_panel import draw_remarks as draw_remarks
    from pages.case_panels.session_panel import draw_session_form as draw_session_form

__all__ = [
    "draw_activities",
    "draw_campaigns",
    "draw_county_plans",
    "draw_devices",
    "draw_opening",
    "draw_plan",
    "draw_remarks",
    "draw_session_form",
]

__getattr__ = lazy_exports(
    __name__,
    {
        "draw_activities": "desk_panel",
        "draw_campaigns": "campaign_panel",
        "draw_county_plans": "county_plans_panel",
        "draw_devices": "devices_panel",
        "draw_opening": "opened_case_panel",
        "draw_plan": "plan_panel",
        "draw_remarks": "session_panel",
        "draw_session_form": "session_panel",
    },
)
