"""One request over HTTP that ends by a set moment, whatever the other side does: it may drip a byte a second for hours.

The time-outs of a client count from one byte to the next. Here each wait is cut to what is left of the whole. No
redirect is followed and nothing compressed is unpacked: a small answer must not become a large one.
"""

from __future__ import annotations

import ssl
import threading
import time
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpcore

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEADERS: dict[bytes | str, bytes | str] = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "User-Agent": "harta",
}
_MOST_CONNECTIONS = 8
_now = threading.local()  # until when the request of this thread may last


class TooMuchError(ValueError):
    """An answer is longer than was agreed, or compressed."""


def request(method: str, url: str, body: bytes | None, *, seconds: float, most_bytes: int) -> tuple[int, bytes]:
    """Ask once.

    Parameters
    ----------
    method, url
        Of the request.
    body
        JSON to send; None = nothing.
    seconds
        How long all of it may last.
    most_bytes
        How long the answer may be.

    Returns
    -------
    tuple of int and bytes
        Status and content.

    Raises
    ------
    TooMuchError
        Where the answer is longer, or compressed.
    httpcore exceptions, OSError
        Where there is no answer in that time.
    """
    _now.until = time.monotonic() + seconds
    headers = _HEADERS | ({} if body is None else {"Content-Type": "application/json"})
    parts = urlsplit(url)
    # Told apart here: the library's own reading of an address drops what follows a semicolon.
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    where = httpcore.URL(scheme=parts.scheme, host=parts.hostname or "", port=parts.port, target=target)
    waits = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), seconds)}
    with _pool().stream(method, where, headers=headers, content=body, extensions=waits) as answer:
        if any(name.lower() == b"content-encoding" and value != b"identity" for name, value in answer.headers):
            raise TooMuchError("compressed")
        content = bytearray()
        for chunk in answer.iter_stream():
            content += chunk
            if len(content) > most_bytes:
                raise TooMuchError(str(most_bytes))
    return answer.status, bytes(content)


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait ends when the request must."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.SyncBackend):
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(super().connect_tcp(host, port, left, local_address, socket_options))


def _left(timeout: float | None, late: type[Exception]) -> float:
    left = float(_now.until) - time.monotonic()
    if left <= 0:
        raise late("the time of the request is over")
    return left if timeout is None else min(left, timeout)


@cache
def _pool() -> httpcore.ConnectionPool:
    # The system's certificates are read once: it takes longer than a request.
    return httpcore.ConnectionPool(
        ssl_context=ssl.create_default_context(), max_connections=_MOST_CONNECTIONS, network_backend=_Backend()
    )
