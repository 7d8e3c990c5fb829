"""What people do: capacity reports, holds, referrals, accounts, links of providers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.ledger.accounts import Account as Account
    from referrals.ledger.accounts import sign_in as sign_in
    from referrals.ledger.accounts import who as who
    from referrals.ledger.ledger import Ledger as Ledger
    from referrals.ledger.ledger import open_ledger as open_ledger
    from referrals.ledger.lifecycle import Transition as Transition
    from referrals.ledger.lifecycle import transition as transition
    from referrals.ledger.provider_tokens import make_referral_link as make_referral_link
    from referrals.ledger.referral_request import ReferralRequest as ReferralRequest

__all__ = [
    "Account",
    "Ledger",
    "ReferralRequest",
    "Transition",
    "make_referral_link",
    "open_ledger",
    "sign_in",
    "transition",
    "who",
]

__getattr__ = lazy_exports(
    __name__,
    {
        "Account": "accounts",
        "Ledger": "ledger",
        "ReferralRequest": "referral_request",
        "Transition": "lifecycle",
        "make_referral_link": "provider_tokens",
        "open_ledger": "ledger",
        "sign_in": "accounts",
        "transition": "lifecycle",
        "who": "accounts",
    },
)
