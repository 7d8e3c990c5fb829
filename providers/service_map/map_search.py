"""What may be meant by words typed over the map: places, services and providers by name, needs; the nearest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.spatial.crs import geodesic_m, rough_metres
from providers.catalogue.eligibility import closed_for_now
from providers.finder import search_terms
from providers.service_map.name_index import LONGEST, NOT_MET, name_index, words_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.gazetteer.gazetteer import Match
    from geo.gazetteer.places import Place
    from providers.catalogue.snapshot import Snapshot
    from providers.finder.search_terms import SearchTerm
    from providers.service_map.name_index import NameIndex, Words

MOST_OF_A_KIND = 5
SHORTEST = 2  # letters


@dataclass(frozen=True)
class NamedService:
    """A service found by its name.

    row: of the catalogue. metres: from where the search is made; NaN = from nowhere. is_as_typed: it has every typed
    word, without a typing error.
    """

    row: int
    metres: float
    is_as_typed: bool


@dataclass(frozen=True)
class NamedProvider:
    """A provider found by its name, how many services of it the map has, and how far the nearest is."""

    name: str
    count: int
    metres: float


@dataclass(frozen=True)
class MapSearch:
    """What typed words may mean, by kind, the best first."""

    places: tuple[Place, ...] = ()
    services: tuple[NamedService, ...] = ()
    providers: tuple[NamedProvider, ...] = ()
    terms: tuple[SearchTerm, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return not (self.places or self.services or self.providers or self.terms)


def search_map(
    snapshot: Snapshot, text: str, near: tuple[float, float] | None = None, *, most: int = MOST_OF_A_KIND
) -> MapSearch:
    """Say what typed words may mean on the map.

    Parameters
    ----------
    snapshot
        Catalogue and gazetteer of this moment. No protected service is found, by whatever is typed.
    text
        What was typed; typing errors and missing diacritics are forgiven.
    near
        Latitude and longitude of where somebody looks: of equals the nearest is first. None = by name.
    most
        Most of each kind.

    Returns
    -------
    MapSearch
        Places of the gazetteer; services and providers by name; needs and types of services.
    """
    typed = text.strip()[:LONGEST]
    if len(typed) < SHORTEST:
        return MapSearch()
    services, providers = search_names(snapshot, typed, near, most=most)
    return MapSearch(
        _places(snapshot, typed, near, most), services, providers, tuple(search_terms.suggest(typed, limit=most))
    )


def search_names(
    snapshot: Snapshot, text: str, near: tuple[float, float] | None = None, *, most: int = MOST_OF_A_KIND
) -> tuple[tuple[NamedService, ...], tuple[NamedProvider, ...]]:
    """Return the services and the providers whose names are meant by typed words.

    Parameters
    ----------
    snapshot
        Catalogue of this moment.
    text
        What was typed. Of three words or four one may be unknown, of five or six two; a service's locality counts
        too, beside at least one word of its name.
    near
        Latitude and longitude of where somebody looks, or None.
    most
        Most of each kind.

    Returns
    -------
    tuple
        In the order of unknown words, typing errors, metres, name.
    """
    index, points = name_index(snapshot.catalogue), snapshot.catalogue.map_points
    typed = words_of(text)
    if not typed:
        return (), ()
    is_shown = ~closed_for_now(snapshot.catalogue, points.rows, on=snapshot.availability.today)
    metres = np.zeros(len(points)) if near is None else rough_metres(*near, points.lats, points.lons)
    unknown, errors = _met(typed, index.names, index.places)
    order = _best(unknown, errors, metres, is_shown, len(typed), most)
    exact = _exact_metres(near, points.lats[order], points.lons[order])
    services = tuple(
        NamedService(int(points.rows[place]), away, not (unknown[place] or errors[place]))
        for place, away in zip(order.tolist(), exact, strict=True)
    )
    return services, _providers(index, typed, None if near is None else metres, is_shown, most)


def _providers(
    index: NameIndex,
    typed: list[str],
    metres: NDArray[np.float64] | None,
    is_shown: NDArray[np.bool_],
    most: int,
) -> tuple[NamedProvider, ...]:
    n = len(index.providers)
    counts = np.bincount(index.provider_of[is_shown], minlength=n)
    nearest = np.full(n, np.inf)
    if metres is not None:
        np.minimum.at(nearest, index.provider_of[is_shown], metres[is_shown])
    unknown, errors = _met(typed, index.provider_names, None)
    may = (counts > 0) & ~index.is_own_service
    best = _best(unknown, errors, nearest, may, len(typed), most)
    return tuple(
        NamedProvider(
            index.providers[place], int(counts[place]), float("nan") if metres is None else float(nearest[place])
        )
        for place in best.tolist()
    )


def _met(typed: list[str], names: Words, places: Words | None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for every text how many typed words it does not have, and the typing errors of those that it has.

    A text none of whose own words is meant has none of the words at all.
    """
    unknown, errors = np.zeros(names.count, np.int64), np.zeros(names.count, np.int64)
    is_named = np.zeros(names.count, bool)
    for word in typed:
        own = names.errors(word)
        is_named |= own < NOT_MET
        found = own if places is None else np.minimum(own, places.errors(word))
        unknown += found == NOT_MET
        errors += np.where(found == NOT_MET, 0, found)
    unknown[~is_named] = len(typed)
    return unknown, errors


def _best(
    unknown: NDArray[np.int64],
    errors: NDArray[np.int64],
    metres: NDArray[np.float64],
    may: NDArray[np.bool_],
    n_typed: int,
    most: int,
) -> NDArray[np.int64]:
    fits = np.flatnonzero(may & (unknown <= (n_typed - 1) // 2))
    # Where nothing else tells, in the order of the catalogue or of the providers' names: the sort is stable.
    order = np.lexsort((metres[fits], errors[fits], unknown[fits]))
    return fits[order[:most]]


def _exact_metres(
    near: tuple[float, float] | None, lats: NDArray[np.float64], lons: NDArray[np.float64]
) -> list[float]:
    return [float("nan")] * len(lats) if near is None else geodesic_m(*near, lats, lons).tolist()


def _places(snapshot: Snapshot, typed: str, near: tuple[float, float] | None, most: int) -> tuple[Place, ...]:
    """Return the places found; behind the first, of those that answer as well the nearest stand first."""
    found = snapshot.gazetteer.find(typed, limit=2 * most)
    if near is None or not found:
        return tuple(match.place for match in found[:most])
    first, *others = found

    def order(match: Match) -> tuple[float, float]:
        return -match.score, float(geodesic_m(*near, [match.place.lat], [match.place.lon])[0])

    return (first.place, *(match.place for match in sorted(others, key=order)))[:most]
