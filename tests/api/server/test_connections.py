from __future__ import annotations

import asyncio
import contextlib
import json
import resource
import subprocess
import sys
from ipaddress import ip_network

import pytest
import uvicorn
from websockets.asyncio.client import connect

from api.http.proxies import Proxies
from api.server import connections
from api.server.connections import BoundedHTTP, BoundedSocket, Connection, Register
from tests.worlds.servers import own_loop

HALF_A_HEAD = b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "
WHOLE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
LARGE = 8_000_000
WRITERS: list[asyncio.StreamWriter] = []


async def app(scope, receive, send):
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while (said := await receive())["type"] != "websocket.disconnect":
            await send({"type": "websocket.send", "text": said["text"]})
        return
    if scope["type"] == "http":
        while scope["method"] == "POST":
            said = await receive()
            if said["type"] == "http.disconnect" or not said["more_body"]:
                break
        body = b"x" * LARGE if scope["path"] == "/large" else b"hello"
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@contextlib.asynccontextmanager
async def served(monkeypatch, **seconds):
    """Serve `app` with short time-outs; gives the port and the register."""
    monkeypatch.setattr(connections, "_SWEEP_SECONDS", 0.05)
    for name, value in {"HEAD_SECONDS": 60, "BODY_SECONDS": 60, "ANSWER_SECONDS": 60, **seconds}.items():
        monkeypatch.setattr(connections, name, value)
    config = uvicorn.Config(app, port=0, http=BoundedHTTP, ws=BoundedSocket, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    running = asyncio.create_task(server.main_loop())
    try:
        yield server.servers[0].sockets[0].getsockname()[1], connections.register_of(server.server_state)
    finally:
        for writer in WRITERS:
            writer.transport.abort()
        WRITERS.clear()
        server.should_exit = True
        await running
        server.force_exit = True
        await server.shutdown()


def run(test):
    own_loop.run(asyncio.wait_for(test, 20))


async def opened(port, said=b""):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    WRITERS.append(writer)
    writer.write(said)
    return reader, writer


async def is_ended(reader, seconds=5.0):
    """Whether the server has ended a connection within a time."""
    with contextlib.suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(seconds):
            while await reader.read(65536):
                pass
            return True
    return not isinstance(sys.exception(), TimeoutError) and reader.exception() is not None


async def answered(port):
    reader, writer = await opened(port, WHOLE)
    line = await reader.readline()
    writer.close()
    return line.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "said", [b"x\xff\x00\r\n\r\n", "GET /ș HTTP/1.1\r\nHost: x\r\n\r\n".encode(), b"GET / HTTP/1.1\r\n\r\n"]
)
def test_what_is_no_http_is_told_as_a_problem(monkeypatch, said):
    async def test():
        async with served(monkeypatch) as (port, _register):
            reader, _writer = await opened(port, said)
            head, _end, body = (await reader.read()).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 400 ")
            assert b"content-type: application/problem+json" in head.lower()
            assert json.loads(body)["status"] == 400

    run(test())


async def drip(writer, piece, every=0.05):
    with contextlib.suppress(ConnectionError):
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(every)


@pytest.mark.parametrize("said", [b"", b"G", HALF_A_HEAD])
def test_a_head_that_never_ends_is_not_waited_for(monkeypatch, said):
    async def test():
        async with served(monkeypatch, HEAD_SECONDS=0.3) as (port, _register):
            reader, _writer = await opened(port, said)
            assert await is_ended(reader)

    run(test())


def test_a_head_that_drips_has_no_more_time_than_another_also_after_a_first_request(monkeypatch):
    async def test():
        async with served(monkeypatch, HEAD_SECONDS=0.5) as (port, _register):
            for before in (b"", WHOLE):
                reader, writer = await opened(port, before)
                if before:
                    await reader.readuntil(b"hello")
                writer.write(HALF_A_HEAD)
                dripping = asyncio.create_task(drip(writer, b"a"))
                assert await is_ended(reader)
                dripping.cancel()

    run(test())


def test_a_body_that_drips_is_not_waited_for_and_one_that_comes_on_is(monkeypatch):
    async def test():
        async with served(monkeypatch, BODY_SECONDS=0.3) as (port, _register):
            slow, writer = await opened(port, POST)
            slowly = asyncio.create_task(drip(writer, b"a"))
            steady, other = await opened(port, POST)
            steadily = asyncio.create_task(drip(other, b"a" * 10_000, 0.01))
            assert await is_ended(slow)
            assert (await steady.readline()).startswith(b"HTTP/1.1 200")
            slowly.cancel()
            steadily.cancel()

    run(test())


def test_an_answer_that_nobody_takes_is_given_up_and_one_that_is_taken_slowly_is_not(monkeypatch):
    async def test():
        large = WHOLE.replace(b"GET /", b"GET /large")
        async with served(monkeypatch, ANSWER_SECONDS=0.4) as (port, register):
            _stuck, _writer = await opened(port, large)
            slow, _other = await opened(port, large)
            got = 0
            while got < LARGE:
                got += len(await slow.read(400_000))
                await asyncio.sleep(0.05)
            assert len(register) == 1

    run(test())


def test_an_idle_connection_makes_room_where_there_is_none(monkeypatch):
    async def test():
        async with served(monkeypatch) as (port, register):
            register.most = 20
            waiting = [await opened(port, HALF_A_HEAD) for _ in range(60)]
            assert await answered(port)
            assert len(register) <= 20
            assert await is_ended(waiting[0][0])
            assert not await is_ended(waiting[-1][0], 0.2)

    run(test())


def test_who_asks_at_once_is_heard_however_many_come_at_the_same_moment(monkeypatch):
    async def test():
        async with served(monkeypatch) as (port, register):
            register.most = 10
            crowd = await asyncio.gather(*(opened(port, WHOLE) for _ in range(8)), *(opened(port) for _ in range(150)))
            for reader, _writer in crowd[:8]:
                assert (await reader.readline()).startswith(b"HTTP/1.1 200")

    run(test())


def test_a_socket_that_says_nothing_outlives_every_time_out_and_is_never_what_makes_room(monkeypatch):
    async def test():
        short = {"HEAD_SECONDS": 0.2, "BODY_SECONDS": 0.2, "ANSWER_SECONDS": 0.2}
        async with served(monkeypatch, **short) as (port, register):
            register.most = 5
            async with connect(f"ws://127.0.0.1:{port}/") as socket:
                await asyncio.sleep(0.8)
                for _ in range(10):
                    await opened(port, HALF_A_HEAD)
                await socket.send("still here")
                assert await socket.recv() == "still here"

    run(test())


# --- the register alone -------------------------------------------------------------------------------


class Line:
    """A transport that is never slow."""

    def __init__(self):
        self.is_cut, self.said = False, b""

    def get_write_buffer_size(self):
        return 0

    def write(self, data):
        self.said += data

    def close(self):
        self.is_cut = True

    abort = close


def test_one_address_has_a_share_and_pushes_out_its_own(monkeypatch):
    async def test():
        register = Register(most=100, most_of_one=3)
        others = [Connection(Line(), f"198.51.100.{n}") for n in range(5)]
        mine = [Connection(Line(), "203.0.113.7") for _ in range(5)]
        for connection in others + mine:
            assert register.admit(connection)
            register.awaits(connection, "first head", 0.0)
        assert [connection.transport.is_cut for connection in mine] == [True, True, False, False, False]
        assert not any(connection.transport.is_cut for connection in others)

    run(test())


def test_a_proxy_that_is_named_and_this_machine_have_no_share(monkeypatch):
    async def test():
        is_shared = connections._shared_by(Proxies((ip_network("10.9.9.0/24"),)))
        register = Register(most=100, most_of_one=3, is_shared=is_shared)
        for address, is_cut in (("127.0.0.1", False), ("::1", False), ("10.9.9.9", False), ("10.9.8.9", True)):
            here = [Connection(Line(), address) for _ in range(10)]
            for connection in here:
                register.admit(connection)
                register.awaits(connection, "first head", 0.0)
            assert any(connection.transport.is_cut for connection in here) is is_cut

    run(test())


@pytest.mark.parametrize("attack", ["first head", "next head", "body"])
def test_who_attacks_makes_room_and_not_who_has_just_come_or_is_between_two_requests(attack):
    async def test():
        register = Register(most=20, most_of_one=20)
        people = {}
        for awaited in {"first head", "next head", "body"} - {attack}:
            people[awaited] = Connection(Line(), "127.0.0.1")
            register.admit(people[awaited])
            register.awaits(people[awaited], awaited, 0.0)
        for _ in range(100):
            connection = Connection(Line(), "127.0.0.1")
            register.admit(connection)
            register.awaits(connection, attack, 1.0)
        assert not any(connection.transport.is_cut for connection in people.values())
        assert len(register) == 20

    run(test())


def test_where_everybody_is_being_answered_a_newcomer_is_told_to_come_again():
    async def test():
        register = Register(most=3, most_of_one=3)
        busy = [Connection(Line(), "127.0.0.1") for _ in range(3)]
        for connection in busy:
            register.admit(connection)
        late = Connection(Line(), "127.0.0.1")
        assert not register.admit(late)
        assert late.transport.said.startswith(b"HTTP/1.1 503")
        register.release(busy[0])
        assert register.admit(Connection(Line(), "127.0.0.1"))

    run(test())


@pytest.mark.parametrize(("limit", "most"), [(1024, 512), (400, 64)])
def test_the_limit_stays_below_the_descriptors_of_the_process(limit, most):
    said = "from api.server.connections import most_connections as m; print(m())"
    set_limit = (resource.RLIMIT_NOFILE, (limit, limit))
    out = subprocess.run(
        [sys.executable, "-c", said], capture_output=True, text=True, check=True, preexec_fn=lambda: resource.setrlimit(*set_limit)
    )  # fmt: skip
    assert int(out.stdout) == most
