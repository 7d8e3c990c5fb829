"""What other programs come with and follow: their tokens, and the feed of what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from referrals.interchange.api_tokens import ApiToken as ApiToken
    from referrals.interchange.api_tokens import create_token as create_token
    from referrals.interchange.api_tokens import list_tokens as list_tokens
    from referrals.interchange.api_tokens import revoke_token as revoke_token
    from referrals.interchange.api_tokens import token_of as token_of
    from referrals.interchange.change_feed import bring_up_to_date as bring_up_to_date
    from referrals.interchange.change_feed import changes_after as changes_after

__all__ = [
    "ApiToken",
    "bring_up_to_date",
    "changes_after",
    "create_token",
    "list_tokens",
    "revoke_token",
    "token_of",
]

_FEED = ("bring_up_to_date", "changes_after")

__getattr__ = lazy_exports(__name__, {name: "change_feed" if name in _FEED else "api_tokens" for name in __all__})
