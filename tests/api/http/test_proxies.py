"""Who asks, and by which scheme: what a header says counts from a trusted proxy alone."""

from __future__ import annotations

import json
import threading

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute

from api.http.proxies import ClientAddress, Proxies, client_of, network_of, proxies
from core.errors import BadValueError
from tests.worlds.clients.web_client import Client
from tests.worlds.servers import own_loop


def trusting(monkeypatch, said: str) -> Proxies:
    monkeypatch.setenv("HARTA_TRUSTED_PROXIES", said)
    monkeypatch.delenv("HARTA_HTTPS", raising=False)
    return proxies()


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "client"),
    [
        ("", "10.0.0.5", "203.0.113.7", "10.0.0.5"),
        ("", "127.0.0.1", "203.0.113.7", "127.0.0.1"),  # a proxy on this machine is trusted when it is named
        ("10.0.0.5", "10.0.0.5", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.5", "10.0.0.6", "203.0.113.7", "10.0.0.6"),
        ("10.0.0.5", "10.0.0.5", "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # what the browser wrote itself
        ("10.0.0.0/24", "10.0.0.5", "198.51.100.1, 203.0.113.7, 10.0.0.9", "203.0.113.7"),
        ("10.0.0.0/24, 127.0.0.1", "127.0.0.1", "10.0.0.7, 10.0.0.9", "10.0.0.7"),  # nobody but proxies
        ("10.0.0.5", "10.0.0.5", "203.0.113.7, unknown", "10.0.0.5"),
        ("10.0.0.5", "10.0.0.5", "", "10.0.0.5"),
        ("10.0.0.5", "::ffff:10.0.0.5", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.5", "10.0.0.5", "203.0.113.7:4711", "203.0.113.7"),
        ("10.0.0.5 2001:db8::/48", "2001:db8::1", "[2001:DB8:1::7]:443", "2001:db8:1::7"),
        ("10.0.0.5", "", "203.0.113.7", ""),  # a socket of this machine has no address
    ],
)
def test_the_rightmost_address_that_is_no_proxy_of_ours_counts(monkeypatch, trusted, peer, forwarded, client):
    entries = [part.strip() for part in forwarded.split(",") if part.strip()]
    assert client_of(peer, entries, trusting(monkeypatch, trusted))[0] == client


@pytest.mark.parametrize("said", ["proxy.local", "10.0.0.0/33", "*", "0.0.0.0/0", "::/0", "10.0.0.5, x"])
def test_a_setting_that_names_no_proxy_or_everybody_is_refused_in_words(monkeypatch, said):
    with pytest.raises(BadValueError, match="HARTA_TRUSTED_PROXIES"):
        trusting(monkeypatch, said)


def test_an_ipv6_address_counts_with_the_network_of_its_owner():
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff") != network_of("2001:db8:0:1::1")
    assert network_of("203.0.113.7") != network_of("203.0.113.8")
    assert network_of("") == ""


async def _seen(request):
    return JSONResponse([request.client.host if request.client else None, request.url.scheme])


async def _socket(socket):
    await socket.accept()
    await socket.send_text(json.dumps([socket.client.host, socket.url.scheme]))
    await socket.close()


def app(found: Proxies) -> Starlette:
    routes = [Route("/", _seen), WebSocketRoute("/socket", _socket)]
    return Starlette(routes=routes, middleware=[Middleware(ClientAddress, proxies=found)])


@pytest.mark.parametrize(
    ("trusted", "headers", "scheme"),
    [
        ("", {"X-Forwarded-Proto": "https"}, "http"),
        ("127.0.0.1", {"X-Forwarded-Proto": "https"}, "https"),
        ("127.0.0.1", {"X-Forwarded-Proto": "http"}, "http"),
        ("127.0.0.1", {}, "http"),
        ("127.0.0.1", {"X-Forwarded-Proto": "https, http", "X-Forwarded-For": "203.0.113.7"}, "http"),  # ours adds http
        ("127.0.0.1 10.0.0.5", {"X-Forwarded-Proto": "https, http", "X-Forwarded-For": "203.0.113.7, 10.0.0.5"}, "https"),
        ("127.0.0.1", {"X-Forwarded-Proto": "gopher"}, "http"),
    ],
)  # fmt: skip
def test_the_scheme_is_what_a_trusted_proxy_says(monkeypatch, trusted, headers, scheme):
    assert Client(app(trusting(monkeypatch, trusted))).get("/", headers=headers).json()[1] == scheme


def test_where_browsers_come_by_https_anyway_a_setting_says_so(monkeypatch):
    monkeypatch.setenv("HARTA_HTTPS", "1")
    assert Client(app(proxies())).get("/").json()[1] == "https"


@pytest.fixture(params=["127.0.0.1", "*"])
def served(request, monkeypatch):
    """A server of uvicorn that believes forwarded headers by its own rules; gives its address by what we trust."""
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", request.param)
    running = []

    def serve(trusted: str) -> str:
        application = app(trusting(monkeypatch, trusted))
        server = uvicorn.Server(uvicorn.Config(application, port=0, log_level="critical", ws="websockets-sansio"))
        thread = threading.Thread(target=server.run)
        thread.start()
        running.append((server, thread))
        while not server.started:
            assert thread.is_alive()
            threading.Event().wait(0.01)
        return f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"

    yield serve
    for server, thread in running:
        server.should_exit = True
        thread.join()


SPOOFED = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(
    ("trusted", "client", "scheme"), [("", "127.0.0.1", "http"), ("127.0.0.1", "203.0.113.7", "https")]
)
def test_what_uvicorn_believes_by_itself_counts_for_nothing(served, trusted, client, scheme):
    base = served(trusted)
    assert httpx.get(f"http://{base}/", headers=SPOOFED).json() == [client, scheme]

    async def by_socket():
        import websockets

        async with websockets.connect(f"ws://{base}/socket", additional_headers=SPOOFED, proxy=None) as socket:
            return json.loads(await socket.recv())

    assert own_loop.run(by_socket()) == [client, scheme.replace("http", "ws")]
