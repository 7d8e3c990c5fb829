"""What people do: holds, referrals, links of providers, forgetting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.ledger.ledger import Ledger as Ledger
    from referrals.ledger.ledger import open_ledger as open_ledger
    from referrals.ledger.lifecycle import Transition as Transition
    from referrals.ledger.lifecycle import transition as transition
    from referrals.ledger.provider_tokens import make_referral_link as make_referral_link
    from referrals.ledger.referral_request import ReferralRequest as ReferralRequest

__all__ = [
    "Ledger",
    "ReferralRequest",
    "Transition",
    "make_referral_link",
    "open_ledger",
    "transition",
]

__getattr__ = lazy_exports(
    __name__,
    {
        "Ledger": "ledger",
        "ReferralRequest": "referral_request",
        "Transition": "lifecycle",
        "make_referral_link": "provider_tokens",
        "open_ledger": "ledger",
        "transition": "lifecycle",
    },
)
