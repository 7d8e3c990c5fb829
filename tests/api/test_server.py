from __future__ import annotations

import socket
import urllib.request

import pytest

from api.server import AddressTakenError, listen
from tests.browser.serving import served


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
