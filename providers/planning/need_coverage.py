"""The share of UATs in which somebody who has a need finds at least one lawful answer, for each need.

Counted in services and offices that may take the person (licence, age, sex, group, home), not in types that
might exist. A UAT counts only when everybody who may have the need finds an answer there: a centre for
children is no answer to the adults (`providers.planning.need_persons`).

Two figures, always side by side: *within reach*, an answer at a site at most `reach_minutes` by car from the
UAT's seat or one that comes to the home or is at a distance; and *anywhere*, an answer that may take the
person, however far. A secret service counts for the UATs of its own county and nowhere else, and says nothing
about its place there; one at a site whose place is not known counts only as anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.storage.import_kinds import AUTHORITY
from geo.spatial.nearest import nearest_for_many
from providers.catalogue.access_rules import AREA_KINDS
from providers.catalogue.eligibility import CODE, closed_for_now, refusals
from providers.planning.need_persons import band_of, persons_of
from providers.rules import needs as needs_catalogue
from providers.rules.taxonomy import service_type

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from numpy.typing import NDArray

    from geo.gazetteer.gazetteer import Gazetteer, Place
    from geo.spatial.travel import TravelModel
    from providers.catalogue.catalogue import Catalogue, TypeRange
    from providers.rules.person import Person

NEED_REACH_MINUTES = 60.0
COLUMNS = {
    "need": "code of the need",
    "name": "the need in words",
    "group": "heading under which it is listed",
    "services": "services of the registers that answer somebody somewhere",
    "authorities": "public offices that answer somebody somewhere",
    "uats": "UATs counted",
    "reached": "UATs in which everybody with the need has an answer within reach",
    "anywhere": "UATs in which everybody with the need has an answer, however far",
    "reached_first": "UATs with one of the need's first answers within reach",
    "reached_services": "UATs with a service of a register, not an office, within reach",
    "anywhere_authorities": "UATs that have an office among the answers, however far",
    "communities": "communities counted",
    "communities_reached": "communities with an answer within reach",
    "communities_first": "communities with one of the first answers within reach",
    "left_out": "for whom most UATs have no first answer within reach, in words; blank where none lacks it",
}


@dataclass(frozen=True)
class _Pairs:
    """Which services serve the people of which UATs, unless they serve the nation: sorted by service row."""

    rows: NDArray[np.int64]
    uats: NDArray[np.int64]
    in_reach: NDArray[np.bool_]


@dataclass(frozen=True)
class _Reach:
    """For each UAT: is there an answer within reach, and is there one at all."""

    near: NDArray[np.bool_]
    anywhere: NDArray[np.bool_]

    def __or__(self, other: _Reach) -> _Reach:
        return _Reach(self.near | other.near, self.anywhere | other.anywhere)

    def __and__(self, other: _Reach) -> _Reach:
        return _Reach(self.near & other.near, self.anywhere & other.anywhere)


def need_coverage(
    catalogue: Catalogue,
    gazetteer: Gazetteer,
    *,
    communities: Iterable[int],
    on: date,
    travel: TravelModel,
    reach_minutes: float = NEED_REACH_MINUTES,
) -> pd.DataFrame:
    """Count for every need the UATs and the communities in which everybody who has it finds a lawful answer.

    communities: SIRUTA codes of UATs; sectors of Bucharest count in the municipality. Returns COLUMNS, one row a
    need, in the order of the catalogue of needs. Minutes are those of `travel`, from the UAT's seat.
    """
    uats = gazetteer.uats
    uats = uats[uats["parent_uat_siruta"].isna() & uats["lat"].notna()].reset_index(drop=True)
    some_home = gazetteer.by_siruta(int(uats["uat_siruta"].iloc[0]))
    pairs = _pairs(catalogue, uats, reach_minutes, travel)
    count = _Count(catalogue, uats, some_home, on, reach_minutes, travel, pairs)
    among = uats["uat_siruta"].isin(set(communities)).to_numpy(bool)
    lines = [_line(count, code, among) for code in needs_catalogue.needs()]
    return pd.DataFrame(lines, columns=list(COLUMNS))


@dataclass(frozen=True)
class _Count:
    """One count under way: what it looks at, and what it already knows of a type and whom of it fits."""

    catalogue: Catalogue
    uats: pd.DataFrame
    some_home: Place
    on: date
    reach_minutes: float
    travel: TravelModel
    pairs: _Pairs
    known: dict[tuple[str, bytes], _Reach] = field(default_factory=dict)


def _line(count: _Count, code: str, among: NDArray[np.bool_]) -> dict[str, Any]:
    need, persons = needs_catalogue.needs()[code], persons_of(code)
    found = {part: [_reach(count, code, person, part) for person in persons] for part in _PARTS}
    everybody = {part: reduce(_Reach.__and__, each) for part, each in found.items()}
    offices, services = _answering(count, code, persons)
    lacks = [_number(~each.near) for each in found["first"]]
    worst = int(np.argmax(lacks))
    return {
        "need": code,
        "name": need.name,
        "group": need.group,
        "services": services,
        "authorities": offices,
        "uats": len(count.uats),
        "reached": _number(everybody["any"].near),
        "anywhere": _number(everybody["any"].anywhere),
        "reached_first": _number(everybody["first"].near),
        "reached_services": _number(everybody["services"].near),
        "anywhere_authorities": _number(everybody["authorities"].anywhere),
        "communities": _number(among),
        "communities_reached": _number(everybody["any"].near & among),
        "communities_first": _number(everybody["first"].near & among),
        "left_out": band_of(code, persons[worst]) if lacks[worst] else "",
    }


def _answering(count: _Count, code: str, persons: tuple[Person, ...]) -> tuple[int, int]:
    """Count the offices, and the services, that answer any of these persons anywhere."""
    rows: set[int] = set()
    for person in persons:
        for answer in needs_catalogue.answers(code, person):
            kind = count.catalogue.types.get(answer)
            if kind is not None:
                rows.update((kind.start + np.flatnonzero(_fits(count, kind, person))).tolist())
    offices = sum(count.catalogue.cell("registry", row) == AUTHORITY for row in rows)
    return offices, len(rows) - offices


def _reach(count: _Count, code: str, person: Person, part: str) -> _Reach:
    nobody = np.zeros(len(count.uats), bool)
    reach = _Reach(nobody, nobody)
    for answer in needs_catalogue.answer_rows(code, person):
        kind = count.catalogue.types.get(answer.service_type)
        if kind is not None and _PARTS[part](answer.role, service_type(kind.code).registry):
            reach |= _of_type(count, kind, person)
    return reach


def _of_type(count: _Count, kind: TypeRange, person: Person) -> _Reach:
    fits = _fits(count, kind, person)
    key = (kind.code, fits.tobytes())
    if key not in count.known:
        count.known[key] = _nation(count, kind, fits) | _by_home(count, kind, fits)
    return count.known[key]


def _fits(count: _Count, kind: TypeRange, person: Person) -> NDArray[np.bool_]:
    """Tell who may take this person whatever the home: of the reasons, `home` is the one that does not count."""
    reasons = refusals(count.catalogue, kind.start, kind.end, person=person, home=count.some_home, on=count.on)
    rows = slice(kind.start, kind.end)
    closed = count.catalogue.rules.closed[rows] | closed_for_now(count.catalogue, rows, on=count.on)
    fits: NDArray[np.bool_] = np.isin(reasons, (0, CODE["home"])) & ~closed
    return fits


def _nation(count: _Count, kind: TypeRange, fits: NDArray[np.bool_]) -> _Reach:
    rows = slice(kind.start, kind.end)
    everywhere = fits & _serves_nation(count.catalogue, rows)
    at_site = everywhere[: kind.middle - kind.start]
    near = np.zeros(len(count.uats), bool)
    if at_site.any():
        lats, lons = (count.uats[name].to_numpy(float) for name in ("lat", "lon"))
        _found, minutes = nearest_for_many(kind.index, lats, lons, k=1, left_out=~at_site, travel=count.travel)
        near = minutes[:, 0] <= count.reach_minutes
    comes = everywhere & (count.catalogue.rules.delivery[rows] != "at_site")
    return _Reach(near | comes.any(), np.full(len(count.uats), everywhere.any()))


def _by_home(count: _Count, kind: TypeRange, fits: NDArray[np.bool_]) -> _Reach:
    pairs = count.pairs
    first, last = np.searchsorted(pairs.rows, (kind.start, kind.end))
    rows, uats = pairs.rows[first:last], pairs.uats[first:last]
    taken = fits[rows - kind.start]
    near, anywhere = np.zeros(len(count.uats), bool), np.zeros(len(count.uats), bool)
    anywhere[uats[taken]] = True
    near[uats[taken & pairs.in_reach[first:last]]] = True
    return _Reach(near, anywhere)


_PARTS: dict[str, Any] = {
    "any": lambda _role, _registry: True,
    "first": lambda role, _registry: role == "first",
    "services": lambda _role, registry: registry != AUTHORITY,
    "authorities": lambda _role, registry: registry == AUTHORITY,
}


def _number(which: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(which))


def _serves_nation(catalogue: Catalogue, rows: slice) -> NDArray[np.bool_]:
    secret = catalogue.services["is_secret"].to_numpy(bool)[rows]
    nation: NDArray[np.bool_] = (catalogue.rules.area[rows] == AREA_KINDS.index("nation")) & ~secret
    return nation


def _pairs(catalogue: Catalogue, uats: pd.DataFrame, reach_minutes: float, travel: TravelModel) -> _Pairs:
    """Pair every service that does not serve the whole nation with the UATs that it serves."""
    rows, homes = _served(catalogue, uats)
    services = catalogue.services
    secret = services["is_secret"].to_numpy(bool)[rows]
    lat, lon = (services[name].to_numpy(float)[rows] for name in ("lat", "lon"))
    visited = catalogue.rules.delivery[rows] == "at_site"
    from_lat, from_lon = (uats[name].to_numpy(float)[homes] for name in ("lat", "lon"))
    placed = visited & np.isfinite(lat) & ~secret
    minutes = np.full(len(rows), np.inf)
    minutes[placed] = travel.travel_times(
        from_lat[placed], from_lon[placed], lat[placed], lon[placed], most_minutes=reach_minutes
    )[0]
    in_reach = secret | ~visited | (minutes <= reach_minutes)
    order = np.argsort(rows, kind="stable")
    return _Pairs(rows[order], homes[order], in_reach[order])


def _served(catalogue: Catalogue, uats: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs of service row and UAT position, by the same areas as `eligibility.serves_home`."""
    rules = catalogue.rules
    place = {int(code): i for i, code in enumerate(uats["uat_siruta"])}
    place |= {sector: place[whole] for sector, whole in catalogue.parents.items() if whole in place}
    letters = uats["county"].to_numpy(str)
    county = {code: np.flatnonzero(letters == code) for code in catalogue.county_codes}
    region = {
        i: np.flatnonzero([catalogue.region_of_county[code] == name for code in letters])
        for i, name in enumerate(catalogue.region_codes)
    }
    secret = catalogue.services["is_secret"].to_numpy(bool)
    by_county = (rules.area == AREA_KINDS.index("county")) | (secret & (rules.area == AREA_KINDS.index("nation")))
    found: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []

    def add(rows: NDArray[np.int64], homes: NDArray[np.int64]) -> None:
        found.append((np.repeat(rows, len(homes)), np.tile(homes, len(rows))))

    own = np.flatnonzero((rules.area == AREA_KINDS.index("own_uat")) & np.isin(rules.uat, list(place)))
    found.append((own, np.array([place[int(code)] for code in rules.uat[own]], np.int64)))
    for i, code in enumerate(catalogue.county_codes):
        add(np.flatnonzero(by_county & (rules.county == i)), county[code])
    for i, homes in region.items():
        add(np.flatnonzero((rules.area == AREA_KINDS.index("region")) & (rules.region == i)), homes)
    for code, rows in catalogue.listed.items():
        if code in county:
            add(rows, county[code])
        elif code.isdigit() and int(code) in place:
            add(rows, np.array([place[int(code)]]))
    return np.concatenate([pair[0] for pair in found]), np.concatenate([pair[1] for pair in found])
