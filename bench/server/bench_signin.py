"""Sign-ins of one moment: what a server needs for them, and whether it answers others meanwhile.

    python -m bench.server.bench_signin [HOW MANY, 200]

A live home of its own, `harta serve`, one account and one browser for each sign-in, all forms sent at once with
the right passwords; `/health` is asked every 50 ms. Then the same once more from the same browsers, whose devices
are known by now.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import re
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import httpx

from api.server.http_server import listen
from bench.screens.browsing import memory_of
from referrals.accounts import accounts, passwords
from referrals.homes.demonstration import make_live
from referrals.records.vocabulary import Actor
from referrals.workflow.directory import open_directory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "patru cuvinte la rand"  # noqa: S105 - of invented accounts


def main(count: int = 200) -> None:
    """Make the home, serve it, send the sign-ins and print what came of them."""
    with TemporaryDirectory() as folder:
        os.environ["HARTA_HOME"] = str(Path(folder) / "home")
        os.environ.pop("HARTA_DATABASE_URL", None)
        _make_accounts(count)
        with listen("127.0.0.1", 0) as probe:
            port = probe.getsockname()[1]
        server = subprocess.Popen([sys.executable, str(ROOT / "cli.py"), "serve", "--port", str(port)])
        try:
            _wait(f"http://127.0.0.1:{port}/health")
            asyncio.run(_measure(f"http://127.0.0.1:{port}", server.pid, count))
        finally:
            server.terminate()
            server.wait(20)


def _make_accounts(count: int) -> None:
    ledger = open_directory(make_live()).ledger
    admin = Actor("admin", "bench")
    hashed = passwords._hasher().hash(PASSWORD)  # noqa: SLF001 - one hash for all: only its checking is measured
    for number in range(count):
        accounts.invite(ledger, f"c{number}", role="national", actor=admin)
    with ledger.store.write() as connection:
        connection.exec_driver_sql("UPDATE accounts SET state = 'active', password = '%s'" % hashed)  # noqa: S608, UP031
    ledger.close()


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            httpx.get(address, timeout=2)
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server does not answer")


async def _measure(base: str, pid: int, count: int) -> None:
    limits = httpx.Limits(max_keepalive_connections=0)  # a server closes what is idle for 5 seconds
    browsers = [httpx.AsyncClient(base_url=base, timeout=120, limits=limits) for _ in range(count)]
    before = memory_of(pid, "VmRSS")
    with _health(base) as alone:
        await asyncio.sleep(5)
    print(f"before: /health at most {max(alone):.0f} ms")
    for round_ in ("unknown devices", "the same browsers again"):
        forms = [re.search(r'name="formular" value="([^"]+)"', (await each.get("/intra")).text) for each in browsers]
        begun, used = time.perf_counter(), _processor(pid)
        with _health(base) as health:
            answers = await asyncio.gather(
                *(
                    each.post("/intra", data={"formular": form[1] if form else "", "cont": f"c{n}", "parola": PASSWORD})
                    for n, (each, form) in enumerate(zip(browsers, forms, strict=True))
                )
            )
        seconds = time.perf_counter() - begun
        counted = Counter(answer.status_code for answer in answers)
        print(
            f"{round_}: {dict(counted)} in {seconds:.1f} s ({_processor(pid) - used:.1f} of processor);"
            f" memory {before} MB before, at most {memory_of(pid, 'VmHWM')};"
            f" /health {len(health)} times, at most {max(health):.0f} ms"
        )
        for each in browsers:
            if "harta_sesiune" in each.cookies:
                each.cookies.delete("harta_sesiune")
    for each in browsers:
        await each.aclose()


@contextmanager
def _health(base: str) -> Iterator[list[float]]:
    """Ask /health in a process of its own, or what waits would be our own sending; gives milliseconds at the end."""
    ours, theirs = multiprocessing.Pipe()
    watcher = multiprocessing.get_context("spawn").Process(target=_watch_health, args=(base, theirs))
    watcher.start()
    ours.recv()
    taken: list[float] = []
    yield taken
    ours.send("enough")
    taken += ours.recv()
    watcher.join()


def _watch_health(base: str, pipe: Connection) -> None:
    taken = []
    with httpx.Client(base_url=base, timeout=60) as client:
        client.get("/health")
        pipe.send("ready")
        while not pipe.poll(0.05):
            begun = time.perf_counter()
            client.get("/health")
            taken.append((time.perf_counter() - begun) * 1000)
    pipe.send(taken)


def _processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:2]))
