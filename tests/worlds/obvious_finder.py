"""The finder written the slow, obvious way, from the services table itself: what the fast one must equal.

It shares only data with the code under test (the taxonomy's table): no tree, no arrays, no masks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pandas as pd
from pyproj import Geod

from providers.rules import taxonomy

GEOD = Geod(ellps="WGS84")
SPEED = {"car": (45.0, 1.35), "walk": (4.5, 1.25)}


@dataclass(frozen=True)
class Told:
    """What the obvious finder says of one question: ids by block in order, and reasons by id."""

    confirmed: list[str]
    call_first: list[str]
    reasons: dict[str, str]


@dataclass(frozen=True)
class Geography:
    """Which region a county is in, and which municipality a sector is in."""

    region: dict[str, str]
    parent: dict[int, int]


def geography(gazetteer) -> Geography:
    region = dict(zip(gazetteer.counties["county"], gazetteer.counties["region"], strict=True))
    pairs = zip(gazetteer.uats["uat_siruta"], gazetteer.uats["parent_uat_siruta"], strict=True)
    return Geography(region, {int(s): int(p) for s, p in pairs if pd.notna(p)})


def records(services: pd.DataFrame) -> list[dict]:
    """The table as plain dictionaries, None for everything that is not said."""
    return services.astype("object").where(services.notna(), None).to_dict("records")


def minutes_to(query, service) -> float:
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
    youngest, oldest = ages(service, kind)
    if person.age is not None and not youngest <= person.age <= oldest:
        return "age"
    sex = service["sex"] if service["sex"] is not None else kind.sex
    if person.sex and sex and sex != person.sex:
        return "sex"
    if person.groups and not takes_group(service, kind, person):
        return "group"
    if not serves(service, kind, home, where):
        return "home"
    return "closed" if service["operating_status"] == "closed" else ""


def stated_groups(service) -> list[taxonomy.Group]:
    text = service["groups"] if service["groups"] is not None else ""
    return [taxonomy.group(code) for code in text.split(";") if code]


def ages(service, kind) -> tuple[int, int]:
    youngest = service["age_min"] if service["age_min"] is not None else kind.age_min or 0
    oldest = service["age_max"] if service["age_max"] is not None else kind.age_max if kind.age_max is not None else 200
    bands = [g for g in stated_groups(service) if g.kind == "age"]
    if bands:
        low = max(youngest, min(g.age_min or 0 for g in bands))
        high = min(oldest, max(200 if g.age_max is None else g.age_max for g in bands))
        if low <= high:
            return low, high
    return youngest, oldest


def takes_group(service, kind, person) -> bool:
    situations = [g.group for g in stated_groups(service) if g.kind == "situation"]
    takes = situations or list(kind.beneficiary_groups)
    if not takes:
        return True
    for code in takes:
        group = taxonomy.groups()[code]
        if group.kind == "register" or code in person.groups:
            return True
        if group.kind == "age" and (person.age is None or taxonomy.within(person.age, group.age_min, group.age_max)):
            return True
    return False


def serves(service, kind, home, where) -> bool:
    area = service["service_area"] if service["service_area"] is not None else kind.service_area
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


def obvious(services: list[dict], reports: dict, query, where: Geography, types, *, now: datetime) -> Told:
    blocks: dict[str, list] = {"confirmed": [], "call_first": []}
    refused = []
    for service in services:
        kind = taxonomy.service_types()[service["service_type"]]
        delivery = service["delivery"] if service["delivery"] is not None else kind.delivery
        if (
            service["service_type"] not in types
            or delivery != "at_site"
            or service["is_secret"]
            or service["lat"] is None
        ):
            continue
        way = (minutes_to(query, service), service["service_id"])
        reason = first_reason(service, query, where)
        block = block_of(service, kind, reports.get(service["service_id"]), now)
        if not reason and block in ("full", "waitlist"):
            reason = block
        if not reason and query.max_minutes is not None and way[0] > query.max_minutes:
            reason = "too_far"
        if reason:
            refused.append((*way, reason))
        else:
            blocks[block].append(way)
    shown = {name: sorted(ways)[: query.k] for name, ways in blocks.items()}
    if query.only_confirmed:
        shown["call_first"] = []
    last = [ways[-1][0] for ways in shown.values() if ways]
    if last:
        reasons = {sid: reason for minutes, sid, reason in refused if minutes <= max(last)}
    else:
        reasons = {sid: reason for _minutes, sid, reason in sorted(refused)[: query.k]}
    return Told([s for _, s in shown["confirmed"]], [s for _, s in shown["call_first"]], reasons)


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
