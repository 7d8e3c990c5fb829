"""The queue of a team and of a county unit: what of it is looked for, views with a name, steps for several at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.queue.bulk_steps import BulkOutcome as BulkOutcome
    from referrals.queue.bulk_steps import bulk_choices as bulk_choices
    from referrals.queue.bulk_steps import take_steps as take_steps
    from referrals.queue.bulk_steps import undo_steps as undo_steps
    from referrals.queue.queue_filter import ReferralFilter as ReferralFilter
    from referrals.queue.queue_filter import filter_referrals as filter_referrals
    from referrals.queue.queue_filter import found_words as found_words
    from referrals.queue.saved_views import list_views as list_views

__all__ = [
    "BulkOutcome",
    "ReferralFilter",
    "bulk_choices",
    "filter_referrals",
    "found_words",
    "list_views",
    "take_steps",
    "undo_steps",
]

__getattr__ = lazy_exports(
    __name__,
    {
        "BulkOutcome": "bulk_steps",
        "ReferralFilter": "queue_filter",
        "bulk_choices": "bulk_steps",
        "filter_referrals": "queue_filter",
        "found_words": "queue_filter",
        "list_views": "saved_views",
        "take_steps": "bulk_steps",
        "undo_steps": "bulk_steps",
    },
)
