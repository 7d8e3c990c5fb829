"""What an operation is, and how its handler becomes an endpoint: scope, JSON, digest of the answer (ETag)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Annotated, Any, Literal

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.v1.callers import Call
from core.i18n import language

COMMON = (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503)


@dataclass(frozen=True)
class Answered:
    """What a handler gives: JSON-ready content, its status, and headers of its own."""

    content: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    """One operation of the API.

    scopes: one of them is needed. answers: the shape of what it answers. is_kept: whether what it answers may be kept
    and asked after by its digest; nothing of a case may.
    """

    name: str
    method: Literal["GET", "POST", "PUT"]
    path: str
    handler: Callable[..., Answered]
    scopes: tuple[str, ...]
    answers: type[BaseModel]
    summary: str
    status: int = 200
    refusals: tuple[int, ...] = ()
    is_kept: bool = False

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every status beside its own that it may answer with."""
        return (*COMMON, *self.refusals, *((304,) if self.is_kept else ()))


class ProblemTold(BaseModel):
    """A problem by RFC 9457. The words are for people, `type` is for programs."""

    model_config = ConfigDict(extra="allow")
    type: str = Field(
        description="Address of the problem's description; the same for the same problem, in any language"
    )
    title: str
    status: int
    detail: str


def endpoint_of(operation: Operation) -> Callable[..., Response]:
    """Make the endpoint of an operation; it runs in a worker thread."""

    @wraps(operation.handler)
    def answer(*, call: Call, **said: Any) -> Response:
        call.require(operation.scopes)
        answered = operation.handler(call=call, **said)
        body = as_bytes(answered.content)
        headers = {"Content-Language": language(), "Vary": "Authorization, Accept-Language", **answered.headers}
        if not operation.is_kept:
            return _response(body, answered.status, {**headers, "Cache-Control": "no-store"})
        # Of what is sent alone: a number of the ledger's state would tell when something happens at a protected door.
        tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers |= {"Cache-Control": "private, no-cache", "ETag": tag}
        if tag in _tags(call.headers.get("if-none-match", "")):
            return Response(status_code=304, headers=headers)
        return _response(body, answered.status, headers)

    return answer


def as_bytes(content: Any) -> bytes:
    """Write JSON in UTF-8; a number that is none stops here."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _response(body: bytes, status: int, headers: dict[str, str]) -> Response:
    return Response(body, status, headers=headers, media_type="application/json")


def _tags(said: str) -> set[str]:
    """Return the digests that the asker has; a strong one counts as a weak one, as it does for GET."""
    found = (part.strip() for part in said.split(","))
    return {part if part.startswith("W/") else f"W/{part}" for part in found if part}


async def _call_of(request: Request) -> Call:
    # Asynchronous, so that it takes no thread of its own.
    return Call(request.scope["state"]["token"], request.headers)


CallOf = Annotated[Call, Depends(_call_of)]
