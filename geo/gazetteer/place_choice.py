"""Which of the places found is the one that was typed, and in which order the others are offered.

A place is never guessed: a name with a wrong letter, a beginning of a name or a wrong county may lead a person to the
other end of the country, so only a name as it is written (folded) is an answer. Everything else is asked, with the
asker's own county first.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING

from geo.gazetteer.place_search import SEAT_RANK, SURE, TOWN_RANK

if TYPE_CHECKING:
    from geo.gazetteer.place_search import Hit, PlaceEntry


def exact_hits(hits: Iterable[Hit]) -> list[Hit]:
    """Keep the places whose name, and whose county and commune where they were typed, are written as typed.

    Parameters
    ----------
    hits
        From `geo.gazetteer.place_search.search`.

    Returns
    -------
    list[Hit]
        In the same order.
    """
    return [hit for hit in hits if hit.how == "exact" and hit.score >= SURE]


def only_meant(exact: list[Hit], near: str | None = None) -> Hit | None:
    """Return the place that a name means, or None where a person has to choose.

    Of namesakes a county seat is meant, else the only seat of a unit: of a town anywhere, of a commune where all of
    them are in one county or where it is in the asker's. A namesake in the asker's county is never passed over.

    Parameters
    ----------
    exact
        From `exact_hits`.
    near
        Letters of the asker's county; None = not known.

    Returns
    -------
    Hit or None
        The place.
    """
    if len(exact) == 1:
        return exact[0]
    best = [hit for hit in exact if hit.score == max(h.score for h in exact)]
    seats = [hit for hit in best if hit.rank <= SEAT_RANK]
    meant = [hit for hit in best if hit.rank == 0] or seats or best
    if len(meant) != 1:
        return None
    one = meant[0]
    if any(hit.entry.county == near for hit in exact) and one.entry.county != near:
        return None
    is_at_home = one.entry.county == near or len({hit.entry.county for hit in best}) == 1
    return one if one.rank <= TOWN_RANK or is_at_home else None


def once(*found: Iterable[Hit]) -> list[Hit]:
    """Join what several searches found, each place where it stands first.

    Parameters
    ----------
    *found
        Hits of each search, in their order.

    Returns
    -------
    list[Hit]
        No place twice.
    """
    first: dict[PlaceEntry, Hit] = {}
    for hit in chain(*found):
        first.setdefault(hit.entry, hit)
    return list(first.values())


__all__ = ["exact_hits", "once", "only_meant"]
