"""A server of our own and a browser, for the benches that measure screens."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.storage.home import Home

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("HARTA_TEST_CHROMIUM") or "/usr/bin/chromium"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",  # MapLibre, a peer of the map, draws with WebGL
    "--no-first-run",
    "--disable-background-networking",
)
# 400 kbit/s and 400 ms there and back: the slow network of the contract.
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}


@contextmanager
def served(home: Home) -> Iterator[str]:
    """Serve a home on a free port of this machine; gives the address."""
    with served_process(home) as (address, _process):
        yield address


@contextmanager
def served_process(home: Home) -> Iterator[tuple[str, int]]:
    """Serve a home on a free port of this machine; gives the address, and which process it is."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, str(ROOT / "cli.py"), "serve", "--port", str(port)]
    environment = {**os.environ, "HARTA_HOME": str(home.path), "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}", server.pid
    finally:
        server.terminate()
        server.wait(10)


@contextmanager
def chromium() -> Iterator[Any]:
    """Give a browser without a window, as Playwright's object."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def load() -> str:
    """Say how busy the machine is: a figure measured on a busy one is an upper bound."""
    return f"load of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def memory_of(process: int | str, field: str = "VmRSS") -> int:
    """Return the resident set of a process now, or at most so far (`VmHWM`), MB."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith(field)), 0)


def forget_highest(process: int | str) -> None:
    """Let `VmHWM` of a process begin anew."""
    Path(f"/proc/{process}/clear_refs").write_text("5", encoding="ascii")


def _wait(url: str) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not answer")
