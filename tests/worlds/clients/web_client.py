"""Ask an ASGI application as a browser would, without a server."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Client:
    app: Any

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                return await client.get(path, headers=headers)

        # On a thread of its own: a browser test in the same run may have left an event loop on this one.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, ask()).result()
