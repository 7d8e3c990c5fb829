"""The limits of a query, for every form and command; apart from `query_parsing`, so that `--help` loads no table."""

from __future__ import annotations

OLDEST_PERSON = 130  # years
REACH_CHOICES = (15, 30, 60)  # how far it may be, as every form offers it; none of them is any distance
MOST_ASKED = 100  # services a block
