"""A real browser on a real server: Debian's Chromium and uvicorn, both on this machine only."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from screens import DESK

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = Path(os.environ.get("HARTA_TEST_CHROMIUM") or "/usr/bin/chromium")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
sys.path.insert(0, str(ROOT / "tests" / "pages"))  # the small world is the same


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}; install Debian's package or set HARTA_TEST_CHROMIUM")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def address(browser, tmp_path_factory):
    """The address of a server on a small demonstration, started from a folder that is not the project's."""
    import small_world

    folder = tmp_path_factory.mktemp("browser")
    home = small_world.make_world(folder / "home")
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "app:app",
        "--app-dir",
        str(ROOT),
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    environment = {**os.environ, "HARTA_HOME": str(home.path), "PYTHONPATH": str(ROOT)}
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    base = f"http://127.0.0.1:{port}"
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


@pytest.fixture
def visit(browser, address):
    """Open a page; returns a function from path and size to (page, addresses asked for, faults of scripts)."""
    contexts = []

    def open_page(path: str = "/", size: tuple[int, int] = DESK, **options):
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="ro-RO", **options)
        contexts.append(context)
        page = context.new_page()
        asked: list[str] = []
        faults: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("websocket", lambda socket: asked.append(socket.url))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("response", lambda answer: faults.append(answer.url) if answer.status >= 400 else None)
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.goto(address + path)
        page.wait_for_selector(".hs-title", timeout=60_000)
        return page, asked, faults

    yield open_page
    for context in contexts:
        context.close()
