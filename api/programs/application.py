"""Operations as one application, and the document that describes them (OpenAPI)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Match

from api.programs.operations import Operation, ProblemResponse, endpoint_of
from api.programs.problems import RFC_9457, ProblemForm, problem, told, wrong_fields_problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

METHOD_NOT_ALLOWED = 405
_NOTES = {206: "A part of the file", 304: "Nothing changed since the answer that has this ETag"}


@dataclass(frozen=True)
class ApiSurface:
    """What is answered below one address.

    Attributes
    ----------
    root
        The address.
    about
        Title, version, summary and description.
    operations
        All of them; a path that takes whatever is left of an address stands behind those that begin like it.
    form
        Of refusals.
    is_strict
        Whether a parameter in the address that is none of the operation's is refused.
    complete
        Puts into the document what programs of its standard look for there; None = nothing more.
    """

    root: str
    about: Mapping[str, str]
    operations: tuple[Operation, ...]
    form: ProblemForm = RFC_9457
    is_strict: bool = True
    complete: Callable[[dict[str, Any]], None] | None = None

    def make_application(self) -> ASGIApp:
        """Make the application. It is asked by `ApiEndpoint` alone, which has looked at the token."""
        app = FastAPI(
            **dict[str, Any](self.about),
            openapi_url=None,
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
            exception_handlers={RequestValidationError: _wrong_fields, HTTPException: _refused},
            middleware=[Middleware(_ToldInside)],
        )
        self._add_routes(app)
        return app

    def _add_routes(self, app: FastAPI) -> None:
        for each in self.operations:
            app.add_api_route(
                each.path,
                endpoint_of(each, is_strict=self.is_strict),
                methods=[each.method],
                operation_id=each.name,
                summary=each.summary,
                description=f"{each.handler.__doc__}\n\nScope: {' or '.join(f'`{scope}`' for scope in each.scopes)}.",
                status_code=each.status,
                response_model=None,
                response_class=Response,
                responses=self._responses(each),
            )

    def _responses(self, operation: Operation) -> dict[int | str, dict[str, Any]]:
        problems: dict[int | str, dict[str, Any]] = {
            self.form.status(status): {"description": _NOTES[status]}
            if status in _NOTES
            else {"description": "A problem", "content": {self.form.media_type: {"schema": _PROBLEM}}}
            for status in operation.statuses
        }
        return {operation.status: {"description": operation.summary, "model": operation.answers}, **problems}

    def document(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        app = FastAPI(**dict[str, Any](self.about))
        self._add_routes(app)
        document = get_openapi(**dict[str, Any](self.about), routes=app.routes, servers=[{"url": self.root}])
        own = {each.name: each for each in self.operations}
        for path in document["paths"].values():
            for operation in path.values():
                each = own[operation["operationId"]]
                succeeded = operation["responses"][str(each.status)]
                schema = succeeded["content"]["application/json"]
                succeeded["content"] = {kind: schema if "json" in kind else {} for kind in each.media_types}
        components = document.setdefault("components", {})
        components["schemas"]["Problem"] = _described(self.form)
        components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "harta_…"}}
        document["security"] = [{"token": []}]
        if self.complete is not None:
            self.complete(document)
        return document


def _described(form: ProblemForm) -> dict[str, Any]:
    return ProblemResponse.model_json_schema() if form.media_type == RFC_9457.media_type else {"type": "object"}


_PROBLEM = {"$ref": "#/components/schemas/Problem"}


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


async def _refused(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == METHOD_NOT_ALLOWED:
        # The router names those of the first operation at this address alone.
        routes = [each for each in request.app.routes if each.matches(request.scope)[0] != Match.NONE]
        allowed = {method for each in routes for method in each.methods}
        return problem(
            "method-not-allowed",
            headers={"Allow": ", ".join(sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))},
        )
    return told(error)
