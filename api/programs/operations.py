"""What an operation is, and how its handler becomes an endpoint: scope, JSON, digest of the answer (ETag)."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Annotated, Any, Literal, get_type_hints

from fastapi import Depends, Request, params
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response, StreamingResponse

from api.programs.callers import Call
from api.programs.problems import ProblemError
from core.i18n import language

COMMON = (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503)


@dataclass(frozen=True)
class Answered:
    """What a handler gives: JSON-ready content, or its bytes, or pieces of it while they are made.

    status, headers, media_type: of its own; "" = as the operation says.
    """

    content: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    media_type: str = ""


@dataclass(frozen=True)
class Operation:
    """One operation of the API.

    Attributes
    ----------
    name
        The `operationId` of its description.
    method, path
        How and where below the surface's address it is asked.
    handler
        Answers; its docstring is the description.
    scopes
        One of them is needed.
    answers
        The shape of what it answers.
    summary
        One line of its description.
    status
        Of its answer.
    refusals
        Statuses beside those of every operation.
    is_kept
        Whether what it answers may be kept and asked after by its digest; nothing of a case may.
    media_types
        Of its answers, the usual one first.
    """

    name: str
    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    handler: Callable[..., Answered]
    scopes: tuple[str, ...]
    answers: type[BaseModel]
    summary: str
    status: int = 200
    refusals: tuple[int, ...] = ()
    is_kept: bool = False
    media_types: tuple[str, ...] = ("application/json",)

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every status beside its own that it may answer with."""
        return (*COMMON, *self.refusals, *((304,) if self.is_kept else ()))


class ProblemResponse(BaseModel):
    """A problem by RFC 9457. The words are for people, `type` is for programs."""

    model_config = ConfigDict(extra="allow")
    type: str = Field(
        description="Address of the problem's description; the same for the same problem, in any language"
    )
    title: str
    status: int
    detail: str


def endpoint_of(operation: Operation, *, is_strict: bool = False) -> Callable[..., Response]:
    """Make the endpoint of an operation; it runs in a worker thread.

    is_strict: whether a parameter that is none of its own is refused.
    """
    named = _named_parameters(operation.handler)

    @wraps(operation.handler)
    def answer(*, call: Call, **value: Any) -> Response:
        call.require(operation.scopes)
        if is_strict:
            _refuse_others(call, named)
        answered = operation.handler(call=call, **value)
        headers = {"Content-Language": language(), "Vary": "Authorization, Accept, Accept-Language", **answered.headers}
        kind = answered.media_type or operation.media_types[0]
        if isinstance(answered.content, Iterator):
            more = {"Cache-Control": "no-store", **headers}
            content = iter(()) if call.is_head else answered.content
            return StreamingResponse(content, answered.status, headers=more, media_type=kind)
        body = answered.content if isinstance(answered.content, bytes) else as_bytes(answered.content)
        if not operation.is_kept:
            return Response(body, answered.status, headers={"Cache-Control": "no-store", **headers}, media_type=kind)
        # Of what is sent alone: a number of the ledger's state would tell when something happens at a protected door.
        tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers |= {"Cache-Control": "private, no-cache", "ETag": tag}
        if {tag, "W/*"} & _tags(call.headers.get("if-none-match", "")):
            return Response(status_code=304, headers=headers)
        return Response(body, answered.status, headers=headers, media_type=kind)

    return answer


def _named_parameters(handler: Callable[..., Answered]) -> dict[str, bool]:
    """Return the parameters in the address by name, and whether each may come several times."""
    hints = get_type_hints(handler, include_extras=True)
    found = {}
    for name in inspect.signature(handler).parameters:
        marks = [each for each in getattr(hints[name], "__metadata__", ()) if isinstance(each, params.Query)]
        if marks:
            found[marks[-1].alias or name] = "list[" in str(hints[name].__origin__)
    return found


def _refuse_others(call: Call, named: Mapping[str, bool]) -> None:
    """Refuse a parameter that is none, or that is there twice: a filter that is passed over misleads."""
    several = Counter(name for name, _value in call.query.multi_items())
    if several.keys() - named.keys():
        raise ProblemError("invalid", {"errors": [{"at": ["query"], "code": "unknown"}]})
    twice = [name for name, times in several.items() if times > 1 and not named[name]]
    if twice:
        raise ProblemError("invalid", {"errors": [{"at": ["query", name], "code": "twice"} for name in twice]})


def as_bytes(content: Any) -> bytes:
    """Write JSON in UTF-8; a number that is none stops here."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _tags(text: str) -> set[str]:
    """Return the digests that the asker has, `W/*` for any; a strong one counts as a weak one, as it does for GET."""
    found = (part.strip() for part in text.split(","))
    return {part if part.startswith("W/") else f"W/{part}" for part in found if part}


async def _call_of(request: Request) -> Call:
    # Asynchronous, so that it takes no thread of its own.
    state, base = request.scope["state"], str(request.base_url).rstrip("/")
    return Call(state["token"], request.headers, request.query_params, base, state["is_head"])


CallOf = Annotated[Call, Depends(_call_of)]
