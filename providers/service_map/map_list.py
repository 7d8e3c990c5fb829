"""The services of a view as offers: what a list, a card and an answer say of one is the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from providers.finder.answer import Query
from providers.finder.finder import describe_all
from providers.finder.offer_view import OfferView, view_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo.gazetteer.places import Place
    from providers.catalogue.snapshot import Snapshot


def views_of(snapshot: Snapshot, service_ids: Iterable[str], place: Place | None) -> list[OfferView]:
    """Say of services what an answer says of them.

    Parameters
    ----------
    snapshot
        Catalogue and places of this moment.
    service_ids
        Of services that are not protected.
    place
        From where the way is told; None = nobody asked for a way, and none is told.

    Returns
    -------
    list of OfferView
        In the order given.

    Raises
    ------
    UnknownCodeError
        Where the catalogue has no such service.
    """
    ids = list(service_ids)
    if not ids:
        return []
    # A question has a place: where nobody named one, any does, and its way is not shown.
    origin = place or snapshot.gazetteer.place_of(None, int(snapshot.gazetteer.uats["uat_siruta"].iloc[0]))
    query = Query(origin, (str(snapshot.catalogue.cell("service_type", snapshot.catalogue.row_of(ids[0]))),))
    views = [view_of(offer) for offer in describe_all(snapshot, query, ids)]
    return views if place is not None else [replace(view, travel=None, not_visited="") for view in views]
