"""How a service answers referrals: the usual days to an answer, and whether the latest ones ran out unanswered.

Said beside a service and never in its place of a list: a service that is slow with its mail may be the only one there
is. Nothing is said below a few referrals, and how many went unanswered is said in steps, so that no single one can be
followed from outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from statistics import median
from typing import TYPE_CHECKING, Any

from core.i18n import ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

WINDOW_DAYS = 180  # assumed: what was before that is another time, often other people at the telephone
LEAST_ANSWERED = 5  # answers without which no usual time is told; „cinci” in the words below
_STEPS = (10, 5, 3)  # unanswered in a row: at least so many are told, and no number between


@dataclass(frozen=True)
class AnsweringRecord:
    """How a service answered the referrals of the last `WINDOW_DAYS`.

    Attributes
    ----------
    usual_days
        Median of the days from a referral to its answer, rounded up, at least 1; None = fewer than LEAST_ANSWERED.
    unanswered
        How many of the latest referrals ran out without an answer, one after the other: 3, 5 or 10 stand for at least
        so many; 0 = fewer than three.
    """

    usual_days: int | None
    unanswered: int


def record_of(waits: Sequence[float | None]) -> AnsweringRecord | None:
    """Sum the referrals of a service up.

    Parameters
    ----------
    waits
        Days to the answer of each, in the order in which they were made; None = it ran out unanswered.

    Returns
    -------
    AnsweringRecord or None
        None where nothing can be told.

    Examples
    --------
    >>> record_of([1.5, 0.2, None, 4.0, 2.5, 1.1])
    AnsweringRecord(usual_days=2, unanswered=0)
    >>> record_of([0.5, None, None, None, None])
    AnsweringRecord(usual_days=None, unanswered=3)
    >>> record_of([2.0, None]) is None
    True
    """
    answered = [days for days in waits if days is not None]
    usual = max(1, ceil(median(answered))) if len(answered) >= LEAST_ANSWERED else None
    in_a_row = 0
    for days in reversed(waits):
        if days is not None:
            break
        in_a_row += 1
    unanswered = next((step for step in _STEPS if in_a_row >= step), 0)
    return AnsweringRecord(usual, unanswered) if usual is not None or unanswered else None


def answering_words(record: AnsweringRecord | None) -> str:
    """Return in words how a service answers, in the language of this request.

    Parameters
    ----------
    record
        What is known; None = nothing.

    Returns
    -------
    str
        Without a capital letter and a full stop; empty where nothing is known.
    """
    if record is None:
        return ""
    parts = []
    if record.unanswered:
        text = ngettext("nu a răspuns la ultima referire", "nu a răspuns la ultimele {n} referiri", record.unanswered)
        parts.append(text.format(n=record.unanswered))
    if record.usual_days is not None:
        text = ngettext("răspunde de obicei într-o zi", "răspunde de obicei în {n} zile", record.usual_days)
        parts.append(text.format(n=record.usual_days))
    return "; ".join(parts)


def answering_window_words() -> str:
    """Say of which time and from how many answers it is told."""
    text = ngettext(
        "din referirile ultimei luni, de la cinci răspunsuri în sus",
        "din referirile ultimelor {n} luni, de la cinci răspunsuri în sus",
        WINDOW_DAYS // 30,
    )
    return text.format(n=WINDOW_DAYS // 30)


def answering_json(record: AnsweringRecord | None) -> dict[str, Any]:
    """Return how a service answers as JSON.

    Parameters
    ----------
    record
        What is known; None = nothing.

    Returns
    -------
    dict
        `usual_days` (null = not known), `unanswered_in_a_row` (at least so many) and `window_days`.
    """
    return {
        "usual_days": None if record is None else record.usual_days,
        "unanswered_in_a_row": 0 if record is None else record.unanswered,
        "window_days": WINDOW_DAYS,
    }
