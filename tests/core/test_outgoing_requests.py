"""A request to an address that somebody named: public networks only, one look at the name, no redirection."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from time import monotonic, sleep

import pytest

from core.outgoing_requests import PrivateAddressError, send_request


@contextmanager
def receiver(status=200, **headers):
    """A server on this machine; gives its port and what came."""
    came = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            came.append((self.command, self.path, self.headers["Host"], body))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        do_GET = do_POST  # noqa: N815  (the name that http.server calls)

        def log_message(self, *_what):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server.server_port, came
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def names(monkeypatch):
    """Let names mean what a test says; every look is counted."""
    known, looks, real = {}, [], socket.getaddrinfo

    def look_up(host, port, *rest, **kind):
        if host not in known:
            return real(host, port, *rest, **kind)  # an address in figures, which the connection asks for again
        looks.append(host)
        answers = known[host]
        at = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in at]

    monkeypatch.setattr("core.outgoing_requests.socket.getaddrinfo", look_up)
    return known, looks


def test_whoever_answers_drop_by_drop_is_not_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip():
            connection, _from = server.accept()
            with connection, suppress(OSError):
                for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 1_000:
                    connection.sendall(bytes([letter]))
                    sleep(0.05)

        thread = threading.Thread(target=drip)
        thread.start()
        start = monotonic()
        with pytest.raises(OSError):
            send_request("POST", f"http://127.0.0.1:{server.getsockname()[1]}/", may_be_private=True, seconds=0.2)
        assert monotonic() - start < 10
        thread.join()


def test_the_request_arrives_with_the_name_it_was_sent_to(names):
    known, looks = names
    known["receiver.example.ro"] = [["127.0.0.1"]]
    with receiver(204) as (port, came):
        url = f"http://receiver.example.ro:{port}/in?a=1"
        assert send_request("POST", url, body=b"{}", headers={"X-A": "b"}, may_be_private=True) == 204
        assert send_request("GET", url, may_be_private=True) == 204
    assert came == [
        ("POST", "/in?a=1", f"receiver.example.ro:{port}", b"{}"),
        ("GET", "/in?a=1", f"receiver.example.ro:{port}", b""),
    ]
    assert looks == ["receiver.example.ro"] * 2


@pytest.mark.parametrize(
    "at",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "::1", "fd00::1", "::ffff:127.0.0.1"],
)
def test_what_is_not_public_is_refused_also_beside_a_public_address(names, at):
    known, _looks = names
    known["receiver.example.ro"] = [["93.184.215.14", at]]
    with pytest.raises(PrivateAddressError):
        send_request("GET", "https://receiver.example.ro/")


def test_a_name_that_changes_its_meaning_is_looked_up_once(names):
    known, looks = names
    known["receiver.example.ro"] = [["93.184.215.14"], ["127.0.0.1"]]
    with receiver() as (port, came), pytest.raises(OSError):
        send_request("GET", f"http://receiver.example.ro:{port}/", seconds=0.2)
    assert (looks, came) == (["receiver.example.ro"], [])


@pytest.mark.parametrize("url", ["http://127.0.0.1:{}/", "http://[::ffff:127.0.0.1]:{}/", "http://0x7f000001:{}/"])
def test_an_address_in_figures_is_looked_at_too(url):
    with receiver() as (port, came), pytest.raises(OSError):
        send_request("GET", url.format(port))
    assert came == []


def test_a_redirection_is_an_answer_and_not_followed():
    with receiver(302, Location="http://127.0.0.1:1/") as (port, came):
        assert send_request("GET", f"http://127.0.0.1:{port}/", may_be_private=True) == 302
    assert len(came) == 1


@pytest.mark.parametrize("url", ["ftp://example.ro/", "file:///etc/passwd", "//example.ro", "http://", "http://[::1"])
def test_what_is_no_address_of_the_web_is_refused(url):
    with pytest.raises(ValueError):
        send_request("GET", url)


def test_nobody_there_is_an_error_of_the_network():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(ConnectionError):
            send_request("GET", f"http://127.0.0.1:{taken.getsockname()[1]}/", may_be_private=True)
