"""The short way of a program's request: to the endpoint of its address and past all else, and nobody else's."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from api.programs.api_endpoint import ApiEndpoint, surface_routes
from api.programs.direct_dispatch import DirectDispatch
from tests.worlds.servers import own_loop


class Program(ApiEndpoint):
    """Says that it was asked."""

    def __init__(self, root):
        super().__init__(root, lambda: None)

    async def __call__(self, scope, receive, send):
        await PlainTextResponse(f"program {self.root}")(scope, receive, send)


async def _page(_request):
    return PlainTextResponse("page")


@pytest.fixture
def asked():
    """Ask for a path; what is behind the short way says that it was passed."""
    routes = [Route("/simplu", _page), *surface_routes(Program("/api/v1"), "/api"), *surface_routes(Program("/ogc"))]
    application = Starlette(routes=routes)

    async def behind(_scope, _receive, send):
        await send("the usual way")

    way = DirectDispatch(behind)

    def ask(path, kind="http"):
        sent = []

        async def send(message):
            sent.append(message)

        scope = {"type": kind, "path": path, "app": application, "headers": [], "method": "GET"}
        own_loop.run(way(scope, None, send))
        return sent[0] if isinstance(sent[0], str) else sent[-1]["body"].decode()

    return ask


@pytest.mark.parametrize(
    ("path", "root"), [("/api/v1/services", "/api/v1"), ("/ogc/", "/ogc"), ("/api/v1/", "/api/v1")]
)
def test_a_program_is_led_to_its_endpoint(asked, path, root):
    assert asked(path) == f"program {root}"


@pytest.mark.parametrize("path", ["/simplu", "/api/places", "/api/v1", "/api/v12/x", "/ogcx", "/", "//api/v1/x"])
def test_everybody_else_goes_the_usual_way(asked, path):
    assert asked(path) == "the usual way"


def test_a_socket_goes_the_usual_way(asked):
    assert asked("/ogc/x", "websocket") == "the usual way"
