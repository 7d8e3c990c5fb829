"""HSDS lists and objects: by page, or whole as an object a line.

Lists are asked by GET, or by POST, so that no filter stands in an address.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from fastapi import Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.programs.operations import Answered, CallOf, Operation, as_bytes
from api.programs.problems import ProblemError
from api.programs.surface_roots import HSDS, HSDS_PROFILE
from core.i18n import _
from providers.interchange import hsds_terms
from providers.interchange.hsds_directory import HsdsDirectory, HsdsFilter, hsds_directory

if TYPE_CHECKING:
    from api.programs.callers import Call

HSDS_VERSION = "3.1"
NDJSON = "application/x-ndjson"
MOST, USUAL = 500, 50
_MINIMAL = ("id", "organization_id", "name", "status", "description", "last_modified", "alert")

PageNumber = Annotated[int, Query(ge=1, le=1_000_000, description="Page, from 1")]
Size = Annotated[int, Query(ge=1, le=MOST, description="Objects a page")]
Form = Annotated[Literal["json", "ndjson"], Query(description="ndjson: all pages as one, an object a line")]
SearchWords = Annotated[str, Query(max_length=80, description="A part of the name")]
Term = Annotated[UUID | None, Query(description="Of a type of service")]
ModifiedAfter = Annotated[AwareDatetime | None, Query(description="By the register or by a report of places")]


class HsdsResponse(BaseModel):
    """An object of HSDS 3.1; its schema is the standard's."""

    model_config = ConfigDict(extra="allow")
    id: UUID


class HsdsMeta(BaseModel):
    """What answers here, and by which profile."""

    version: str
    profile: str
    openapi_url: str


class HsdsPage(BaseModel):
    """A page of objects."""

    total_items: int
    total_pages: int
    page_number: int
    size: int = Field(description="Objects on this page")
    first_page: bool
    last_page: bool
    empty: bool
    contents: list[dict[str, Any]]


def _show_meta(call: CallOf) -> Answered:
    """Tell the version, the profile and the description."""
    host = call.base.removesuffix(HSDS)
    values = {"version": HSDS_VERSION, "profile": f"{host}{HSDS_PROFILE}", "openapi_url": f"{call.base}/openapi.json"}
    return Answered(values)


def _list_services(
    call: CallOf,
    search: SearchWords = "",
    page: PageNumber = 1,
    per_page: Size = USUAL,
    form: Annotated[Form, Query(alias="format")] = "json",
    taxonomy_term_id: Term = None,
    organization_id: Annotated[UUID | None, Query()] = None,
    modified_after: ModifiedAfter = None,
    minimal: Annotated[bool, Query(description="Only what names the service")] = False,  # noqa: FBT002
) -> Answered:
    """List services with all that belongs to them."""
    directory = _directory(call)
    wanted = HsdsFilter(search, str(taxonomy_term_id or ""), str(organization_id or ""), modified_after)
    found = directory.services(wanted)

    def made(place: int) -> dict[str, Any]:
        whole = directory.service(place)
        return {name: whole[name] for name in _MINIMAL if name in whole} if minimal else whole

    return _listed(found, made, page, per_page, form)


def _show_service(call: CallOf, of: Annotated[UUID, Path(alias="id")]) -> Answered:
    """Show one service."""
    directory = _directory(call)
    return Answered(directory.service(_place(directory.place_of_service, of)))


def _list_organizations(
    call: CallOf,
    search: SearchWords = "",
    page: PageNumber = 1,
    per_page: Size = USUAL,
    form: Annotated[Form, Query(alias="format")] = "json",
) -> Answered:
    """List organizations."""
    directory = _directory(call)
    return _listed(directory.organizations(search), directory.organization, page, per_page, form)


def _show_organization(call: CallOf, of: Annotated[UUID, Path(alias="id")]) -> Answered:
    """Show one organization."""
    directory = _directory(call)
    return Answered(directory.organization(_place(directory.place_of_organization, of)))


def _list_at_locations(
    call: CallOf,
    search: SearchWords = "",
    page: PageNumber = 1,
    per_page: Size = USUAL,
    form: Annotated[Form, Query(alias="format")] = "json",
    taxonomy_term_id: Term = None,
    organization_id: Annotated[UUID | None, Query()] = None,
    modified_after: ModifiedAfter = None,
) -> Answered:
    """List services where they are; those without a place are in /services alone."""
    directory = _directory(call)
    wanted = HsdsFilter(search, str(taxonomy_term_id or ""), str(organization_id or ""), modified_after)
    latitudes = directory.table.columns["lat"]
    found = [place for place in directory.services(wanted) if latitudes[place] is not None]
    return _listed(found, lambda place: _at_location(directory, place), page, per_page, form)


def _show_at_location(call: CallOf, of: Annotated[UUID, Path(alias="id")]) -> Answered:
    """Show one service where it is."""
    directory = _directory(call)
    return Answered(_at_location(directory, _place(directory.place_of_location_link, of)))


def _at_location(directory: HsdsDirectory, place: int) -> dict[str, Any]:
    service = directory.service(place)
    (link,) = service.pop("service_at_locations")
    return {**link, "service": service}


def _list_taxonomies(
    call: CallOf,  # noqa: ARG001
    search: SearchWords = "",
    page: PageNumber = 1,
    per_page: Size = USUAL,
    form: Annotated[Form, Query(alias="format")] = "json",
) -> Answered:
    """List the lists of codes."""
    found = [each for each in hsds_terms.taxonomies() if search.casefold() in each["name"].casefold()]
    return _listed(found, dict, page, per_page, form)


def _show_taxonomy(call: CallOf, of: Annotated[UUID, Path(alias="id")]) -> Answered:  # noqa: ARG001
    """Show one list of codes."""
    return Answered(_of_id(hsds_terms.taxonomies(), of))


def _list_terms(
    call: CallOf,  # noqa: ARG001
    search: SearchWords = "",
    page: PageNumber = 1,
    per_page: Size = USUAL,
    form: Annotated[Form, Query(alias="format")] = "json",
    taxonomy_id: Annotated[UUID | None, Query()] = None,
) -> Answered:
    """List codes with their names."""
    found = [
        each
        for each in hsds_terms.terms()
        if search.casefold() in each["name"].casefold() and taxonomy_id in (None, UUID(each["taxonomy_id"]))
    ]
    return _listed(found, dict, page, per_page, form)


def _show_term(call: CallOf, of: Annotated[UUID, Path(alias="id")]) -> Answered:  # noqa: ARG001
    """Show one code."""
    return Answered(_of_id(hsds_terms.terms(), of))


def _directory(call: Call) -> HsdsDirectory:
    alert = _("Date demonstrative: furnizorii și locurile sunt inventate.") if call.home.is_demo else ""
    return hsds_directory(call.public, call.snapshot, alert=alert)


def _place(places: dict[str, int], of: UUID) -> int:
    if (place := places.get(str(of))) is None:
        raise ProblemError("not-found")
    return place


def _of_id(objects: Iterator[dict[str, Any]], of: UUID) -> dict[str, Any]:
    found = next((each for each in objects if each["id"] == str(of)), None)
    if found is None:
        raise ProblemError("not-found")
    return found


def _listed(found: Sequence[Any], made: Callable[[Any], dict[str, Any]], page: int, size: int, form: str) -> Answered:
    if form == "ndjson":
        return Answered((as_bytes(made(each)) + b"\n" for each in found), media_type=NDJSON)
    shown = [made(each) for each in found[(page - 1) * size : page * size]]
    pages = math.ceil(len(found) / size)
    return Answered(
        {
            "total_items": len(found),
            "total_pages": pages,
            "page_number": page,
            "size": len(shown),
            "first_page": page == 1,
            "last_page": page >= pages,
            "empty": not shown,
            "contents": shown,
        }
    )


class HsdsListQuery(BaseModel):
    """The parameters of a list, in a body."""

    model_config = ConfigDict(extra="forbid")
    search: Annotated[str, Field(max_length=80)] | None = None
    page: int | None = Field(None, ge=1, le=1_000_000)
    per_page: int | None = Field(None, ge=1, le=MOST)
    form: Literal["json", "ndjson"] | None = Field(None, alias="format")
    taxonomy_term_id: UUID | None = None
    taxonomy_id: UUID | None = None
    organization_id: UUID | None = None
    modified_after: AwareDatetime | None = None
    minimal: bool | None = None


def _posted(handler: Callable[..., Answered]) -> Callable[..., Answered]:
    known = inspect.signature(handler).parameters

    def answer(call: CallOf, asked: HsdsListQuery | None = None) -> Answered:
        values = (
            {} if asked is None else {n: v for n in HsdsListQuery.model_fields if (v := getattr(asked, n)) is not None}
        )
        if unknown := sorted(values.keys() - known.keys()):
            raise ProblemError("invalid", {"errors": [{"at": ["body", name], "code": "unknown"} for name in unknown]})
        return handler(call, **values)

    answer.__doc__ = handler.__doc__
    return answer


def _pair(name: str, path: str, handler: Callable[..., Answered], summary: str) -> Iterator[Operation]:
    """Give a list by GET, and by POST with the same parameters in a body."""
    both = Operation(
        f"list_{name}", "GET", path, handler, ("read",), HsdsPage, summary, is_kept=True,
        media_types=("application/json", NDJSON),
    )  # fmt: skip
    yield both
    yield replace(both, name=f"post_{name}", method="POST", handler=_posted(handler), is_kept=False)


def _one(name: str, path: str, handler: Callable[..., Answered], summary: str) -> Operation:
    return Operation(f"show_{name}", "GET", f"{path}/{{id}}", handler, ("read",), HsdsResponse, summary, is_kept=True)


OPERATIONS = (
    Operation("show_meta", "GET", "/", _show_meta, ("read",), HsdsMeta, "Version and profile", is_kept=True),
    *_pair("services", "/services", _list_services, "Services"),
    _one("service", "/services", _show_service, "One service"),
    *_pair("organizations", "/organizations", _list_organizations, "Organizations"),
    _one("organization", "/organizations", _show_organization, "One organization"),
    *_pair("service_at_locations", "/service_at_locations", _list_at_locations, "Services where they are"),
    _one("service_at_location", "/service_at_locations", _show_at_location, "One service where it is"),
    *_pair("taxonomies", "/taxonomies", _list_taxonomies, "Lists of codes"),
    _one("taxonomy", "/taxonomies", _show_taxonomy, "One list of codes"),
    *_pair("taxonomy_terms", "/taxonomy_terms", _list_terms, "Codes"),
    _one("taxonomy_term", "/taxonomy_terms", _show_term, "One code"),
)
