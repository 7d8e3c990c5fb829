"""The queue of a team and of a county unit: what of it is looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.queue.queue_filter import ReferralFilter as ReferralFilter
    from referrals.queue.queue_filter import filter_referrals as filter_referrals
    from referrals.queue.queue_filter import found_words as found_words
    from referrals.queue.queue_filter import left_choices as left_choices
    from referrals.queue.queue_filter import state_choices as state_choices

__all__ = ["ReferralFilter", "filter_referrals", "found_words", "left_choices", "state_choices"]

__getattr__ = lazy_exports(__name__, dict.fromkeys(__all__, "queue_filter"))
