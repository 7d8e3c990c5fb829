"""What came back about a referral: what its provider said beside the answer, and its history step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.answers.provider_remarks import ProviderWords as ProviderWords
    from referrals.answers.provider_remarks import calls_asked as calls_asked
    from referrals.answers.provider_remarks import provider_words as provider_words
    from referrals.answers.referral_history import HistoryLine as HistoryLine
    from referrals.answers.referral_history import referral_histories as referral_histories

__all__ = ["HistoryLine", "ProviderWords", "calls_asked", "provider_words", "referral_histories"]

__getattr__ = lazy_exports(
    __name__,
    {
        "HistoryLine": "referral_history",
        "ProviderWords": "provider_remarks",
        "calls_asked": "provider_remarks",
        "provider_words": "provider_remarks",
        "referral_histories": "referral_history",
    },
)
