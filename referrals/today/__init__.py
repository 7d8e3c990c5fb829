"""What waits for a role today: for a team, for a county unit, and how much of it, for the bar of every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.today.county_work import followed_referrals as followed_referrals
    from referrals.today.team_work import due_reports as due_reports
    from referrals.today.team_work import sort_referrals as sort_referrals
    from referrals.today.work_count import count_work as count_work

__all__ = ["count_work", "due_reports", "followed_referrals", "sort_referrals"]

__getattr__ = lazy_exports(
    __name__,
    {
        "count_work": "work_count",
        "due_reports": "team_work",
        "followed_referrals": "county_work",
        "sort_referrals": "team_work",
    },
)
