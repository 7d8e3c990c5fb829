"""A real browser on a real server: Debian's Chromium and uvicorn, both on this machine only."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from api.http import session
from tests.browser import every_screen
from tests.browser.screens import DESK
from tests.browser.serving import served
from tests.browser.windows import Windows

HERE = Path(__file__).resolve().parent
CHROMIUM = Path(os.environ.get("HARTA_TEST_CHROMIUM") or "/usr/bin/chromium")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


def pytest_collection_modifyitems(items):
    """Keep a module's tests with one worker: what they share (a server, a walk past all screens) is made once."""
    for item in items:
        if item.path.parent == HERE:
            language = getattr(item, "callspec", None) and item.callspec.params.get("walked", "")
            item.add_marker(pytest.mark.xdist_group(f"{item.path.stem}-{language or ''}"))


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
def small_home(tmp_path_factory):
    """A small demonstration; shared, so that a test leaves it as it was."""
    from tests.worlds import small_world

    return small_world.make_world(tmp_path_factory.mktemp("browser") / "home")


@pytest.fixture(scope="session")
def address(browser, small_home):
    """The address of a server on a small demonstration."""
    with served(small_home.path, small_home.path.parent) as base:
        yield base


@pytest.fixture(scope="session")
def furnished(browser, tmp_path_factory):
    """A demonstration in which every screen has something to show, and the address of its server."""
    folder = tmp_path_factory.mktemp("furnished")
    home = every_screen.furnish(folder / "home")
    with served(home.path, folder) as base:
        yield home, base


@pytest.fixture(scope="session")
def all_windows(browser):
    return Windows(browser)


@pytest.fixture
def windows(all_windows):
    """Windows for one test."""
    yield all_windows
    all_windows.take_back()


@pytest.fixture
def visit(windows, address, small_home):
    """Open a page; returns a function from path and size to (page, addresses asked for, faults of scripts).

    team: SIRUTA of the community whose team has signed in; nobody by default.
    """

    def open_page(path: str = "/", size: tuple[int, int] = DESK, *, team: int | None = None, **options):
        page = windows.lend(size, **options)
        if team is not None:
            sealed = session.demo_cookie(small_home, "team", county="BC", uat_siruta=team)
            page.context.add_cookies([{"name": session.COOKIE, "value": sealed, "url": address}])
        asked: list[str] = []
        faults: list[str] = []
        windows.watch(page, "request", lambda request: asked.append(request.url))
        windows.watch(page, "websocket", lambda socket: asked.append(socket.url))
        windows.watch(page, "pageerror", lambda error: faults.append(str(error)))
        windows.watch(page, "response", lambda answer: faults.append(answer.url) if answer.status >= 400 else None)
        windows.watch(page, "console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.goto(address + path, wait_until="domcontentloaded")
        page.wait_for_selector(".hs-title", timeout=60_000)
        return page, asked, faults

    return open_page
