"""Looking for referrals in a queue: by number, state, need, community, days. Nothing of it is about a person."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from core.i18n import _, ngettext
from core.text import collation_key
from referrals.records.vocabulary import EXAMINING, STATES, state_label
from referrals.workflow.county_worklist import PARTS
from referrals.workflow.worklist import hides_need, need_words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from referrals.records.vocabulary import Referral

LEFT_DAYS = (1, 3, 7)
AGES = (7, 30, 90)
CONFIDENTIAL = "confidential"  # stands for every need that is not named
_LONGEST_NUMBER, _LONGEST_CODE, _MOST_DAYS = 20, 60, 999


@dataclass(frozen=True)
class ReferralFilter:
    """What of a queue is looked for; what is blank or 0 leaves nothing out.

    Attributes
    ----------
    number
        A part of the number of a referral, as it is read from a slip or heard on the telephone.
    state
        One of the states, or EXAMINING.
    left_days
        Whoever waits for an answer and has at most so many days left.
    is_own
        Only those that whoever asks made.
    need
        Code of a need, or CONFIDENTIAL.
    uat_siruta
        The community.
    least_days
        Least age in days.
    part
        Of a county's queue: one of `county_worklist.PARTS`.
    """

    number: str = ""
    state: str = ""
    left_days: int = 0
    is_own: bool = False
    need: str = ""
    uat_siruta: int = 0
    least_days: int = 0
    part: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing is looked for; a part of a queue alone is no search."""
        return all(not getattr(self, each.name) for each in fields(self) if each.name != "part")


def checked_filter(values: dict[str, Any]) -> ReferralFilter:
    """Make a filter of what somebody sent or an earlier program stored; what is none of ours leaves nothing out.

    Parameters
    ----------
    values
        Values by name of a field of `ReferralFilter`.

    Returns
    -------
    ReferralFilter
        What of it can be looked for.
    """
    state, part = str(values.get("state", "")), str(values.get("part", ""))
    return ReferralFilter(
        number=str(values.get("number", ""))[:_LONGEST_NUMBER].strip(),
        state=state if state in (*STATES, EXAMINING) else "",
        left_days=_days(values.get("left_days")),
        is_own=values.get("is_own") is True,
        need=str(values.get("need", ""))[:_LONGEST_CODE],
        uat_siruta=_days(values.get("uat_siruta"), most=999_999),
        least_days=_days(values.get("least_days")),
        part=part if part in PARTS else "",
    )


def _days(value: Any, most: int = _MOST_DAYS) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 and int(text) <= most else 0  # noqa: PLR2004


def filter_json(wanted: ReferralFilter) -> str:
    """Write a filter down as JSON, without the number of a referral and what is blank."""
    values = {each.name: getattr(wanted, each.name) for each in fields(wanted) if each.name != "number"}
    kept = {name: value for name, value in values.items() if value}
    return json.dumps(kept, separators=(",", ":"), sort_keys=True)


def filter_referrals(
    every: Iterable[Referral], wanted: ReferralFilter, *, now: datetime, account: str = ""
) -> list[Referral]:
    """Keep the referrals that fit, in their order.

    Parameters
    ----------
    every
        Referrals of an area.
    wanted
        What is looked for; its part is not looked at.
    now
        Days are counted from it, UTC.
    account
        Who asks.

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
        and wanted.state in ("", each.state, each.stage)
        and (not wanted.is_own or each.made_by == account)
        and (not wanted.left_days or (each.expires_at is not None and now < each.expires_at <= until))
        and wanted.uat_siruta in (0, each.uat_siruta)
        and (now - each.made_at).days >= wanted.least_days
        and (not wanted.need or wanted.need == need_key(each))
    ]


def need_key(referral: Referral) -> str:
    """Return by what the need of a referral is looked for."""
    return CONFIDENTIAL if hides_need(referral) else referral.need


def need_choices(every: Iterable[Referral]) -> tuple[tuple[str, str], ...]:
    """List the needs of referrals, by their names: code and words."""
    found = {need_key(each): need_words(each) for each in every}
    return tuple(sorted(found.items(), key=lambda pair: collation_key(pair[1])))


def state_choices() -> tuple[tuple[str, str], ...]:
    """List the states that may be looked for.

    Returns
    -------
    tuple of pairs
        Code and words.
    """
    return tuple((state, state_label(state)) for state in (*STATES[:2], EXAMINING, *STATES[2:]))


def left_choices() -> tuple[tuple[int, str], ...]:
    """List the days left that may be looked for.

    Returns
    -------
    tuple of pairs
        Number and words.
    """
    return tuple((n, ngettext("expiră în {n} zi", "expiră în {n} zile", n).format(n=n)) for n in LEFT_DAYS)


def age_choices() -> tuple[tuple[int, str], ...]:
    """List the least ages that may be looked for: number and words."""
    return tuple((n, ngettext("cel puțin {n} zi", "cel puțin {n} zile", n).format(n=n)) for n in AGES)


def found_words(count: int) -> str:
    """Return in words how many referrals were found.

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
