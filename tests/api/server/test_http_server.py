from __future__ import annotations

import asyncio
import http.client
import os
import socket
import threading
import time
import urllib.request
from types import SimpleNamespace

import httpx
import pytest
import uvicorn

from api.server import http_server
from api.server.connections import BoundedHTTP
from core.processes.listening import AddressTakenError, listen
from core.processes.port_sharing import tell
from core.processes.worker_processes import WorkerParameters
from tests.browser.serving import served
from tests.worlds.servers import own_loop


def test_a_port_that_is_taken_is_said_in_words():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(AddressTakenError, match=f"127.0.0.1:{port}.*--port"):
            listen("127.0.0.1", port)


def test_an_address_of_another_machine_is_said_in_words():
    with pytest.raises(AddressTakenError, match=r"203\.0\.113\.7"):
        listen("203.0.113.7", 0)


def test_answers_do_not_name_what_the_server_is_made_of(demo, tmp_path):
    with served(demo.home.path, tmp_path) as base:
        for address in ("/", "/health/live", "/nothing", "/_stcore/health"):
            request = urllib.request.Request(base + address)  # noqa: S310 - our own address
            try:
                answer = urllib.request.urlopen(request, timeout=10)  # noqa: S310
            except urllib.error.HTTPError as error:
                answer = error
            with answer:
                assert "server" not in answer.headers, address


def test_who_asks_again_after_six_seconds_has_the_same_connection(demo, tmp_path):
    with served(demo.home.path, tmp_path) as base:
        connection = http.client.HTTPConnection(base.removeprefix("http://"), timeout=20)
        connection.connect()
        own_end = connection.sock.getsockname()
        for pause in (6, 0):  # longer than uvicorn's usual five
            connection.request("GET", "/health/live")
            answer = connection.getresponse()
            assert answer.read()
            time.sleep(pause)
        assert connection.sock.getsockname() == own_end
        connection.close()


def test_a_server_that_leaves_takes_nothing_new_and_ends_when_the_last_screen_is_closed():
    """Ticks by hand: a screen's socket is let go on, a connection that has its answer is closed, a new one is not."""
    server = http_server._Server(uvicorn.Config(lambda: None))
    told = []
    listening = SimpleNamespace(close=lambda: told.append("closed"))
    answered, fresh = (object.__new__(BoundedHTTP) for _ in range(2))
    for each, is_answered in ((answered, True), (fresh, False)):
        each.connection, each.cycle = SimpleNamespace(is_answered=is_answered), None
        each.shutdown = lambda is_answered=is_answered: told.append(is_answered)
    server.servers, server.server_state.connections = [listening], {answered, fresh, "a socket"}
    assert not own_loop.run(server.on_tick(1))
    assert told == []
    server.leave()
    assert not own_loop.run(server.on_tick(2))
    assert told == ["closed", True]
    server.server_state.connections = set()
    assert own_loop.run(server.on_tick(3))


def test_a_worker_answers_at_anothers_port_until_it_is_told_to_let_go_and_not_while_it_leaves(tmp_path):
    watcher, worker = socket.socketpair()
    inward, said = os.pipe()
    own, another = (listen("127.0.0.1", 0) for _time in range(2))
    another.listen(8)
    base = f"http://127.0.0.1:{another.getsockname()[1]}"
    given = WorkerParameters(1, own.fileno(), said, worker.fileno(), str(tmp_path))

    async def app(scope, _receive, send):
        assert scope["type"] == "http"
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    server = http_server._Server(uvicorn.Config(app, http=BoundedHTTP, lifespan="off", log_config=None), given)
    following = threading.Thread(target=server.follow, args=(worker,))

    async def run():
        serving = asyncio.create_task(server.serve([own]))
        await asyncio.to_thread(os.read, inward, 1)
        following.start()
        async with httpx.AsyncClient(trust_env=False, timeout=1, headers={"Connection": "close"}) as http:
            assert tell(watcher, 2, another)
            assert (await http.get(base)).status_code == 204
            assert tell(watcher, 2, None)
            while server._helps:  # noqa: ASYNC110  (another thread's)
                await asyncio.sleep(0.01)
            with pytest.raises(httpx.ReadTimeout):  # nobody accepts: whoever comes waits
                await http.get(base)
            server.leave()
            await server.help_at(2, another.dup())
            assert server._helps == {}
        watcher.close()  # whoever watches is gone
        await serving

    own_loop.run(run())
    following.join(10)
    assert not following.is_alive()
    for each in (worker, another):
        each.close()
    for each in (inward, said):
        os.close(each)


def test_a_server_that_leaves_does_not_wait_for_ever_for_a_screen_left_open():
    server = http_server._Server(uvicorn.Config(lambda: None))
    server.servers, server.server_state.connections, server.drain_seconds = [], {"a socket"}, -1.0
    server.leave()
    assert own_loop.run(server.on_tick(1))
