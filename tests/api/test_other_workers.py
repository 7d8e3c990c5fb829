"""What another process of the server has is answered by that process, through the one that was asked."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn

from api.other_workers import OtherWorkers
from core.processes.port_sharing import socket_for_others
from tests.worlds.servers import own_loop

MB = 1024 * 1024


class Holder:
    """An application that has one screen and one file of it, and keeps what it is sent."""

    def __init__(self):
        self.asked, self.sent, self.headers = [], b"", {}

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        self.asked.append((scope["method"], scope["path"], scope["query_string"]))
        self.headers = dict(scope["headers"])
        has = "mine" in scope["path"]
        if scope["method"] == "PUT":
            is_more = True
            while is_more:
                message = await receive()
                self.sent, is_more = self.sent + message["body"], message["more_body"]
        body = b"x" * (3 * MB) if has and scope["method"] == "GET" else b""
        await send({"type": "http.response.start", "status": 200 if has else 404, "headers": [(b"x-own", b"1")]})
        await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def serving(app, listening):
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None))
    serving = asyncio.create_task(server.serve([listening]))  # who comes before it has begun waits at the socket
    try:
        yield
    finally:
        server.should_exit = True
        await serving


def ask(folder, holder, method, path, content=None):
    """Ask a process that has nothing itself, by its port; return its answer."""
    others = OtherWorkers(str(folder))

    async def empty_handed(scope, receive, send):
        if not await others.answer(scope, receive, send):
            await send({"type": "http.response.start", "status": 410, "headers": []})
            await send({"type": "http.response.body", "body": b""})

    async def run():
        inner = socket_for_others(str(folder))
        (folder / str(os.getpid())).rename(folder / "1")  # that of another process
        port = socket.create_server(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{port.getsockname()[1]}"
        async with serving(holder, inner), serving(empty_handed, port), httpx.AsyncClient(trust_env=False) as http:
            return await http.request(method, base + path, content=content, headers={"Cookie": "a=b"})

    return own_loop.run(run())


@pytest.fixture
def folder(tmp_path):
    gone = socket.socket(socket.AF_UNIX)
    gone.bind(str(tmp_path / "0"))  # a process that has died
    gone.close()
    return tmp_path


def test_a_file_comes_from_the_process_that_has_it(folder):
    holder = Holder()
    answer = ask(folder, holder, "GET", "/media/mine.csv?title=%C8%99")
    assert answer.status_code == 200
    assert answer.headers["x-own"] == "1"
    assert len(answer.content) == 3 * MB
    assert [method for method, *_rest in holder.asked] == ["HEAD", "GET"]
    assert set(holder.asked[0][1:]) == {"/media/mine.csv", b"title=%C8%99"}
    assert holder.headers[b"cookie"] == b"a=b"
    assert holder.headers[b"host"].startswith(b"127.0.0.1:")  # what the browser asked for, not the socket


def test_a_file_is_sent_on_to_the_process_that_has_the_screen(folder):
    holder = Holder()
    assert ask(folder, holder, "PUT", "/_stcore/upload_file/mine/1", b"abc" * MB).status_code == 200
    assert holder.sent == b"abc" * MB
    assert holder.headers[b"content-length"] == str(3 * MB).encode()
    assert b"transfer-encoding" not in holder.headers


def test_what_nobody_has_is_left_to_the_one_that_was_asked(folder):
    holder = Holder()
    assert ask(folder, holder, "PUT", "/_stcore/upload_file/nobodys/1", b"abc").status_code == 410
    assert holder.asked == [("HEAD", "/_stcore/upload_file/nobodys/1", b"")]
    assert holder.sent == b""


def test_a_question_of_another_process_goes_no_further(folder):
    scope = {"type": "http", "method": "GET", "path": "/media/mine", "headers": [], "server": (str(folder / "1"), None)}
    assert not own_loop.run(OtherWorkers(str(folder)).answer(scope, None, None))


def test_an_answer_that_breaks_off_is_not_ended_as_if_it_were_whole(folder):
    async def breaks(scope, _receive, send):
        headers = [(b"content-length", b"100")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise ConnectionResetError

    with pytest.raises(httpx.RemoteProtocolError):
        ask(folder, breaks, "GET", "/media/mine")
