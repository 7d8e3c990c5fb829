from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from api.server.origin import OwnOrigin, is_own
from tests.worlds.servers import own_loop


@pytest.mark.parametrize(
    ("host", "origin", "is_ours"),
    [
        ("harta.example", "https://harta.example", True),
        ("harta.example", "https://HARTA.example:443", True),
        ("127.0.0.1:8501", "http://127.0.0.1:8501", True),
        ("[::1]:8501", "http://[::1]:8501", True),
        ("harta.example", "http://harta.example.evil.example", False),
        ("harta.example", "https://harta.example:8443", False),
        ("localhost:8501", "http://localhost:9999", False),
        ("localhost:8501", "http://127.0.0.1:8501", False),
        ("localhost:8501", "http://localhost", False),
        ("localhost:8501", "null", False),
        ("localhost:8501", "", False),
        ("localhost:8501", "file://localhost:8501", False),
        ("localhost:8501", "http://x@localhost:8501", False),
        ("localhost:8501", "http://localhost:x", False),
        ("localhost:8501", "http://[::1", False),
        ("[::1", "http://localhost:8501", False),
        ("", "http://", False),
    ],
)
def test_only_the_very_host_and_port_that_are_asked_count_as_ours(host, origin, is_ours):
    assert is_own(Headers({"host": host, "origin": origin})) is is_ours


def test_two_origins_are_none_of_ours():
    host = [(b"host", b"a.example"), (b"origin", b"http://a.example"), (b"origin", b"http://b.example")]
    assert not is_own(Headers(raw=host))


def test_a_program_that_is_no_browser_names_none():
    assert is_own(Headers({"host": "localhost:8501"}))


def asked(scope):
    """Tell what was sent back, and whether the application behind was asked at all."""
    reached, sent = [], []

    async def app(_scope, _receive, _send):
        reached.append(scope["type"])

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    own_loop.run(OwnOrigin(app)(scope, receive, send))
    return sent, bool(reached)


FOREIGN = [(b"host", b"localhost:8501"), (b"origin", b"http://evil.example")]


def test_a_socket_for_a_foreign_page_is_closed_before_anybody_behind_hears_of_it():
    sent, reached = asked({"type": "websocket", "path": "/_stcore/stream", "headers": FOREIGN})
    assert [message["type"] for message in sent] == ["websocket.close"]
    assert not reached


def test_a_foreign_page_sends_and_deletes_no_file_but_may_be_told_what_is_public():
    for method, is_let_through in (("PUT", False), ("DELETE", False), ("GET", True)):
        scope = {"type": "http", "method": method, "path": "/_stcore/upload_file/a/b", "headers": FOREIGN}
        sent, reached = asked(scope)
        assert reached is is_let_through
        assert is_let_through or sent[0]["status"] == 403
