"""The best of each kind of help, in the order of a need's answers; a kind is named also where its register is empty.

What is the person's own (the school, the family doctor, the town hall, the team) stands without a rank by distance.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from core.i18n import _
from providers.catalogue.source_coverage import covers
from providers.finder.answer import Elsewhere
from providers.finder.search_parts import Way, best, is_within, not_visited, parts_of, result
from providers.rules import taxonomy
from providers.rules.help_tables.known_kinds import known_kinds
from providers.rules.wording import minute_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from providers.finder.answer import Offer
    from providers.finder.resolved_query import AskedKind
    from providers.finder.search_parts import ServiceSearch, TypePart

OWN, KNOWN, NOBODY_NEAR = "own", "known", "nobody_near"
_MOST_SCHOOLS = 2
_SCHOOLS = tuple(code for code, kind in taxonomy.service_types().items() if kind.whose == "school")
_UNKNOWN = "unknown"


def first_answers(search: ServiceSearch, parts: Mapping[str, list[TypePart]]) -> list[Offer]:
    """List the best of each first kind in rank order; those of which nobody is near are named after the others."""
    offers: list[Offer] = []
    nobody: list[Offer] = []
    for asked in search.wanted.first_kinds:
        if _is_second_school(asked, search.wanted.first_kinds):
            continue
        found = list(_of_kind(search, parts, asked))
        offers += found
        if not found:
            nobody.append(_nobody_near(search, parts, asked))
    return offers + nobody


def other_answers(search: ServiceSearch, parts: Mapping[str, list[TypePart]]) -> list[Offer]:
    """List the best of each helping kind in order; the far ones last, and none that nobody knows how to reach."""
    near: list[Offer] = []
    far: list[Offer] = []
    for asked in search.wanted.other_kinds:
        found = list(_of_kind(search, parts, asked))
        near += found[:1]
        if not found:
            far += [result(search, way, block, 1) for way, block in _best_visited(search, parts, asked)[:1]]
    return near + far


def _is_second_school(asked: AskedKind, kinds: tuple[AskedKind, ...]) -> bool:
    """Whether the person's own school was answered by an earlier kind: all its kinds are one school."""
    schools = [each for each in kinds if taxonomy.service_type(each.codes[0]).whose == "school"]
    return asked in schools[1:]


def _of_kind(search: ServiceSearch, parts: Mapping[str, list[TypePart]], asked: AskedKind) -> Iterator[Offer]:
    """Give the offers of one kind that are within reach, or how it is reached; nothing where nobody is."""
    kind = taxonomy.service_type(asked.codes[0])
    if kind.whose == "school":
        yield from _own_schools(search, parts, asked)
        return
    if kind.whose == "list" and asked.need not in kind.chosen_for:
        yield _named(search, kind.service_type, asked.need, OWN)
        return
    for code in asked.codes:
        whose = OWN if taxonomy.service_type(code).whose in ("town_hall", "team") else ""
        visited = [(way, block) for way, block in _best_visited(search, parts, asked, code) if is_within(way)]
        if visited:
            way, block = visited[0]
            yield result(search, way, block, 0 if whose else 1, whose=whose)
            return
        comes = _best_not_visited(search, parts, code)
        if comes is not None:
            yield not_visited(search, comes, whose=whose)
            return
    for code in asked.codes:
        own = taxonomy.service_type(code)
        if code in known_kinds() and not _best_visited(search, parts, asked, code):
            yield _named(search, code, asked.need, OWN if own.whose in ("town_hall", "team") else KNOWN)
            return


def _best_visited(
    search: ServiceSearch, parts: Mapping[str, list[TypePart]], asked: AskedKind, only: str | None = None
) -> list[tuple[Way, int]]:
    """Return the best way of each block and type: within reach before beyond it, then the nearest."""
    codes = (only,) if only else asked.codes
    found = []
    for block in search.blocks:
        ways = [way for code in codes for way in best(search, parts.get(code, []), block)[:1]]
        found += [(way, block) for way in ways]
    return sorted(found, key=lambda each: (not is_within(each[0]), each[0].is_across, each[0].minutes))


def _best_not_visited(search: ServiceSearch, parts: Mapping[str, list[TypePart]], code: str) -> int | None:
    """Return the row of a service that nobody travels to: of the home's UAT, else of its county, or remote."""
    cell = search.catalogue.cell
    for part in (each for each in parts.get(code, []) if each.kind.code == code):
        fits = part.kind.middle + np.flatnonzero(part.reasons[part.kind.middle - part.kind.start :] == 0)
        near = [row for row in fits.tolist() if _serves_from_here(search, row)]
        if near:
            uat = search.catalogue.rules.uat
            return min(near, key=lambda row: (uat[row] != search.home.uat_siruta, str(cell("service_id", row))))
    return None


def _serves_from_here(search: ServiceSearch, row: int) -> bool:
    cell = search.catalogue.cell
    county = cell("county_served", row) if isinstance(cell("county_served", row), str) else cell("county", row)
    is_remote = cell("delivery", row) == "remote"
    return bool(is_remote or county == search.home.county)


def _own_schools(search: ServiceSearch, parts: Mapping[str, list[TypePart]], asked: AskedKind) -> Iterator[Offer]:
    """Give the schools of the own locality, else the nearest of the commune; whatever their type, also a liceu."""
    schools = [part for code in _SCHOOLS for part in (parts[code] if code in parts else parts_of(search, code))]
    ways = []
    for part in schools:
        at_site = part.reasons[: part.kind.middle - part.kind.start]
        uats = search.catalogue.rules.uat[part.kind.start : part.kind.middle]
        own = np.flatnonzero((at_site == 0) & (uats == search.home.uat_siruta))
        index = part.kind.index
        minutes, metres = search.travel.travel_times(
            search.query.origin.lat, search.query.origin.lon, index.lat[own], index.lon[own]
        )
        ways += [
            Way(float(m), part.kind.start + int(position), float(d), part.code, is_across=False)
            for position, m, d in zip(own, minutes, metres, strict=True)
        ]
    cell = search.catalogue.cell
    village = [way for way in ways if cell("locality_siruta", way.row) == search.home.locality_siruta]
    nearest_first = sorted(
        village,
        key=lambda way: (
            way.code != asked.codes[0],
            _SCHOOLS.index(way.code),
            way.minutes,
            str(cell("service_id", way.row)),
        ),
    ) or sorted(ways, key=lambda way: (way.minutes, str(cell("service_id", way.row))))
    for way in nearest_first[:_MOST_SCHOOLS]:
        block = int(search.available.block[way.row])
        school = result(search, way, block if block in search.blocks else search.blocks[-1], 0, whose=OWN)
        # The school of the area has to take its children (Legea 198/2023), whatever else it is: also a liceu.
        must_take = school.status == "unknown" and taxonomy.service_type(asked.codes[0]).capacity_model == "open"
        yield replace(school, need=asked.need, status="open" if must_take else school.status)
    if not nearest_first:
        yield _named(search, asked.codes[0], asked.need, OWN)


def _named(search: ServiceSearch, code: str, need: str, why: str) -> Elsewhere:
    """Name a kind that no register has: how it is reached."""
    known = known_kinds()[code]
    return _without_service(search, code, need, name=_(known.name), words=_(known.words), why=why, phone=known.phone)


def _nobody_near(search: ServiceSearch, parts: Mapping[str, list[TypePart]], asked: AskedKind) -> Elsewhere:
    """Name a first kind of which nobody is within reach, and how far the nearest is."""
    kind = taxonomy.service_type(asked.codes[0])
    beyond, county = _best_visited(search, parts, asked), search.home.county
    if beyond:
        way = beyond[0][0]
        words = _("Cel mai apropiat este departe ({minutes}): îl găsiți mai jos, la „Mai departe”.").format(
            minutes=minute_words(way.minutes)
        )
        if way.is_across:
            words = _("Cel mai apropiat este dincolo de apă, fără drum direct: îl găsiți mai jos, la „Mai departe”.")
    elif any(covers(search.catalogue, taxonomy.service_type(code).registry, code, county) for code in asked.codes):
        words = _("Niciunul în apropiere în registrele de aici: întrebați DGASPC sau asistența socială de la primărie.")
    else:  # that a list of other counties has none here says nothing of this county
        words = _(
            "Registrele de aici nu au lista din acest județ: întrebați DGASPC sau asistența socială de la primărie."
        )
    return _without_service(search, kind.service_type, asked.need, name=_(kind.name), words=words, why=NOBODY_NEAR)


def _without_service(
    search: ServiceSearch, code: str, need: str, *, name: str, words: str, why: str, phone: str | None = None
) -> Elsewhere:
    """Make an offer that stands for a kind: no service of a register, so nothing to refer to, only how to reach it."""
    kind = taxonomy.service_type(code)
    nothing: dict[str, Any] = dict.fromkeys(
        ("places_free", "places_max", "capacity_unit", "capacity_text", "places_reported_at", "report_age_days",
         "locality", "address", "email", "website", "hours", "licence_valid_until")
    )  # fmt: skip
    return Elsewhere(
        **nothing, service_id="", name=name, organization="", service_type=code, type_name=kind.name, need=need,
        status=_UNKNOWN, county=search.home.county, phone=phone, licence_status=_UNKNOWN,
        access_route=kind.access_route, decision_by=kind.decision_by, capacity_model=kind.capacity_model,
        delivery=kind.delivery, flags=(), edition="", whose=OWN if why == OWN else "", why=why, words=words,
    )  # fmt: skip
