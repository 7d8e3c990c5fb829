"""The next services where a referral did not work out, and moving its case to one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from providers.finder.answer import Query, Result
from providers.finder.finder import find
from providers.finder.instructions import takes_referrals
from providers.rules import taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from geo.gazetteer.places import Place
    from providers.finder.answer import Answer, Offer
    from referrals.records.vocabulary import Actor, Referral
    from referrals.workflow.directory import Directory

from referrals.workflow.referral_offers import offers, refer

_ASKERS = ("town_hall", "team")  # whose a type of service is: of those who ask


def place_of(directory: Directory, referral: Referral) -> Place:
    """Return where the person of a referral lives."""
    return directory.gazetteer.place_of(referral.locality_siruta, referral.uat_siruta)


def question_of(directory: Directory, referral: Referral, *, k: int = 5) -> Query:
    """Make the question of which a referral was one answer. Of the person nothing was kept but the place."""
    return Query(origin=place_of(directory, referral), wanted=(referral.need,), k=k)


def next_bests(directory: Directory, referral: Referral, tried: Iterable[str] = (), *, most: int = 3) -> list[Offer]:
    """Return the next services for the same need that were not tried already, the nearest first.

    The offices of the person's own town hall and team are left out: the team that asks works there.

    Parameters
    ----------
    directory
        Services and places of this moment.
    referral
        The one that did not work out.
    tried
        Services of the case's other referrals.
    most
        How many at most: the first ones of today's answer.

    Returns
    -------
    list of Offer
        By minutes; who comes home or is called stands first. Behind protected addresses nobody is sent from here.
    """
    out = frozenset((referral.service_id, *tried))
    query = question_of(directory, referral, k=5 + len(out))
    snapshot = directory.snapshot()  # „Astăzi” asks for several, at every run: of one moment they are the same
    found: list[Offer] = snapshot.kept.take(
        ("next bests", query.origin, query.wanted, out), lambda: list(_untried(find(snapshot, query), out))
    )
    return sorted(found[:most], key=lambda offer: offer.minutes if isinstance(offer, Result) else 0.0)


def _untried(answer: Answer, tried: Iterable[str]) -> Iterator[Offer]:
    out = set(tried)
    for offer in offers(answer):
        if offer.service_id in out or offer.is_secret or not takes_referrals(offer):
            continue
        if taxonomy.service_type(offer.service_type).whose not in _ASKERS:
            out.add(offer.service_id)
            yield offer


def move(
    directory: Directory, referral: Referral, service_id: str, *, actor: Actor, idempotency_key: str = ""
) -> Referral:
    """Move a case to another service in one step: the agreement given once goes with it, the old one is cancelled.

    Raises what `refer` raises; nothing changes where the new service has no place.
    """
    return refer(
        directory,
        service_id,
        question_of(directory, referral),
        actor=actor,
        basis=referral.basis,
        consent_at=referral.consent_at,
        case_ref=referral.case_ref,
        replaces=referral.referral_id,
        idempotency_key=idempotency_key,
    )
