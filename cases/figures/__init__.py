"""What is counted of cases: the figures of a month, frozen once the report of the month is filed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from cases.figures.case_demand import demand_from_cases as demand_from_cases
    from cases.figures.case_figures import CaseFigures as CaseFigures
    from cases.figures.case_figures import figures_of as figures_of
    from cases.figures.community_diagnosis import CommunityDiagnosis as CommunityDiagnosis
    from cases.figures.field_campaigns import CampaignTotals as CampaignTotals
    from cases.figures.field_campaigns import campaign_totals as campaign_totals

__all__ = ["CampaignTotals", "CaseFigures", "CommunityDiagnosis", "campaign_totals", "demand_from_cases", "figures_of"]

__getattr__ = lazy_exports(
    __name__,
    {
        "CampaignTotals": "field_campaigns",
        "CaseFigures": "case_figures",
        "CommunityDiagnosis": "community_diagnosis",
        "campaign_totals": "field_campaigns",
        "demand_from_cases": "case_demand",
        "figures_of": "case_figures",
    },
)
