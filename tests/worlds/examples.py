"""How many examples a property is tried with."""

from __future__ import annotations

import os


def examples(most: int, *, daily: int | None = None) -> int:
    """Return `most` for a search (HYPOTHESIS_PROFILE=search, `make acceptance`), a third of it, at least ten, every day.

    Every day the examples are the same ones, so more of them find nothing new. daily: how many where each takes long.
    """
    return most if os.environ.get("HYPOTHESIS_PROFILE") == "search" else daily or max(10, most // 3)
