"""What the API is, said by its own host: the OpenAPI document, and a page of it that needs no script."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import HTMLResponse, Response

from api.http.assets import asset_url
from api.programs.problems import STATUSES, sentences
from api.v1.v1_surface import OPERATIONS
from core.templating import render


@dataclass(frozen=True)
class OperationShown:
    """One operation on the page."""

    name: str
    method: str
    path: str
    summary: str
    words: str
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class ProblemShown:
    """One kind of problem on the page."""

    name: str
    status: int
    title: str
    detail: str


def reference_page() -> Response:
    """Return the page: every operation, and every kind of problem under the address that a problem names."""
    operations = [
        OperationShown(
            each.name, each.method, f"/api/v1{each.path.replace(':path', '')}", each.summary,
            (each.handler.__doc__ or "").strip(), each.scopes,
        )
        for each in OPERATIONS
    ]  # fmt: skip
    problems = [ProblemShown(name, status, *sentences(name)) for name, status in STATUSES.items()]
    page = render("plain/api_reference.html", operations=operations, problems=problems, asset=asset_url)
    return HTMLResponse(page, headers={"Cache-Control": "no-cache", "Vary": "Accept-Language"})
