"""Whether the server still answers while it is abused: half-sent requests, and many sign-ins at once.

`python -m bench.server.bench_abuse` makes a live home in a temporary folder, serves it with `harta serve` within 1,024
file descriptors, and for `SECONDS` keeps 2,000 requests half sent (opened anew as soon as the server drops one), sends
200 sign-ins at once, and breaks off 400 forms in their middle. A watcher asks `/health` all the while.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import re
import resource
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import httpx

from bench.screens.browsing import ROOT, load
from core.storage.home import make_home
from referrals.ledger.ledger import open_ledger

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

HALF_OPEN, SIGN_INS, BROKEN_FORMS = 2_000, 200, 400
SECONDS = 40.0
NO_KEEPING = httpx.Limits(max_keepalive_connections=0)
AGAIN_SECONDS = 4.0  # until a dropped attacker comes back
DESCRIPTORS = 1_024  # of the server: what a service has where nobody has thought of it
# The contract.
MOST_HEALTH_SECONDS, MOST_MEMORY_MB, MOST_LOG_MB = 1.0, 1_024, 5
HALF_FORM = (
    b"POST /intra HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
)
HALVES = (
    b"",
    b"GET /simplu HTTP/1.1\r\nHost: x\r\nX-Half: ",
    HALF_FORM,
)


@dataclass
class Seen:
    """What the attackers and the watcher saw."""

    health: list[float] = field(default_factory=list)  # seconds of each answer
    unready: int = 0
    opened: int = 0
    memory_mb: float = 0.0
    sign_ins: dict[int, int] = field(default_factory=dict)  # how many were answered, by status; 0: not at all
    slowest_sign_in: float = 0.0


def main() -> None:
    """Print what was seen; exit 1 where the contract is not kept."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(4 * HALF_OPEN, 8_192),) * 2)
    with tempfile.TemporaryDirectory() as folder:
        home = make_home("live", Path(folder) / "home")
        open_ledger(home).close()
        log = Path(folder) / "server.log"
        with log.open("wb") as written:
            server = subprocess.Popen(
                [sys.executable, str(ROOT / "cli.py"), "serve", "--port", "0"],
                env={**os.environ, "HARTA_HOME": str(home.path), "PYTHONPATH": str(ROOT)},
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS)),  # noqa: PLW1509
                cwd=folder, stdout=written, stderr=written,
            )  # fmt: skip
        try:
            port = _port(log, server)
            seen = _attacked(port, server.pid)
        finally:
            server.terminate()
            server.wait(30)
        log_mb = log.stat().st_size / 2**20
    over = _report(seen, log_mb)
    print(load())
    if over:
        raise SystemExit(f"not as it should be: {', '.join(over)}")


def _report(seen: Seen, log_mb: float) -> list[str]:
    worst = max(seen.health)
    median = sorted(seen.health)[len(seen.health) // 2]
    print(f"half-sent requests: {HALF_OPEN} at once for {SECONDS:.0f} s, {seen.opened} opened in all")
    print(
        f"/health: {len(seen.health)} asked, {seen.unready} not answered 200; median {median:.3f}, worst {worst:.3f} s"
    )
    print(f"sign-ins at once: {SIGN_INS}, answered {seen.sign_ins}, the slowest after {seen.slowest_sign_in:.1f} s")
    print(f"memory of the server at its most: {seen.memory_mb:.0f} MB; its log: {log_mb:.3f} MB")
    return [
        name
        for name, is_kept in (
            ("/health", worst <= MOST_HEALTH_SECONDS and not seen.unready),
            ("memory", seen.memory_mb <= MOST_MEMORY_MB),
            ("the log", log_mb <= MOST_LOG_MB),
            ("sign-ins", not seen.sign_ins.get(0)),
        )
        if not is_kept
    ]


def _port(log: Path, server: subprocess.Popen[bytes]) -> int:
    """Wait until the server says where it is and answers there."""
    until = time.monotonic() + 120
    while time.monotonic() < until and server.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:(\d+)", log.read_text(encoding="utf-8"))
        if found:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"http://127.0.0.1:{found[1]}/health", timeout=2, trust_env=False).status_code == 200:
                    return int(found[1])
        time.sleep(0.2)
    raise SystemExit("the server did not answer")


def _attacked(port: int, process: int) -> Seen:
    """Attack, sign in and watch, each in a process of its own: what waits for the attacker measures nothing."""
    context = multiprocessing.get_context("spawn")
    watching, watcher_end = context.Pipe()
    signing_in, sign_in_end = context.Pipe()
    watcher = context.Process(target=_watch, args=(port, process, watcher_end))
    people = context.Process(target=_sign_in_all, args=(port, sign_in_end))
    watcher.start()
    people.start()
    seen = Seen()
    try:
        asyncio.run(_attack(port, seen))
        seen.sign_ins, seen.slowest_sign_in = signing_in.recv()
    finally:
        watching.send("enough")
        seen.health, seen.unready, seen.memory_mb = watching.recv()
        watcher.join()
        people.join()
    return seen


async def _attack(port: int, seen: Seen) -> None:
    halves = [asyncio.create_task(_hold_half(port, HALVES[number % len(HALVES)], seen)) for number in range(HALF_OPEN)]
    await asyncio.sleep(SECONDS / 4)
    await asyncio.gather(*(_break_off(port) for _ in range(BROKEN_FORMS)), asyncio.sleep(SECONDS * 3 / 4))
    for task in halves:
        task.cancel()
    await asyncio.wait(halves, timeout=10)


async def _hold_half(port: int, said: bytes, seen: Seen) -> None:
    """Keep one request half sent, dripping; begin again whenever the server has had enough."""
    while True:
        writer = None
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            seen.opened += 1
            writer.write(said)
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(5):
                        if not await reader.read(1024):
                            break
                if said:
                    writer.write(b"a")
        if writer is not None:
            writer.transport.abort()
        await asyncio.sleep(AGAIN_SECONDS)


async def _break_off(port: int) -> None:
    """Send half a form and go away."""
    with contextlib.suppress(OSError):
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HALF_FORM + b"cont=")
        await writer.drain()
        await asyncio.sleep(0.2)
        writer.transport.abort()


def _watch(port: int, process: int, told: Connection) -> None:
    """Ask `/health` as a watcher does, each time by a connection of its own, and note the memory of the server."""
    health: list[float] = []
    unready, memory_mb = 0, 0.0
    while not told.poll(0.1):
        start = time.perf_counter()
        ready = False
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 10) as asked:
            asked.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            ready = asked.recv(100).startswith(b"HTTP/1.1 200")
        health.append(time.perf_counter() - start)
        unready += not ready
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
        memory_mb = max(memory_mb, int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024)
    told.recv()
    told.send((health, unready, memory_mb))


def _sign_in_all(port: int, told: Connection) -> None:
    """Sign in with many accounts at once, while the attack is under way; tell how many got which answer."""
    time.sleep(SECONDS / 4)
    answers, slowest = asyncio.run(_sign_ins(port))
    told.send((answers, slowest))


async def _sign_ins(port: int) -> tuple[dict[int, int], float]:
    done = await asyncio.gather(*(_sign_in(port, number) for number in range(SIGN_INS)))
    statuses = [status for status, _seconds in done]
    return {status: statuses.count(status) for status in sorted(set(statuses))}, max(seconds for _s, seconds in done)


async def _sign_in(port: int, number: int) -> tuple[int, float]:
    """Send the form of the sign-in page, with the seal that it has, for an account that does not exist.

    Gives the status of the answer (0: there was none) and how many seconds it took.
    """
    start = time.perf_counter()
    status = 0
    base = f"http://127.0.0.1:{port}"
    with contextlib.suppress(httpx.HTTPError, IndexError):
        # verify=False: reading the certificates of the world 200 times would take this machine longer than the server.
        async with httpx.AsyncClient(
            base_url=base,
            timeout=SECONDS,
            trust_env=False,
            verify=False,  # noqa: S501
            limits=NO_KEEPING,
        ) as client:
            page = await client.get("/intra")
            seal = re.findall(r'name="formular" value="([^"]+)"', page.text)[0]
            form = {"formular": seal, "cont": f"cont-{number}", "parola": "gresita gresita gresita"}
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            status = (await client.post("/intra", content=urlencode(form), headers=headers)).status_code
    return status, time.perf_counter() - start


if __name__ == "__main__":
    main()
