"""What an answer on a plain page costs: milliseconds of processor and calls, in the small home of the tests.

`python -m bench.screens.bench_plain_answer`: the whole way of a request, from its bytes to the page's, without a
network.
"""

from __future__ import annotations

import asyncio
import cProfile
import os
import pstats
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette

from api.auth import sign_in
from api.http import assets, endpoint
from api.plain import routes as plain
from api.server import middleware
from tests.worlds.clients.form_browser import Browser, form
from tests.worlds.homes import small_world

REPEATS = 50
QUESTIONS = {
    "a service type": [("cuvinte", small_world.CHILD_DAY_CENTRE)],
    "a need": [("nevoie", "identity-papers")],
    "two needs, one way": [("nevoie", "identity-papers"), ("nevoie", small_world.CHILD_DAY_CENTRE)],
}


async def _in_this_thread(function: Callable[..., Any], *values: Any, **named: Any) -> Any:
    return function(*values, **named)


def main() -> None:
    """Print a row for each question."""
    endpoint.run_in_threadpool = _in_this_thread  # type: ignore[assignment]  # a profile sees one thread
    with TemporaryDirectory() as folder:
        os.environ["HARTA_HOME"] = str(small_world.make_world(Path(folder) / "home").path)
        routes = [*assets.routes(), *sign_in.routes(), *plain.routes()]
        web = Starlette(routes=routes, middleware=middleware.stack(frozenset({"/"})))
        browser = Browser(web)
        browser.submit(browser.get("/intra"), "/intra", rol="team:24089", pagini="simplu")
        seal = form(browser.get("/simplu/gasiti"), "/simplu/raspuns").fields[0]
        print(f"{'question':<20} {'bytes':>6} {'ms median':>10} {'ms least':>9} {'calls':>7}")
        for name, fields in QUESTIONS.items():
            body = urlencode([seal, ("loc", "Parincea, județul Bacău"), *fields]).encode()
            print(f"{name:<20} " + asyncio.run(_measured(web, browser, body)))


async def _measured(web: Starlette, browser: Browser, body: bytes) -> str:
    for _ in range(5):
        size = await _ask(web, browser, body)
    taken = []
    for _ in range(REPEATS):
        begun = time.process_time()
        await _ask(web, browser, body)
        taken.append((time.process_time() - begun) * 1000)
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(REPEATS):
        await _ask(web, browser, body)
    profile.disable()
    calls = pstats.Stats(profile).total_calls / REPEATS  # type: ignore[attr-defined]
    return f"{size:>6} {statistics.median(taken):>10.1f} {min(taken):>9.1f} {calls:>7.0f}"


async def _ask(web: Starlette, browser: Browser, body: bytes) -> int:
    """Send the form; return the bytes of the page."""
    parts = [{"type": "http.request", "body": body, "more_body": False}]
    answered: list[Any] = []

    async def receive() -> dict[str, Any]:
        return parts.pop() if parts else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        answered.append(message)

    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    headers = {
        "host": "127.0.0.1",
        "content-type": "application/x-www-form-urlencoded",
        "content-length": str(len(body)),
        "cookie": cookies,
    }
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": "/simplu/raspuns",
        "raw_path": b"/simplu/raspuns", "query_string": b"", "root_path": "", "scheme": "http",
        "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 5000),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    await web(scope, receive, send)
    if answered[0]["status"] != 200:
        raise SystemExit(f"status {answered[0]['status']}")
    return sum(len(message.get("body", b"")) for message in answered[1:])


if __name__ == "__main__":
    main()
