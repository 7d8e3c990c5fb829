"""Accounts, sessions, invitations, and links for providers without an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.accounts.accounts import Account as Account
    from referrals.accounts.accounts import invite as invite
    from referrals.accounts.accounts import sign_in as sign_in
    from referrals.accounts.accounts import sign_out as sign_out
    from referrals.accounts.accounts import who as who
    from referrals.accounts.provider_tokens import make_referral_link as make_referral_link
    from referrals.accounts.provider_tokens import make_service_link as make_service_link

__all__ = ["Account", "invite", "make_referral_link", "make_service_link", "sign_in", "sign_out", "who"]

__getattr__ = lazy_exports(
    __name__,
    {
        "Account": "accounts",
        "invite": "accounts",
        "make_referral_link": "provider_tokens",
        "make_service_link": "provider_tokens",
        "sign_in": "accounts",
        "sign_out": "accounts",
        "who": "accounts",
    },
)
