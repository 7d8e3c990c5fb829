"""Monthly figures of communities and the statistics of referrals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.monthly.figure_entry import Figure as Figure
    from referrals.monthly.figure_entry import enter as enter
    from referrals.monthly.monthly_reports import accept as accept
    from referrals.monthly.monthly_reports import file as file
    from referrals.monthly.monthly_reports import reports as reports
    from referrals.monthly.referral_statistics import tally as tally

__all__ = ["Figure", "accept", "enter", "file", "reports", "tally"]

__getattr__ = lazy_exports(
    __name__,
    {
        "Figure": "figure_entry",
        "accept": "monthly_reports",
        "enter": "figure_entry",
        "file": "monthly_reports",
        "reports": "monthly_reports",
        "tally": "referral_statistics",
    },
)
