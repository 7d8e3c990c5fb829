"""The finder written the slow, obvious way, from DESIGN §5 and the services table: what the fast one must equal.

It shares only data with the code under test (the tables under data/providers): no tree, no arrays, no masks.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from math import isinf

import pandas as pd
from pyproj import Geod

from core.reading.curated_tables import FOLDER
from core.text import fold
from geo.spatial.travel import TravelModels
from providers.rules import taxonomy
from providers.rules.needs import answer_rows, needs

GEOD = Geod(ellps="WGS84")
SPEED = {"car": (45.0, 1.35), "walk": (4.5, 1.25)}


@dataclass(frozen=True)
class ObviousAnswer:
    """What the obvious finder says of one question: ids by block in order, reasons by id, the best of each kind.

    first, also: ids; `kind:CODE` where a kind is named without a service.
    """

    confirmed: list[str]
    call_first: list[str]
    reasons: dict[str, str]
    first: list[str]
    also: list[str]


@dataclass(frozen=True)
class Found:
    """A service that may take the person, and the way to it. is_within: the reach of the type it was found for."""

    minutes: float
    service_id: str
    service: dict
    is_across: bool
    block: str
    is_within: bool


@dataclass(frozen=True)
class Geography:
    """Which region a county is in, and which municipality a sector is in. travel: roads; None = a straight line."""

    region: dict[str, str]
    parent: dict[int, int]
    travel: TravelModels | None = None


def geography(gazetteer, travel=None) -> Geography:
    region = dict(zip(gazetteer.counties["county"], gazetteer.counties["region"], strict=True))
    pairs = zip(gazetteer.uats["uat_siruta"], gazetteer.uats["parent_uat_siruta"], strict=True)
    return Geography(region, {int(s): int(p) for s, p in pairs if pd.notna(p)}, travel)


def records(services: pd.DataFrame) -> list[dict]:
    """The table as plain dictionaries, None for everything that is not said."""
    return services.astype("object").where(services.notna(), None).to_dict("records")


def minutes_to(query, service, travel=None) -> float:
    if travel is not None:
        lat, lon = [service["lat"]], [service["lon"]]
        return float(travel.of_mode(query.mode).travel_times(query.origin.lat, query.origin.lon, lat, lon)[0][0])
    speed, detour = SPEED[query.mode]
    metres = GEOD.inv(query.origin.lon, query.origin.lat, service["lon"], service["lat"])[2]
    return metres * detour * 60 / (speed * 1000)


def first_reason(service, query, where) -> str:
    home, person, on = query.home or query.origin, query.person, pd.Timestamp(query.on)
    kind = taxonomy.service_types()[service["service_type"]]
    if service["accreditation_status"] == "withdrawn":
        return "accreditation_withdrawn"
    if service["licence_status"] in ("withdrawn", "suspended"):
        return f"licence_{service['licence_status']}"
    if service["licence_until"] is not None and service["licence_until"] < on:
        return "licence_expired"
    if service["licence_from"] is not None and service["licence_from"] > on:
        return "licence_not_started"
    youngest, oldest = ages(service, kind, person.sex, query.on)
    if person.age is not None and not youngest <= person.age <= oldest:
        return "age"
    sex = service["sex"] if service["sex"] is not None else kind.sex
    if person.sex and sex and sex != person.sex:
        return "sex"
    if person.groups and not takes_group(service, kind, person, query.on):
        return "group"
    if not serves(service, kind, home, where):
        return "home"
    if service["operating_status"] == "closed":
        return "closed"
    return "closed_for_now" if is_closed_for_now(service, on) else ""


def is_closed_for_now(service, on) -> bool:
    first, last = service["closed_from"], service["closed_until"]
    if first is None and last is None:
        return False
    return (first is None or first <= on) and (last is None or on <= last)


def stated_groups(service) -> list[taxonomy.Group]:
    text = service["groups"] if service["groups"] is not None else ""
    return [taxonomy.group(code) for code in text.split(";") if code]


@cache
def retirement_age(sex, on) -> int:
    """From which age somebody is elderly on a day; of whom the sex is not said, from the lower of the two."""
    newest = {row["sex"]: int(row["age"]) for row in table("pension_age") if row["since"] <= on.isoformat()}
    return newest[sex] if sex else min(newest.values())


def first_age(group, sex, on) -> int:
    return retirement_age(sex, on) if group.is_pension_age else group.age_min or 0


def ages(service, kind, sex, on) -> tuple[int, int]:
    """Whom a service takes: what it states, else the type's ages; the elderly are those of retirement age."""
    is_stated = service["age_min"] is not None
    youngest = service["age_min"] if is_stated else kind.age_min or 0
    oldest = service["age_max"] if service["age_max"] is not None else kind.age_max if kind.age_max is not None else 200
    bands = [g for g in stated_groups(service) if g.kind == "age" and kind.beneficiaries_bind]
    is_elderly = kind.is_pension_age
    if bands:
        only_elderly = all(g.is_pension_age for g in bands)
        from_bands = 0 if only_elderly and is_stated else min(g.age_min or 0 for g in bands)
        low = max(youngest, from_bands)
        high = min(oldest, max(200 if g.age_max is None else g.age_max for g in bands))
        if low <= high:
            youngest, oldest = low, high
            is_elderly = is_elderly or only_elderly
    return (retirement_age(sex, on) if is_elderly and not is_stated else youngest), oldest


def takes_group(service, kind, person, on) -> bool:
    situations = [g.group for g in stated_groups(service) if g.kind == "situation"]
    takes = situations or list(kind.beneficiary_groups)
    if not takes:
        return True
    for code in takes:
        group = taxonomy.groups()[code]
        if group.kind == "register" or code in person.groups:
            return True
        youngest = first_age(group, person.sex, on)
        if group.kind == "age" and (person.age is None or taxonomy.within(person.age, youngest, group.age_max)):
            return True
    return False


def serves(service, kind, home, where) -> bool:
    area = service["service_area"] or provider_area(service) or kind.service_area
    county = service["county_served"] if service["county_served"] is not None else service["county"]
    if area == "nation":
        return True
    if area == "county":
        return county == home.county
    if area == "region":
        return where.region.get(county) == where.region[home.county]
    below = {s for s, p in where.parent.items() if p == home.uat_siruta}
    same = {home.uat_siruta, where.parent.get(home.uat_siruta)} | below
    if area == "own_uat":
        return service["uat_siruta"] is not None and int(service["uat_siruta"]) in same
    listed = set(filter(None, (service["areas_served"] or "").split(";")))
    return bool(listed & ({home.county} | {str(code) for code in same}))


def provider_area(service) -> str | None:
    """A town's service serves its town, a county directorate's its county; a protected one takes people of everywhere."""
    if service["registry"] != "social" or service["is_secret"]:
        return None
    return area_told(service["organization"] or "")


@cache
def area_told(organization: str) -> str | None:
    """What a provider's name tells of whom it serves; each name is read once."""
    text = fold(organization)
    return next((row["service_area"] for row in table("provider_areas") if re.search(row["pattern"], text)), None)


def block_of(service, kind, report, now) -> str:
    if report is None:
        model = service["capacity_model"] if service["capacity_model"] is not None else kind.capacity_model
        return "confirmed" if model == "open" else "call_first"
    status, free, reported_at = report
    if (now - reported_at).total_seconds() > kind.freshness_days * 86_400:
        return "call_first"
    if status == "free" and (free is None or free > 0):
        return "confirmed"
    if status in ("full", "free"):
        return "full"
    return {"waitlist": "waitlist", "open": "confirmed"}.get(status, "call_first")


@cache
def table(name: str) -> list[dict]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@cache
def side(uat, county) -> str:
    sides = {row["area"]: row["side"] for row in table("no_direct_road")}
    return sides.get(str(uat), sides.get(county, ""))


def says_another_kind(service) -> bool:
    if service["registry"] != "social" or service["is_secret"]:
        return False
    return tells_another_kind(service["service_type"], service["name"], service["organization"] or "")


@cache
def tells_another_kind(code: str, name: str, organization: str) -> bool:
    text = fold(f"{name} {organization}")
    return any(
        re.search(row["pattern"], text)
        and (row["codes"] == "*" or any(code.startswith(c) for c in row["codes"].split(";")))
        for row in table("name_checks")
    )


@cache
def lines_of(name: str) -> set[str]:
    found = [row for row in table("hospital_profiles") if re.search(row["pattern"], fold(name))]
    only = [row for row in found if row["is_only"] == "true"]
    return {line for row in only or found for line in row["lines"].split(";")}


def is_of_kind(service, code: str, *, by_need: bool) -> bool:
    """Whether a service may be looked at for a type: it is of it, or a hospital that may be by what it treats."""
    kind = taxonomy.service_types()[code]
    return service["service_type"] == code or (service["service_type"] == "MED-HOSP" and bool(kind.hospital_line))


def treats(service, code: str, *, by_need: bool) -> bool:
    if service["service_type"] != "MED-HOSP" or (code == "MED-HOSP" and not by_need):
        return True
    lines = lines_of(service["name"])
    if code == "MED-HOSP":
        return not lines or "general" in lines
    return taxonomy.service_types()[code].hospital_line in lines


def visited(service) -> bool:
    delivery = service["delivery"] or taxonomy.service_types()[service["service_type"]].delivery
    return delivery == "at_site" and not service["is_secret"] and service["lat"] is not None


def looked_at(services, reports, query, where, code: str, *, by_need: bool, now: datetime) -> tuple[list[Found], dict]:
    """Every service of a type that may take the person, nearest by road first, and why the others may not."""
    kind = taxonomy.service_types()[code]
    limits = [query.max_minutes, kind.reach_minutes and kind.reach_minutes * 2 if by_need else None]
    limit = min((each for each in limits if each), default=None)
    found, refused = [], {}
    for service in services:
        if not is_of_kind(service, code, by_need=by_need) or not visited(service):
            continue
        minutes = minutes_to(query, service, where.travel)
        if isinf(minutes):
            continue  # nobody gets there
        reason = first_reason(service, query, where)
        reason = reason or ("other_kind" if says_another_kind(service) else "")
        reason = reason or ("" if treats(service, code, by_need=by_need) else "other_profile")
        block = block_of(
            service, taxonomy.service_types()[service["service_type"]], reports.get(service["service_id"]), now
        )
        if service["service_type"] == "MED-HOSP" != code and kind.capacity_model == "open":
            block = "confirmed"  # an emergency room takes everybody, whatever its hospital says of its wards
        reason = reason or (block if block in ("full", "waitlist") else "")
        reason = reason or ("too_far" if limit is not None and minutes > limit else "")
        if reason:
            refused[service["service_id"]] = (minutes, reason)
            continue
        across = where.travel is None and side(service["uat_siruta"], service["county"]) != side(
            query.origin.uat_siruta, query.origin.county
        )
        within = kind.reach_minutes is None or (minutes <= kind.reach_minutes and not across)
        found.append(Found(minutes, service["service_id"], service, across, block, within))
    return sorted(found, key=lambda each: (each.is_across, each.minutes, each.service_id)), refused


def asked_kinds(query) -> list[tuple[list[str], str, str]]:
    """(codes, role, need) of each kind of help that the wanted needs name, in their order."""
    kinds: list[tuple[list[str], str, str]] = []
    for wanted in query.wanted:
        own: list[tuple[list[str], str, str]] = []
        for row in answer_rows(wanted, query.person) if wanted in needs() else ():
            if row.role == "fallback" and own:
                own[-1][0].append(row.service_type)
            else:
                own.append(([row.service_type], "also" if row.role == "fallback" else row.role, wanted))
        kinds += own
    first = {codes[0] for codes, role, _need in kinds if role == "first"}
    seen: set[tuple[str, str]] = set()
    told = []
    for codes, role, need in kinds:
        if (codes[0], role) not in seen and (role == "first" or codes[0] not in first):
            seen.add((codes[0], role))
            told.append((codes, role, need))
    return told


def obvious(services: list[dict], reports: dict, query, where: Geography, *, now: datetime) -> ObviousAnswer:
    """Answer a question over every service of a table, type by type and row by row."""
    kinds = asked_kinds(query)
    by_need = {code for codes, _role, _need in kinds for code in codes} - set(query.wanted)
    types = taxonomy.service_types()
    ranked = [code for code in query.wanted if code in types]
    for need in (code for code in query.wanted if code in needs()):
        for row in answer_rows(need, query.person):
            kind = types[row.service_type]
            if row.role == "first" and (kind.whose not in ("list", "school") or need in kind.chosen_for):
                ranked.append(row.service_type)
    by_type: dict[str, list[dict]] = {}
    for service in services:
        by_type.setdefault(service["service_type"], []).append(service)
    hospitals = by_type.get("MED-HOSP", [])

    def may_be(code: str) -> list[dict]:
        return by_type.get(code, []) + (hospitals if code != "MED-HOSP" else [])

    seen = {
        code: looked_at(may_be(code), reports, query, where, code, by_need=code in by_need, now=now)
        for code in dict.fromkeys([*ranked, *(code for codes, _role, _need in kinds for code in codes)])
    }
    allowed = ("confirmed",) if query.only_confirmed else ("confirmed", "call_first")
    shown: dict[str, list[Found]] = {"confirmed": [], "call_first": []}
    for block in allowed:
        once = {}
        for code in dict.fromkeys(ranked):
            for each in seen[code][0]:
                once.setdefault(each.service_id, each) if each.block == block else None
        shown[block] = sorted(once.values(), key=lambda each: (each.is_across, each.minutes, each.service_id))[
            : query.k
        ]
    last = [max(each.minutes for each in ways) for ways in shown.values() if ways]
    refused: dict[str, tuple[float, str]] = {}
    for code in dict.fromkeys(ranked):
        for sid, told in seen[code][1].items():
            refused.setdefault(sid, told)
    if last:
        reasons = {sid: reason for sid, (minutes, reason) in refused.items() if minutes <= max(last)}
    else:
        nearest = sorted((minutes, sid, reason) for sid, (minutes, reason) in refused.items())[: query.k]
        reasons = {sid: reason for _minutes, sid, reason in nearest}
    full = {
        service["service_id"]
        for service in services
        if not service["is_secret"]
        and service["service_id"] in reports
        and block_of(service, types[service["service_type"]], reports.get(service["service_id"]), now)
        in ("full", "waitlist")
    }
    first, also = best_of_kinds(services, query, where, kinds, seen, allowed, full)
    return ObviousAnswer(
        [each.service_id for each in shown["confirmed"]], [each.service_id for each in shown["call_first"]], reasons,
        first, also,
    )  # fmt: skip


def best_of_kinds(services, query, where, kinds, seen, allowed, full) -> tuple[list[str], list[str]]:
    """Tell the best of each kind: the person's own, the nearest within reach, who comes, else the kind by its name."""
    named = {row["service_type"] for row in table("known_kinds")}
    types = taxonomy.service_types()
    first, nobody, also, far = [], [], [], []
    schools = [codes[0] for codes, role, _need in kinds if role == "first" and types[codes[0]].whose == "school"]
    second_schools = schools[1:]
    for codes, role, need in kinds:
        kind = types[codes[0]]
        if role == "first" and kind.whose == "school" and codes[0] in second_schools:
            continue
        near = sorted(
            (each for code in codes for each in nearest_of_blocks(seen[code][0], allowed)),
            key=lambda each: (not each.is_within, each.is_across, each.minutes),
        )
        told: list[str] = []
        if kind.whose == "school":
            told = own_schools(services, query, where, codes[0], full) or [f"kind:{codes[0]}"]
        elif kind.whose == "list" and need not in kind.chosen_for:
            told = [f"kind:{codes[0]}"]
        else:
            for code in codes:
                within = [each for each in nearest_of_blocks(seen[code][0], allowed) if each.is_within]
                within.sort(key=lambda each: (each.is_across, each.minutes))
                comes = who_comes(services, query, where, code, full)
                if within or comes:
                    told = [within[0].service_id] if within else [comes[0]]
                    break
            if not told:
                told = [
                    f"kind:{code}" for code in codes if code in named and not nearest_of_blocks(seen[code][0], allowed)
                ][:1]
        if role == "first":
            first += told
            nobody += [] if told else [f"kind:{codes[0]}"]
        else:
            also += told[:1]
            far += [] if told else [each.service_id for each in near[:1]]
    return first + nobody, also + far


def nearest_of_blocks(found: list[Found], allowed) -> list[Found]:
    return [
        next(each for each in found if each.block == block) for block in allowed if any(e.block == block for e in found)
    ]


def may_take(service, query, where) -> bool:
    return not first_reason(public(service), query, where) and not says_another_kind(service)


def public(service) -> dict:
    """What is known to everybody of a service behind a protected address: no days of a licence, no town."""
    if not service["is_secret"]:
        return service
    area = service["service_area"] or taxonomy.service_types()[service["service_type"]].service_area
    near = area in ("own_uat", "listed")
    return {**service, "licence_from": None, "licence_until": None, "service_area": "county" if near else area}


def name_of(service) -> str:
    """The id of a service; of one behind a protected address its type and county."""
    where = service["county_served"] or service["county"]
    return f"protected:{service['service_type']}:{where}" if service["is_secret"] else service["service_id"]


def who_comes(services, query, where, code: str, full: set[str]) -> list[str]:
    """Services of a type that nobody travels to, of the home's county or remote."""
    home = query.home or query.origin
    kind = taxonomy.service_types()[code]
    own = sorted(
        (service["is_secret"] or service["uat_siruta"] != home.uat_siruta, name_of(service))
        for service in services
        if service["service_type"] == code
        and not visited(service)
        and service["service_id"] not in full
        and may_take(service, query, where)
        and (
            (service["delivery"] or kind.delivery) == "remote"
            or (service["county_served"] or service["county"]) == home.county
        )
    )
    return [name for _is_foreign, name in own]


def own_schools(services, query, where, asked: str, full: set[str]) -> list[str]:
    """The schools of the own locality, the asked type first; else the two nearest of the commune."""
    home = query.home or query.origin
    order = [code for code, kind in taxonomy.service_types().items() if kind.whose == "school"]
    of_uat = [
        service
        for service in services
        if service["service_type"] in order
        and visited(service)
        and service["uat_siruta"] == home.uat_siruta
        and service["service_id"] not in full
        and may_take(service, query, where)
    ]
    village = [service for service in of_uat if service["locality_siruta"] == home.locality_siruta]
    by_type = sorted(
        village,
        key=lambda s: (
            s["service_type"] != asked,
            order.index(s["service_type"]),
            minutes_to(query, s, where.travel),
            s["service_id"],
        ),
    )
    return [
        s["service_id"]
        for s in by_type or sorted(of_uat, key=lambda s: (minutes_to(query, s, where.travel), s["service_id"]))
    ][:2]


def capacity_table(reports: dict) -> pd.DataFrame:
    rows = [
        {"service_id": s, "status": status, "places_free": free, "places_max": None, "places_reported_at": at}
        for s, (status, free, at) in reports.items()
    ]
    columns = ["service_id", "status", "places_free", "places_max", "places_reported_at"]
    table = pd.DataFrame(rows, columns=columns).astype(
        {"service_id": "str", "status": "str", "places_free": "Int64", "places_max": "Int64"}
    )
    table["places_reported_at"] = pd.to_datetime(table["places_reported_at"], utc=True)
    return table


NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
