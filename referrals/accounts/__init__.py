"""Accounts by invitation, their passwords, and sessions that the server can end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.accounts.account_sessions import sign_in as sign_in
    from referrals.accounts.account_sessions import who as who
    from referrals.accounts.accounts import Account as Account

__all__ = ["Account", "sign_in", "who"]

__getattr__ = lazy_exports(
    __name__,
    {
        "Account": "accounts",
        "sign_in": "account_sessions",
        "who": "account_sessions",
    },
)
