"""What the tasks of a day cost on screen: taps, seconds of waiting, and how many screens high each screen is.

`python -m bench.walk_screens` (Playwright and Debian's Chromium; HARTA_TEST_CHROMIUM names another). The home is
HARTA_HOME, or a demonstration made in a temporary folder; what is walked is written there. A choice in a list counts
as two taps, a text as one tap and its letters. The
telephone is 360×740, the desk 1366×768. Seconds are those of this machine.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.http import session
from bench.browsing import chromium, load, served
from core.storage.home import Home, open_home
from referrals.homes.demonstration import make_demo

if TYPE_CHECKING:
    from collections.abc import Iterator

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1366, "height": 768}
PARINCEA, COMMUNITY, COUNTY = 24098, 24089, "BC"
NEED, SECOND_NEED = "Vârstnic singur", "Are nevoie de o masă caldă"
CONSENT = ".st-key-temei [role=radiogroup] label"
NEED_CODE, SECOND_CODE = "elderly-alone", "hot-meal"
WAIT_MS = 20_000
# Everything to be pressed or read stands in one of the two.
SCROLLER = "document.querySelector('[data-testid=stMain]') || document.scrollingElement"
HIGH = f"() => {{ const s = {SCROLLER}; return s.scrollHeight / innerHeight; }}"
# Rows of an answer with their minutes: in which screen each begins, counted from the top of the page, 1 = the first.
ROWS = f"""selector => {{
  const s = {SCROLLER};
  return [...document.querySelectorAll(selector)].filter(e => e.checkVisibility()).map(e => [
    e.innerText, (e.getBoundingClientRect().top + s.scrollTop) / innerHeight,
    e.getBoundingClientRect().top / innerHeight]);
}}"""


@dataclass
class Walked:
    """What one task cost."""

    task: str
    taps: int = 0
    letters: int = 0
    waits: list[float] = field(default_factory=list)
    screens: float | None = None
    said: str = ""


class Hand:
    """A hand on a screen, whose taps are counted."""

    def __init__(self, page: Any, base: str, walked: Walked) -> None:
        self.page, self.base, self.walked = page, base, walked

    def open(self, path: str, until: str) -> None:
        """Load an address: nobody taps for it."""
        self.page.goto(self.base + path)
        self.see(until)

    def see(self, until: str) -> None:
        """Wait for something, and for the application to end its drawing."""
        self.page.locator(until).first.wait_for(timeout=WAIT_MS)
        if self.page.locator(".stApp").count():
            self.page.wait_for_selector('[data-test-script-state="notRunning"]', timeout=WAIT_MS)

    def tap(self, what: str, until: str = "") -> None:
        """Tap the first that is there; until: what is waited for, and timed."""
        self.page.locator(what).first.click(timeout=WAIT_MS)
        self.walked.taps += 1
        if until:
            start = time.perf_counter()
            self.page.locator(until).first.wait_for(timeout=WAIT_MS)
            self.walked.waits.append(time.perf_counter() - start)
            self.see(until)

    def write(self, what: str, text: str) -> None:
        """Tap a field and type."""
        self.page.locator(what).first.click(timeout=WAIT_MS)
        self.page.locator(what).first.press_sequentially(text, delay=15)
        self.walked.taps += 1
        self.walked.letters += len(text)

    def pick(self, what: str, label: str | re.Pattern[str]) -> None:
        """Choose in a list of the browser: it opens, and one is chosen."""
        option = self.page.locator(f"{what} option", has_text=label).first
        self.page.select_option(what, value=option.get_attribute("value"))
        self.walked.taps += 2

    def tick(self, what: str) -> None:
        """Tick a box or a choice."""
        self.page.locator(what).first.check(timeout=WAIT_MS)
        self.walked.taps += 1

    def is_there(self, what: str) -> bool:
        """Whether something is on the screen now."""
        return bool(self.page.locator(what).count())

    def start_here(self) -> None:
        """Count from here on: what came before belongs to another task."""
        self.walked.taps = self.walked.letters = 0
        self.walked.waits.clear()

    def high(self) -> float:
        """How many screens high the page is; kept as the task's."""
        self.page.wait_for_timeout(1_000)
        self.walked.screens = self.page.evaluate(HIGH)
        return self.walked.screens or 0.0

    def rows(self, selector: str) -> list[tuple[str, float, float]]:
        """Give text, screen from the top of the page and from the top of the window, of each row of an answer."""
        return [(text, 1 + top, 1 + seen) for text, top, seen in self.page.evaluate(ROWS, selector)]


# --- tasks ----------------------------------------------------------------------------------------------


class Tasks:
    """The tasks of UX §1, each on a window of its own; one that cannot be finished says where it stopped."""

    def __init__(self, browser: Any, base: str, home: Home) -> None:
        self.browser, self.base, self.home = browser, base, home
        self.done: list[Walked] = []
        self.number = ""

    @contextmanager
    def task(self, name: str, role: str | None, size: dict[str, int] = PHONE) -> Iterator[Hand]:
        """Walk one task as somebody; what stops it is kept, and the others are walked all the same."""
        context = self.browser.new_context(viewport=size, locale="ro-RO")
        if role:
            areas: dict[str, dict[str, Any]] = {
                "team": {"county": COUNTY, "uat_siruta": COMMUNITY},
                "county": {"county": COUNTY},
            }
            sealed = session.demo_cookie(self.home, role, **areas.get(role, {}))  # type: ignore[arg-type]
            context.add_cookies([{"name": session.COOKIE, "value": sealed, "url": self.base}])
        walked = Walked(name)
        self.done.append(walked)
        page = context.new_page()
        page.set_default_timeout(15_000)
        try:
            yield Hand(page, self.base, walked)
        except Exception as error:  # noqa: BLE001 - playwright's, or a screen that is not as it was
            walked.said = f"NOT FINISHED: {str(error).splitlines()[0][:110]}"
            if folder := os.environ.get("HARTA_WALK_PICTURES"):
                page.screenshot(path=f"{folder}/{len(self.done)}.png")
        finally:
            context.close()
            print(line_of(walked), flush=True)

    def everything(self) -> None:
        """Walk them all, in the order of a day."""
        only = sys.argv[1:]
        for name in (
            "sign_in", "find", "note_call", "refer", "two_needs", "two_needs_plain", "follow", "next_best", "wrong_number", "settle",  # noqa: E501
            "monthly", "county_report", "coverage", "plan", "indicator", "invite", "provider", "plain_journey", "heights",  # noqa: E501
        ):  # fmt: skip
            if not only or name in only:
                getattr(self, name)()

    def sign_in(self) -> None:
        """From the first page to one's own work."""
        with self.task("sign in by role, from the first page", None) as hand:
            hand.open("/", ".hs-title")
            door = "a[href='/intra'], a[href^='/intra?']"
            if not hand.is_there(door):
                hand.tap("text=Referiri", door)
            hand.tap(door, "button[name=rol_uzual]")
            hand.tap("button[name=rol_uzual]", ".hs-title, main h1")

    def _ask(self, hand: Hand) -> None:
        hand.open("/gasiti", ".st-key-search button")
        field_of = ".st-key-wanted_text input"
        hand.write(field_of, NEED)
        hand.tap(f"[role=option]:has-text('{NEED}')", ".st-key-age")
        hand.write(".st-key-age input", "72")
        hand.tap(".st-key-search button", ".hs-row")

    def find(self) -> None:
        """Somewhere to go for a person of 72 who is alone."""
        for size, device in ((PHONE, "telephone"), (DESK, "desk")):
            with self.task(f"find for a 72-year-old alone, {device}", "team", size) as hand:
                self._ask(hand)
                hand.high()
                hand.walked.said = nearest_said(hand.rows(".hs-row"))

    def note_call(self) -> None:
        """Note what a call told; nothing may move."""
        with self.task("note a telephone call about places", "team") as hand:
            self._ask(hand)
            hand.start_here()
            before = [text.splitlines()[0:3] for text, *_ in hand.rows(".hs-row")]
            hand.tap("[class*=st-key-places-] button:visible", "[class*=st-key-note-free-2-] button")
            hand.tap("[class*=st-key-note-free-2-] button", "text=Am notat")
            after = [text.splitlines()[0:3] for text, *_ in hand.rows(".hs-row")]
            hand.walked.said = (
                "the list stays" if [b[:2] for b in before] == [a[:2] for a in after] else "THE LIST MOVED"
            )

    def refer(self) -> None:
        """Refer with consent, then the slip."""
        with self.task("refer with consent", "team") as hand:
            self._ask(hand)
            hand.start_here()
            hand.tap("[class*=st-key-refer-] button:visible", "text=Pe ce temei")
            hand.tap(CONSENT, ".st-key-acord_la input")
            hand.tap("[class*=st-key-go-] button", "text=S-a făcut referirea")
            self.number = re.search(r"R-\w{10}", hand.page.inner_text(".stMain")).group()  # type: ignore[union-attr]
            href = hand.page.get_by_role("link", name=re.compile("Biletul")).first.get_attribute("href")
            slip = Walked("slip", taps=1)
            start = time.perf_counter()
            answer = hand.page.request.get(self.base + str(href))
            slip.waits.append(time.perf_counter() - start)
            slip.said = f"{answer.status}, {len(answer.body()) // 1024} KB"
            self.done.append(slip)

    def two_needs(self) -> None:
        """One way for two needs, and both referred, in the application."""
        with self.task("two needs, one trip, both referred: application", "team") as hand:
            hand.open(f"/gasiti?loc={PARINCEA}&nevoie={NEED_CODE}&nevoie={SECOND_CODE}", ".hs-src")
            hand.high()
            hand.tap(".st-key-refer-trip button", "text=Pe ce temei")
            hand.tap(CONSENT, ".st-key-acord_la input")
            hand.tap(".st-key-go-trip button", "text=S-a făcut referirea")
            hand.walked.said = f"{hand.page.locator('text=/S-a făcut referirea R-/').count()} referrals"

    def two_needs_plain(self) -> None:
        """Walk the same on the plain pages."""
        with self.task("two needs, one trip, both referred: plain", "team") as hand:
            hand.open("/simplu/gasiti", "#nevoie")
            hand.pick("#nevoie", NEED)
            hand.tap("button[name=inca]", "#nevoie")
            hand.pick("#nevoie", SECOND_NEED)
            hand.tap("form.box button.main", "text=Referiți la amândouă")
            hand.high()
            hand.tap("button:has-text('Referiți la amândouă')", "input[value=consent]")
            hand.tick("input[value=consent]")
            hand.tap("form.box button.main", "text=S-a făcut referirea")
            hand.walked.said = f"{hand.page.locator('text=S-a făcut referirea').count()} referrals"

    def follow(self) -> None:
        """Say that a provider has accepted, and that another has refused."""
        with self.task("follow: accepted", "team") as hand:
            hand.open("/referiri", "[class*=st-key-hs-ref-]")
            hand.high()
            card = f".st-key-hs-ref-{self.number}"
            hand.walked.said = (
                "telephone on the card"
                if hand.page.locator(f"{card} a[href^='tel:']").count()
                else "no telephone on the card"
            )
            hand.tap(f"{card} button:has-text('acceptat')", "text=acceptat")
        with self.task("follow: refused", "team") as hand:
            hand.open("/referiri", f".st-key-hs-ref-{self.number}")
            card = f".st-key-hs-ref-{self.number}"
            hand.tap(f"{card} summary")
            hand.tap(f"{card} [data-testid=stSelectbox] input", "[role=option]")
            hand.tap("[role=option]", "")
            hand.tap(f"{card} [data-testid=stExpander] button:not([disabled])", ".hs-notice[role=status]")

    def next_best(self) -> None:
        """After a refusal: what else is there."""
        with self.task("next best after a refusal", "team") as hand:
            hand.open("/astazi", "[class*=st-key-today-next-] button")
            choices = hand.page.locator("[class*=st-key-today-next-] button").count()
            hand.walked.said = f"{choices} buttons for all refused"
            hand.tap("[class*=st-key-today-next-] button", "text=S-a făcut referirea")

    def wrong_number(self) -> None:
        """Report a wrong telephone number."""
        with self.task("report a wrong telephone number", "team") as hand:
            self._ask(hand)
            hand.start_here()
            hand.tap("[class*=st-key-wrong-] button:visible", ".st-key-ce [role=radiogroup] label")
            hand.tap(".st-key-ce [role=radiogroup] label:has-text('umăr')", ".st-key-corect input")
            hand.write(".st-key-corect input", "0234555123")
            hand.page.keyboard.press("Tab")
            hand.tap("[class*=st-key-send-] button", "text=/transmis/")

    def settle(self) -> None:
        """Settle it as the county."""
        with self.task("the county settles the reported number", "county", DESK) as hand:
            hand.open("/referiri", "text=De verificat")
            hand.high()
            hand.tap("button:has-text('Acceptați')", "text=este acceptat")
        with self.task("the county settles the reported number: plain", "county", DESK) as hand:
            hand.open("/simplu/judetul-meu", "text=De verificat")
            hand.high()

    def monthly(self) -> None:
        """File the monthly report."""
        with self.task("file the monthly report", "team") as hand:
            hand.open("/rapoarte", ".st-key-reports_view")
            hand.tap(".st-key-reports_view button >> nth=1", "[class*=st-key-monthly_open_] button")
            to_fill = "[class*=st-key-monthly_open_] button:is(:has-text('Completați'), :has-text('Corectați'))"
            hand.tap(to_fill, ".st-key-monthly_check button")
            hand.high()
            hand.tap(".st-key-monthly_check button", ".st-key-hs-form-check")
            hand.walked.said = "checked before it is filed"

    def county_report(self) -> None:
        """Accept a report as the county."""
        with self.task("county: a monthly report accepted", "county", DESK) as hand:
            hand.open("/rapoarte", ".st-key-reports_view")
            hand.tap(".st-key-reports_view button >> nth=1", "[class*=st-key-monthly_open_] button")
            hand.tap("[class*=st-key-monthly_open_] button:has-text('Verificați')", ".st-key-monthly_accept button")
            hand.high()
            hand.tap(".st-key-monthly_accept button", "[role=status]")

    def coverage(self) -> None:
        """First look at the coverage of a service."""
        with self.task("county: coverage, first look", "county", DESK) as hand:
            hand.open("/acoperire", ".st-key-cov_serviciu input")
            hand.write(".st-key-cov_serviciu input", "copii în risc")
            hand.tap("[role=option]", ".hs-src")
            hand.high()
            top = hand.page.evaluate(f"() => ({SCROLLER}).scrollTop")
            hand.walked.said = f"scrolled by itself to {top:.0f} px"

    def plan(self) -> None:
        """Two plans of a county, side by side."""
        with self.task("county: two plans compared", "county", DESK) as hand:
            hand.open(f"/acoperire?serviciu=8891CZ-C-II&judet={COUNTY}", ".st-key-cov_tab button")
            hand.tap(".st-key-cov_tab button:has-text('Ce ar ajuta')", ".st-key-cov_plan button")
            hand.tap(".st-key-cov_plan button", "[class*=st-key-cov_delete_]")
            hand.tap(".st-key-cov_plan button", "[class*=st-key-cov_delete_] >> nth=1")
            hand.high()
            address = hand.page.url
            hand.page.reload()
            hand.see(".hs-src")
            hand.walked.said = (
                "kept after reload"
                if hand.is_there("[class*=st-key-cov_delete_]")
                else f"GONE AFTER RELOAD ({address.split('?')[-1][:40]})"
            )

    def indicator(self) -> None:
        """National: from the figures of the country to one community."""
        with self.task("national: indicator to community", "national", DESK) as hand:
            hand.open("/rapoarte", ".hs-tiles")
            hand.high()

    def invite(self) -> None:
        """Invite a provider to report its places."""
        with self.task("county: a provider invited from one list", "county", DESK) as hand:
            hand.open("/referiri", "summary:has-text('Furnizorii județului:')")
            hand.tap("summary:has-text('Furnizorii județului:')", ".st-key-desk_provider input")
            hand.tap(".st-key-desk_provider input", "[role=option]")
            hand.tap("[role=option]", ".st-key-desk_link button:not([disabled])")
            hand.tap(".st-key-desk_link button", "text=/l/")
        with self.task("county: a provider invited from one list: plain", "county", PHONE) as hand:
            hand.open("/simplu/furnizori", "article")
            hand.high()
            hand.tap("article button", "#legatura")
            self.link = hand.page.input_value("#legatura")

    def provider(self) -> None:
        """Report places by a provider's link."""
        with self.task("provider: places by the link", None) as hand:
            hand.open(self.link.removeprefix(self.base), "main h1")
            hand.high()
            hand.tap("form button:has-text('2')", ".done")

    def plain_journey(self) -> None:
        """Find and refer on the plain pages."""
        with self.task("find for a 72-year-old alone: plain", "team") as hand:
            hand.open("/simplu/gasiti", "#cuvinte")
            hand.pick("#nevoie", NEED)
            hand.tap("form.box button.main", "article")
            hand.high()
            hand.walked.said = nearest_said(hand.rows("article"))
            hand.tap("article button.main", "input[value=consent]")
            hand.tick("input[value=consent]")
            hand.tap("form.box button.main", "main h1:has-text('Referirea')")

    def heights(self) -> None:
        """How high the screens are."""
        for role, path, until in SCREENS:
            for size in (PHONE, DESK):
                with self.task(f"{role} {path} {size['width']}", role, size) as hand:
                    hand.open(path, until)
                    hand.high()


TITLE = ".hs-title, main h1"
SCREENS = (
    ("team", "/", TITLE),
    ("team", f"/gasiti?loc={PARINCEA}&nevoie={NEED_CODE}", ".hs-src"),
    ("team", f"/gasiti?loc={PARINCEA}&nevoie={NEED_CODE}&nevoie={SECOND_CODE}", ".hs-src"),
    ("team", "/referiri", TITLE),
    ("team", "/rapoarte", ".hs-tiles"),
    ("county", "/referiri", TITLE),
    ("county", f"/acoperire?serviciu=8891CZ-C-II&judet={COUNTY}", ".hs-src"),
    ("national", "/rapoarte", ".hs-tiles"),
    ("national", "/comunitati", ".hs-grid"),
    ("team", "/simplu", TITLE),
    ("team", "/simplu/referiri", TITLE),
    ("county", "/simplu/judetul-meu", TITLE),
    ("county", "/simplu/furnizori", TITLE),
)
MINUTES = re.compile(r"(?:(\d+)\s*h\s*)?(\d+)\s*min|(\d+)\s*h\s*(\d+)?")


def minutes_of(text: str) -> int | None:
    """Read the first way in a row: `30 min`, `1 h 11`, `1 h 11 min`."""
    found = MINUTES.search(text)
    if found is None:
        return None
    hours, minutes, whole, rest = found.groups()
    return int(hours or 0) * 60 + int(minutes) if minutes else int(whole) * 60 + int(rest or 0)


def nearest_said(rows: list[tuple[str, float, float]]) -> str:
    """Say where the nearest usable row stands: that has a way, and is not full."""
    ways = [
        (minutes_of(text), place, top, seen)
        for place, (text, top, seen) in enumerate(rows, 1)
        if "fără loc" not in text
    ]
    known = [each for each in ways if each[0] is not None]
    if not known:
        return "no way found"
    minutes, place, top, seen = min(known)
    return f"nearest ({minutes} min) is row {place}, screen {top:.1f} of the page, {seen:.1f} of the window"


def line_of(walked: Walked) -> str:
    """Write one task as a row."""
    waits = " + ".join(f"{wait:.1f}" for wait in walked.waits)
    high = "" if walked.screens is None else f"{walked.screens:.1f}"
    return f"| {walked.task} | {walked.taps or ''} | {walked.letters or ''} | {waits} | {high} | {walked.said} |"


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        home = open_home() if os.environ.get("HARTA_HOME") else make_demo(Path(folder) / "home")
        with served(home) as base, chromium() as browser:
            tasks = Tasks(browser, base, home)
            print("| task | taps | letters | waits, s | screens high | |\n|---|--:|--:|---|--:|---|")
            tasks.everything()
    print(load())


if __name__ == "__main__":
    main()
