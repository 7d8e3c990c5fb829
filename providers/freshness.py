"""How old a report may be to confirm a place, and why one from the future confirms nothing.

A report gets its moment from the clock of the machine that takes it. A clock that ran ahead, or was set back
since, leaves a report whose age is negative: it would stay fresh until its day comes, and for the freshness
limit more. It is doubted instead, like a stale one.
"""

from __future__ import annotations

from typing import Any

SECONDS_A_DAY = 86_400.0
CLOCK_TOLERANCE_S = 60.0  # clocks of two machines may differ by this much before a moment counts as from the future


def is_from_future(age_days: Any) -> Any:
    """Whether a report of this age (days; number or array) lies further ahead than clocks may differ.

    >>> is_from_future(-0.0001), is_from_future(-1.0), is_from_future(float("nan"))
    (False, True, False)
    """
    return age_days < -CLOCK_TOLERANCE_S / SECONDS_A_DAY


def is_fresh(age_days: Any, freshness_days: Any) -> Any:
    """Whether a report confirms: not older than the limit of its type (inclusive), and not from the future.

    Numbers or arrays of one shape; NaN, never reported, is not fresh.

    >>> is_fresh(14.0, 14.0), is_fresh(14.1, 14.0), is_fresh(-30.0, 14.0), is_fresh(float("nan"), 14.0)
    (True, False, False, False)
    """
    return (age_days <= freshness_days) & (age_days >= -CLOCK_TOLERANCE_S / SECONDS_A_DAY)
