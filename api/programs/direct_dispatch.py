"""The short way of a program's request: past everything that only screens and their sessions need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from api.programs.api_endpoint import ApiEndpoint

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class DirectDispatch:
    """Give a request below the address of an `ApiEndpoint` to it at once.

    The routes of the application would lead there as well, after the sign-in gate and the layers of the software of
    the screens: a tenth of what an answer costs. What is not below such an address takes the usual way.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`; the endpoints are those of the application's own routes."""
        self.app = app
        self._endpoints: dict[str, ApiEndpoint] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        if scope["type"] == "http" and (endpoint := self._endpoint_of(scope)) is not None:
            await endpoint(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _endpoint_of(self, scope: Scope) -> ApiEndpoint | None:
        if self._endpoints is None:
            found = [route.endpoint for route in scope["app"].routes if isinstance(route, Route)]
            self._endpoints = {each.root: each for each in found if isinstance(each, ApiEndpoint)}
        path: str = scope["path"]
        return next((each for root, each in self._endpoints.items() if path.startswith(f"{root}/")), None)
