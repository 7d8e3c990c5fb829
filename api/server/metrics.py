"""`/metrics`, for Prometheus: what this process did and how the home stands. Counts and seconds, nothing of a person.

It answers this machine alone, or whoever knows HARTA_METRICS_TOKEN; to everybody else the address does not exist.
Labels come from the lists below, never from a request.
"""

from __future__ import annotations

import hmac
import os
import shutil
import threading
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from api.http import session
from api.http.dependencies import directory_for
from api.http.open_routes import opens_itself
from api.http.proxies import is_forwarded
from api.server.health import READINESS
from api.server.timed_work import OWN_TURNS
from core.errors import MapError
from core.storage.home import open_home
from referrals.homes import maintenance
from referrals.outbox import message_queue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from core.storage.home import Home

TOKEN_SETTING = "HARTA_METRICS_TOKEN"  # noqa: S105  (the name of the setting)
_SHORTEST_TOKEN = 16
# By what an address begins with, the first that fits; everything else is a page of the full application.
_KINDS = (
    ("/health", "health"), ("/metrics", "health"),
    ("/assets/", "file"), ("/static/", "file"), ("/media/", "file"), ("/_stcore/", "file"),
    ("/simplu/harta", "map"), ("/api/map/", "map"), ("/incorporat/", "map"),
    ("/api", "api"), ("/ogc", "api"), ("/hsds", "api"), ("/fhir", "api"), ("/bulk", "api"),
    ("/l/", "link"), ("/simplu", "plain"),
    ("/intra", "sign_in"), ("/iesire", "sign_in"), ("/invitatie", "sign_in"),
)  # fmt: skip
_OTHER = "screen"
KINDS = (*dict.fromkeys(kind for _begins, kind in _KINDS), _OTHER)
_BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
_STATUSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
_STARTED = time.time()


@dataclass
class Measurements:
    """What one process has answered, by kind of address."""

    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    within: Counter[tuple[str, int]] = field(default_factory=Counter)  # by kind and the place of its bound
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    sockets: int = 0

    def note(self, kind: str, status: int, seconds: float) -> None:
        """Count an answer that was sent to its end."""
        self.answers[kind, _STATUSES[min(max(status // 100, 1), 5) - 1]] += 1
        self.within[kind, bisect_left(_BOUNDS, seconds)] += 1
        self.seconds[kind] += seconds


MEASURED = Measurements()


def kind_of(path: str) -> str:
    """Return the kind of an address.

    >>> kind_of("/simplu/harta/judete"), kind_of("/simplu"), kind_of("/l/a-secret"), kind_of("/")
    ('map', 'plain', 'link', 'screen')
    """
    return next((kind for begins, kind in _KINDS if path.startswith(begins)), _OTHER)


class Measured:
    """Count and time every answer, and the sockets that are open. It stands before all other middleware."""

    def __init__(self, app: ASGIApp, *, measured: Measurements = MEASURED) -> None:
        self.app = app
        self.measured = measured

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and note how it was answered."""
        if scope["type"] == "websocket":
            self.measured.sockets += 1
            try:
                await self.app(scope, receive, send)
            finally:
                self.measured.sockets -= 1
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            self.measured.note(kind_of(scope["path"]), status, time.perf_counter() - began)


@opens_itself
async def show_metrics(request: Request) -> Response:
    """Return everything that is measured, in the text format of Prometheus."""
    if not may_read(request):
        return PlainTextResponse("404", 404, headers={"Cache-Control": "no-store"})
    reason = await READINESS.reason()
    lines = [
        *_own_lines(MEASURED),
        *_metric("harta_ready", "gauge", "1 = people may be sent here", [("", int(not reason))]),
    ]
    lines += await run_in_threadpool(home_lines)
    headers = {"Cache-Control": "no-store"}
    return PlainTextResponse("\n".join(lines) + "\n", headers=headers, media_type="text/plain; version=0.0.4")


def may_read(request: Request) -> bool:
    """Whether the measurements are told to who asks: a program on this machine that came straight, or a known token."""
    token = os.environ.get(TOKEN_SETTING, "").strip()
    text = request.headers.get("authorization", "")
    if len(token) >= _SHORTEST_TOKEN and hmac.compare_digest(text.encode(), f"Bearer {token}".encode()):
        return True
    host = request.headers.get("host", "")
    client = request.client.host if request.client else ""
    return not is_forwarded(request.headers) and session.is_this_machine(client, host)


def _metric(name: str, kind: str, what: str, values: Sequence[tuple[str, float]]) -> Iterator[str]:
    yield f"# HELP {name} {what}"
    yield f"# TYPE {name} {kind}"
    for labels, value in values:
        yield f"{name}{labels} {value:.10g}"


def _own_lines(measured: Measurements) -> Iterator[str]:
    answers = [(f'{{kind="{kind}",status="{status}"}}', measured.answers[kind, status])
               for kind in KINDS for status in _STATUSES if measured.answers[kind, status]]  # fmt: skip
    yield from _metric(
        "harta_answers_total", "counter", "Answers sent, by kind of address and class of status.", answers
    )
    yield "# HELP harta_answer_seconds How long answers took, from the request to the last byte."
    yield "# TYPE harta_answer_seconds histogram"
    for kind in KINDS:
        counts = [measured.within[kind, place] for place in range(len(_BOUNDS) + 1)]
        for place, bound in enumerate((*map(str, _BOUNDS), "+Inf")):
            yield f'harta_answer_seconds_bucket{{kind="{kind}",le="{bound}"}} {sum(counts[: place + 1])}'
        yield f'harta_answer_seconds_sum{{kind="{kind}"}} {measured.seconds[kind]:.6f}'
        yield f'harta_answer_seconds_count{{kind="{kind}"}} {sum(counts)}'
    sockets = [("", float(measured.sockets))]
    yield from _metric("harta_screen_sockets", "gauge", "Screens of the full application that are open.", sockets)
    turns = [(f'{{of="{of}"}}', float(OWN_TURNS[of])) for of in ("ledger", "machine")]
    yield from _metric("harta_timed_work", "gauge", "1 = this process does the timed work now.", turns)
    times = os.times()
    yield from _metric("process_cpu_seconds_total", "counter", "Processor time.", [("", times.user + times.system)])
    yield from _metric("process_resident_memory_bytes", "gauge", "Memory in use.", [("", _resident_bytes())])
    yield from _metric("process_start_time_seconds", "gauge", "Start, in Unix time.", [("", _STARTED)])
    yield from _metric("harta_threads", "gauge", "Threads of the process.", [("", threading.active_count())])


def _resident_bytes() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def home_lines() -> list[str]:
    """Measure the home and its ledger; what cannot be read now is left out, and `harta_ready` says why."""
    try:
        home = open_home()
        lines = _kept_lines(home)
        with directory_for(home).ledger.store.read() as connection:
            waiting = message_queue.count_by_state(connection)
        events = directory_for(home).ledger.event_counter()
    except (MapError, OSError):
        return []
    states = [(f'{{state="{state}"}}', float(waiting.get(state, 0))) for state in message_queue.STATES]
    lines += _metric("harta_outbox_messages", "gauge", "Messages of the outbox, by state.", states)
    lines += _metric("harta_ledger_events_total", "counter", "Events of the ledger that move places.", [("", events)])
    return lines


def _kept_lines(home: Home) -> list[str]:
    done = maintenance.last_done(home)
    at = [(f'{{task="{task.name}"}}', done[task.name].timestamp()) for task in maintenance.TASKS if task.name in done]
    lines = list(_metric("harta_task_done_seconds", "gauge", "When a task of upkeep was done last, in Unix time.", at))
    newest = maintenance.backups(home)[:1]
    made = [("", newest[0].stat().st_mtime)] if newest else []
    lines += _metric(
        "harta_newest_backup_seconds", "gauge", "When the newest automatic backup was made, Unix time.", made
    )
    free = [("", float(shutil.disk_usage(home.path).free))]
    lines += _metric("harta_disk_free_bytes", "gauge", "Room left where the home is.", free)
    return lines


def routes() -> list[BaseRoute]:
    """Return the route of the measurements.

    Returns
    -------
    list of BaseRoute
        `/metrics`.
    """
    return [Route("/metrics", show_metrics, methods=["GET"])]
