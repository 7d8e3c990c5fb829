"""The gate lets through what its endpoints mark, and nothing of an address that has no route."""

from __future__ import annotations

import re

import pytest
from starlette.routing import Route

from api import atlas_areas, message_choices, provider_links, suggest
from api.auth import sign_in
from api.http import assets
from api.http.open_routes import leads_to_open, opens_itself
from api.plain import routes as plain
from api.server import health

OURS = [
    *assets.routes(), *health.routes(), *suggest.routes(), *atlas_areas.routes(), *sign_in.routes(), *plain.routes(),
    *provider_links.routes(), *message_choices.routes(),
]  # fmt: skip
DATA = {"/api/places", "/api/needs", atlas_areas.PATH}  # answers with data, and asks for no session itself


def scope(path: str, method: str = "GET") -> dict[str, object]:
    return {"type": "http", "path": path, "method": method, "headers": []}


def test_only_what_answers_with_data_is_behind_the_gate_alone():
    closed = {route.path for route in OURS if isinstance(route, Route)} - {
        route.path
        for route in OURS
        if isinstance(route, Route)
        and leads_to_open(
            [route], scope(re.sub(r"\{\w+:int\}", "1", route.path.replace(":path", "")), next(iter(route.methods)))
        )
    }
    assert closed == DATA


@pytest.mark.parametrize("path", ["/", "/simplu/altceva", "/health/x", "/intra/x", "/l/", "/assetsx", "/iesire/x"])
def test_an_address_without_a_route_of_ours_stays_closed(path):
    assert not leads_to_open(OURS, scope(path))


def test_a_socket_never_passes_by_the_mark_of_a_page():
    def page(_request):
        raise AssertionError

    route = Route("/x", opens_itself(page))
    assert leads_to_open([route], scope("/x"))
    assert not leads_to_open([route], scope("/x") | {"type": "websocket"})
