"""The history of a referral: each step, when it was taken and from which side; no account and nothing of a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.i18n import _
from referrals.database.models import audit
from referrals.records.vocabulary import reason_label, state_label
from referrals.workflow import worklist

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from referrals.ledger.ledger import Ledger
    from referrals.ledger.lifecycle import Action
    from referrals.records.vocabulary import Referral

_STEPS = (
    "make",
    "accept",
    "decline",
    "start",
    "complete",
    "break_off",
    "cancel",
    "expire",
    "call_me",
    "examine",
    "undo",
)
_ENDS: dict[str, Action] = {
    "declined": "decline", "expired": "expire", "cancelled": "cancel", "completed": "complete",
    "broken_off": "break_off",
}  # fmt: skip
_AT_ONCE = 500  # numbers in a question to the database


@dataclass(frozen=True)
class HistoryLine:
    """One step as it is read.

    Attributes
    ----------
    when, words
        The moment, and what happened.
    who
        From which side; empty where the clock took it or that is not known.
    """

    when: str
    words: str
    who: str


def referral_histories(ledger: Ledger, some: Sequence[Referral]) -> dict[str, tuple[HistoryLine, ...]]:
    """Return the steps of referrals, the first one first.

    Parameters
    ----------
    ledger
        In whose audit log the steps are.
    some
        Referrals that the reader was given already.

    Returns
    -------
    dict of str to tuple of HistoryLine
        By number. What a referral kept of the time before its first row in the audit log stands before it.
    """
    logged: dict[str, list[tuple[datetime, HistoryLine]]] = {each.referral_id: [] for each in some}
    numbers, rows = list(logged), audit.c
    actions = [f"referral.{step}" for step in _STEPS]
    with ledger.store.read() as connection:
        for begin in range(0, len(numbers), _AT_ONCE):
            query = (
                select(rows.at, rows.role, rows.action, rows.subject, rows.after, rows.reason)
                .where(rows.subject.in_(numbers[begin : begin + _AT_ONCE]), rows.action.in_(actions))
                .order_by(rows.at, rows.position)
            )
            for row in connection.execute(query):
                words = _step_words(row.action.removeprefix("referral."), row.after, row.reason)
                line = HistoryLine(worklist.moment_words(row.at), words, _who(row.role))
                logged[row.subject].append((row.at, line))
    return {each.referral_id: _whole(each, logged[each.referral_id]) for each in some}


def _whole(referral: Referral, logged: Sequence[tuple[datetime, HistoryLine]]) -> tuple[HistoryLine, ...]:
    """Put what a referral keeps by itself before its rows of the audit log."""
    end = _ENDS.get(referral.state)
    moments: list[tuple[datetime | None, str, str]] = [
        (referral.made_at, "make", ""),
        (referral.examined_at, "examine", ""),
        (referral.accepted_at, "accept", ""),
        (referral.started_at, "start", ""),
        (referral.closed_at if end else None, end or "", referral.reason),
    ]
    before = [
        HistoryLine(worklist.moment_words(at), _step_words(step, "", reason), "")
        for at, step, reason in moments
        if at is not None and (not logged or at < logged[0][0])
    ]
    return (*before, *(line for _at, line in logged))


def _step_words(step: str, after: str, reason: str) -> str:
    match step:
        case "make":
            return (
                _("s-a făcut referirea: {state}").format(state=state_label(after))
                if after
                else _("s-a făcut referirea")
            )
        case "undo":
            return _("pasul dinainte a fost anulat: {state}").format(state=state_label(after))
        case "call_me":
            return _("furnizorul roagă să fie sunat")
        case "accept" | "examine" | "decline" | "start" | "complete" | "break_off" | "cancel" | "expire":
            return ", ".join(filter(None, (worklist.step_done(step), reason_label(reason))))
    return ""


def _who(role: str) -> str:
    return {
        "team": _("echipa"),
        "county": _("unitatea județeană"),
        "provider": _("furnizorul, prin link"),
        "admin": _("administratorul"),
    }.get(role, "")
