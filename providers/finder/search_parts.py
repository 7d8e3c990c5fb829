"""A search over the services of one type at a time: who may take the person, the nearest of each block, the offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from core.cells import int_or_none
from core.lazy_properties import lazy_property
from geo.spatial.nearest import NONE_NEAR, Nearest, nearest
from providers.catalogue.availability import CALL_FIRST, CONFIRMED, FULL, WAITLIST
from providers.catalogue.eligibility import CODE, refusals
from providers.catalogue.facts_from_names import HOSPITAL, line_bits
from providers.finder.answer import FARTHER, WITHIN, Elsewhere, Query, Result
from providers.rules import taxonomy
from providers.rules.flags import said_flags
from providers.rules.help_tables.river_sides import side_of
from providers.rules.opening_hours import opening_at, read_hours

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.gazetteer.gazetteer import Place
    from geo.spatial.travel import TravelTimes
    from providers.catalogue.availability import Availability
    from providers.catalogue.catalogue import Catalogue, TypeRange
    from providers.catalogue.snapshot import Snapshot
    from providers.finder.resolved_query import ResolvedQuery
    from providers.rules.taxonomy import ServiceType

BLOCKS = {CONFIRMED: "confirmed", CALL_FIRST: "call_first"}
NOT_OFFERED_BEYOND = 2  # times the reach of its type: nobody can use such a service for a need
_DAY = timedelta(days=1)
_TEXTS = ("capacity_unit", "capacity_text", "county", "locality", "address", "phone", "email", "website", "hours")


@dataclass(frozen=True)
class ServiceSearch:
    """One search under way: what it looks at and what for."""

    snapshot: Snapshot
    query: Query
    wanted: ResolvedQuery
    travel: TravelTimes

    @property
    def catalogue(self) -> Catalogue:
        """Services looked at."""
        return self.snapshot.catalogue

    @lazy_property
    def days(self) -> dict[str, date]:
        """The day of each edition whose manifest states one."""
        return {m.edition: day for m in self.catalogue.manifests if (day := _iso(m.as_of)) is not None}

    @property
    def available(self) -> Availability:
        """What is known of their places."""
        return self.snapshot.availability

    @property
    def home(self) -> Place:
        """Where the person lives."""
        return self.query.home or self.query.origin

    @property
    def blocks(self) -> tuple[int, ...]:
        """Blocks that are asked for."""
        return (CONFIRMED,) if self.query.only_confirmed else (CONFIRMED, CALL_FIRST)

    @property
    def side(self) -> int:
        """Side of the river on which the search starts."""
        return side_of(self.query.origin.uat_siruta, self.query.origin.county)

    def across(self, rows: slice | int) -> NDArray[np.bool_]:
        """Tell which services of the catalogue lie beyond the water; minutes that know the roads know that already."""
        side: NDArray[np.bool_] = self.catalogue.rules.side[rows] != self.side
        return side & self.travel.basis.is_straight


@dataclass(frozen=True)
class TypePart:
    """One type's share of a search: the first reason of each of its services, and the nearest of each block.

    code: the type asked for; of hospitals found by a line of care it is not the type of the rows.
    """

    code: str
    kind: TypeRange
    reasons: NDArray[np.int8]
    near: dict[int, Nearest]


@dataclass(frozen=True)
class Way:
    """A service, the type for which it was found, and the way to it. is_across: there is no direct road."""

    minutes: float
    row: int
    metres: float
    code: str
    is_across: bool


def parts_of(search: ServiceSearch, code: str) -> list[TypePart]:
    """ServiceSearch the services of one type, and the hospitals that are of it by what they treat."""
    types, kind = search.catalogue.types, taxonomy.service_type(code)
    ranges = [types[code]] if code in types else []
    if kind.hospital_line and code != HOSPITAL and HOSPITAL in types:
        ranges.append(types[HOSPITAL])
    return [_part(search, kind, each) for each in ranges]


def farthest_minutes(search: ServiceSearch, kind: ServiceType) -> float | None:
    """Return the longest way on which a type is offered; None = any. What is asked by its code is never too far."""
    asked_by_need = search.wanted.types.get(kind.service_type) is not None
    useful = kind.reach_minutes * NOT_OFFERED_BEYOND if asked_by_need and kind.reach_minutes else None
    limits = [limit for limit in (search.query.max_minutes, useful) if limit is not None]
    return min(limits) if limits else None


def _part(search: ServiceSearch, kind: ServiceType, found: TypeRange) -> TypePart:
    query, rules = search.query, search.catalogue.rules
    rows = slice(found.start, found.end)
    reasons = refusals(search.catalogue, found.start, found.end, person=query.person, home=search.home, on=query.on)
    reasons[(reasons == 0) & rules.contradicted[rows]] = CODE["other_kind"]
    reasons[(reasons == 0) & ~_treats(search, kind, found)] = CODE["other_profile"]
    block = _blocks(search, kind, found)
    fits = reasons == 0
    reasons[fits & (block == FULL)] = CODE["full"]
    reasons[fits & (block == WAITLIST)] = CODE["waitlist"]
    at_site = slice(0, found.middle - found.start)
    across = search.across(rows)[at_site]
    near = {
        wanted: _nearest_by_road(search, kind, found, (reasons[at_site] != 0) | (block[at_site] != wanted), across)
        for wanted in search.blocks
    }
    return TypePart(kind.service_type, found, reasons, near)


def _treats(search: ServiceSearch, kind: ServiceType, found: TypeRange) -> NDArray[np.bool_]:
    """Tell which services treat what a need asks of their type; a hospital asked by its code may treat anything."""
    lines = search.catalogue.rules.lines[found.start : found.end]
    if found.code != HOSPITAL or (kind.service_type == HOSPITAL and search.wanted.types.get(HOSPITAL) is None):
        return np.ones(len(lines), bool)
    treats: NDArray[np.bool_] = (lines & line_bits([kind.hospital_line or ""])) != 0
    return treats | (lines == 0) if kind.service_type == HOSPITAL else treats


def _blocks(search: ServiceSearch, kind: ServiceType, found: TypeRange) -> NDArray[np.int8]:
    """Return the block of each service; a hospital's emergency room takes everybody, whatever its wards' places are."""
    block: NDArray[np.int8] = search.available.block[found.start : found.end]
    return np.full_like(block, CONFIRMED) if _is_open_line(kind, found.code) else block


def _is_open_line(kind: ServiceType, code: str) -> bool:
    """Tell whether a hospital is looked at for a line of care that has no limit of places."""
    return code == HOSPITAL and kind.service_type != HOSPITAL and kind.capacity_model == "open"


def _nearest_by_road(
    search: ServiceSearch, kind: ServiceType, found: TypeRange, left_out: NDArray[np.bool_], across: NDArray[np.bool_]
) -> Nearest:
    """Find the k nearest that a road leads to and, where they are fewer, the nearest beyond the water after them."""
    query, limit = search.query, farthest_minutes(search, kind)

    def near(out: NDArray[np.bool_], k: int) -> Nearest:
        return nearest(
            found.index, query.origin.lat, query.origin.lon, k=k, left_out=out, travel=search.travel, max_minutes=limit
        )

    by_road = near(left_out | across, query.k)
    missing = query.k - len(by_road.positions)
    beyond = near(left_out | ~across, missing) if missing > 0 and across.any() else NONE_NEAR
    if not len(beyond.positions):
        return by_road
    return Nearest(
        np.concatenate([by_road.positions, beyond.positions]),
        np.concatenate([by_road.minutes, beyond.minutes]),
        np.concatenate([by_road.metres, beyond.metres]),
    )


def best(search: ServiceSearch, parts: list[TypePart], block: int) -> list[Way]:
    """Return the k nearest ways of a block over some types: those with a road first, by minutes, then `service_id`."""
    ways = [way for part in parts for way in _ways(search, part, part.near[block])]
    unique = {way.row: way for way in reversed(ways)}.values()  # a hospital stands once, for the first that asked
    found = sorted(unique, key=lambda way: (way.is_across, way.minutes, search.catalogue.cell("service_id", way.row)))
    return found[: search.query.k]


def _ways(search: ServiceSearch, part: TypePart, near: Nearest) -> list[Way]:
    return [
        Way(float(minutes), row, float(metres), part.code, bool(search.across(row)))
        for row, minutes, metres in zip(
            (part.kind.start + near.positions).tolist(), near.minutes, near.metres, strict=True
        )
    ]


def is_within(way: Way) -> bool:
    """Return whether a way is within the reach of its type; beyond the water only an office without a limit is."""
    reach = taxonomy.service_type(way.code).reach_minutes
    return reach is None or (way.minutes <= reach and not way.is_across)


def result(search: ServiceSearch, way: Way, block: int, rank: int, *, whose: str = "") -> Result:
    """Say of a service at a site what is offered there and the way to it."""
    cell, origin = search.catalogue.cell, search.query.origin
    lat, lon = float(cell("lat", way.row)), float(cell("lon", way.row))
    return Result(
        **_offer(search, way.row, way.code, whose=whose, is_across=way.is_across),
        block=BLOCKS[block],
        rank=rank,
        minutes=way.minutes,
        distance_m=way.metres,
        travel=search.travel.basis,
        position_precision=cell("position_precision", way.row),
        lat=lat,
        lon=lon,
        to_road_m=search.travel.to_road_m(origin.lat, origin.lon) + search.travel.to_road_m(lat, lon),
        at_same_point=int(search.catalogue.at_same_point[way.row]),
        reach=WITHIN if is_within(way) else FARTHER,
    )


def not_visited(search: ServiceSearch, row: int, *, whose: str = "") -> Elsewhere:
    """Say of a service that nobody travels to what it offers, and why nobody does."""
    offer = _offer(search, row, search.catalogue.cell("service_type", row), whose=whose)
    secret = bool(search.catalogue.cell("is_secret", row))
    why = "secret" if secret else "not_placed" if offer["delivery"] == "at_site" else offer["delivery"]
    return Elsewhere(**offer, why=why)


def _offer(search: ServiceSearch, row: int, code: str, *, whose: str = "", is_across: bool = False) -> dict[str, Any]:
    cell, available = search.catalogue.cell, search.available
    kind, own = taxonomy.service_type(code), taxonomy.service_type(cell("service_type", row))
    secret = bool(cell("is_secret", row))
    is_found_by_line = kind is not own
    is_open = _is_open_line(kind, own.service_type)
    reported = None if is_open else _moment(available.reported_s[row])  # what is reported of it is of its wards
    status = "unknown" if secret else "open" if is_open else str(available.status[row])
    return {
        "service_id": cell("service_id", row),
        "name": search.catalogue.name(row),
        "organization": cell("organization", row),
        "service_type": kind.service_type,
        "type_name": kind.name,
        "need": search.wanted.types.get(kind.service_type),
        "status": status,
        "places_free": None if is_open else int_or_none(available.places_free[row]),
        "places_max": None if is_open else int_or_none(available.places_max[row]),
        "places_reported_at": reported,
        "report_age_days": None if reported is None else (available.now - reported) / _DAY,
        **{column: _text(cell(column, row)) for column in _TEXTS},
        "licence_valid_until": day_of(cell("licence_until", row)),
        "licence_status": cell("licence_status", row),
        "access_route": kind.access_route if is_found_by_line else cell("access_route", row),
        "decision_by": kind.decision_by,
        "capacity_model": kind.capacity_model if is_open else cell("capacity_model", row),
        "delivery": cell("delivery", row),
        "flags": tuple(_flags(search, row, own, is_across=is_across)),
        "edition": cell("edition", row),
        "as_of": search.days.get(cell("edition", row)),
        "asked_at": available.now,
        **_opening(None if secret else _text(cell("hours", row)), available.now),
        "whose": whose,
        "answering": None if secret or is_open else search.snapshot.answering.get(cell("service_id", row)),
        **_closure(search, row),
    }


def _closure(search: ServiceSearch, row: int) -> dict[str, date | None]:
    """Tell of a closure for a time, unless it is over on the day that is asked about."""
    first, last = (day_of(search.catalogue.cell(column, row)) for column in ("closed_from", "closed_until"))
    is_over = last is not None and last < search.query.on
    return {"closed_from": None if is_over else first, "closed_until": None if is_over else last}


def _opening(hours: str | None, now: datetime) -> dict[str, Any]:
    schedule = read_hours(hours) if hours else None
    if schedule is None:
        return {"opening": "unknown", "opening_changes_at": None}
    found = opening_at(schedule, now)
    return {"opening": found.state, "opening_changes_at": found.changes_at}


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _flags(search: ServiceSearch, row: int, kind: ServiceType, *, is_across: bool) -> list[str]:
    """List the doubts of a service: those of its register, of this way and this home, and of people on the spot."""
    rules = search.catalogue.rules
    foreign = rules.uat[row] != search.home.uat_siruta
    flags = said_flags(search.catalogue.cell("flags", row), search.catalogue.cell("operating_status", row))
    flags += ["no_direct_road"] if is_across else []
    flags += ["profile_unknown"] if kind.service_type == HOSPITAL and not rules.lines[row] else []
    flags += ["area_unknown"] if rules.area_unknown[row] and foreign else []
    flags += ["name_against_code"] if rules.code_doubted[row] else []
    return flags + [
        f"doubt_{what}" for what in search.snapshot.doubts.get(search.catalogue.cell("service_id", row), ())
    ]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def day_of(value: np.datetime64) -> date | None:
    """Return a day of a table; None where it is not known."""
    return None if np.isnat(value) else value.astype("datetime64[D]").item()


def _moment(seconds: float) -> datetime | None:
    return None if np.isnan(seconds) else datetime.fromtimestamp(float(seconds), UTC)
