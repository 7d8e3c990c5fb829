"""Local knowledge as answers read it: the ledger's entries with the points of their places."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import MapError
from providers.local.local_help import LocalHelp
from referrals.field import local_entries
from referrals.records import roles

if TYPE_CHECKING:
    from geo.gazetteer.gazetteer import Gazetteer
    from geo.gazetteer.places import Place
    from providers.finder.answer import Answer
    from providers.finder.trips import PlannedTrip
    from providers.local.local_help import LocalOffer
    from referrals.field.local_entries import LocalDraft, LocalEntry
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor


def entries_in_force(ledger: Ledger, gazetteer: Gazetteer) -> tuple[LocalHelp, ...]:
    """Return what answers may offer; an entry whose place the gazetteer no longer has is left out."""
    found = (as_local_help(entry, gazetteer) for entry in local_entries.in_force(ledger))
    return tuple(each for each in found if each is not None)


def as_local_help(entry: LocalEntry, gazetteer: Gazetteer) -> LocalHelp | None:
    """Return an entry as answers read it; None where the gazetteer no longer has its place."""
    place = _place(entry.draft, gazetteer)
    if place is None:
        return None
    draft = entry.draft
    return LocalHelp(
        entry_id=entry.entry_id,
        name=draft.name,
        offers=draft.offers,
        taken=draft.taken,
        needs=draft.needs,
        place=place.label,
        county=draft.county,
        uat_siruta=draft.uat_siruta,
        lat=place.lat,
        lon=place.lon,
        serves=draft.serves,
        serves_uat=entry.serves_uat,
        hours=draft.hours,
        phone=draft.phone,
        days=draft.days,
        review_on=draft.review_on,
        checked_on=entry.checked_on,
    )


def _place(draft: LocalDraft, gazetteer: Gazetteer) -> Place | None:
    try:
        return gazetteer.by_siruta(draft.locality_siruta or draft.uat_siruta)
    except MapError:  # a code that a later SIRUTA no longer has
        return None


def seen_by(answer: Answer, actor: Actor | None) -> Answer:
    """Return an answer without the local knowledge that its reader may not read: another county's.

    Parameters
    ----------
    answer
        As the finder gives it.
    actor
        Who reads it; None = nobody has chosen a role in a demonstration, where all is invented.

    Returns
    -------
    Answer
        The same, or without what is not for this reader.
    """
    return replace(answer, local=tuple(offer for offer in answer.local if _may_read(offer, actor)))


def trip_seen_by(trip: PlannedTrip, actor: Actor | None) -> PlannedTrip:
    """Return a trip without the local knowledge that its reader may not read, as `seen_by` does of an answer."""
    return replace(trip, local=tuple(each for each in trip.local if _may_read(each.offer, actor)))


def _may_read(offer: LocalOffer, actor: Actor | None) -> bool:
    return actor is None or roles.allows(actor, "local.read", roles.Area(county=offer.help.county))
