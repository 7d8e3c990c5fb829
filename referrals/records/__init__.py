"""Value types and rules of the ledger that need no database: vocabulary, roles, errors, personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.records.free_text import refuse_personal as refuse_personal
    from referrals.records.roles import Area as Area
    from referrals.records.roles import allows as allows
    from referrals.records.roles import require as require
    from referrals.records.vocabulary import Actor as Actor
    from referrals.records.vocabulary import CapacityReport as CapacityReport
    from referrals.records.vocabulary import Referral as Referral
    from referrals.records.working_time import deadline as deadline

__all__ = ["Actor", "Area", "CapacityReport", "Referral", "allows", "deadline", "refuse_personal", "require"]

__getattr__ = lazy_exports(
    __name__,
    {
        "Actor": "vocabulary",
        "Area": "roles",
        "CapacityReport": "vocabulary",
        "Referral": "vocabulary",
        "allows": "roles",
        "deadline": "working_time",
        "refuse_personal": "free_text",
        "require": "roles",
    },
)
