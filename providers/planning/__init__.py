"""Coverage of a service or a need, people left out, and what a county should do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from providers.planning.county_plan import CountyPlan as CountyPlan
    from providers.planning.county_plan import plan as plan
    from providers.planning.coverage_tables import by_level as by_level
    from providers.planning.coverage_tables import gaps as gaps
    from providers.planning.demand import people_in_need as people_in_need
    from providers.planning.effective_coverage import Coverage as Coverage
    from providers.planning.effective_coverage import compute_coverage as compute_coverage

__all__ = ["CountyPlan", "Coverage", "by_level", "compute_coverage", "gaps", "people_in_need", "plan"]

__getattr__ = lazy_exports(
    __name__,
    {
        "CountyPlan": "county_plan",
        "Coverage": "effective_coverage",
        "by_level": "coverage_tables",
        "compute_coverage": "effective_coverage",
        "gaps": "coverage_tables",
        "people_in_need": "demand",
        "plan": "county_plan",
    },
)
