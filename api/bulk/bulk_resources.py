"""The days that are kept, what each holds, the files, and the catalogue of data sets."""

from __future__ import annotations

from pathlib import Path as FolderPath
from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from api.programs.file_answers import file_answer
from api.programs.operations import Answered, CallOf, Operation
from api.programs.problems import ProblemError
from api.programs.surface_roots import BULK
from reports.bulk.bulk_files import BulkIndex, table_titles
from reports.bulk.bulk_forms import MEDIA_TYPES
from reports.bulk.dcat_catalogue import dcat_catalogue
from reports.bulk.kept_bulk import open_days, open_index

LATEST = "latest"
JSON_LD = "application/ld+json"
Day = Annotated[str, Path(pattern=r"^(?:latest|\d{4}-\d\d-\d\d)$", description="A day, or `latest`")]


class BulkFileResponse(BaseModel):
    """One file."""

    name: str
    href: str
    table: str = Field(description="What it holds; blank = it is about the others")
    media_type: str
    scope: str = Field(description="The right of a token that opens it")
    bytes: int
    sha256: str
    rows: int | None


class BulkDaysResponse(BaseModel):
    """The days whose files are kept, newest first."""

    days: list[str]
    latest: str | None
    catalog: str


class BulkDayResponse(BaseModel):
    """The files of one day, and the editions that they come from."""

    day: str
    made_at: str
    is_demo: bool
    tables: dict[str, str]
    sources: list[dict[str, Any]]
    files: list[BulkFileResponse]


class CatalogResponse(BaseModel):
    """A catalogue of data sets by DCAT-AP 3, JSON-LD."""

    model_config = ConfigDict(extra="allow")


def _list_days(call: CallOf) -> Answered:
    """List the days whose files are kept."""
    days = open_days(call.directory)
    return Answered({"days": days, "latest": days[0] if days else None, "catalog": f"{call.base}/catalog.jsonld"})


def _show_catalog(call: CallOf) -> Answered:
    """Show the data sets of the newest day as a catalogue that portals of open data read (DCAT-AP 3)."""
    _folder, index = _found(call, LATEST)
    host = call.base.removesuffix(BULK)
    return Answered(dcat_catalogue(index, host=host, bulk=call.base))


def _show_day(call: CallOf, day: Day) -> Answered:
    """Show the files of one day, with their sizes and digests."""
    _folder, index = _found(call, day)
    files = [
        {"name": each.name, "href": f"{call.base}/{index.day}/{each.name}", "table": each.table,
         "media_type": each.media_type, "scope": each.scope, "bytes": each.bytes, "sha256": each.sha256,
         "rows": each.rows}
        for each in index.files
    ]  # fmt: skip
    values = {"day": index.day, "made_at": index.made_at, "is_demo": index.is_demo, "tables": table_titles()}
    return Answered({**values, "sources": list(index.sources), "files": files})


def _send_file(call: CallOf, day: Day, name: Annotated[str, Path(max_length=60)]) -> Answered:
    """Send one file, whole or a range of its bytes; its strong ETag is its SHA-256."""
    folder, index = _found(call, day)
    known = index.file(name)
    if known is None:
        raise ProblemError("not-found")
    call.require((known.scope,))
    headers = {"Content-Location": f"{BULK}/{index.day}/{known.name}"}
    whole = folder / known.name
    return file_answer(whole, known.sha256, known.media_type, call.headers, headers, is_head=call.is_head)


def _found(call: CallOf, day: str) -> tuple[FolderPath, BulkIndex]:
    if day == LATEST:
        day = next(iter(open_days(call.directory)), "")
    found = open_index(call.directory, day)
    if found is None:
        raise ProblemError("not-found")
    return found


_MEDIA_TYPES = tuple(dict.fromkeys((*MEDIA_TYPES.values(), "text/csv", "text/plain")))
OPERATIONS = (
    Operation("list_days", "GET", "/", _list_days, ("read", "figures"), BulkDaysResponse, "Days kept", is_kept=True),
    Operation(
        "show_catalog", "GET", "/catalog.jsonld", _show_catalog, ("read", "figures"), CatalogResponse,
        "DCAT-AP catalogue", is_kept=True, media_types=(JSON_LD,),
    ),
    Operation(
        "show_day", "GET", "/{day}", _show_day, ("read", "figures"), BulkDayResponse, "Files of a day", is_kept=True
    ),
    Operation(
        "send_file", "GET", "/{day}/{name}", _send_file, ("read", "figures"), BulkFileResponse, "One file",
        refusals=(206, 304, 416), media_types=_MEDIA_TYPES,
    ),
)  # fmt: skip
