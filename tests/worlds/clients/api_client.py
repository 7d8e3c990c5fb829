"""Ask the API as another program would, without a server: a token, JSON, and nothing of a browser."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx

from referrals.interchange.api_tokens import SCOPES, create_token
from referrals.records import roles
from referrals.records.vocabulary import Actor

ADMIN = Actor("admin", "cli:test")
PARINCEA = 24089  # SIRUTA of the commune
AREAS: dict[str, dict[str, Any]] = {
    "team": {"county": "BC", "uat_siruta": PARINCEA},
    "county": {"county": "BC"},
    "national": {},
    "provider": {"services": ("social:mmps:1",)},
}


def fitting(role: str) -> tuple[str, ...]:
    """Every scope that a role has a use for."""
    if role == "provider":
        return ("read", "nearest", "report", "webhook")
    return tuple(scope for scope, needs in SCOPES.items() if not needs or roles.reach(role, needs))


def secret_for(directory, role: str = "county", scopes: tuple[str, ...] | None = None, **area: Any) -> str:
    said = {**AREAS[role], **area}
    wanted = fitting(role) if scopes is None else scopes
    return create_token(directory.ledger, "test", role=role, scopes=wanted, actor=ADMIN, **said)[1]


@dataclass(frozen=True)
class ApiClient:
    """One program. headers: sent with every request."""

    app: Any
    secret: str = ""
    address: str = "10.0.0.7"

    def ask(self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
        own = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}

        async def sent() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, client=(self.address, 5_000))
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await client.request(method, path, headers={**own, **(headers or {})}, **more)

        # On a thread of its own: a browser test in the same run may have left an event loop on this one.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, sent()).result()

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.ask("GET", path, **more)

    def post(self, path: str, content: Any = None, **more: Any) -> httpx.Response:
        return self.ask("POST", path, json=content, **more)

    def put(self, path: str, content: Any = None, **more: Any) -> httpx.Response:
        return self.ask("PUT", path, json=content, **more)


def is_problem(answer: httpx.Response, name: str) -> bool:
    """Whether an answer is a problem of this name, whole and true to its status."""
    said = answer.json()
    assert answer.headers["content-type"] == "application/problem+json", answer.headers
    assert said["status"] == answer.status_code
    assert said["title"]
    assert said["detail"]
    return said["type"] == f"/api/v1/docs#{name}"
