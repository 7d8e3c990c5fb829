"""What a process tells Prometheus: to this machine or a token alone, with labels from a list, nothing of a person."""

from __future__ import annotations

import re

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from api.http.proxies import ClientAddress, Proxies
from api.server import metrics
from api.server.metrics import KINDS, Measured, Measurements, kind_of
from tests.worlds.servers import own_loop

TOKEN = "a-token-of-twenty-letters"  # noqa: S105


@pytest.fixture
def measured(monkeypatch):
    made = Measurements()
    monkeypatch.setattr(metrics, "MEASURED", made)
    monkeypatch.delenv(metrics.TOKEN_SETTING, raising=False)
    return made


class Client:
    def __init__(self, measured, *, address="127.0.0.1", host="http://127.0.0.1:8501"):
        def answer(_request):
            return PlainTextResponse("gone", 404)

        routes = [*metrics.routes(), Route("/{path:path}", answer)]
        inner = Starlette(routes=routes, middleware=[Middleware(ClientAddress, proxies=Proxies())])
        self.app, self.host, self.address = Measured(inner, measured=measured), host, (address, 5000)

    def get(self, path, headers=None):
        async def ask():
            transport = httpx.ASGITransport(app=self.app, client=self.address)
            async with httpx.AsyncClient(transport=transport, base_url=self.host) as asked:
                return await asked.get(path, headers=headers)

        return own_loop.run(ask())


def test_answers_are_counted_by_kind_and_class_and_no_address_is_told(demo, measured):
    asked = Client(measured)
    for path in ("/simplu?nevoie=domestic-violence", "/l/a-secret-link", "/gasiti?loc=24098", "/api/v1/services/x"):
        asked.get(path)
    said = asked.get("/metrics")
    assert said.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'harta_answers_total{kind="plain",status="4xx"} 1' in said.text
    assert 'harta_answers_total{kind="link",status="4xx"} 1' in said.text
    assert 'harta_answer_seconds_count{kind="screen"} 1' in said.text
    for told in ("domestic", "secret", "24098", "127.0.0.1"):
        assert told not in said.text
    labels = set(re.findall(r'kind="(\w+)"', said.text))
    assert labels <= set(KINDS)


def test_the_home_is_measured_as_well(demo, measured):
    said = Client(measured).get("/metrics").text
    values = dict(line.rsplit(" ", 1) for line in said.splitlines() if not line.startswith("#"))
    assert float(values["harta_disk_free_bytes"]) > 0
    assert float(values["process_resident_memory_bytes"]) > 10_000_000
    assert float(values['harta_outbox_messages{state="dead"}']) == 0
    assert int(values["harta_ledger_events_total"]) == demo.ledger.event_counter()
    every = [line.split("{")[0].split(" ")[0] for line in said.splitlines() if not line.startswith("#")]
    typed = {line.split()[2] for line in said.splitlines() if line.startswith("# TYPE")}
    assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in every} <= typed


def test_a_histogram_only_grows_along_its_bounds(measured):
    for seconds in (0.001, 0.01, 0.3, 99.0):
        measured.note("plain", 200, seconds)
    said = "\n".join(metrics._own_lines(measured))
    counts = [int(n) for n in re.findall(r'bucket\{kind="plain",le="[^"]+"\} (\d+)', said)]
    assert counts == sorted(counts)
    assert (counts[0], counts[-1]) == (2, 4)
    assert 'harta_answer_seconds_sum{kind="plain"} 99.311' in said


def test_an_open_socket_is_counted_while_it_is_open(measured):
    counted = []

    async def inner(_scope, _receive, _send):
        counted.append(measured.sockets)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        own_loop.run(Measured(inner, measured=measured)({"type": "websocket", "path": "/_stcore/stream"}, None, None))
    assert (counted, measured.sockets) == ([1], 0)


@pytest.mark.parametrize(
    ("address", "host", "headers"),
    [
        ("203.0.113.7", "http://127.0.0.1:8501", {}),
        ("127.0.0.1", "http://harta.example", {}),
        ("127.0.0.1", "http://127.0.0.1:8501", {"X-Forwarded-For": "203.0.113.7"}),
        ("203.0.113.7", "http://harta.example", {"Authorization": "Bearer wrong"}),
        ("203.0.113.7", "http://harta.example", {"Authorization": "Bearer "}),
    ],
)
def test_nobody_else_is_told_anything(demo, measured, monkeypatch, address, host, headers):
    for token in ("", TOKEN, "short"):
        monkeypatch.setenv(metrics.TOKEN_SETTING, token)
        said = Client(measured, address=address, host=host).get("/metrics", headers=headers)
        assert (said.status_code, said.text) == (404, "404")


def test_a_token_opens_it_from_elsewhere_unless_it_is_too_short_to_be_one(demo, measured, monkeypatch):
    elsewhere = Client(measured, address="203.0.113.7", host="http://harta.example")
    monkeypatch.setenv(metrics.TOKEN_SETTING, TOKEN)
    assert elsewhere.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
    monkeypatch.setenv(metrics.TOKEN_SETTING, "short")
    assert elsewhere.get("/metrics", headers={"Authorization": "Bearer short"}).status_code == 404


@pytest.mark.parametrize("path", ["/", "/simplu", "/api/map/points", "/api", "/l/x", "/health", "/intra", "//"])
def test_every_address_is_of_a_kind_from_the_list(path):
    assert kind_of(path) in KINDS


@pytest.mark.parametrize("path", ["/api/v1/services", "/ogc/collections", "/hsds/services", "/fhir/Location"])
def test_what_other_systems_ask_is_counted_apart_from_screens(path):
    assert kind_of(path) == "api"
