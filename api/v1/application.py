"""The API as one application: every operation of the tables of its resources, and the document that describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from api.v1 import (
    area_resources,
    capacity_resource,
    change_resource,
    nearest_resource,
    reference_resources,
    referral_resources,
    service_resources,
)
from api.v1.operations import Operation, ProblemTold, endpoint_of
from api.v1.problems import MEDIA_TYPE, told, wrong_fields_problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

VERSION = "1.0.0"
# A path that takes whatever is left of an address stands behind those that begin like it.
OPERATIONS: tuple[Operation, ...] = (
    *reference_resources.OPERATIONS,
    *capacity_resource.OPERATIONS,
    *service_resources.OPERATIONS,
    *change_resource.OPERATIONS,
    *nearest_resource.OPERATIONS,
    *area_resources.OPERATIONS,
    *referral_resources.OPERATIONS,
)
_ABOUT: dict[str, Any] = {
    "title": "Harta serviciilor comunitare",
    "version": VERSION,
    "summary": "Who is near, may take the person and has a free place; what changes; referrals",
    "description": (
        "Every request carries `Authorization: Bearer harta_…`; nothing else counts. Problems are "
        "`application/problem+json` (RFC 9457), in Romanian or English by `Accept-Language`. Within a version "
        "names may come and none goes; the rules are in docs/api/README.md."
    ),
}
_NOTES = {304: "Nothing changed since the answer that has this ETag"}


class _ToldInside:
    """Tell a fault as a problem before FastAPI would answer it with bare text, and raise it once more."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except ClientDisconnect:
            raise
        except Exception as error:  # noqa: BLE001  (whatever it is)
            await told(error)(scope, receive, send)


async def _wrong_fields(_request: Request, error: Exception) -> Response:
    return wrong_fields_problem(error.errors() if isinstance(error, RequestValidationError) else ())


async def _refused(_request: Request, error: Exception) -> Response:
    return told(error)


def make_application() -> ASGIApp:
    """Make the application. It is asked by `ApiEndpoint` alone, which has looked at the token."""
    app = FastAPI(
        **_ABOUT,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={RequestValidationError: _wrong_fields, HTTPException: _refused},
        middleware=[Middleware(_ToldInside)],
    )
    _add_routes(app)
    return app


def _add_routes(app: FastAPI) -> None:
    for each in OPERATIONS:
        app.add_api_route(
            each.path,
            endpoint_of(each),
            methods=[each.method],
            operation_id=each.name,
            summary=each.summary,
            description=f"{each.handler.__doc__}\n\nScope: {' or '.join(f'`{scope}`' for scope in each.scopes)}.",
            status_code=each.status,
            response_model=None,
            response_class=Response,
            responses=_responses(each),
        )


def _responses(operation: Operation) -> dict[int | str, dict[str, Any]]:
    problems: dict[int | str, dict[str, Any]] = {
        status: {"description": _NOTES[status]}
        if status in _NOTES
        else {"description": "A problem (RFC 9457)", "content": {MEDIA_TYPE: {"schema": _PROBLEM}}}
        for status in operation.statuses
    }
    return {operation.status: {"description": operation.summary, "model": operation.answers}, **problems}


_PROBLEM = {"$ref": "#/components/schemas/Problem"}


def openapi_document() -> dict[str, Any]:
    """Return the OpenAPI document of the API."""
    app = FastAPI(**_ABOUT)
    _add_routes(app)
    document = get_openapi(**_ABOUT, routes=app.routes, servers=[{"url": "/api/v1"}])
    for path in document["paths"].values():
        for operation in path.values():
            succeeded = next(status for status in operation["responses"] if status in ("200", "201"))
            content = operation["responses"][succeeded]["content"]
            operation["responses"][succeeded]["content"] = {"application/json": content["application/json"]}
    components = document.setdefault("components", {})
    components["schemas"]["Problem"] = ProblemTold.model_json_schema()
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "harta_…"}}
    document["security"] = [{"token": []}]
    return document
