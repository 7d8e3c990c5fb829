"""The directory as FHIR R4 resources of IHE mCSD: Organization, Location, HealthcareService.

Source of the form: HL7 FHIR 4.0.1; IHE Mobile Care Services Discovery; the state of places as Gravity's SDOH Clinical
Care has it (draft). Ids are those of the HSDS objects.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from core.i18n import _
from core.text import fold
from geo.spatial.crs import geodesic_m
from providers.interchange.hsds_objects import is_inactive
from providers.interchange.hsds_terms import hsds_id
from providers.rules import taxonomy
from providers.rules.help_tables.river_sides import side_of
from providers.rules.wording import NO_CLOSURE, closure_words, is_closed_on

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from providers.catalogue.snapshot import Snapshot
    from providers.interchange.public_table import PublicTable

FhirRow = dict[str, Any]
CAPACITY = (
    "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-ExtensionHealthcareServiceCapacityStatus"
)
CAPACITY_CODES = {
    "free": "capacity",
    "open": "capacity",
    "full": "no-capacity",
    "waitlist": "waitlist",
    "assess": "additional-assessment-required",
}
_CAPACITY_SYSTEM = "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes"
SERVICE_TYPE, SERVICE_ID, SIRUTA, CUI = (
    f"urn:harta:{name}" for name in ("service-type", "service-id", "siruta", "cui")
)
_MCSD = "https://profiles.ihe.net/ITI/mCSD/StructureDefinition/IHE.mCSD.{}"


@dataclass(frozen=True)
class Named:
    """A name that is looked for: how it begins, a part of it, all of it letter by letter; "" = any."""

    begins: str = ""
    part: str = ""
    whole: str = ""

    def is_said_of(self, name: str, folded: str) -> bool:
        """Whether a name is one that is looked for."""
        if self.whole and self.whole != name:
            return False
        return folded.startswith(self._folded[0]) and self._folded[1] in folded

    @cached_property
    def _folded(self) -> tuple[str, str]:
        return fold(self.begins), fold(self.part)


@dataclass(frozen=True)
class FhirDirectory:
    """The public services of a snapshot, as resources."""

    table: PublicTable
    snapshot: Snapshot

    def organization(self, place: int) -> FhirRow:
        """Return who offers services."""
        row = self.table.organizations[place]
        values = {
            "resourceType": "Organization",
            "id": hsds_id("organization", row["organization_id"]),
            "meta": {"profile": [_MCSD.format("Organization")]},
            "identifier": [{"system": CUI, "value": row["cui"]}] if row["cui"] else [],
            "active": row["accreditation_status"] != "withdrawn",
            "type": [{"text": row["type"] or _("Furnizor de servicii")}],
            "name": row["name"],
        }
        return _said(values)

    def location(self, place: int) -> FhirRow:
        """Return where a service is."""
        values = self._facts(place)
        siruta = values["locality_siruta"] or values["uat_siruta"]
        address = {
            "line": [values["address"]] if values["address"] else [],
            "city": values["locality"],
            "state": values["county"],
            "country": "RO",
        }
        return _said(
            {
                "resourceType": "Location",
                "id": hsds_id("service_at_location", values["service_id"]),
                "meta": {"profile": [_MCSD.format("Location")]},
                "identifier": [{"system": SIRUTA, "value": str(siruta)}] if siruta else [],
                "status": self._status(values),
                "name": values["name"],
                "mode": "instance",
                "type": [_type(values["service_type"])],
                "address": _said(address),
                "position": {"longitude": values["lon"], "latitude": values["lat"]},
                "managingOrganization": self._owner(values),
            }
        )

    def service(self, place: int) -> FhirRow:
        """Return a service, with the state of its places where it is known."""
        values = self._facts(place)
        capacity = self.table.capacity(place, self.snapshot.availability)
        code = CAPACITY_CODES.get(capacity["status"])
        state = {"coding": [{"system": _CAPACITY_SYSTEM, "code": code}]}
        telephones = [part.strip() for part in (values["phone"] or "").split(";")]
        mails = [part.strip() for part in (values["email"] or "").split(";")]
        own = {
            "resourceType": "HealthcareService",
            "id": hsds_id("service", values["service_id"]),
            "meta": {"profile": [_MCSD.format("HealthcareService")]},
            "extension": [{"url": CAPACITY, "valueCodeableConcept": state}] if code else [],
            "identifier": [{"system": SERVICE_ID, "value": values["service_id"]}],
            "active": not is_inactive(values),
            "providedBy": self._owner(values),
            "type": [_type(values["service_type"])],
            "location": self._where(values),
            "name": values["name"],
            "telecom": [
                *({"system": "phone", "value": each} for each in telephones if each),
                *({"system": "email", "value": each} for each in mails if each),
            ],
            "notAvailable": self._closures(values),
            "availabilityExceptions": values["hours"],
        }
        return _said(own)

    def _status(self, values: Mapping[str, Any]) -> str:
        if is_inactive(values):
            return "inactive"
        is_closed = is_closed_on(*_closure(values), self.snapshot.availability.today)
        return "suspended" if is_closed else "active"

    def _closures(self, values: Mapping[str, Any]) -> list[FhirRow]:
        """Say of a closure for a time that is not over, in words and as a period."""
        first, last = _closure(values)
        if (first, last) == NO_CLOSURE or (last is not None and last < self.snapshot.availability.today):
            return []
        during = _said({"start": first and first.isoformat(), "end": last and last.isoformat()})
        return [{"description": closure_words(first, last), "during": during}]

    def _facts(self, place: int) -> FhirRow:
        return self.table.facts(place)

    def _owner(self, values: Mapping[str, Any]) -> FhirRow | None:
        key = values["organization_id"]
        return {"reference": f"Organization/{hsds_id('organization', key)}"} if key else None

    def _where(self, values: Mapping[str, Any]) -> list[FhirRow]:
        key = hsds_id("service_at_location", values["service_id"])
        return [] if values["lat"] is None else [{"reference": f"Location/{key}"}]

    @cached_property
    def services(self) -> dict[str, int]:
        """Place of each service, by id."""
        return {hsds_id("service", key): place for place, key in enumerate(self.table.ids)}

    @cached_property
    def locations(self) -> dict[str, int]:
        """Place of each service that stands somewhere, by the id of its location."""
        north = self.table.columns["lat"]
        ids = enumerate(self.table.ids)
        return {hsds_id("service_at_location", key): place for place, key in ids if north[place] is not None}

    @cached_property
    def organizations(self) -> dict[str, int]:
        """Place of each organization, by id."""
        return {hsds_id("organization", key): place for place, key in enumerate(self.table.organization_keys)}

    @cached_property
    def _names(self) -> list[str]:
        return [fold(str(name)) for name in self.table.columns["name"]]

    def named_organizations(self, places: Sequence[int], named: Named) -> list[int]:
        """Return those of some organizations that have a name."""
        rows, folded = self.table.organizations, self.table.organization_names
        return [each for each in places if named.is_said_of(str(rows[each]["name"]), folded[each])]

    def found(self, places: Sequence[int], named: Named, kinds: Collection[str]) -> list[int]:
        """Return those of some services that have a name and a type; no types = any."""
        names, types = self.table.columns["name"], self.table.columns["service_type"]
        return [
            each
            for each in places
            if (not kinds or types[each] in kinds) and named.is_said_of(str(names[each]), self._names[each])
        ]

    def nearest(self, places: Sequence[int], lat: float, lon: float, metres: float) -> list[int]:
        """Return those of some services within so many metres in a straight line, nearest first.

        In the order of `harta nearest`: those beyond water without a road last, then by minutes of the home's travel
        model by car, ties by id.
        """
        if not places:
            return []
        north = np.array([self.table.columns["lat"][each] for each in places], float)
        east = np.array([self.table.columns["lon"][each] for each in places], float)
        near = np.flatnonzero(geodesic_m(lat, lon, north, east) <= metres)
        if not len(near):
            return []
        travel, start = self.snapshot.travel.car, self.snapshot.gazetteer.nearest_locality(lat, lon)
        minutes, _metres = travel.travel_times(lat, lon, north[near], east[near])
        rows = self.table.rows[np.asarray(places)[near]]
        across = self.snapshot.catalogue.rules.side[rows] != side_of(start.uat_siruta, start.county)
        across &= travel.basis.is_straight  # minutes that know the roads know that already
        found = near.tolist()
        ids = (self.table.ids[places[each]] for each in found)
        order = sorted(zip(across.tolist(), minutes.tolist(), ids, found, strict=True))
        return [places[each] for _across, _minutes, _key, each in order]


def _type(code: str) -> FhirRow:
    return {"coding": [{"system": SERVICE_TYPE, "code": code, "display": _(taxonomy.service_type(code).name)}]}


def _closure(values: Mapping[str, Any]) -> tuple[date | None, date | None]:
    """Return the first and the last day of a closure for a time, of a row of the public table."""
    first, last = (values[name] and date.fromisoformat(values[name]) for name in ("closed_from", "closed_until"))
    return first or None, last or None


def _said(content: FhirRow) -> FhirRow:
    """Leave out what is not known: FHIR allows no empty value."""
    return {name: value for name, value in content.items() if value not in (None, "", [], {})}
