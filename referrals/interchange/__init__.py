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

__all__ = ["ApiToken", "create_token", "list_tokens", "revoke_token", "token_of"]

__getattr__ = lazy_exports(__name__, dict.fromkeys(__all__, "api_tokens"))
