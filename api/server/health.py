"""`/health`, for load balancers and watchers, not for people: whether the process lives and whether it can serve.

| address | 200 | 503 |
|---|---|---|
| `/health/live` | the process answers | never |
| `/health`, `/health/ready` | the ledger answers as well | `ready` is false, `reason` says why |

A process that lives and is not ready wants its database back, not to be started anew. Nothing about the data is said.
"""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from api.http.dependencies import directory_for
from api.http.open_routes import opens_itself
from core.errors import HomeError, MapError
from core.storage.home import open_home

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

_FRESH_SECONDS = 1.0  # of an answer of the ledger: watchers that ask all the time ask it once a second
_PATIENCE_SECONDS = 0.5  # an answer of ours never takes longer than about this
_TRUST_SECONDS = 15.0  # how long the last answer stands while a new one takes its time (a busy machine)


def reason_unready() -> str:
    """Ask the ledger; return an empty text if it answers, else one word for what does not: `home`, `ledger`."""
    try:
        directory_for(open_home()).ledger.event_counter()
    except HomeError:
        return "home"
    except MapError:
        return "ledger"
    except Exception:  # noqa: BLE001  (whatever it is, the answer is that we cannot serve)
        return "ledger"
    return ""


@dataclass
class Readiness:
    """What the ledger last said, asked anew where that is old. One question at a time, in a thread of its own.

    The threads of the requests may all be waiting for the very database that is asked about.
    """

    ask: Callable[[], str] = reason_unready
    clock: Callable[[], float] = time.monotonic
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "health"), repr=False)
    _asked: Future[str] | None = field(default=None, repr=False)
    _last: str = "starting"
    _last_at: float = float("-inf")

    async def reason(self) -> str:
        """Return why we are not ready, an empty text if we are."""
        if self.clock() - self._last_at < _FRESH_SECONDS:
            return self._last
        if self._asked is None:
            self._asked = self._thread.submit(self.ask)
        await asyncio.wait([asyncio.wrap_future(self._asked)], timeout=_PATIENCE_SECONDS)
        if self._asked is not None and self._asked.done():
            self._last, self._last_at = self._asked.result(), self.clock()
            self._asked = None
        if self.clock() - self._last_at > _TRUST_SECONDS:
            return "starting" if self._last == "starting" else "slow"
        return self._last


READINESS = Readiness()


@opens_itself
async def live(_request: Request) -> Response:
    """Say that the process answers."""
    return JSONResponse({"status": "ok", "alive": True}, headers={"Cache-Control": "no-store"})


@opens_itself
async def ready(_request: Request) -> Response:
    """Say whether the process can serve, and if not, what is away."""
    reason = await READINESS.reason()
    values = {"status": "ok" if not reason else "unavailable", "alive": True, "ready": not reason}
    if reason:
        values["reason"] = reason
    return JSONResponse(values, 503 if reason else 200, headers={"Cache-Control": "no-store"})


def routes() -> list[BaseRoute]:
    """Return the routes that tell whether the process lives and whether it can answer.

    Returns
    -------
    list of BaseRoute
        `/health`, `/health/ready` and `/health/live`.
    """
    return [Route("/health", ready), Route("/health/ready", ready), Route("/health/live", live)]
