"""The limits of a query, for every form and command; apart from `query_parsing`, so that `--help` loads no table."""

from __future__ import annotations

from providers.rules.person import OLDEST_PERSON

__all__ = ["MOST_ASKED", "OLDEST_PERSON", "REACH_CHOICES"]

REACH_CHOICES = (15, 30, 60)  # how far it may be, as every form offers it; none of them is any distance
MOST_ASKED = 100  # services a block
