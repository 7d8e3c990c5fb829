"""The public tables as objects of HSDS 3.1 (Open Referral): what other directories read.

One `service` object a service, with its organization, place, places and type inside; one `organization`
object an organization. Identifiers are UUIDs made of our own keys, so the same service keeps its own from one
export to the next. What is not known is left out: HSDS has no word for unknown, and 0 would be a lie.

Source of the form: Open Referral, Human Services Data Specification 3.1, https://docs.openreferral.org/
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import _
from providers.interchange.hsds_attributes import attributes_of
from providers.interchange.hsds_terms import BY_CODE, SERVICE_TYPES, hsds_id, term_id, term_object
from providers.rules import taxonomy
from providers.rules.opening_hours import DAYS, HOLIDAY, read_hours
from providers.rules.wording import access_words, is_closed_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from core.storage.editions import Manifest
    from geo.gazetteer.gazetteer import Gazetteer
    from providers.catalogue.published import Published

_INACTIVE = frozenset({"withdrawn", "suspended"})
HsdsRow = dict[str, Any]
AreaNames = dict[str, tuple[str, str]]  # by key: name and code


def organizations(published: Published, *, alert: str = "") -> Iterator[HsdsRow]:
    """Return the `organization` objects, in the order of the table; their description takes `alert`."""
    return (_organization(row, alert) for row in _rows(published.organizations))


def services(
    published: Published, gazetteer: Gazetteer, manifests: tuple[Manifest, ...], *, on: date, alert: str = ""
) -> Iterator[HsdsRow]:
    """Return the `service` objects, in the order of the table.

    on: the day on which a closure for a time is looked at. alert: words that stand on every service and its
    organization (that the data are invented), before its cautions.
    """
    maker = ServiceObjects(_rows(published.organizations), gazetteer, manifests, alert, on=on)
    return (maker.service(row) for row in _rows(published.services))


class ServiceObjects:
    """What `service` objects are made with.

    organizations: rows of ORGANIZATION_COLUMNS. manifests: of the editions that the services come from. alert: words
    that stand on every object. on: the day on which a closure for a time is looked at.
    """

    def __init__(
        self,
        organizations: Iterable[HsdsRow],
        gazetteer: Gazetteer,
        manifests: Iterable[Manifest],
        alert: str,
        *,
        on: date,
    ) -> None:
        self._alert, self._on = alert, on
        self._owners = {row["organization_id"]: row for row in organizations}
        self._places = _place_names(gazetteer)
        types = BY_CODE[SERVICE_TYPES]
        self._terms = {code: _said(term_object(types, code)) for code in types.terms()}
        self._editions = {manifest.edition: manifest for manifest in manifests}

    def service(self, row: HsdsRow) -> HsdsRow:
        """Return one service, with all that belongs to it inside."""
        edition = self._editions.get(row["edition"])
        status = _status(row, self._on)
        service = _service(row, edition, self._terms[row["service_type"]], self._places, status)
        if owner := self._owners.get(row["organization_id"]):
            made = self.organization(owner)
            service |= {"organization_id": made["id"], "organization": made}
        return _said(service | {"alert": " ".join(filter(None, (self._alert, row["cautions"])))})

    def organization(self, row: HsdsRow) -> HsdsRow:
        """Return one organization."""
        return _organization(row, self._alert)


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


def _service(row: HsdsRow, edition: Manifest | None, term: HsdsRow, places: AreaNames, status: str) -> HsdsRow:
    key = row["service_id"]
    own = hsds_id("service", key)
    return {
        "id": own,
        "name": row["name"],
        "description": _(taxonomy.service_type(row["service_type"]).name),
        "status": status,
        "url": _uri(row["website"]),
        "email": (row["email"] or "").split(";")[0],
        "application_process": _way_in(row),
        "accreditations": _licence(row),
        "licenses": row["licence_number"],
        "eligibility_description": _whom(row),
        "minimum_age": row["age_min"],
        "maximum_age": row["age_max"],
        "assured_date": edition.as_of if edition else "",
        "last_modified": last_modified(edition.imported_at if edition else "", row["places_reported_at"]),
        "languages": [
            {
                "id": hsds_id("language", key),
                "service_id": own,
                "name": "română",
                "code": "ro",
                "note": _("Limba oficială; alte limbi nu sunt publicate."),
            }
        ],
        "phones": [
            {"id": hsds_id("phone", f"{key}:{number}"), "service_id": own, "number": number}
            for number in dict.fromkeys(part.strip() for part in (row["phone"] or "").split(";"))
            if number
        ],
        "contacts": _contacts(row, own),
        "schedules": _schedules(row, own, key),
        "service_areas": _areas(row, own, places),
        "service_at_locations": _at_locations(row, own, places),
        "capacities": _capacities(row, own),
        "attributes": attributes_of(row, own, term),
        "metadata": _metadata(row, own, edition),
    }


def _contacts(row: HsdsRow, service: str) -> list[HsdsRow]:
    """Give all electronic addresses where there are several: a service itself has one in HSDS."""
    addresses = list(dict.fromkeys(filter(None, map(str.strip, (row["email"] or "").split(";")))))
    if len(addresses) <= 1:
        return []
    return [
        {"id": hsds_id("contact", f"{row['service_id']}:{each}"), "service_id": service, "email": each}
        for each in addresses
    ]


def last_modified(imported_at: str, reported_at: datetime | None) -> str:
    """Return when a service was last said anything of: by its register, or by a report of places.

    >>> from datetime import UTC, datetime
    >>> last_modified("2026-10-12T08:00:00+00:00", datetime(2026, 11, 1, tzinfo=UTC))
    '2026-11-01T00:00:00+00:00'
    """
    if reported_at is None or (imported_at and datetime.fromisoformat(imported_at) >= reported_at):
        return imported_at
    return reported_at.isoformat()


def _metadata(row: HsdsRow, service: str, edition: Manifest | None) -> list[HsdsRow]:
    """Say of which edition of which register all of it comes."""
    if edition is None:
        return []
    source = ", ".join(filter(None, (_(edition.source.title), edition.source.publisher))) or edition.kind
    return [
        {
            "id": hsds_id("metadata", row["service_id"]),
            "resource_id": service,
            "resource_type": "service",
            "last_action_date": edition.imported_at,
            "last_action_type": "import",
            "field_name": "service",
            "previous_value": "",
            "replacement_value": edition.edition,
            "updated_by": source,
        }
    ]


def _status(row: HsdsRow, on: date) -> str:
    if is_inactive(row):
        return "inactive"
    first, last = (None if row[name] is None else row[name].date() for name in ("closed_from", "closed_until"))
    return "temporarily closed" if is_closed_on(first, last, on) else "active"


def is_inactive(row: Mapping[str, Any]) -> bool:
    """Tell whether a service works no more, or may not: it closed, or its licence or its provider's was taken away."""
    withdrawn = row["licence_status"] in _INACTIVE or row["accreditation_status"] == "withdrawn"
    return withdrawn or row["operating_status"] == "closed"


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


def _place_names(gazetteer: Gazetteer) -> AreaNames:
    """Name every area that a service may serve, with its code: county letters, SIRUTA of UATs; `region:BC` a region."""
    table = gazetteer.counties
    codes = ("siruta:" + table["county_siruta"].astype(str)).tolist()
    counties = dict(zip(table["county"], zip(table["name"], codes, strict=True), strict=True))
    regions = dict(
        zip("region:" + table["county"], zip(table["region_name"], "nuts:" + table["region"], strict=True), strict=True)
    )
    uats = gazetteer.uats[["uat_siruta", "name", "county"]].itertuples(index=False)
    own = {str(uat): (f"{name}, {counties[at][0]}", f"siruta:{uat}") for uat, name, at in uats}
    return {"RO": ("România", "iso3166:RO"), **counties, **regions, **own}


def _areas(row: HsdsRow, service: str, places: AreaNames) -> list[HsdsRow]:
    county = row["county_served"] or row["county"]
    keys = {
        "own_uat": [str(row["uat_siruta"])] if row["uat_siruta"] is not None else [],
        "county": [county] if county else [],
        "listed": [part.strip() for part in (row["areas_served"] or "").split(";")],
        "region": [f"region:{county}"],
        "nation": ["RO"],
    }.get(row["service_area"] or "", [])
    return [
        {
            "id": hsds_id("service_area", f"{row['service_id']}:{key}"),
            "service_id": service,
            "name": places[key][0],
            "extent": places[key][1],
            "extent_type": "text",
            "uri": places[key][1],
        }
        for key in keys
        if key in places
    ]


def _at_locations(row: HsdsRow, service: str, places: AreaNames) -> list[HsdsRow]:
    """Give where a service is; services of one address and point are at one location."""
    if row["position_precision"] == "none" or row["lat"] is None:
        return []
    siruta = row["locality_siruta"] or row["uat_siruta"] or ""
    key = f"{row['lat']:.6f},{row['lon']:.6f}:{siruta}:{row['position_precision']}:{row['address'] or ''}"
    own = hsds_id("location", key)
    county = places.get(row["county"] or "", ("", ""))[0]
    address = {
        "id": hsds_id("address", key),
        "location_id": own,
        "address_1": row["address"],
        "city": row["locality"] or "",
        "state_province": county,
        "postal_code": "",  # no register publishes it, and HSDS wants the field
        "country": "RO",
        "address_type": "physical",
    }
    precision = {
        "id": hsds_id("attribute", f"{key}:position_precision"),
        "link_id": own,
        "link_entity": "location",
        "link_type": "position_precision",
        "value": row["position_precision"],
        "taxonomy_term_id": term_id("position_precision", row["position_precision"]),
    }
    location = {
        "id": own,
        "location_type": "physical",
        "name": ", ".join(filter(None, (row["locality"], county))),
        "latitude": row["lat"],
        "longitude": row["lon"],
        "external_identifier": str(siruta),
        "external_identifier_type": "SIRUTA" if siruta else "",
        "addresses": [address] if row["address"] else [],
        "attributes": [precision],
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
        "unit": {"id": hsds_id("unit", unit), "name": _(BY_CODE["capacity_unit"].terms()[unit])},
        "available": row["places_free"],
        "maximum": row["places_max"],
        "updated": row["places_reported_at"].isoformat(),
    }
    return [_said(capacity)]
