"""FHIR searches, readings and histories of the directory."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict

from api.programs.operations import Answered, CallOf, Operation
from api.programs.problems import ProblemError
from api.programs.surface_roots import FHIR_JSON
from api.v1.change_resource import up_to_date
from providers.interchange.fhir_objects import SERVICE_TYPE, FhirDirectory, Named
from providers.interchange.hsds_terms import hsds_id
from referrals.interchange import change_feed

if TYPE_CHECKING:
    from api.programs.callers import Call

MOST, USUAL = 500, 50
_METRES = {"km": 1_000.0, "m": 1.0, "[mi_us]": 1_609.347, "[mi_i]": 1_609.344}
_FARTHEST = 1_000_000.0  # metres, where `near` says no distance
_POLE, _DATE_LINE = 90, 180
_DEGREES = r"[+-]?\d{1,3}(?:\.\d{1,20})?"  # as programs write numbers in full
_NEAR = re.compile(
    rf"(?P<lat>{_DEGREES})\|(?P<lon>{_DEGREES})(?:\|(?P<far>\d{{1,7}}(?:\.\d{{1,20}})?)(?:\|(?P<unit>km|m|\[mi_us\]|\[mi_i\])?)?)?",
    re.ASCII,
)
CAN: dict[str, tuple[tuple[str, ...], tuple[tuple[str, str], ...]]] = {
    "Organization": (("read", "search-type"), (("_id", "token"), ("name", "string"))),
    "Location": (
        ("read", "search-type"),
        (("_id", "token"), ("name", "string"), ("type", "token"), ("near", "special")),
    ),
    "HealthcareService": (
        ("read", "search-type", "history-type"),
        (("_id", "token"), ("name", "string"), ("service-type", "token")),
    ),
}
# What is looked at of a search, by what is asked for.
NAMES = {
    **{
        kind: (*(name for name, _of in parameters), "name:contains", "name:exact", "_count", "_offset")
        for kind, (_interactions, parameters) in CAN.items()
    },
    "_history": ("_since", "_count", "_offset"),
}


class FhirResource(BaseModel):
    """A resource of FHIR R4."""

    model_config = ConfigDict(extra="allow")
    resourceType: str  # noqa: N815  (the standard's name)
    id: str


class FhirBundle(BaseModel):
    """Resources found, or what changed."""

    model_config = ConfigDict(extra="allow")
    resourceType: Literal["Bundle"]  # noqa: N815
    type: Literal["searchset", "history"]
    total: int
    entry: list[dict[str, Any]] = []


Name = Annotated[str, Query(max_length=80, description="How the name begins; diacritics and case are forgiven")]
NamePart = Annotated[str, Query(alias="name:contains", max_length=80, description="A part of the name")]
WholeName = Annotated[str, Query(alias="name:exact", max_length=200, description="The name, letter by letter")]
Token = Annotated[str, Query(max_length=400, description=f"CODE, or {SERVICE_TYPE}|CODE; several by commas")]
OneId = Annotated[UUID | None, Query(alias="_id")]
Count = Annotated[int, Query(alias="_count", ge=1, le=MOST)]
Start = Annotated[int, Query(alias="_offset", ge=0, le=10_000_000, description="As the link `next` says it")]
ResourceId = Annotated[UUID, Path(alias="id")]


def _find_organizations(
    call: CallOf,
    name: Name = "",
    part: NamePart = "",
    whole: WholeName = "",
    one: OneId = None,
    count: Count = USUAL,
    start: Start = 0,
) -> Answered:
    """Find organizations."""
    _look_at_names(call, "Organization")
    directory = _directory(call)
    found = directory.named_organizations(_places(directory.organizations, one), Named(name, part, whole))
    return _bundle(call, "Organization", found, directory.organization, count, start)


def _find_locations(
    call: CallOf,
    name: Name = "",
    part: NamePart = "",
    whole: WholeName = "",
    kind: Annotated[Token, Query(alias="type")] = "",
    near: Annotated[str, Query(max_length=80, description="LAT|LON|DISTANCE|UNIT; nearest first")] = "",
    one: OneId = None,
    count: Count = USUAL,
    start: Start = 0,
) -> Answered:
    """Find where services are; with `near` in the order of `harta nearest`."""
    _look_at_names(call, "Location")
    directory = _directory(call)
    found = directory.found(_places(directory.locations, one), Named(name, part, whole), _codes(kind))
    if near:
        found = directory.nearest(found, *_near(near))
    return _bundle(call, "Location", found, directory.location, count, start)


def _find_services(
    call: CallOf,
    name: Name = "",
    part: NamePart = "",
    whole: WholeName = "",
    kind: Annotated[Token, Query(alias="service-type")] = "",
    one: OneId = None,
    count: Count = USUAL,
    start: Start = 0,
) -> Answered:
    """Find services."""
    _look_at_names(call, "HealthcareService")
    directory = _directory(call)
    found = directory.found(_places(directory.services, one), Named(name, part, whole), _codes(kind))
    return _bundle(call, "HealthcareService", found, directory.service, count, start)


def _read_organization(call: CallOf, number: ResourceId) -> Answered:
    """Read an organization."""
    directory = _directory(call)
    return Answered(directory.organization(_places(directory.organizations, number, must=True)[0]))


def _read_location(call: CallOf, number: ResourceId) -> Answered:
    """Read where a service is."""
    directory = _directory(call)
    return Answered(directory.location(_places(directory.locations, number, must=True)[0]))


def _read_service(call: CallOf, number: ResourceId) -> Answered:
    """Read a service."""
    directory = _directory(call)
    return Answered(directory.service(_places(directory.services, number, must=True)[0]))


def _list_history(
    call: CallOf,
    since: Annotated[AwareDatetime | None, Query(alias="_since", description="Changed later than this")] = None,
    count: Count = USUAL,
    start: Start = 0,
) -> Answered:
    """List which services changed, each once, as it is now; what is gone stands there as deleted."""
    _look_at_names(call, "_history")
    directory, ledger = _directory(call), call.directory.ledger
    state = up_to_date(call)
    changes = change_feed.changes_after(ledger, state, 0, max(1, state.sequence))
    changes = [each for each in changes if since is None or each.at > since]
    entries = []
    for each in changes[start : start + count]:
        number = hsds_id("service", each.key)
        place = None if each.change == "removed" else directory.table.place_of.get(each.key)
        address = {"method": "DELETE" if place is None else "PUT", "url": f"HealthcareService/{number}"}
        entry: dict[str, Any] = {"fullUrl": f"{call.base}/HealthcareService/{number}", "request": address}
        if place is not None:
            whole = directory.service(place)
            entry["resource"] = {**whole, "meta": {**whole["meta"], "lastUpdated": each.at.isoformat()}}
        entry["response"] = {"status": "204" if place is None else "200", "lastModified": each.at.isoformat()}
        entries.append(entry)
    return _answered(call, "history", "HealthcareService/_history", len(changes), entries, count, start)


_TURN = threading.Lock()
_kept: list[FhirDirectory] = []


def _directory(call: Call) -> FhirDirectory:
    table, snapshot = call.public, call.snapshot
    with _TURN:
        if not _kept or _kept[0].table is not table or _kept[0].snapshot is not snapshot:
            _kept[:] = [FhirDirectory(table, snapshot)]
        return _kept[0]


def _places(known: dict[str, int], one: UUID | None, *, must: bool = False) -> list[int]:
    if one is None:
        return list(known.values())
    place = known.get(str(one))
    if place is None and must:
        raise ProblemError("not-found")
    return [] if place is None else [place]


def _codes(tokens: str) -> frozenset[str]:
    """Return the types of service that are wanted, one or another; none = any, and of another system never one."""
    found = set()
    for token in filter(None, tokens.split(",")):
        system, sign, code = token.rpartition("|")
        found.add(code if not sign or system in ("", SERVICE_TYPE) else "")
    return frozenset(found)


def _look_at_names(call: Call, what: str) -> None:
    """Refuse a parameter with a modifier that is none of ours, and one that is there twice, which would be two at once.

    Any other that we do not know is passed over, as the standard wants it, and stands in no link `self`; who sends
    `Prefer: handling=strict` is refused for it.
    """
    others = [name for name in call.query if name not in NAMES[what]]
    is_strict = "handling=strict" in call.headers.get("prefer", "").lower()
    is_twice = len(call.query.multi_items()) > len(call.query)
    if is_twice or any(":" in name for name in others) or (is_strict and others):
        raise ProblemError("invalid", {"errors": [{"at": ["query"], "code": "unknown"}]})


def _near(text: str) -> tuple[float, float, float]:
    """Return degrees and metres of LAT|LON, LAT|LON|DISTANCE or LAT|LON|DISTANCE|UNIT."""
    found = _NEAR.fullmatch(text)
    if found is None or not (abs(float(found["lat"])) <= _POLE and abs(float(found["lon"])) <= _DATE_LINE):
        raise ProblemError("invalid", {"errors": [{"at": ["query", "near"], "code": "value"}]})
    metres = _FARTHEST if found["far"] is None else float(found["far"]) * _METRES[found["unit"] or "km"]
    return float(found["lat"]), float(found["lon"]), metres


def _bundle(
    call: Call, kind: str, found: Sequence[int], made: Callable[[int], dict[str, Any]], count: int, start: int
) -> Answered:
    resources = [made(place) for place in found[start : start + count]]
    entries = [
        {"fullUrl": f"{call.base}/{kind}/{each['id']}", "resource": each, "search": {"mode": "match"}}
        for each in resources
    ]
    return _answered(call, "searchset", kind, len(found), entries, count, start)


def _answered(
    call: Call, kind: str, path: str, total: int, entries: list[dict[str, Any]], count: int, start: int
) -> Answered:
    def link(relation: str, offset: int) -> dict[str, str]:
        values = {name: call.query[name] for name in NAMES[path.rpartition("/")[2]] if name in call.query}
        query = urlencode({**values, "_count": count, "_offset": offset})
        return {"relation": relation, "url": f"{call.base}/{path}?{query}"}

    links = [link("self", start), *([link("next", start + count)] if start + count < total else [])]
    values = {"resourceType": "Bundle", "type": kind, "total": total, "link": links}
    return Answered({**values, "entry": entries} if entries else values)


def _one(name: str, kind: str, handler: Callable[..., Answered], summary: str) -> Operation:
    return Operation(
        name, "GET", f"/{kind}/{{id}}", handler, ("read",), FhirResource, summary, is_kept=True,
        media_types=(FHIR_JSON,),
    )  # fmt: skip


def _many(name: str, path: str, handler: Callable[..., Answered], summary: str) -> Operation:
    return Operation(
        name, "GET", path, handler, ("read",), FhirBundle, summary, is_kept="_history" not in path,
        media_types=(FHIR_JSON,),
    )  # fmt: skip


OPERATIONS = (
    _many("find_organizations", "/Organization", _find_organizations, "Organizations"),
    _one("read_organization", "Organization", _read_organization, "One organization"),
    _many("find_locations", "/Location", _find_locations, "Locations"),
    _one("read_location", "Location", _read_location, "One location"),
    _many("list_history", "/HealthcareService/_history", _list_history, "What changed"),
    _many("find_services", "/HealthcareService", _find_services, "Services"),
    _one("read_service", "HealthcareService", _read_service, "One service"),
)
