"""The main question, answered exactly: who is near, may take this person and has a free place.

Two blocks, each k long, each by minutes and then service_id: confirmed, and call first. Beside them every
nearer service left out, with its one reason, and the services that are not visited at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.storage.import_kinds import AUTHORITY, kind_of
from geo.spatial.crs import geodesic_m
from geo.spatial.nearest import nearer_than, nearest
from geo.spatial.travel import RememberedTimes
from providers.catalogue.availability import CALL_FIRST, CONFIRMED
from providers.catalogue.eligibility import CODE, REASONS, serves_home
from providers.catalogue.snapshot import with_whole_minutes
from providers.finder.answer import WITHIN, Answer, Elsewhere, Excluded, Query, Result, SourceUsed
from providers.finder.first_answers import first_answers, other_answers
from providers.finder.resolved_query import wanted_types
from providers.finder.search_parts import (
    ServiceSearch,
    TypePart,
    Way,
    best,
    day_of,
    farthest_minutes,
    not_visited,
    parts_of,
    result,
)
from providers.local.local_help import local_offers
from providers.rules import taxonomy
from providers.rules.help_tables import service_names
from providers.rules.help_tables.wanted_needs import needs_wanted
from providers.rules.travel_modes import travel_model
from providers.rules.travel_words import unreachable_words
from providers.rules.wording import refusal_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from core.storage.straight_errors import StraightError
    from geo.gazetteer.gazetteer import Gazetteer
    from geo.spatial.nearest import PointIndex
    from providers.catalogue.snapshot import Snapshot

_DAY_SECONDS = 86_400.0
_MOST_FULL = 3  # shown in the list although they have no place; the rest stand at „De ce nu altele?”


def find(snapshot: Snapshot, query: Query) -> Answer:
    """Answer a query exactly, and say why not the others.

    Where a routing server fails in the middle, all of it is answered again in a straight line, which the answer says.
    What is doubted has `doubt_phone`, `doubt_moved` or `doubt_gone` among its flags.

    Parameters
    ----------
    snapshot
        Services, places and doubts of one moment.
    query
        What is asked.

    Returns
    -------
    Answer
        The `k` nearest of each block by minutes, ties by `service_id`; each nearer service left out has its reason.

    Raises
    ------
    UnknownCodeError
        For a need, service type or mode that does not exist.
    """
    return find_all(snapshot, (query,))[0]


def find_all(snapshot: Snapshot, queries: Sequence[Query]) -> list[Answer]:
    """Answer queries that are read beside each other, all by one travel model; see `find`."""
    return with_whole_minutes(snapshot, lambda snapshot: [find_once(snapshot, query) for query in queries])


def find_once(snapshot: Snapshot, query: Query) -> Answer:
    """Do as `find`, for who makes more of it: NoMinutesError where a routing server fails."""
    search = _search(snapshot, query)
    wanted = search.wanted
    parts = {code: parts_of(search, code) for code in wanted.types}
    ranked = [part for code in wanted.ranked for part in parts[code]]
    shown = {block: best(search, ranked, block) for block in search.blocks}
    results = [
        result(search, way, block, rank)
        for block, ways in shown.items()
        for rank, way in zip(_ranks(search, ways), ways, strict=True)
    ]
    return Answer(
        query=query,
        types=wanted.ranked,
        first=tuple(first_answers(search, parts)),
        results=tuple(results),
        also=tuple(other_answers(search, parts)),
        elsewhere=tuple(_elsewhere(search, parts)),
        excluded=(excluded := tuple(_excluded(search, ranked, shown))),
        full=tuple(_full(search, excluded)),
        emergency=wanted.emergency,
        sources=_sources(search),
        is_sensitive=wanted.is_sensitive,
        travel=search.travel.basis,
        straight_error=(error := _straight_error(snapshot, query)),
        county_name=county_name(snapshot.gazetteer, query.origin.county) if error else "",
        missing=search.catalogue.missing_kinds(kind.codes[0] for kind in wanted.first_kinds)
        if wanted.first_kinds
        else search.catalogue.missing_kinds(wanted.ranked),
        local=local_offers(
            snapshot.local,
            needs_wanted(query.wanted),
            home=search.home,
            origin=query.origin,
            travel=search.travel,
            today=query.on,
        ),
    )


def county_name(gazetteer: Gazetteer, code: str) -> str:
    """Return the name of a county by its letters."""
    counties = gazetteer.counties
    return str(counties.loc[counties["county"] == code, "name"].iloc[0])


def _straight_error(snapshot: Snapshot, query: Query) -> StraightError | None:
    """Return how far the straight line of a car is from the roads around the origin, where that was measured."""
    return snapshot.travel.errors.get(query.origin.county) if query.mode == "car" else None


def _excluded(search: ServiceSearch, parts: list[TypePart], shown: dict[int, list[Way]]) -> list[Excluded]:
    """List what is nearer than the farthest shown and not shown; with nothing to show, the k nearest refused."""
    last = [max(way.minutes for way in ways) for ways in shown.values() if ways]
    far_m = max((way.metres for ways in shown.values() for way in ways), default=None)
    words: dict[tuple[str, object], str] = {}
    lines = []
    for part in parts:
        lines += _visited_left_out(search, part, max(last) if last else None, words)
        lines += _unreachable(search, part, far_m, words)
        lines += _not_visited_left_out(search, part, words)
    # A hospital may be looked at for several types: it is left out once.
    lines = list({line.service_id: line for line in reversed(lines)}.values())
    lines.sort(key=lambda line: (line.minutes is None, line.minutes or 0.0, line.service_id))
    few = max(search.query.k, 1)
    return lines if last else [*lines[:few], *(line for line in lines[few:] if line.reason == "unreachable")]


def _full(search: ServiceSearch, excluded: Sequence[Excluded]) -> list[Result]:
    """Describe the nearest within reach that have no place now: a list shows them too, with the reason."""
    limit = search.query.max_minutes
    without_place = [
        line.service_id
        for line in excluded
        if line.reason in ("full", "waitlist") and line.minutes is not None and (limit is None or line.minutes <= limit)
    ]
    described = _described(search, without_place[:_MOST_FULL])
    return [offer for offer in described if isinstance(offer, Result) and offer.reach == WITHIN]


def _visited_left_out(
    search: ServiceSearch, part: TypePart, horizon: float | None, words: dict[tuple[str, object], str]
) -> list[Excluded]:
    """List what is at a site and refused, as far as the horizon; without one the k nearest of them."""
    index, origin = part.kind.index, search.query.origin
    reasons = part.reasons[: len(index)]
    reach = farthest_minutes(search, taxonomy.service_type(part.code))
    if horizon is not None:
        near = nearer_than(index, origin.lat, origin.lon, minutes=horizon, travel=search.travel)
    else:
        # The refused ones alone are looked for; what is only too far is refused as well.
        fits = (reasons == 0) & _is_in_reach(search, part, reach)
        k = max(search.query.k, 1)
        near = nearest(index, origin.lat, origin.lon, k=k, left_out=fits, travel=search.travel)
    reasons = reasons[near.positions]
    if reach is not None:
        reasons = np.where((reasons == 0) & (near.minutes > reach), CODE["too_far"], reasons)
    keep = reasons != 0
    if taxonomy.service_type(part.kind.code).registry == AUTHORITY:
        keep &= reasons != CODE["home"]  # everybody has an office of their own: the neighbours' are no news
    rows = part.kind.start + near.positions[keep]
    return _lines(search, rows, near.minutes[keep].tolist(), reasons[keep], words)


def _unreachable(
    search: ServiceSearch, part: TypePart, far_m: float | None, words: dict[tuple[str, object], str]
) -> list[Excluded]:
    """List what nobody can reach, as far in a straight line as the farthest shown; with nothing shown, the k nearest.

    Only minutes that know the roads know of it.
    """
    if search.travel.basis.is_straight:
        return []
    index, origin = part.kind.index, search.query.origin
    metres = geodesic_m(origin.lat, origin.lon, index.lat, index.lon)
    near = np.flatnonzero((part.reasons[: len(index)] == 0) & (metres <= (np.inf if far_m is None else far_m)))
    if search.travel.is_bounded_by_plane:  # a server: no more than is needed is asked of it
        minutes, _metres = search.travel.travel_times(origin.lat, origin.lon, index.lat[near], index.lon[near])
    else:
        minutes = _times(search, index, search.travel.known_minutes(origin.lat, origin.lon))[near]
        if np.isinf(minutes).any():  # farther than is known at little cost, or cut off
            minutes = _times(search, index, np.inf)[near]
    gone = near[np.isinf(minutes)]
    if far_m is None:
        gone = gone[np.argsort(metres[gone], kind="stable")][: max(search.query.k, 1)]
    reasons = np.full(len(gone), CODE["unreachable"], np.int8)
    return _lines(search, part.kind.start + gone, [None] * len(gone), reasons, words)


def _is_in_reach(search: ServiceSearch, part: TypePart, reach: float | None) -> NDArray[np.bool_]:
    index = part.kind.index
    if reach is None:
        return np.ones(len(index), bool)
    within: NDArray[np.bool_] = _times(search, index, reach) <= reach
    return within


def _times(search: ServiceSearch, index: PointIndex, most_minutes: float) -> NDArray[np.float64]:
    origin = search.query.origin
    return search.travel.minutes_to_many(origin.lat, origin.lon, index, most_minutes=most_minutes)


def _not_visited_left_out(
    search: ServiceSearch, part: TypePart, words: dict[tuple[str, object], str]
) -> list[Excluded]:
    kind = part.kind
    reasons = part.reasons[kind.middle - kind.start :]
    at_home = serves_home(search.catalogue, kind.middle, kind.end, home=search.home)
    keep = np.flatnonzero((reasons != 0) & at_home)
    return _lines(search, kind.middle + keep, [None] * len(keep), reasons[keep], words)


def _lines(
    search: ServiceSearch,
    rows: NDArray[np.int64],
    minutes: Sequence[float | None],
    reasons: NDArray[np.int8],
    words: dict[tuple[str, object], str],
) -> list[Excluded]:
    """Make the lines of services left out. Hundreds may share a sentence: `words` keeps each for the search."""
    cell, moments, now = search.catalogue.cell, search.available.reported_s, search.available.now.timestamp()
    lines = []
    for row, way, code in zip(rows.tolist(), minutes, reasons.tolist(), strict=True):
        reason = REASONS[code]
        detail: object = None
        if reason == "licence_expired":
            detail = day_of(cell("licence_until", row))
        elif reason == "closed_for_now":
            detail = (day_of(cell("closed_from", row)), day_of(cell("closed_until", row)))
        elif reason in ("full", "waitlist"):
            detail = int(max(0.0, now - moments[row]) // _DAY_SECONDS)
        elif reason == "sex":
            detail = str(search.catalogue.rules.sex[row])
        elif reason == "other_kind":
            detail = service_names.contradiction(*(cell(c, row) for c in ("service_type", "name", "organization")))
        text = words.get((reason, detail))
        if text is None:
            is_cut_off = reason == "unreachable"
            text = unreachable_words(search.travel.basis) if is_cut_off else refusal_words(reason, detail)
            words[reason, detail] = text
        lines.append(
            Excluded(cell("service_id", row), search.catalogue.name(row), cell("service_type", row), way, reason, text)
        )
    return lines


def _ranks(search: ServiceSearch, ways: Sequence[Way]) -> list[int]:
    """Count places from 1; services at one approximate point share theirs: none of them is nearer than another."""
    cell = search.catalogue.cell
    ranks: list[int] = []
    points: list[tuple[float, float] | None] = []
    for place, way in enumerate(ways, start=1):
        is_exact = cell("position_precision", way.row) == "address"
        point = None if is_exact else (float(cell("lat", way.row)), float(cell("lon", way.row)))
        ranks.append(ranks[-1] if points and point is not None and point == points[-1] else place)
        points.append(point)
    return ranks


def describe(snapshot: Snapshot, query: Query, service_id: str) -> Result | Elsewhere:
    """Say of one service what an answer to the query would say of it, asking no rule: the caller has.

    Its rank is 0. Raises UnknownCodeError where the catalogue has no such service.
    """
    return describe_all(snapshot, query, (service_id,))[0]


def describe_once(snapshot: Snapshot, query: Query, service_id: str) -> Result | Elsewhere:
    """Do as `describe`, for who makes more of it: NoMinutesError where a routing server fails."""
    return next(_described(_search(snapshot, query), (service_id,)))


def describe_all(snapshot: Snapshot, query: Query, service_ids: Sequence[str]) -> list[Result | Elsewhere]:
    """Say of each service what `describe` says of one, in the order given."""
    return with_whole_minutes(snapshot, lambda snapshot: list(_described(_search(snapshot, query), service_ids)))


def _search(snapshot: Snapshot, query: Query) -> ServiceSearch:
    travel = RememberedTimes(travel_model(snapshot.travel, query.mode))
    return ServiceSearch(snapshot, query, wanted_types(query), travel)


def _described(search: ServiceSearch, service_ids: Iterable[str]) -> Iterator[Result | Elsewhere]:
    catalogue, query = search.catalogue, search.query
    for service_id in service_ids:
        row = catalogue.row_of(service_id)
        if row >= catalogue.types[catalogue.cell("service_type", row)].middle:
            yield not_visited(search, row)
            continue
        lat, lon = [catalogue.cell("lat", row)], [catalogue.cell("lon", row)]
        minutes, metres = search.travel.travel_times(query.origin.lat, query.origin.lon, lat, lon)
        block = CONFIRMED if search.available.block[row] == CONFIRMED else CALL_FIRST
        kind = str(catalogue.cell("service_type", row))
        is_across = bool(search.across(row))
        yield result(search, Way(float(minutes[0]), row, float(metres[0]), kind, is_across), block, 0)


def _elsewhere(search: ServiceSearch, parts: Mapping[str, list[TypePart]]) -> list[Elsewhere]:
    """List what is not visited and may take the person: the home's county first, a free place before an unknown one."""
    rows: dict[int, None] = {}
    for part in (part for own in parts.values() for part in own):
        fits = part.reasons[part.kind.middle - part.kind.start :] == 0
        rows |= dict.fromkeys((part.kind.middle + np.flatnonzero(fits)).tolist())
    offers = [not_visited(search, row) for row in rows]
    free = {
        offer.service_id for offer, row in zip(offers, rows, strict=True) if search.available.block[row] == CONFIRMED
    }
    away = _counties_away(search) if len({offer.county for offer in offers}) > 1 else {}
    return sorted(
        offers, key=lambda offer: (away.get(offer.county or "", 0.0), offer.service_id not in free, offer.service_id)
    )


def _counties_away(search: ServiceSearch) -> dict[str, float]:
    """Return how far the seat of each county is from the home, minutes; the home's own county is at 0."""
    gazetteer = search.snapshot.gazetteer
    uats = gazetteer.uats.set_index("uat_siruta").reindex(gazetteer.counties["seat_uat_siruta"])
    counties = gazetteer.counties["county"].tolist()
    minutes, _metres = search.travel.travel_times(
        search.home.lat, search.home.lon, uats["lat"].tolist(), uats["lon"].tolist()
    )
    away = dict(zip(counties, np.nan_to_num(minutes).tolist(), strict=True))
    return away | {search.home.county: 0.0}


def _sources(search: ServiceSearch) -> tuple[SourceUsed, ...]:
    registries = {taxonomy.service_type(code).registry for code in search.wanted.types}
    ranges = [search.catalogue.types[code] for code in search.wanted.types if code in search.catalogue.types]
    # County hospitals are facts of the law among the hospitals of the registers.
    registries |= {search.catalogue.cell("registry", row) for each in ranges for row in (each.start, each.end - 1)}
    kinds = set(map(kind_of, registries))
    return tuple(
        SourceUsed(m.kind, m.edition, m.as_of, m.source.title, m.source.synthetic)
        for m in search.catalogue.manifests
        if m.kind in kinds
    )
