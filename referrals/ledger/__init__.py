"""The database of what people do: capacity reports, holds, referrals, audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.ledger.audit import verify as verify
    from referrals.ledger.ledger import Ledger as Ledger
    from referrals.ledger.ledger import open_ledger as open_ledger
    from referrals.ledger.lifecycle import Transition as Transition
    from referrals.ledger.lifecycle import transition as transition
    from referrals.ledger.referral_request import ReferralRequest as ReferralRequest
    from referrals.ledger.store import open_store as open_store

__all__ = ["Ledger", "ReferralRequest", "Transition", "open_ledger", "open_store", "transition", "verify"]

__getattr__ = lazy_exports(
    __name__,
    {
        "Ledger": "ledger",
        "ReferralRequest": "referral_request",
        "Transition": "lifecycle",
        "open_ledger": "ledger",
        "open_store": "store",
        "transition": "lifecycle",
        "verify": "audit",
    },
)
