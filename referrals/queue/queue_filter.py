"""Looking for referrals in a queue: by number, state, days left, and one's own. Nothing of it is about a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from core.i18n import _, ngettext
from referrals.records.vocabulary import STATES, state_label

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from referrals.records.vocabulary import Referral

LEFT_DAYS = (1, 3, 7)


@dataclass(frozen=True)
class ReferralFilter:
    """What of a queue is looked for; what is blank leaves nothing out.

    Attributes
    ----------
    number
        A part of the number of a referral, as it is read from a slip or heard on the telephone.
    state
        One of the states.
    left_days
        Whoever waits for an answer and has at most so many days left; 0 = any.
    made_by
        The account that made them; "" = any.
    """

    number: str = ""
    state: str = ""
    left_days: int = 0
    made_by: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing is looked for."""
        return self == ReferralFilter()


def filter_referrals(every: Iterable[Referral], wanted: ReferralFilter, *, now: datetime) -> list[Referral]:
    """Keep the referrals that fit, in their order.

    Parameters
    ----------
    every
        Referrals of an area.
    wanted
        What is looked for.
    now
        Days left are counted from it, UTC.

    Returns
    -------
    list of Referral
        Those that fit everything that is not blank.
    """
    number = "".join(sign for sign in wanted.number.upper() if sign.isalnum()).removeprefix("R")
    until = now + timedelta(days=wanted.left_days)
    return [
        each
        for each in every
        if number in each.referral_id.removeprefix("R-")
        and wanted.state in ("", each.state)
        and wanted.made_by in ("", each.made_by)
        and (not wanted.left_days or (each.expires_at is not None and now < each.expires_at <= until))
    ]


def state_choices() -> tuple[tuple[str, str], ...]:
    """List the states that may be looked for.

    Returns
    -------
    tuple of pairs
        Code and words.
    """
    return tuple((state, state_label(state)) for state in STATES)


def left_choices() -> tuple[tuple[int, str], ...]:
    """List the days left that may be looked for.

    Returns
    -------
    tuple of pairs
        Number and words.
    """
    return tuple((n, ngettext("expiră în {n} zi", "expiră în {n} zile", n).format(n=n)) for n in LEFT_DAYS)


def found_words(count: int) -> str:
    """Say how many referrals were found.

    Parameters
    ----------
    count
        How many.

    Returns
    -------
    str
        In the language of this request.
    """
    if not count:
        return _("Nicio referire nu se potrivește.")
    return ngettext("{n} referire găsită", "{n} referiri găsite", count).format(n=count)
