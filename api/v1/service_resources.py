"""Services and who offers them: lists with filters, by name, and one by one."""

from __future__ import annotations

from bisect import bisect_right
from typing import Annotated

from fastapi import Path, Query

from api.programs.cursors import LONGEST, cursor_to, key_of
from api.programs.operations import Answered, CallOf, Operation
from api.programs.problems import ProblemError
from api.v1 import shapes
from core.storage.import_kinds import REGISTRIES
from core.storage.service_ids import current_id
from core.text import fold
from providers.answering.answering_record import answering_json
from providers.interchange.public_table import ServiceFilter
from providers.rules import taxonomy
from providers.service_map.map_search import search_names
from referrals.records.vocabulary import CapacityStatus

_MOST = 200
_MOST_NAMED = 50
AfterCursor = Annotated[str | None, Query(max_length=LONGEST, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=_MOST, description="How many a page")]
ServiceId = Annotated[str, Path(min_length=1, max_length=120, description="As lists and answers name it")]


def _list_services(
    call: CallOf,
    q: Annotated[
        str | None,
        Query(min_length=2, max_length=80, description="Words of the name: the best found, and no other page"),
    ] = None,
    service_type: Annotated[list[str] | None, Query(max_length=20)] = None,
    registry: Annotated[list[str] | None, Query(max_length=10)] = None,
    county: Annotated[str, Query(max_length=20, description="Letters of a county")] = "",
    uat_siruta: Annotated[int | None, Query(ge=0, le=10_000_000)] = None,
    status: Annotated[list[CapacityStatus] | None, Query(max_length=6)] = None,
    after: AfterCursor = None,
    limit: Limit = 50,
) -> Answered:
    """List services by `service_id`, those that every filter wants."""
    types = tuple(taxonomy.service_type(code).service_type for code in service_type or ())
    if set(registry or ()) - set(REGISTRIES):
        raise ProblemError("unknown-code")
    table, available = call.public, call.snapshot.availability
    wanted = ServiceFilter(types, tuple(registry or ()), call.county(county), uat_siruta, tuple(status or ()))
    found = table.matching(wanted, available)
    if q is not None:
        kept = set(found.tolist())
        named, _providers = search_names(call.snapshot, q, most=_MOST_NAMED)
        ids = (str(call.snapshot.catalogue.cell("service_id", each.row)) for each in named)
        best = [place for each in ids if (place := table.place_of[each]) in kept]
        shown, total, onward = best[:limit], len(best), None
    else:
        start = int(found.searchsorted(table.first_after(key_of(after)))) if after else 0
        shown, total = found[start : start + limit].tolist(), len(found)
        onward = cursor_to(table.ids[shown[-1]]) if start + limit < total else None
    services = [table.service(place, available) for place in shown]
    return Answered({"services": services, "total": total, "next": onward})


def _show_service(call: CallOf, service_id: ServiceId) -> Answered:
    """Show one service with its places; an id that a service had before is understood."""
    catalogue, table = call.snapshot.catalogue, call.public
    known = current_id(service_id)
    known = catalogue.joined.get(known, known)
    place = table.place_of.get(known)
    if place is None:
        raise ProblemError("not-found")
    values = table.service(place, call.snapshot.availability)
    return Answered(values | {"answering": answering_json(call.snapshot.answering.get(str(values["service_id"])))})


def _list_organizations(
    call: CallOf,
    q: Annotated[str | None, Query(min_length=2, max_length=80, description="A part of the name")] = None,
    cui: Annotated[str, Query(max_length=12, description="Fiscal code, digits")] = "",
    after: AfterCursor = None,
    limit: Limit = 50,
) -> Answered:
    """List who offers services, by `organization_id`."""
    table = call.public
    typed = fold(q) if q else ""
    found = [
        place
        for place, name in enumerate(table.organization_names)
        if typed in name and (not cui or table.organizations[place]["cui"] == cui)
    ]
    start = 0
    if after:
        start = bisect_right([table.organization_keys[place] for place in found], key_of(after))
    shown = found[start : start + limit]
    onward = cursor_to(table.organization_keys[shown[-1]]) if start + limit < len(found) else None
    listed = [table.organizations[place] for place in shown]
    return Answered({"organizations": listed, "total": len(found), "next": onward})


OPERATIONS = (
    Operation(
        "list_services", "GET", "/services", _list_services, ("read",), shapes.Services,
        "Services by filters or by name", is_kept=True,
    ),
    Operation(
        "show_service", "GET", "/services/{service_id:path}", _show_service, ("read",), shapes.OneService,
        "One service", is_kept=True,
    ),
    Operation(
        "list_organizations", "GET", "/organizations", _list_organizations, ("read",), shapes.Organizations,
        "Organizations", is_kept=True,
    ),
)  # fmt: skip
