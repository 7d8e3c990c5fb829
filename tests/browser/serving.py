"""The application as a server of its own, on a home, started from a folder that is not the project's."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# `harta serve` without what it prepares for a first question, which takes longer than most tests' questions.
_UNPREPARED = (
    "import sys; from api.server import lifespan; lifespan._warm_up = lambda _home: None; "
    "sys.argv[0] = 'harta'; from cli import main; main()"
)
SERVE = ("-c", _UNPREPARED, "serve")
QUIETLY = ("-m", "uvicorn", "app:app", "--app-dir", str(ROOT), "--log-level", "warning")


@contextmanager
def served(home: Path, folder: Path, start: tuple[str, ...] = SERVE, *, processes: list[int] | None = None):
    """Serve a home; gives the address. start: how Python is told to; what it writes goes to `server.log`.

    processes: takes the number of the server's process, for a test that makes it wait.
    """
    port = free_port()
    command = [sys.executable, *start, "--port", str(port)]
    environment = {**os.environ, "HARTA_HOME": str(home), "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    base = f"http://127.0.0.1:{port}"
    if processes is not None:
        processes.append(server.pid)
    try:
        wait_for(f"{base}/health", server)
        yield base
    finally:
        server.terminate()
        server.wait(10)


def wait_for(url: str, server: subprocess.Popen) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert server.poll() is None, "the server has stopped"
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"{url} did not answer")
