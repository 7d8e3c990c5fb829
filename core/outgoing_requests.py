"""Requests to an address that a setting or an account names: to its public network address only, and no further.

The name is looked up once and the very address found is connected to, so that a name which means a private network, or
changes between two looks, is refused. A redirection is not followed. The reader gets the status and never the body.
Whoever answers drop by drop is waited for no longer than whoever does not answer at all.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping

SECONDS = 15.0  # of silence of whoever is asked
_WHOLE = 2.0  # times that long for all of it, whatever trickles in


class PrivateAddressError(OSError):
    """The name stands for an address that is not public, and none may be private."""


def send_request(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    may_be_private: bool = False,
    seconds: float = SECONDS,
) -> int:
    """Send one request and return the status of the answer.

    Parameters
    ----------
    method
        GET or POST.
    url
        An http or https address.
    body, headers
        What is sent; `Host` is that of the address.
    may_be_private
        Whether addresses of private networks and of this machine are asked too.
    seconds
        How long to wait for a connection, and for each part of the answer; twice that for all of it.

    Returns
    -------
    int
        The HTTP status; the body is not read.

    Raises
    ------
    PrivateAddressError
        One of the addresses behind the name is not public.
    OSError
        The name is unknown, or nobody answers there in time, or what answers is no HTTP.
    ValueError
        The address is none of http or https.
    """
    try:
        asked = httpx.URL(url)
        if asked.scheme not in ("http", "https") or not asked.host:
            raise ValueError(asked.scheme)
        at = _looked_up(asked.raw_host.decode("ascii"), asked.port, may_be_private=may_be_private)
        with (
            _ended_after(seconds * _WHOLE) as watch,
            httpx.Client(
                timeout=seconds, verify=_trusted() if asked.scheme == "https" else False, trust_env=False
            ) as client,
            client.stream(
                method,
                asked.copy_with(host=at),
                content=body or None,
                headers={**(headers or {}), "Host": asked.netloc.decode("ascii")},
                extensions={"sni_hostname": asked.raw_host.decode("ascii"), "trace": watch},
            ) as answer,
        ):
            return answer.status_code
    except httpx.InvalidURL as error:
        raise ValueError(url) from error
    except httpx.HTTPError as error:
        raise ConnectionError(str(error)) from error


@contextmanager
def _ended_after(seconds: float) -> Iterator[Any]:
    """Give what watches a request (httpcore's `trace`); the connection is closed when the time for all is over."""
    at: list[Any] = []
    is_over = threading.Event()

    def watch(name: str, info: Mapping[str, Any]) -> None:
        if name in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            at[:] = [info["return_value"].get_extra_info("socket")]
            if is_over.is_set():
                end()

    def end() -> None:
        is_over.set()
        for each in at:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    clock = threading.Timer(seconds, end)
    clock.daemon = True
    clock.start()
    try:
        yield watch
    finally:
        clock.cancel()


def _looked_up(host: str, port: int | None, *, may_be_private: bool) -> str:
    found = socket.getaddrinfo(host.strip("[]"), port or 0, type=socket.SOCK_STREAM)
    addresses = [str(at[0]) for *_kind, at in found]
    if not may_be_private and not all(ipaddress.ip_address(each.partition("%")[0]).is_global for each in addresses):
        raise PrivateAddressError(host)
    return addresses[0]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context()  # reads every certificate of the system: once is enough
