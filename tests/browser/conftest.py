"""A real browser on a real server: Debian's Chromium and uvicorn, both on this machine only."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from api.http import session
from core.storage.home import Home
from referrals.ledger.ledger import open_ledger
from referrals.records.vocabulary import Actor
from tests.browser import every_screen
from tests.browser.screens import DESK
from tests.browser.serving import served
from tests.browser.windows import Pool, Windows
from tests.worlds.homes import small_world

CARE_HOME = "8790CR-C-I"  # a place in a care home needs a commission's decision
# The same browser without its window takes a third less of the processor; Debian packs it apart.
INSTALLED = tuple(Path("/usr/bin") / name for name in ("chromium-headless-shell", "chromium"))
CHROMIUM = Path(
    os.environ.get("HARTA_TEST_CHROMIUM") or next((path for path in INSTALLED if path.exists()), INSTALLED[-1])
)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


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
    return small_world.make_world(tmp_path_factory.mktemp("browser") / "home")


@pytest.fixture(scope="session")
def address(browser, small_home):
    """The address of a server on a small demonstration."""
    with served(small_home.path, small_home.path.parent) as base:
        yield base


THIRTY = tuple(f"social:mmps:{100 + n}" for n in range(30))  # far away, of a type that no other test asks for


@pytest.fixture(scope="session")
def own_server(browser, tmp_path_factory):
    """A server whose places tests take: its address, its home and the number of its process.

    It has one more service that only a decision opens, thirty of one provider, and a tile server to offer.
    """
    folder = tmp_path_factory.mktemp("taken")
    home = small_world.make_world(folder / "home")
    care = small_world.service(8, 0.04, 0.0, service_type=CARE_HOME, name="Casa „Brândușa”", phone="0234512348")
    of_one = {"service_type": "8810CZ-V-I", "county": "CJ"}
    thirty = [small_world.service(100 + n, 1.0, -3.5 + n / 1_000, name=f"Centrul {n + 1}", **of_one) for n in range(30)]
    small_world.publish(home, "social", [*small_world.services(), care, *thirty])
    small_world.report(home, "social:mmps:8", 2)
    processes: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARTA_TILES", "https://tiles.example/{z}/{x}/{y}.png")
        with served(home.path, folder, processes=processes) as base:
            yield base, home, processes[0]


@pytest.fixture(scope="session")
def own_world(own_server):
    """The address and the home of `own_server`."""
    return own_server[:2]


@pytest.fixture
def free_places(own_world):
    """Let the day centre have so many places, none of them promised by an earlier test."""
    _base, home = own_world

    def report(free: int) -> None:
        team = Actor("team", "test", "BC", 24089)
        ledger = open_ledger(home)
        for number in ledger.referrals(actor=team, states=("held",))["referral_id"]:
            ledger.transition(number, "cancel", actor=team)
        ledger.close()
        # Dated now, not five minutes back: acceptances since would count against them.
        small_world.report(home, "social:mmps:1", free, days_ago=-5 / (24 * 60))

    return report


@pytest.fixture(scope="session")
def furnished(browser, tmp_path_factory):
    """The server of `furnished_server` that the tests of a run share."""
    with furnished_server(tmp_path_factory.mktemp("furnished")) as both:
        yield both


@contextmanager
def furnished_server(folder: Path) -> Iterator[tuple[Home, str]]:
    """Give a demonstration in which every screen has something to show, and the address of its server."""
    home = every_screen.furnish(folder / "home")
    with served(home.path, folder) as base:
        yield home, base


@pytest.fixture(scope="session")
def pool() -> Pool:
    return Pool(list)


@pytest.fixture
def windows(browser, pool):
    """Windows for one test."""
    lent = Windows(browser, pool)
    yield lent
    lent.take_back()


@pytest.fixture(scope="module")
def lasting_windows(browser, pool):
    """Windows for the tests of a module that read one page and leave it as it is."""
    lent = Windows(browser, pool)
    yield lent
    lent.take_back()


@pytest.fixture
def visit(windows, address, small_home):
    """Open a page; returns a function from path and size to (page, addresses asked for, faults of scripts).

    team: SIRUTA of the community whose team has signed in; nobody by default.
    """
    return partial(_visit, windows, address, small_home)


@pytest.fixture(scope="module")
def lasting_visit(lasting_windows, address, small_home):
    """`visit` for the tests of a module that read one page and leave it as it is."""
    return partial(_visit, lasting_windows, address, small_home)


def _visit(windows, address, home, path="/", size=DESK, *, team: int | None = None, **options):
    page = windows.lend(size, **options)
    if team is not None:
        sealed = session.demo_cookie(home, "team", county="BC", uat_siruta=team)
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
