"""Where the catalogue meets the ledger: directory, referral offers, worklist, shared rides, batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.workflow.directory import Directory as Directory
    from referrals.workflow.directory import open_directory as open_directory
    from referrals.workflow.next_best import next_bests as next_bests
    from referrals.workflow.referral_offers import offers as offers
    from referrals.workflow.referral_offers import refer as refer
    from referrals.workflow.ride_sharing import find_shared_rides as find_shared_rides
    from referrals.workflow.worklist import open_referrals as open_referrals
    from referrals.workflow.worklist import what_next as what_next

__all__ = [
    "Directory",
    "find_shared_rides",
    "next_bests",
    "offers",
    "open_directory",
    "open_referrals",
    "refer",
    "what_next",
]

__getattr__ = lazy_exports(
    __name__,
    {
        "Directory": "directory",
        "find_shared_rides": "ride_sharing",
        "next_bests": "next_best",
        "offers": "referral_offers",
        "open_directory": "directory",
        "open_referrals": "worklist",
        "refer": "referral_offers",
        "what_next": "worklist",
    },
)
