"""The public tables as objects of HSDS 3.1 (Open Referral): what other directories read.

One `service` object a service, with its organization, place, places and type inside; one `organization`
object an organization. Identifiers are UUIDs made of our own keys, so the same service keeps its own from one
export to the next. What is not known is left out: HSDS has no word for unknown, and 0 would be a lie.

Source of the form: Open Referral, Human Services Data Specification 3.1, https://docs.openreferral.org/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import pandas as pd

from core.i18n import N_, _
from core.storage.service_ids import lasting_id
from providers.rules import taxonomy
from providers.rules.opening_hours import DAYS, HOLIDAY, read_hours
from providers.rules.wording import access_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.storage.editions import Manifest
    from geo.gazetteer.gazetteer import Gazetteer
    from providers.catalogue.published import Published

_NAMESPACE = uuid5(NAMESPACE_URL, "urn:harta-serviciilor-comunitare")
_INACTIVE = frozenset({"withdrawn", "suspended"})
_UNITS = {"places": N_("loc"), "per_day": N_("persoană pe zi"), "per_month": N_("persoană pe lună")}
HsdsRow = dict[str, Any]


def hsds_id(kind: str, key: str) -> str:
    """Return the UUID of an object, always the same for the same key (also since keys have their source).

    >>> hsds_id("service", "social:1") == hsds_id("service", "social:1") != hsds_id("location", "social:1")
    True
    """
    return str(uuid5(_NAMESPACE, f"{kind}:{lasting_id(key)}"))


def organizations(published: Published, *, alert: str = "") -> Iterator[HsdsRow]:
    """Give the `organization` objects, in the order of the table; their description takes `alert`."""
    return (_organization(row, alert) for row in _rows(published.organizations))


def services(
    published: Published, gazetteer: Gazetteer, manifests: tuple[Manifest, ...], *, alert: str = ""
) -> Iterator[HsdsRow]:
    """Give the `service` objects, in the order of the table.

    alert: words that stand on every service and its organization (that the data are invented), before its cautions.
    """
    owners = {row["organization_id"]: _organization(row, alert) for row in _rows(published.organizations)}
    places = _place_names(gazetteer)
    terms = {code: _term(kind) for code, kind in taxonomy.service_types().items()}
    editions = {manifest.edition: manifest for manifest in manifests}
    for row in _rows(published.services):
        service = _service(row, editions.get(row["edition"]), terms[row["service_type"]], places)
        if owner := owners.get(row["organization_id"]):
            service |= {"organization_id": owner["id"], "organization": owner}
        yield _said(service | {"alert": " ".join(filter(None, (alert, row["cautions"])))})


def _schedules(row: HsdsRow, service_id: str, key: str) -> list[HsdsRow]:
    """Give the hours as `schedule` objects: one a span and its days; one in the register's words where none is read.

    HSDS has no public holidays and no time past midnight: a span of the night closes at an earlier time than it opens.
    """
    if not row["hours"]:
        return []
    common = {"service_id": service_id, "description": row["hours"]}
    schedule = read_hours(row["hours"])
    if schedule is None:
        return [{"id": hsds_id("schedule", key), **common}]
    days_of: dict[tuple[int, int], list[str]] = {}
    for day, spans in enumerate(schedule.days[:HOLIDAY]):
        for span in spans or ():
            days_of.setdefault(span, []).append(DAYS[day].upper())
    return [
        {
            "id": hsds_id("schedule", f"{key}:{start}-{end}:{','.join(days)}"),
            **common,
            "freq": "WEEKLY",
            "byday": ",".join(days),
            "opens_at": _clock(start),
            "closes_at": _clock(end),
        }
        for (start, end), days in days_of.items()
    ]


def _clock(minutes: int) -> str:
    within = minutes % (24 * 60)
    return f"{within // 60:02}:{within % 60:02}"


def _rows(table: pd.DataFrame) -> Iterator[HsdsRow]:
    """Give the rows with None for whatever is not known."""
    plain = table.astype("object").where(table.notna(), None)
    return ({str(name): value for name, value in row.items()} for row in plain.to_dict("records"))


def _said(content: HsdsRow) -> HsdsRow:
    """Leave out what is not known: None, empty texts and empty lists."""
    return {name: value for name, value in content.items() if value not in (None, "", [])}


def _organization(row: HsdsRow, alert: str) -> HsdsRow:
    own = hsds_id("organization", row["organization_id"])
    words = {
        "accredited": _("Furnizor acreditat."),
        "withdrawn": _("Furnizorul nu mai este acreditat."),
    }.get(row["accreditation_status"], _("Furnizor; acreditarea nu este publicată."))
    identifier = {
        "id": hsds_id("organization_identifier", row["organization_id"]),
        "organization_id": own,
        "identifier_type": "CUI",
        "identifier": row["cui"],
    }
    return _said(
        {
            "id": own,
            "name": row["name"],
            "description": f"{words} {alert}".strip(),
            "legal_status": row["type"],
            "organization_identifiers": [identifier] if row["cui"] else [],
        }
    )


def _service(row: HsdsRow, edition: Manifest | None, term: HsdsRow, places: dict[str, str]) -> HsdsRow:
    key = row["service_id"]
    own = hsds_id("service", key)
    return {
        "id": own,
        "name": row["name"],
        "description": _(taxonomy.service_type(row["service_type"]).name),
        "status": _status(row),
        "url": _uri(row["website"]),
        "email": (row["email"] or "").split(";")[0],
        "application_process": _way_in(row),
        "accreditations": _licence(row),
        "eligibility_description": _whom(row),
        "minimum_age": row["age_min"],
        "maximum_age": row["age_max"],
        "assured_date": edition.as_of if edition else "",
        "last_modified": edition.imported_at if edition else "",
        "phones": [
            {"id": hsds_id("phone", f"{key}:{number}"), "service_id": own, "number": number}
            for number in dict.fromkeys(part.strip() for part in (row["phone"] or "").split(";"))
            if number
        ],
        "schedules": _schedules(row, own, key),
        "service_areas": _areas(row, own, places),
        "service_at_locations": _at_locations(row, own, places),
        "capacities": _capacities(row, own),
        "attributes": _attributes(row, own, term),
    }


def _status(row: HsdsRow) -> str:
    withdrawn = row["licence_status"] in _INACTIVE or row["accreditation_status"] == "withdrawn"
    return "inactive" if withdrawn or row["operating_status"] == "closed" else "active"


def _uri(website: str | None) -> str:
    if not website:
        return ""
    return website if website.lower().startswith(("http://", "https://")) else f"http://{website}"


def _way_in(row: HsdsRow) -> str:
    if row["is_secret"]:
        return _("Contactul este prin direcția județeană (DGASPC).")
    return access_words(row["access_route"] or "", taxonomy.service_type(row["service_type"]).decision_by)


def _licence(row: HsdsRow) -> str:
    parts = [row["licence_number"] or ""]
    if row["licence_until"] is not None:
        parts.append(_("până la {day}").format(day=row["licence_until"].date().isoformat()))
    return ", ".join(filter(None, parts))


def _whom(row: HsdsRow) -> str:
    groups = [_(taxonomy.group(code).name) for code in (row["groups"] or "").split(";") if code]
    only = {"F": _("numai femei"), "M": _("numai bărbați")}.get(row["sex"] or "", "")
    return "; ".join(filter(None, [*groups, only]))


def _place_names(gazetteer: Gazetteer) -> dict[str, str]:
    """Name every area that a service may serve: county letters, SIRUTA codes of UATs; a region by `region:BC`."""
    table = gazetteer.counties
    counties = dict(zip(table["county"], table["name"], strict=True))
    regions = dict(zip("region:" + table["county"], table["region_name"], strict=True))
    uats = gazetteer.uats[["uat_siruta", "name", "county"]].itertuples(index=False)
    return {"RO": "România", **counties, **regions, **{str(uat): f"{name}, {counties[at]}" for uat, name, at in uats}}


def _areas(row: HsdsRow, service: str, places: dict[str, str]) -> list[HsdsRow]:
    county = row["county_served"] or row["county"]
    keys = {
        "own_uat": [str(row["uat_siruta"])] if row["uat_siruta"] is not None else [],
        "county": [county] if county else [],
        "listed": [part.strip() for part in (row["areas_served"] or "").split(";")],
        "region": [f"region:{county}"],
        "nation": ["RO"],
    }.get(row["service_area"] or "", [])
    return [
        {"id": hsds_id("service_area", f"{row['service_id']}:{key}"), "service_id": service, "name": places[key]}
        for key in keys
        if key in places
    ]


def _at_locations(row: HsdsRow, service: str, places: dict[str, str]) -> list[HsdsRow]:
    if row["position_precision"] == "none" or row["lat"] is None:
        return []
    own = hsds_id("location", row["service_id"])
    county = places.get(row["county"] or "", "")
    address = {
        "id": hsds_id("address", row["service_id"]),
        "location_id": own,
        "address_1": row["address"],
        "city": row["locality"] or "",
        "state_province": county,
        "postal_code": "",  # no register publishes it, and HSDS wants the field
        "country": "RO",
        "address_type": "physical",
    }
    location = {
        "id": own,
        "location_type": "physical",
        "name": ", ".join(filter(None, (row["locality"], county))),
        "latitude": row["lat"],
        "longitude": row["lon"],
        "addresses": [address] if row["address"] else [],
    }
    link = {"id": hsds_id("service_at_location", row["service_id"]), "service_id": service, "location_id": own}
    return [{**link, "location": _said(location)}]


def _capacities(row: HsdsRow, service: str) -> list[HsdsRow]:
    """Places only where somebody reported how many are free: without that HSDS has no capacity to state."""
    if row["places_free"] is None or row["places_reported_at"] is None:
        return []
    unit = row["capacity_unit"] or "places"
    capacity = {
        "id": hsds_id("service_capacity", row["service_id"]),
        "service_id": service,
        "unit": {"id": hsds_id("unit", unit), "name": _(_UNITS[unit])},
        "available": row["places_free"],
        "maximum": row["places_max"],
        "updated": row["places_reported_at"].isoformat(),
    }
    return [_said(capacity)]


def _attributes(row: HsdsRow, service: str, term: HsdsRow) -> list[HsdsRow]:
    """Give the service type as a taxonomy term, and what HSDS has no field for as named values."""
    values = {
        "service_id": row["service_id"],
        "registry": row["registry"],
        "delivery": row["delivery"],
        "access_route": row["access_route"],
        "position_precision": row["position_precision"],
        "capacity_status": row["capacity_status"],
        "places_max": row["places_max"],
        "capacity_unit": row["capacity_unit"],
        "licence_until": row["licence_until"] and row["licence_until"].date().isoformat(),
        "licence_status": row["licence_status"],
        "closed_from": row["closed_from"] and row["closed_from"].date().isoformat(),
        "closed_until": row["closed_until"] and row["closed_until"].date().isoformat(),
        "is_secret": row["is_secret"] or None,
        "flags": row["flags"],
    }
    link = {"link_id": service, "link_entity": "service"}
    kind = {
        "id": hsds_id("attribute", f"{row['service_id']}:service_type"),
        **link,
        "link_type": "service_type",
        "taxonomy_term_id": term["id"],
        "taxonomy_term": term,
    }
    others = [
        {"id": hsds_id("attribute", f"{row['service_id']}:{name}"), **link, "link_type": name, "value": str(value)}
        for name, value in values.items()
        if value not in (None, "")
    ]
    return [kind, *others]


def _term(kind: taxonomy.ServiceType) -> HsdsRow:
    name = _(kind.name)
    return _said(
        {
            "id": hsds_id("taxonomy_term", kind.service_type),
            "code": kind.service_type,
            "name": name,
            "description": kind.official_name or name,
            "taxonomy": _("Nomenclatorul serviciilor sociale, HG 867/2015") if kind.registry == "social" else "",
            "language": "ro",
        }
    )
