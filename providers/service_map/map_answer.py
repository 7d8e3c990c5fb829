"""What a view of the map holds under a filter: marks, counts beside every choice, and the nearest as a list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from geo.maps.point_clusters import Clusters, finest_zoom, grid_clusters
from geo.spatial.crs import geodesic_m, rough_metres
from providers.catalogue.availability import CALL_FIRST, CONFIRMED
from providers.catalogue.eligibility import closed_for_now, is_licensed
from providers.rules import needs, taxonomy
from providers.rules.opening_hours import opening_at, read_hours
from providers.service_map.map_filter import ASK, FREE, FULL, PLACES
from providers.service_map.map_zone import within_metres
from providers.service_map.name_index import is_provider

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from numpy.typing import NDArray

    from providers.catalogue.catalogue import Catalogue
    from providers.catalogue.map_points import MapPoints
    from providers.catalogue.snapshot import Snapshot
    from providers.service_map.map_filter import MapFilter
    from providers.service_map.view_window import MapView

STATES = (FREE, ASK, FULL)
DELIVERIES = ("at_site", "at_home", "mobile", "remote")
MOST_LISTED = 20


@dataclass(frozen=True)
class MapAnswer:
    """What a view holds.

    Attributes
    ----------
    total
        How many services are in view under the filter.
    by_state
        How many of them have a place, are to be called first, have none.
    clusters
        Their marks; `rows[clusters.first]` are the catalogue's rows of single ones.
    rows
        Rows of the catalogue of the services in view, ascending.
    listed
        Rows of the nearest, to the place of the filter or to the middle of the view: at most MOST_LISTED.
    counts
        By the name of a choice in the address and its value, how many services the view would hold with it, everything
        else being as it is.
    """

    total: int
    by_state: tuple[int, ...]
    clusters: Clusters
    rows: NDArray[np.int64]
    listed: NDArray[np.int64]
    counts: Mapping[str, Mapping[str, int]]


def answer_map_view(snapshot: Snapshot, chosen: MapFilter, view: MapView) -> MapAnswer:
    """Say what a view of the map holds under a filter.

    Parameters
    ----------
    snapshot
        Catalogue and places of this moment. No protected service is in any mark, list or count.
    chosen
        The filter.
    view
        Corners and zoom.

    Returns
    -------
    MapAnswer
        For a map and its list.
    """
    points = snapshot.catalogue.map_points
    zoom = min(view.zoom, finest_zoom(view.corners))
    seen = points.within(view.corners)
    rows = points.rows[seen]
    states = states_of(snapshot)[rows]
    criteria = _criteria(snapshot, points, seen, states, chosen)
    fits = _all(criteria.values(), len(seen))
    kept = seen[fits]
    clusters = grid_clusters(
        points.lats[kept], points.lons[kept], states[fits], n_states=len(STATES), zoom=zoom
    )  # fmt: skip
    listed = _nearest(points, kept, chosen, view)
    return MapAnswer(
        len(kept),
        tuple(int((states[fits] == state).sum()) for state in STATES),
        clusters,
        points.rows[kept],
        points.rows[listed],
        _counts(snapshot, points, seen, states, criteria),
    )


@lru_cache(maxsize=1)
def _types_of_needs() -> dict[str, tuple[str, ...]]:
    return {need: needs.answers(need) for need in needs.needs()}


def states_of(snapshot: Snapshot) -> NDArray[np.int8]:
    """Return the state (FREE, ASK, FULL) of every row of the catalogue: what nobody has confirmed is to be called."""
    block = snapshot.availability.block
    return np.where(block == CONFIRMED, FREE, np.where(block == CALL_FIRST, ASK, FULL)).astype(np.int8)


def count_inside(snapshot: Snapshot, uat_siruta: int) -> dict[str, tuple[int, int]]:
    """Count the services of the map that stand in a UAT.

    Parameters
    ----------
    snapshot
        Catalogue and places of this moment.
    uat_siruta
        SIRUTA code of the UAT.

    Returns
    -------
    dict
        By register how many there are, and how many of them have a place; registers that have none there are absent.
    """
    points = snapshot.catalogue.map_points
    here = np.flatnonzero(snapshot.catalogue.rules.uat[points.rows] == uat_siruta)
    here = here[~closed_for_now(snapshot.catalogue, points.rows[here], on=_today(snapshot))]
    is_free = states_of(snapshot)[points.rows[here]] == FREE
    counted = {
        name: (int((points.registry[here] == place).sum()), int(((points.registry[here] == place) & is_free).sum()))
        for place, name in enumerate(points.registries)
    }
    return {name: counts for name, counts in counted.items() if counts[0]}


def _today(snapshot: Snapshot) -> date:
    return snapshot.availability.today


def _criteria(
    snapshot: Snapshot, points: MapPoints, seen: NDArray[np.int64], states: NDArray[np.int8], chosen: MapFilter
) -> dict[str, NDArray[np.bool_]]:
    """Which of the services in view fit each part of the filter, by its name in the address; unused parts are absent.

    One that is closed for a time is on no map on those days.
    """
    rows = points.rows[seen]
    found = {"": ~closed_for_now(snapshot.catalogue, rows, on=_today(snapshot))}
    if chosen.registries:
        found["registru"] = np.isin(points.registry[seen], _places(points.registries, chosen.registries))
    if chosen.wanted:
        found["serviciu"] = np.isin(points.kind[seen], _places(points.types, chosen.types))
    if chosen.group:
        found["grup"] = _takes(snapshot.catalogue, points.groups, chosen.group)[points.groups_of[seen]]
    if chosen.places is not None:
        found["locuri"] = states == chosen.places
    if chosen.is_open_now:
        found["deschis"] = _is_open(snapshot, points)[points.hours_of[seen]]
    if chosen.delivery:
        found["livrare"] = np.isin(points.delivery[seen], _places(points.deliveries, frozenset({chosen.delivery})))
    if chosen.is_licensed:
        found["licenta"] = is_licensed(snapshot.catalogue, rows, on=_today(snapshot))
    if chosen.near is not None and chosen.km is not None:
        place = chosen.near
        found["km"] = within_metres(place.lat, place.lon, points.lats[seen], points.lons[seen], chosen.km * 1000)
    if chosen.zone is not None:
        found["zona"] = chosen.zone.holds(points.lats[seen], points.lons[seen])
    if chosen.provider:
        found["furnizor"] = is_provider(snapshot.catalogue, chosen.provider)[seen]
    return found


def _places(values: tuple[str, ...], wanted: frozenset[str]) -> list[int]:
    return [place for place, value in enumerate(values) if value in wanted]


def _takes(catalogue: Catalogue, groups: NDArray[np.uint64], group: str) -> NDArray[np.bool_]:
    takes: NDArray[np.bool_] = (groups == 0) | ((groups & np.uint64(catalogue.group_bits[group])) != 0)
    return takes


def _is_open(snapshot: Snapshot, points: MapPoints) -> NDArray[np.bool_]:
    """Whether each of the hours that occur says open at this moment; what cannot be read says nothing."""
    return _open_of(points.hours, snapshot.availability.now.replace(second=0, microsecond=0))


@lru_cache(maxsize=2)
def _open_of(hours: tuple[str, ...], moment: datetime) -> NDArray[np.bool_]:
    schedules = [read_hours(text) if text else None for text in hours]
    return np.array([s is not None and opening_at(s, moment).state == "open" for s in schedules], bool)


def _all(criteria: Iterable[NDArray[np.bool_]], n: int) -> NDArray[np.bool_]:
    fits = np.ones(n, bool)
    for each in criteria:
        fits &= each
    return fits


def _nearest(points: MapPoints, kept: NDArray[np.int64], chosen: MapFilter, view: MapView) -> NDArray[np.int64]:
    lat, lon = view.middle if chosen.near is None else (chosen.near.lat, chosen.near.lon)
    rough = rough_metres(lat, lon, points.lats[kept], points.lons[kept])
    # More than are listed, so that the few that the rough order would swap are among them.
    most = min(2 * MOST_LISTED, len(kept))
    maybe = np.sort(kept[np.argpartition(rough, most - 1)[:most]]) if most else kept
    metres = geodesic_m(lat, lon, points.lats[maybe], points.lons[maybe])
    return maybe[np.argsort(metres, kind="stable")[:MOST_LISTED]]


def _counts(
    snapshot: Snapshot,
    points: MapPoints,
    seen: NDArray[np.int64],
    states: NDArray[np.int8],
    criteria: Mapping[str, NDArray[np.bool_]],
) -> dict[str, dict[str, int]]:
    """Count what each choice would show: all the other parts of the filter hold, its own does not."""

    def without(name: str) -> NDArray[np.bool_]:
        return _all([fits for other, fits in criteria.items() if other != name], len(seen))

    def yes(name: str, fits: NDArray[np.bool_]) -> dict[str, int]:
        return {"1": int((fits & without(name)).sum())}

    def counted(name: str, of: NDArray[np.int64], n: int) -> list[int]:
        return [int(count) for count in np.bincount(of[without(name)], minlength=n)]

    types = dict(zip(points.types, counted("serviciu", points.kind[seen], len(points.types)), strict=True))
    of_needs = {need: sum(types.get(code, 0) for code in own) for need, own in _types_of_needs().items()}
    of_groups = np.array(counted("grup", points.groups_of[seen], len(points.groups)), np.int64)
    ways = dict(zip(points.deliveries, counted("livrare", points.delivery[seen], len(points.deliveries)), strict=True))
    placed = counted("locuri", states.astype(np.int64), len(STATES))
    return {
        "registru": dict(
            zip(points.registries, counted("registru", points.registry[seen], len(points.registries)), strict=True)
        ),
        "serviciu": types | of_needs,
        "locuri": {name: placed[state] for name, state in PLACES.items()},
        "grup": {
            code: int(of_groups[_takes(snapshot.catalogue, points.groups, code)].sum()) for code in taxonomy.groups()
        },
        "livrare": {code: ways.get(code, 0) for code in DELIVERIES},
        "deschis": yes("deschis", _is_open(snapshot, points)[points.hours_of[seen]]),
        "licenta": yes("licenta", is_licensed(snapshot.catalogue, points.rows[seen], on=_today(snapshot))),
    }
