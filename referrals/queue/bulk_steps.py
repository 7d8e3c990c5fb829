"""One step for several marked referrals: each is checked by the ledger on its own, and each refusal is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import MapError
from core.i18n import _, ngettext
from referrals.ledger import lifecycle
from referrals.queue.step_undo import UNDOABLE, undo_step
from referrals.records.ledger_errors import BadReferralError
from referrals.records.vocabulary import reason_label
from referrals.workflow import worklist

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from referrals.ledger.ledger import Ledger
    from referrals.ledger.lifecycle import Action
    from referrals.records.vocabulary import Actor, Referral

MOST_AT_ONCE = 50  # a page of a queue and some more; each is a transaction of its own
LONGEST_KEY = 60
NO_SHOW = "no_show"
_STEPS: tuple[Action, ...] = ("start", "complete", "cancel", "break_off", "accept", "examine", "decline")


@dataclass(frozen=True)
class BulkOutcome:
    """What became of referrals that were stepped at once.

    Attributes
    ----------
    done
        Numbers of those that took the step.
    refused
        Number and reason of each that did not.
    summary
        Both counts in a sentence.
    may_undo
        Whether those that are done may be taken back at once.
    """

    done: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    summary: str
    may_undo: bool


def bulk_choices() -> tuple[tuple[str, str], ...]:
    """List what may be noted of several referrals at once.

    Returns
    -------
    tuple of pairs
        Code and words.
    """
    labels = [(step, worklist.step_label(step)) for step in _STEPS]
    return (*labels[:2], (NO_SHOW, _("Persoana nu a venit")), *labels[2:])


def take_steps(
    ledger: Ledger, numbers: Sequence[str], choice: str, *, reason: str = "", actor: Actor, key: str
) -> BulkOutcome:
    """Take one step with several referrals, one after the other; what one refuses stops no other.

    Parameters
    ----------
    ledger
        Where the referrals stand; it checks role, area, state and reason at each.
    numbers
        Numbers of the referrals, at most MOST_AT_ONCE.
    choice
        A code of `bulk_choices`; NO_SHOW cancels with its reason.
    reason
        Code of a reason, for the steps that take one.
    actor
        Who takes the steps.
    key
        What was sent once is done once: of this and the number the key of each step is made.

    Returns
    -------
    BulkOutcome
        What was done and what was refused.

    Raises
    ------
    BadReferralError
        Where nothing or too much is marked, the choice is none, or a reason is missing.
    """
    some = _marked(numbers)
    if choice not in dict(bulk_choices()):
        raise BadReferralError(_("Alegeți ce s-a întâmplat."))
    step: Action = "cancel" if choice == NO_SHOW else lifecycle.asked_for(choice)
    why = NO_SHOW if choice == NO_SHOW else reason if worklist.takes_reason(step) else ""
    if worklist.needs_reason(step):
        lifecycle.check_reason(step, why)

    def take(number: str) -> Referral:
        return ledger.transition(number, step, reason=why, actor=actor, key=f"{key[:LONGEST_KEY]}:{number}")

    done, refused = _each(some, take)
    words = ngettext("Am notat la {n} referire: {step}.", "Am notat la {n} referiri: {step}.", len(done))
    text = worklist.step_done(step) if choice != NO_SHOW else reason_label(NO_SHOW)
    summary = _summary(words.format(n=len(done), step=text), done, refused)
    return BulkOutcome(done, refused, summary, may_undo=bool(done) and step in UNDOABLE)


def undo_steps(ledger: Ledger, numbers: Sequence[str], *, actor: Actor) -> BulkOutcome:
    """Take the last step of several referrals back, one after the other.

    Parameters
    ----------
    ledger
        Where the referrals stand; `step_undo.undo_step` checks each.
    numbers
        Their numbers, at most MOST_AT_ONCE.
    actor
        Who took the steps.

    Returns
    -------
    BulkOutcome
        What was taken back and what was not.

    Raises
    ------
    BadReferralError
        Where nothing or too much is named.
    """
    done, refused = _each(_marked(numbers), lambda number: undo_step(ledger, number, actor=actor))
    words = ngettext("Pasul a fost anulat la {n} referire.", "Pasul a fost anulat la {n} referiri.", len(done))
    return BulkOutcome(done, refused, _summary(words.format(n=len(done)), done, refused), may_undo=False)


def _marked(numbers: Sequence[str]) -> list[str]:
    some = list(dict.fromkeys(number.strip().upper() for number in numbers if number.strip()))
    if not some:
        raise BadReferralError(_("Bifați cel puțin o referire."))
    if len(some) > MOST_AT_ONCE:
        words = ngettext("Bifați cel mult {n} referire.", "Bifați cel mult {n} referiri deodată.", MOST_AT_ONCE)
        raise BadReferralError(words.format(n=MOST_AT_ONCE))
    return some


def _each(
    numbers: Iterable[str], take: Callable[[str], Referral]
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    done, refused = [], []
    for number in numbers:
        try:
            take(number)
        except MapError as error:
            refused.append((number[:20], str(error)))
        else:
            done.append(number)
    return tuple(done), tuple(refused)


def _summary(words: str, done: Sequence[str], refused: Sequence[tuple[str, str]]) -> str:
    if not refused:
        return words
    left = ngettext("Refuzat la {n} referire.", "Refuzat la {n} referiri.", len(refused)).format(n=len(refused))
    return f"{words} {left}" if done else left
