"""Tokens of programs for benches: of the whole country, for a day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from referrals.interchange.api_tokens import create_token
from referrals.records.vocabulary import Actor

if TYPE_CHECKING:
    from referrals.ledger.ledger import Ledger


def national_tokens(ledger: Ledger, scopes: Sequence[str], many: int = 1) -> list[str]:
    """Make tokens and return their secrets; several share the requests that one may make in a minute."""
    by = Actor("admin", "bench")
    made = (create_token(ledger, "bench", role="national", scopes=scopes, days=1, actor=by) for _ in range(many))
    return [secret for _token, secret in made]
