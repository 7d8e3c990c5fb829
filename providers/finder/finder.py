"""The main question, answered exactly: who is near, may take this person and has a free place.

Two blocks, each k long, each by minutes and then service_id: confirmed, and call first. Beside them every
nearer service left out, with its one reason, and the services that are not visited at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from core.storage.import_kinds import AUTHORITY, kind_of
from geo.spatial.nearest import Nearest, nearer_than, nearest
from providers.catalogue.availability import CALL_FIRST, CONFIRMED, FULL, WAITLIST
from providers.catalogue.eligibility import CODE, REASONS, refusals, serves_home
from providers.finder.answer import Answer, Elsewhere, Excluded, Query, Result, SourceUsed
from providers.rules import need_search, taxonomy
from providers.rules import needs as needs_catalogue
from providers.rules.opening_hours import opening_at, read_hours
from providers.rules.travel_modes import travel_model
from providers.rules.wording import refusal_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from geo.gazetteer.gazetteer import Place
    from geo.spatial.travel import TravelModel
    from providers.catalogue.availability import Availability
    from providers.catalogue.catalogue import Catalogue, TypeRange
    from providers.catalogue.snapshot import Snapshot
    from providers.rules.needs import EmergencyLine

BLOCKS = {CONFIRMED: "confirmed", CALL_FIRST: "call_first"}
_DAY = timedelta(days=1)
_DAY_SECONDS = 86_400.0
_TEXTS = ("capacity_unit", "capacity_text", "county", "locality", "address", "phone", "email", "website", "hours")


@dataclass(frozen=True)
class ResolvedQuery:
    """What a query comes down to: service types, each with the need it answers (None = asked by code).

    first: the types that answer; besides: what helps as well, and the office behind it all, in order.
    """

    types: dict[str, str | None]
    first: tuple[str, ...]
    besides: tuple[str, ...]
    emergency: tuple[EmergencyLine, ...]
    is_sensitive: bool


@dataclass(frozen=True)
class _Search:
    """One search under way: what it looks at and what for."""

    snapshot: Snapshot
    query: Query
    wanted: ResolvedQuery
    travel: TravelModel

    @property
    def catalogue(self) -> Catalogue:
        return self.snapshot.catalogue

    @cached_property
    def days(self) -> dict[str, date]:
        """The day of each edition whose manifest states one."""
        return {m.edition: day for m in self.catalogue.manifests if (day := _iso(m.as_of)) is not None}

    @property
    def available(self) -> Availability:
        return self.snapshot.availability

    @property
    def home(self) -> Place:
        return self.query.home or self.query.origin

    @property
    def blocks(self) -> tuple[int, ...]:
        return (CONFIRMED,) if self.query.only_confirmed else (CONFIRMED, CALL_FIRST)


@dataclass(frozen=True)
class _Part:
    """One type's share of a search: the first reason of each of its services, and the nearest of each block."""

    kind: TypeRange
    reasons: NDArray[np.int8]
    near: dict[int, Nearest]


@dataclass(frozen=True)
class _Way:
    """A service and the way to it."""

    minutes: float
    row: int
    metres: float


def find(snapshot: Snapshot, query: Query) -> Answer:
    """Answer a query exactly, and say why not the others.

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
    wanted = wanted_types(query)
    search = _Search(snapshot, query, wanted, travel_model(query.mode))
    answering, besides = wanted.first, wanted.besides
    parts = _parts(search, answering)
    shown = {block: _best(search, parts, block) for block in search.blocks}
    if besides and not any(shown.values()):
        # Nobody of the first answers takes this person here: what helps besides is then the answer.
        answering, besides = (*answering, *besides), ()
        parts = _parts(search, answering)
        shown = {block: _best(search, parts, block) for block in search.blocks}
    helpers = _parts(search, besides)
    results = [
        _result(search, way, block, rank)
        for block, ways in shown.items()
        for rank, way in zip(_ranks(search, ways), ways, strict=True)
    ]
    return Answer(
        query=query,
        types=answering,
        results=tuple(results),
        also=tuple(_also(search, helpers)),
        elsewhere=tuple(_elsewhere(search, [*parts, *helpers])),
        excluded=tuple(_excluded(search, parts, shown)),
        emergency=wanted.emergency,
        sources=_sources(search),
        is_sensitive=wanted.is_sensitive,
        missing=search.catalogue.missing_kinds(answering),
    )


def wanted_types(query: Query) -> ResolvedQuery:
    """Turn what is wanted into service types, the emergency lines that go with it, and whether it is sensitive."""
    types: dict[str, str | None] = {}
    roles: dict[str, str] = {}
    lines: dict[str, EmergencyLine] = {}
    sensitive = False
    for wanted in query.wanted:
        kind = taxonomy.service_types().get(taxonomy.tidy_code(wanted))
        if kind is not None:
            types.setdefault(kind.service_type, None)
            roles[kind.service_type] = "first"
            sensitive |= kind.is_sensitive
            continue
        for need in need_search.resolve(wanted):
            sensitive |= need.is_sensitive
            lines |= {line.code: line for line in needs_catalogue.emergency_lines(need, query.person.age)}
            for row in needs_catalogue.answer_rows(need.need, query.person):
                types.setdefault(row.service_type, need.need)
                if row.role == "first" or row.service_type not in roles:
                    roles[row.service_type] = row.role
    first = tuple(code for code in types if roles[code] == "first")
    besides = tuple(code for code in types if roles[code] != "first")
    return ResolvedQuery(types, first, besides, tuple(lines.values()), sensitive)


def _parts(search: _Search, codes: tuple[str, ...]) -> list[_Part]:
    types = search.catalogue.types
    return [_part(search, types[code]) for code in codes if code in types]


def _also(search: _Search, helpers: list[_Part]) -> list[Result]:
    """List the best of each helping type, in the order of the answers: confirmed if there is one, else the nearest."""
    best = []
    for part in helpers:
        for block in search.blocks:
            ways = _best(search, [part], block)
            if ways:
                best.append((ways[0], block))
                break
    return [_result(search, way, block, rank) for rank, (way, block) in enumerate(best, start=1)]


def _part(search: _Search, kind: TypeRange) -> _Part:
    query = search.query
    reasons = refusals(search.catalogue, kind.start, kind.end, person=query.person, home=search.home, on=query.on)
    block = search.available.block[kind.start : kind.end]
    fits = reasons == 0
    reasons[fits & (block == FULL)] = CODE["full"]
    reasons[fits & (block == WAITLIST)] = CODE["waitlist"]
    at_site = slice(0, kind.middle - kind.start)
    near = {
        wanted: nearest(
            kind.index,
            query.origin.lat,
            query.origin.lon,
            k=query.k,
            left_out=(reasons[at_site] != 0) | (block[at_site] != wanted),
            travel=search.travel,
            max_minutes=query.max_minutes,
        )
        for wanted in search.blocks
    }
    return _Part(kind, reasons, near)


def _best(search: _Search, parts: list[_Part], block: int) -> list[_Way]:
    ways = [way for part in parts for way in _ways(part, part.near[block])]
    ways.sort(key=lambda way: (way.minutes, search.catalogue.cell("service_id", way.row)))
    return ways[: search.query.k]


def _ways(part: _Part, near: Nearest) -> list[_Way]:
    return [
        _Way(float(minutes), part.kind.start + int(position), float(metres))
        for position, minutes, metres in zip(near.positions, near.minutes, near.metres, strict=True)
    ]


def _excluded(search: _Search, parts: list[_Part], shown: dict[int, list[_Way]]) -> list[Excluded]:
    """List what is nearer than the farthest shown and not shown; with nothing to show, the k nearest refused."""
    last = [ways[-1].minutes for ways in shown.values() if ways]
    words: dict[tuple[str, object], str] = {}
    lines = []
    for part in parts:
        lines += _visited_left_out(search, part, max(last) if last else None, words)
        lines += _not_visited_left_out(search, part, words)
    lines.sort(key=lambda line: (line.minutes is None, line.minutes or 0.0, line.service_id))
    return lines if last else lines[: max(search.query.k, 1)]


def _visited_left_out(
    search: _Search, part: _Part, horizon: float | None, words: dict[tuple[str, object], str]
) -> list[Excluded]:
    near = _nearer(search, part, horizon)
    reasons = part.reasons[near.positions]
    reach = search.query.max_minutes
    if reach is not None:
        reasons = np.where((reasons == 0) & (near.minutes > reach), CODE["too_far"], reasons)
    keep = reasons != 0
    if taxonomy.service_type(part.kind.code).registry == AUTHORITY:
        keep &= reasons != CODE["home"]  # everybody has an office of their own: the neighbours' are no news
    rows = part.kind.start + near.positions[keep]
    return _lines(search, rows, near.minutes[keep].tolist(), reasons[keep], words)


def _nearer(search: _Search, part: _Part, horizon: float | None) -> Nearest:
    index, origin = part.kind.index, search.query.origin
    if horizon is not None:
        return nearer_than(index, origin.lat, origin.lon, minutes=horizon, travel=search.travel)
    everybody = np.zeros(len(index), bool)
    k = max(search.query.k, 1)
    return nearest(index, origin.lat, origin.lon, k=k, left_out=everybody, travel=search.travel)


def _not_visited_left_out(search: _Search, part: _Part, words: dict[tuple[str, object], str]) -> list[Excluded]:
    kind = part.kind
    reasons = part.reasons[kind.middle - kind.start :]
    at_home = serves_home(search.catalogue, kind.middle, kind.end, home=search.home)
    keep = np.flatnonzero((reasons != 0) & at_home)
    return _lines(search, kind.middle + keep, [None] * len(keep), reasons[keep], words)


def _lines(
    search: _Search,
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
            detail = _day(cell("licence_until", row))
        elif reason in ("full", "waitlist"):
            detail = int(max(0.0, now - moments[row]) // _DAY_SECONDS)
        said = words.get((reason, detail))
        if said is None:
            said = words[reason, detail] = refusal_words(reason, detail)
        lines.append(
            Excluded(cell("service_id", row), search.catalogue.name(row), cell("service_type", row), way, reason, said)
        )
    return lines


def _ranks(search: _Search, ways: Sequence[_Way]) -> list[int]:
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


def _result(search: _Search, way: _Way, block: int, rank: int) -> Result:
    cell = search.catalogue.cell
    return Result(
        **_offer(search, way.row),
        block=BLOCKS[block],
        rank=rank,
        minutes=way.minutes,
        distance_m=way.metres,
        travel_model=search.travel.name,
        position_precision=cell("position_precision", way.row),
        lat=float(cell("lat", way.row)),
        lon=float(cell("lon", way.row)),
        at_same_point=int(search.catalogue.at_same_point[way.row]),
    )


def describe(snapshot: Snapshot, query: Query, service_id: str) -> Result | Elsewhere:
    """Say of one service what an answer to the query would say of it, asking no rule: the caller has.

    Its rank is 0. Raises UnknownCodeError where the catalogue has no such service.
    """
    return next(describe_all(snapshot, query, (service_id,)))


def describe_all(snapshot: Snapshot, query: Query, service_ids: Iterable[str]) -> Iterator[Result | Elsewhere]:
    """Say of each service what `describe` says of one, in the order given."""
    catalogue = snapshot.catalogue
    search = _Search(snapshot, query, wanted_types(query), travel_model(query.mode))
    for service_id in service_ids:
        row = catalogue.position[str(catalogue.service(service_id)["service_id"])]
        if row >= catalogue.types[catalogue.cell("service_type", row)].middle:
            yield _not_visited(search, row)
            continue
        lat, lon = [catalogue.cell("lat", row)], [catalogue.cell("lon", row)]
        minutes, metres = search.travel.ways(query.origin.lat, query.origin.lon, lat, lon)
        block = CONFIRMED if search.available.block[row] == CONFIRMED else CALL_FIRST
        yield _result(search, _Way(float(minutes[0]), row, float(metres[0])), block, 0)


def _elsewhere(search: _Search, parts: list[_Part]) -> list[Elsewhere]:
    """List what is not visited and may take the person, the home's county first."""
    offers = []
    for part in parts:
        fits = part.reasons[part.kind.middle - part.kind.start :] == 0
        offers += [_not_visited(search, int(row)) for row in part.kind.middle + np.flatnonzero(fits)]
    return sorted(offers, key=lambda offer: (offer.county != search.home.county, offer.service_id))


def _not_visited(search: _Search, row: int) -> Elsewhere:
    offer = _offer(search, row)
    secret = bool(search.catalogue.cell("is_secret", row))
    why = "secret" if secret else "not_placed" if offer["delivery"] == "at_site" else offer["delivery"]
    return Elsewhere(**offer, why=why)


def _offer(search: _Search, row: int) -> dict[str, Any]:
    cell, available = search.catalogue.cell, search.available
    kind = taxonomy.service_type(cell("service_type", row))
    secret = bool(cell("is_secret", row))
    reported = _moment(available.reported_s[row])
    doubts = (f"doubt_{what}" for what in search.snapshot.doubts.get(cell("service_id", row), ()))
    return {
        "service_id": cell("service_id", row),
        "name": search.catalogue.name(row),
        "organization": cell("organization", row),
        "service_type": kind.service_type,
        "type_name": kind.name,
        "need": search.wanted.types.get(kind.service_type),
        "status": "unknown" if secret else str(available.status[row]),
        "places_free": _whole(available.places_free[row]),
        "places_max": _whole(available.places_max[row]),
        "places_reported_at": reported,
        "report_age_days": None if reported is None else (available.now - reported) / _DAY,
        **{column: _text(cell(column, row)) for column in _TEXTS},
        "licence_valid_until": _day(cell("licence_until", row)),
        "licence_status": cell("licence_status", row),
        "access_route": cell("access_route", row),
        "decision_by": kind.decision_by,
        "capacity_model": cell("capacity_model", row),
        "delivery": cell("delivery", row),
        "flags": (*filter(None, cell("flags", row).split(";")), *doubts),
        "edition": cell("edition", row),
        "as_of": search.days.get(cell("edition", row)),
        "asked_at": available.now,
        **_opening(None if secret else _text(cell("hours", row)), available.now),
    }


def _opening(hours: str | None, now: datetime) -> dict[str, Any]:
    schedule = read_hours(hours) if hours else None
    if schedule is None:
        return {"opening": "unknown", "opening_changes_at": None}
    found = opening_at(schedule, now)
    return {"opening": found.state, "opening_changes_at": found.changes_at}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else int(value)


def _day(value: np.datetime64) -> date | None:
    return None if np.isnat(value) else value.astype("datetime64[D]").item()


def _moment(seconds: float) -> datetime | None:
    return None if np.isnan(seconds) else datetime.fromtimestamp(float(seconds), UTC)


def _sources(search: _Search) -> tuple[SourceUsed, ...]:
    registries = {taxonomy.service_type(code).registry for code in search.wanted.types}
    kinds = set(map(kind_of, registries))
    return tuple(
        SourceUsed(m.kind, m.edition, m.as_of, m.source.title, m.source.synthetic)
        for m in search.catalogue.manifests
        if m.kind in kinds
    )
