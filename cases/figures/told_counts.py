"""How counts of people are told to whoever is not of their team: in fives, rounded down (docs/decisions/0065)."""

from __future__ import annotations

from core.i18n import _, number
from referrals.records.vocabulary import LEAST_SHOWN


def in_fives(count: int) -> int:
    """Round a count down to fives: 0 may also be fewer than five.

    >>> in_fives(4), in_fives(13)
    (0, 10)
    """
    return count // LEAST_SHOWN * LEAST_SHOWN


def count_words(count: int | None) -> str:
    """Format a count as it is told; None = fewer than may be told."""
    return _("mai puțin de {n}").format(n=LEAST_SHOWN) if count is None else number(count)


def rounding_words() -> str:
    """Return in words how numbers are told."""
    return _("Numerele sunt rotunjite în jos la multipli de {n}: 0 poate fi și mai puțin de {n}.").format(n=LEAST_SHOWN)
