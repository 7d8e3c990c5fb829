"""What a screen asks of another process of the same server than the one it lives in, handed on to that one.

A browser keeps to one port, and a port to one process, until that process dies or is replaced: then screens that were
opened at the port live in another process, and ask for their files here. The process that has the screen is found by
the same question with HEAD, and decides by itself, as ever, whether who asks may have it. See `core.processes`.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import httpx

from core.processes.port_sharing import other_workers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

__all__ = ["OtherWorkers"]

_HOLDS, _SEARCHES = 5.0, 32  # seconds that a process may take to say that it holds something; searches at once
_PATIENCE = 60.0  # between two parts of a file
_ASKED = frozenset(
    {b"accept-encoding", b"connection", b"expect", b"keep-alive", b"te", b"transfer-encoding", b"upgrade"}
)
_ANSWERED = frozenset({b"connection", b"date", b"keep-alive", b"transfer-encoding"})
_log = logging.getLogger("harta.workers")


class OtherWorkers:
    """The other processes of this server on this machine.

    Parameters
    ----------
    folder
        Where they are found.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._searches = asyncio.Semaphore(_SEARCHES)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Let the process that has what is asked for answer.

        Parameters
        ----------
        scope, receive, send
            Of the request; its body was not read yet.

        Returns
        -------
        bool
            False where no other process has it, or it did not answer: nothing was sent.
        """
        if (scope.get("server") or ("", 0))[1] is None:  # another process asks us: it goes no further
            return False
        async with self._searches:
            holder = await self._holder(scope)
        return holder is not None and await _hand_on(holder, scope, receive, send)

    async def _holder(self, scope: Scope) -> Path | None:
        for path in other_workers(self.folder):
            try:
                async with _client(path, _HOLDS) as http:
                    answer = await http.send(_request("HEAD", scope, without=_ASKED | {b"content-length", b"range"}))
            except httpx.HTTPError:  # it has just gone
                continue
            if answer.is_success:
                return path
        return None


def _client(path: Path, seconds: float) -> httpx.AsyncClient:
    way = httpx.AsyncHTTPTransport(uds=str(path), verify=False)
    return httpx.AsyncClient(transport=way, timeout=seconds, trust_env=False)


def _request(
    method: str, scope: Scope, content: AsyncIterator[bytes] | None = None, *, without: frozenset[bytes] = _ASKED
) -> httpx.Request:
    asked = scope.get("raw_path") or scope["path"].encode()
    if scope.get("query_string"):
        asked += b"?" + scope["query_string"]
    headers = [pair for pair in scope["headers"] if pair[0] not in without]
    return httpx.Request(method, httpx.URL("http://harta", raw_path=asked), headers=headers, content=content)


async def _hand_on(path: Path, scope: Scope, receive: Receive, send: Send) -> bool:
    async def body() -> AsyncIterator[bytes]:
        while (message := await receive())["type"] == "http.request":
            yield message.get("body", b"")
            if not message.get("more_body"):
                return
        raise ConnectionResetError  # who sends is gone before the end

    is_sending, is_begun = scope["method"] not in ("GET", "HEAD", "DELETE"), False
    try:
        async with _client(path, _PATIENCE) as http:
            answer = await http.send(_request(scope["method"], scope, body() if is_sending else None), stream=True)
            headers = [(name.lower(), value) for name, value in answer.headers.raw if name.lower() not in _ANSWERED]
            is_begun = True
            await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
            async for part in answer.aiter_raw():
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await answer.aclose()
        await send({"type": "http.response.body", "body": b""})
    except (httpx.HTTPError, ConnectionResetError) as error:
        _log.warning("another process did not answer to the end: %s", type(error).__name__)
        if is_begun:
            raise
        return False
    return True
