"""A hand on a screen, whose taps are counted: a choice in a list is two taps, a text one tap and its letters."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import re

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1366, "height": 768}
WAIT_MS = 60_000
# Everything to be pressed or read stands in one of the two.
SCROLLER = "document.querySelector('[data-testid=stMain]') || document.scrollingElement"
HIGH = f"() => {{ const s = {SCROLLER}; return s.scrollHeight / innerHeight; }}"
# The first row of a list that may take the person: it has a free place or is to be called, and is not the office of
# the one who asks. Told are its place among all rows, its first words, the screen of the page on which it begins
# (1 = the first), and whether every line of its name, way and state is seen: nothing lies over it.
NEAREST = f"""() => {{
  const s = {SCROLLER}, rows = [...document.querySelectorAll('.hs-row')].filter(e => e.checkVisibility());
  const row = rows.find(e => e.matches('.hs-is-free, .hs-is-ask') && !e.querySelector('.hs-own'));
  if (!row) return null;
  const lines = [...row.querySelectorAll('h2, h3, h4, .hs-min, .hs-state')].flatMap(e => [...e.getClientRects()]);
  const seen = lines.every(r => [r.top + 1, r.bottom - 1].every(y =>
    row.contains(document.elementFromPoint(r.left + Math.min(r.width, 20) / 2, y))));
  return [rows.indexOf(row) + 1, row.innerText.split('\\n').filter(t => t.trim().length > 2).slice(0, 3).join(', '),
    1 + (lines[0].top + s.scrollTop) / innerHeight, seen];
}}"""
# Names of the rows: what must stay while a call is noted.
NAMES = """() => [...document.querySelectorAll('.hs-row')].filter(e => e.checkVisibility())
  .map(e => e.querySelector('h2, h3, h4').innerText)"""


@dataclass
class Walked:
    """What one task cost."""

    task: str
    taps: int = 0
    letters: int = 0
    waits: list[float] = field(default_factory=list)
    screens: float | None = None
    said: str = ""
    is_finished: bool = True
    is_nearest_seen: bool | None = None


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

    def names(self) -> list[str]:
        """Give the names of the rows of an answer, in their order."""
        return list(self.page.evaluate(NAMES))

    def say_nearest(self) -> None:
        """Say where the nearest usable row stands and whether it is seen without scrolling."""
        found = self.page.evaluate(NEAREST)
        if found is None:
            self.walked.said = "no row may take the person"
            return
        place, words, screen, self.walked.is_nearest_seen = found
        seen = "wholly seen at once" if found[3] else "NOT WHOLLY SEEN"
        self.walked.said = f"nearest usable is row {place} ({words}), screen {screen:.1f} of the page, {seen}"
