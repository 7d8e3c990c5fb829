"""The answer that a session reads: it keeps its order and its numbers until it is asked again.

Whatever is noted or referred meanwhile changes the words of a row where it stands, and nothing moves under a finger.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import ref

import streamlit as st

from providers.finder.answer import Elsewhere, Offer, Result
from providers.finder.finder import describe_all, find_all
from referrals.field.local_in_answers import seen_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from providers.catalogue.snapshot import Snapshot
    from providers.finder.answer import Answer, Query
    from referrals.records.vocabulary import Actor

_KEPT = "answer"
_LIVE = (
    "status", "places_free", "places_max", "places_reported_at", "report_age_days", "flags", "closed_from",
    "closed_until", "opening", "opening_changes_at", "asked_at",
)  # fmt: skip
AnyOffer = TypeVar("AnyOffer", bound=Offer)


@dataclass(frozen=True)
class KeptAnswer:
    """Answers as they were asked.

    asked: the question and the edition of the services that it was asked of. first: as found then. now: the same offers
    in the same order with what is known of their places now. is_reordered: asked again they would stand in another
    order. seen: the moment of which `now` is.
    """

    asked: tuple[Any, ...]
    first: list[Answer]
    now: list[Answer]
    is_reordered: bool
    seen: ref[Snapshot]


def is_kept(snapshot: Snapshot, queries: list[Query], actor: Actor | None) -> bool:
    """Whether the answer to a question is already there, so that nobody waits for it."""
    kept: KeptAnswer | None = st.session_state.get(_KEPT)
    return kept is not None and kept.asked == _asked(snapshot, queries, actor)


def answers_to(snapshot: Snapshot, queries: list[Query], actor: Actor | None) -> KeptAnswer:
    """Answer a question once, and then keep the order of its answers.

    Parameters
    ----------
    snapshot
        Services, places and doubts of this moment. A new edition of the services is a new answer: what it protects or
        no longer has must not be read on.
    queries
        A query a need.
    actor
        Who reads; what teams know is in an answer only for who may see it.

    Returns
    -------
    KeptAnswer
        The answers, a need each.
    """
    kept: KeptAnswer | None = st.session_state.get(_KEPT)
    if kept is None or not is_kept(snapshot, queries, actor):
        found = _found(snapshot, queries, actor)
        kept = KeptAnswer(_asked(snapshot, queries, actor), found, found, False, ref(snapshot))
    elif kept.seen() is not snapshot:
        again = _found(snapshot, queries, actor)
        now = [_with_places_of_now(snapshot, answer) for answer in kept.first]
        is_reordered = [*map(_order, again)] != [*map(_order, kept.first)]
        kept = replace(kept, now=now, is_reordered=is_reordered, seen=ref(snapshot))
    st.session_state[_KEPT] = kept
    return kept


def ask_again() -> None:
    """Let the same question be answered anew, in the order of now."""
    st.session_state.pop(_KEPT, None)


def _found(snapshot: Snapshot, queries: list[Query], actor: Actor | None) -> list[Answer]:
    return [seen_by(found, actor) for found in find_all(snapshot, queries)]


def _asked(snapshot: Snapshot, queries: list[Query], actor: Actor | None) -> tuple[Any, ...]:
    return (snapshot.catalogue.digest, tuple(queries), actor)


def _order(answer: Answer) -> list[tuple[str, ...]]:
    parts: tuple[Iterable[Offer], ...] = (answer.listed, answer.full, answer.first, answer.also, answer.elsewhere)
    return [tuple(offer.service_id for offer in part) for part in parts]


def _with_places_of_now(snapshot: Snapshot, answer: Answer) -> Answer:
    """Return an answer with what is known of its places now; its offers and their order stay."""
    ids = list(dict.fromkeys(offer.service_id for offer in _public(answer)))
    known = dict(zip(ids, describe_all(snapshot, answer.query, ids), strict=True))
    return replace(
        answer,
        first=_all_now(answer.first, known),
        results=_all_now(answer.results, known),
        full=_all_now(answer.full, known),
        also=_all_now(answer.also, known),
        elsewhere=_all_now(answer.elsewhere, known),
    )


def _public(answer: Answer) -> Iterator[Offer]:
    listed: tuple[Offer, ...] = (*answer.first, *answer.results, *answer.full, *answer.also, *answer.elsewhere)
    return (offer for offer in listed if offer.service_id and not offer.is_secret)


def _all_now(offers: tuple[AnyOffer, ...], known: Mapping[str, Result | Elsewhere]) -> tuple[AnyOffer, ...]:
    return tuple(_now(offer, known.get(offer.service_id)) for offer in offers)


def _now(offer: AnyOffer, known: Result | Elsewhere | None) -> AnyOffer:
    # Of a hospital found by a line of care, and of a school that must take its children, more is said than its places.
    if known is None or offer.is_secret or known.service_type != offer.service_type or offer.whose:
        return offer
    live = {name: getattr(known, name) for name in _LIVE}
    if isinstance(offer, Result) and isinstance(known, Result):
        live["block"] = known.block
    return replace(offer, **live)
