"""The plan of community services: priorities that a team chose from its diagnosis, and who does what about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from cases.community.community_plan import CommunityPlan as CommunityPlan
    from cases.community.community_plan import adopted_plan as adopted_plan
    from cases.community.community_plan import list_plans as list_plans

__all__ = ["CommunityPlan", "adopted_plan", "list_plans"]

__getattr__ = lazy_exports(__name__, dict.fromkeys(__all__, "community_plan"))
