"""The referrals of one way: every stop by itself, all of one case; a place that is gone does not take the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from referrals.ledger import case_codes
from referrals.records.ledger_errors import NoPlaceError, SecondPlaceError
from referrals.workflow import referral_offers
from referrals.workflow.referral_offers import NotOfferedError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from providers.finder.answer import Query
    from referrals.records.vocabulary import Actor, Referral
    from referrals.workflow.directory import Directory

_LONGEST_KEY = 50  # of the way; the place of the stop is added to it


@dataclass(frozen=True)
class TripReferrals:
    """What became of a way.

    Attributes
    ----------
    made
        The referrals, in the order of the stops.
    failed
        What for, and why not, of each stop that could not be had.
    """

    made: tuple[Referral, ...]
    failed: tuple[tuple[str, str], ...]


def refer_to_stops(
    directory: Directory,
    query: Query,
    stops: Iterable[tuple[str, str]],
    *,
    actor: Actor,
    basis: str,
    consent_at: datetime | None,
    case_ref: str = "",
    new_case: str = "",
    note: str = "",
    idempotency_key: str = "",
) -> TripReferrals:
    """Refer the person of a query to every stop of a way, by the facts of this moment.

    Parameters
    ----------
    directory
        Services and places of this moment.
    query
        What was asked; each stop answers one of its needs.
    stops
        What for (a code of the query) and the key of the service.
    actor
        Who refers.
    basis, consent_at, note
        As for `referral_offers.refer`.
    case_ref
        Code of a case that is known; "" = a new one.
    new_case
        A code offered for it beforehand, so that the request sent again says the same thing.
    idempotency_key
        The same for every retry of the request; "" = none.

    Returns
    -------
    TripReferrals
        What was made and what was not.

    Raises
    ------
    BadReferralError, PersonalDataError
        Where what was said is not enough: wrong for the first stop, wrong for all, and nothing is made.
    """
    made: list[Referral] = []
    failed: list[tuple[str, str]] = []
    is_new = bool(new_case) and not case_ref
    case = case_codes.offered_code(directory.ledger, new_case, actor) if is_new else case_ref
    for place, (need, service) in enumerate(stops):
        try:
            made.append(
                referral_offers.refer(
                    directory,
                    service,
                    replace(query, wanted=(need,)),
                    actor=actor,
                    basis=basis,
                    consent_at=consent_at,
                    case_ref=case or None,
                    is_new_case=is_new,
                    note=note,
                    idempotency_key=f"{idempotency_key[:_LONGEST_KEY]}-{place}" if idempotency_key else "",
                )
            )
        except (NotOfferedError, NoPlaceError, SecondPlaceError) as error:
            failed.append((need, str(error)))
        case = case or (made[0].case_ref if made else "")
    return TripReferrals(tuple(made), tuple(failed))
