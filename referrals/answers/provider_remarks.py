"""What a provider said by its link beside the answer: for when it sees the person, and that it wants to be called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals.database.models import provider_answers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from referrals.ledger.ledger import Ledger


@dataclass(frozen=True)
class ProviderWords:
    """What was said of a referral.

    Attributes
    ----------
    visit_at
        Day and hour that were given with the acceptance, UTC; None = none.
    call_at
        When the provider asked to be called instead of answering, UTC; None = it did not.
    """

    visit_at: datetime | None = None
    call_at: datetime | None = None


_NOTHING = ProviderWords()
_AT_ONCE = 500  # numbers in a question to the database


def provider_words(ledger: Ledger, states: Mapping[str, str]) -> dict[str, ProviderWords]:
    """Return what providers said of referrals.

    Parameters
    ----------
    ledger
        Where they are.
    states
        In which state each referral is that the reader was given already, by number. An appointment holds while a
        referral is accepted, a wish to be called while it waits for an answer.

    Returns
    -------
    dict of str to ProviderWords
        By number; empty words where nothing was said or it holds no longer.
    """
    numbers = [number for number, state in states.items() if state in ("held", "asked", "accepted")]
    found: dict[str, ProviderWords] = {}
    columns = provider_answers.c
    with ledger.store.read() as connection:
        for begin in range(0, len(numbers), _AT_ONCE):
            query = select(provider_answers).where(columns.referral_id.in_(numbers[begin : begin + _AT_ONCE]))
            for row in connection.execute(query):
                is_accepted = states[row.referral_id] == "accepted"
                found[row.referral_id] = ProviderWords(
                    visit_at=row.visit_at if is_accepted else None, call_at=None if is_accepted else row.call_at
                )
    return {number: found.get(number, _NOTHING) for number in states}


def calls_asked(words: Mapping[str, ProviderWords]) -> dict[str, datetime]:
    """Return which providers want to be called.

    Parameters
    ----------
    words
        What `provider_words` returned.

    Returns
    -------
    dict of str to datetime
        Since when, by number of the referral.
    """
    return {number: said.call_at for number, said in words.items() if said.call_at is not None}
