"""How soon the team sees something on a telephone, and what it costs on the wire.

`python -m bench.screens.bench_screens` (Playwright and Debian's Chromium; HARTA_TEST_CHROMIUM names another). The home
is HARTA_HOME, or a demonstration made in a temporary folder. Each figure is the median of several new browsers of
360×740; "slow" is 400 kbit/s with 400 ms there and back, "normal" is the machine's own loopback with a warm cache.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.http import session
from bench.screens.browsing import SLOW_3G, chromium, load, served
from core.storage.home import Home, open_home
from referrals.homes.demonstration import make_demo
from referrals.workflow.directory import open_directory
from reports.indicators.report_data import communities_of

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 5
PHONE = {"width": 360, "height": 740}  # CSS pixels
NEED = "Are nevoie de o masă caldă"
# The contract: seconds, and bytes of the plain journey.
MOST_PLAIN_ANSWER, MOST_LIST, MOST_MAP, MOST_JOURNEY = 3.0, 2.0, 2.0, 150 * 1024

Figures = dict[str, float]


def main() -> None:
    """Print the table; exit 1 where the contract is not kept."""
    with tempfile.TemporaryDirectory() as folder:
        home = open_home() if os.environ.get("HARTA_HOME") else make_demo(Path(folder) / "home")
        with served(home) as base, chromium() as browser:
            visitor = Visitor(browser, base, team_cookie(home))
            visitor.full_app(slow=False)  # the server's own first answer is not the reader's cold load
            plain = _medians(visitor.plain_journey)
            cold = _medians(lambda: visitor.full_app(slow=True))
            warm = _medians(visitor.full_app_warm)
    for title, figures in (
        ("/simplu, slow network, empty cache", plain),
        ("the full application, slow network, empty cache", cold),
        ("the full application, normal network, warm cache", warm),
    ):
        print(f"\n{title} (median of {RUNS})")
        for name, value in figures.items():
            print(f"  {name:<44} {value / 1024:7.1f} KB" if "bytes" in name else f"  {name:<44} {value:7.2f} s")
    print(load())
    over = [
        name
        for name, value, most in (
            ("the plain answer", plain["tap to answer"], MOST_PLAIN_ANSWER),
            ("the bytes of the plain journey", plain["bytes of the journey"], MOST_JOURNEY),
            ("the list", warm["choice to list"], MOST_LIST),
            ("the map after the list", warm["list to map"], MOST_MAP),
        )
        if value > most
    ]
    if over:
        raise SystemExit(f"over the contract: {', '.join(over)}")


class Visitor:
    """A team member with a telephone; every visit starts with an empty cache."""

    def __init__(self, browser: Any, base: str, cookie: str) -> None:
        self.browser, self.base, self.cookie = browser, base, cookie

    def plain_journey(self) -> Figures:
        """Find, refer and read the slip on the plain pages, without scripts."""
        context, page, moved = self._open(slow=True, java_script_enabled=False)
        figures = {"address to first page": _timed(lambda: page.goto(f"{self.base}/simplu"))}
        figures["bytes of the first page"] = moved["bytes"]
        page.fill("#cuvinte", NEED)

        def ask() -> None:
            page.click("form.box button.main")
            page.wait_for_selector("article")

        figures["tap to answer"] = _timed(ask)
        page.locator("article button.main").first.click()
        page.check("input[value=consent]")
        page.click("form.box button.main")
        page.wait_for_url("**/simplu/referire/R-*")
        page.click("text=Biletul, ca text")
        page.wait_for_selector("pre")
        figures["bytes of the journey"] = moved["bytes"]
        context.close()
        return figures

    def full_app(self, *, slow: bool) -> Figures:
        """Open the finder's address with nothing kept from before."""
        context, page, moved = self._open(slow=slow)
        start = time.perf_counter()
        page.goto(self.base, wait_until="commit")
        page.get_by_text("Se deschide…").first.wait_for()
        first = time.perf_counter() - start
        page.wait_for_selector(".hs-title", timeout=120_000)
        figures = {
            "address to first words": first,
            "address to the question": time.perf_counter() - start,
            "bytes until then": moved["bytes"],
        }
        context.close()
        return figures

    def full_app_warm(self) -> Figures:
        """Ask a question where the browser has the application already."""
        context, page, _moved = self._open(slow=False)
        page.goto(self.base)
        page.wait_for_selector(".hs-title", timeout=60_000)
        start = time.perf_counter()
        page.goto(self.base)
        page.wait_for_selector(".hs-title", timeout=60_000)
        figures = {"address to the question": time.perf_counter() - start}
        need = page.get_by_role("combobox", name="De ce are nevoie?")
        need.press_sequentially(NEED, delay=20)
        page.get_by_role("option", name=NEED).first.click()

        def ask() -> None:
            page.get_by_role("button", name="Căutați").click()
            page.wait_for_selector(".hs-n", timeout=60_000)

        figures["choice to list"] = _timed(ask)
        pins = page.frame_locator("iframe").locator(".hs-pin")
        figures["list to map"] = _timed(lambda: pins.first.wait_for(timeout=60_000))
        context.close()
        return figures

    def _open(self, *, slow: bool, **options: Any) -> tuple[Any, Any, dict[str, float]]:
        context = self.browser.new_context(viewport=PHONE, locale="ro-RO", **options)
        context.add_cookies([{"name": session.COOKIE, "value": self.cookie, "url": self.base}])
        page = context.new_page()
        moved = {"bytes": 0.0}
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        network.on(
            "Network.loadingFinished", lambda done: moved.update(bytes=moved["bytes"] + done["encodedDataLength"])
        )
        if slow:
            network.send("Network.emulateNetworkConditions", SLOW_3G)
        return context, page, moved


def team_cookie(home: Home) -> str:
    """Return the session of the first community's team of a demonstration."""
    first = communities_of(open_directory(home)).iloc[0]
    return session.demo_cookie(home, "team", county=str(first["county"]), uat_siruta=int(first["uat_siruta"]))


def _timed(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def _medians(visit: Callable[[], Figures]) -> Figures:
    visits = [visit() for _run in range(RUNS)]
    return {name: statistics.median(one[name] for one in visits) for name in visits[0]}


if __name__ == "__main__":
    main()
