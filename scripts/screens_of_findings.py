"""The pictures of docs/decisions/0052: the screens of the thirty findings as they are now, at 360 and 1366 px.

`python scripts/make_screenshots.py findings` writes NAME-WIDTH-after.webp. Those of before (NAME-WIDTH-before.webp)
were made the same way on commit f55ba7f with a demonstration of that commit: today's tree cannot make them again.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from PIL import Image

from api.http import session
from bench.walk.tasks import COMMUNITY, LATE, area_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from core.storage.home import Home

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1366, "height": 768}
DAY_CENTRE = "/acoperire?serviciu=8891CZ-C-II&judet=BC"
_DRAWN = '[data-test-script-state="notRunning"]'
_SCROLLER = "(document.querySelector('[data-testid=stMain]') || document.scrollingElement)"
Scene = tuple[str, str, "Callable[[Any], None]", int]


def draw_findings(folder: Path, browser: Any, base: str, home: Home, *, only: Sequence[str] = ()) -> None:
    """Write the pictures of every scene.

    Parameters
    ----------
    folder
        Where they are written.
    browser
        Playwright's.
    base
        Address of the server of a demonstration; what is pressed is written there.
    home
        Its home.
    only
        Names of the scenes that are wanted; every scene where it is empty.
    """
    for name, role, scene, screens in (each for each in SCENES if not only or each[0] in only):
        for size in (PHONE, DESK):
            context = browser.new_context(viewport=size, locale="ro-RO", reduced_motion="reduce")
            sealed = session.demo_cookie(home, role, **area_of(role, LATE if name == "monthly" else COMMUNITY))  # type: ignore[arg-type]
            context.add_cookies([{"name": session.COOKIE, "value": sealed, "url": base}])
            page = context.new_page()
            page.set_default_timeout(60_000)
            page.goto(base)
            scene(page)
            _settle(page, 3_000)
            if screens > 1 and size is PHONE:
                high = min(page.evaluate(f"{_SCROLLER}.scrollHeight"), screens * size["height"])
                page.set_viewport_size({**size, "height": int(high)})
                page.wait_for_timeout(1_500)
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            picture.save(folder / f"{name}-{size['width']}-after.webp", quality=60, method=6)
            context.close()


def _settle(page: Any, ms: int = 500) -> None:
    if page.locator(".stApp").count():
        page.wait_for_timeout(500)
        page.wait_for_selector(_DRAWN)
    page.wait_for_timeout(ms)


def _open(path: str) -> Callable[[Any], None]:
    def open_it(page: Any) -> None:
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + path)
        page.wait_for_selector(".stMain h1, main h1")
        _settle(page)

    return open_it


def _ask(page: Any) -> None:
    """Ask for a person of 72 who is alone, as somebody would."""
    _open("/gasiti")(page)
    page.locator(".st-key-wanted_text input").press_sequentially("Vârstnic singur", delay=15)
    page.locator("[role=option]:has-text('Vârstnic singur')").first.click()
    page.locator(".st-key-age input").press_sequentially("72")
    page.locator(".st-key-search button").click()
    page.locator(".hs-row").first.wait_for()
    _settle(page)


def _press(key: str) -> Callable[[Any], None]:
    """Press the first button of a row of the answer, and show what it opens."""

    def press(page: Any) -> None:
        _ask(page)
        page.locator(f"[class*=st-key-{key}-] button:visible").first.click()
        _settle(page, 1_500)
        page.locator("[class*=st-key-hs-do-]").first.evaluate("e => e.scrollIntoView({block: 'center'})")

    return press


def _misspell(page: Any) -> None:
    _open("/gasiti")(page)
    page.locator(".st-key-place_text input").fill("Prancea")
    page.keyboard.press("Enter")


def _monthly(page: Any) -> None:
    """Write 999 plans, and ask for the report to be filed."""
    _open("/simplu/raport-lunar")(page)
    page.locator("main a:is(:has-text('Completați'), :has-text('Corectați'))").first.click()
    page.get_by_label("lanuri").first.fill("999")
    page.locator("form button.main").click()


def _provider(page: Any) -> None:
    """Follow a referral's link as its provider does, who is signed in nowhere."""
    _open("/simplu/referiri")(page)
    page.locator("main article a[href*='/simplu/referire/']:visible").last.click()
    page.locator("button:has-text('Link pentru furnizor')").first.click()
    address = page.locator("#legatura").input_value()
    page.context.clear_cookies()
    page.goto(address)


# name of the picture, who looks, what is done, and how many screens of a telephone are shown one below the other
SCENES: tuple[Scene, ...] = (
    ("answer", "team", _ask, 3),
    ("trip", "team", _open("/gasiti?loc=24098&nevoie=elderly-alone&nevoie=hot-meal"), 2),
    ("place", "team", _misspell, 1),
    ("refer", "team", _press("refer"), 1),
    ("call", "team", _press("places"), 1),
    ("wrong", "team", _press("wrong"), 1),
    ("today", "team", _open("/"), 1),
    ("referrals", "team", _open("/referiri"), 2),
    ("desk", "county", _open("/referiri"), 2),
    ("coverage", "county", _open(DAY_CENTRE), 2),
    ("reports", "national", _open("/rapoarte"), 2),
    ("monthly", "team", _monthly, 1),
    ("provider", "team", _provider, 1),
)
