"""How much a screen moves by itself while it is drawn: the browser's own measure, summed from first paint to stillness.

What moves within half a second of a tap is what was asked for, and is not counted (Layout Instability, W3C draft).
"""

from __future__ import annotations

from typing import Any

from tests.browser.every_screen import COUNTY, LAYERED, PARINCEA

MOST = 0.05  # of a window, for one screen
STILL_MS = 1_200
WAIT_MS = 60_000
APPLICATION = ".stMain h1"
PLAIN = "main h1"
MAP = ".leaflet-container"
_QUESTION = f"loc={PARINCEA}&nevoie={LAYERED}"
# Who looks, at what address, and what has to be there: every screen that an address opens.
SCREENS = (
    ("", "/", APPLICATION),
    ("", "/intra", PLAIN),
    ("", "/simplu/tur", PLAIN),
    ("team", "/", APPLICATION),
    ("team", f"/gasiti?{_QUESTION}", ".hs-src"),
    ("team", f"/gasiti?{_QUESTION}&nevoie=hot-meal", ".hs-src"),
    ("team", "/referiri", APPLICATION),
    ("team", "/local", APPLICATION),
    ("team", "/rapoarte", APPLICATION),
    ("team", "/harta", APPLICATION),
    ("county", "/", APPLICATION),
    ("county", "/referiri", APPLICATION),
    ("county", "/rapoarte", APPLICATION),
    ("county", f"/acoperire?serviciu={LAYERED}&judet={COUNTY}", ".hs-src"),
    ("national", "/", APPLICATION),
    ("national", "/rapoarte", APPLICATION),
    ("national", "/comunitati", ".hs-grid"),
    ("national", "/acoperire", APPLICATION),
    ("admin", "/registre", ".hs-grid"),
    ("team", "/simplu", PLAIN),
    ("team", "/gasiti", APPLICATION),
    ("team", "/simplu/gasiti", PLAIN),
    ("team", "/simplu/referiri", PLAIN),
    ("team", "/simplu/local", PLAIN),
    ("team", "/simplu/raport-lunar", PLAIN),
    ("team", "/simplu/ajutor", PLAIN),
    ("county", "/simplu/judetul-meu", PLAIN),
    ("county", "/simplu/furnizori", PLAIN),
    ("county", "/campanii", APPLICATION),
    ("county", "/simplu/campanii", PLAIN),
    ("county", "/noutati", APPLICATION),
    ("county", "/simplu/noutati", PLAIN),
    ("county", "/simplu/locuri-din-fisier", PLAIN),
    ("county", "/simplu/rapoarte/locuri", PLAIN),
    ("team", "/simplu/harta", MAP),
    ("team", f"/simplu/harta?serviciu={LAYERED}", MAP),
    ("national", f"/simplu/harta/judete?serviciu={LAYERED}", PLAIN),
)
# One of each kind, which each moved once: the work of a role, an answer with its map, a table with a map, a plain map.
A_FEW = (
    ("team", f"/gasiti?{_QUESTION}", ".hs-src"),
    ("county", "/", APPLICATION),
    ("county", f"/acoperire?serviciu={LAYERED}&judet={COUNTY}", ".hs-src"),
    ("national", "/comunitati", ".hs-grid"),
    ("team", "/simplu/harta", MAP),
)
WATCH = """(() => {
  window.hsShift = {sum: 0, moved: []};
  const name = source => {
    const e = source.node?.nodeType === 1 ? source.node : source.node?.parentElement;
    const named = e?.closest('[class*=st-key-],[class*=hs-],[id]');
    return e ? `${e.tagName.toLowerCase()} in ${named?.className || named?.id || ''}`.slice(0, 70) : '?';
  };
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      window.hsShift.sum += entry.value;
      if (entry.value > 0.004) window.hsShift.moved.push(`${entry.value.toFixed(3)} ${entry.sources.map(name).join(', ')}`);
    }
  }).observe({type: 'layout-shift', buffered: true});
})()"""


def watch(page: Any) -> None:
    """Watch a window from its next load on."""
    page.add_init_script(WATCH)


def shift_of(page: Any, url: str, until: str) -> tuple[float, list[str]]:
    """Load an address; return how much of the window it moved by itself until it was still, and what moved."""
    page.goto(url)
    page.wait_for_selector(until, timeout=WAIT_MS)
    if page.locator(".stApp").count():
        page.wait_for_selector('[data-test-script-state="notRunning"]', timeout=WAIT_MS)
    page.wait_for_timeout(STILL_MS)
    found = page.evaluate("window.hsShift")
    return round(found["sum"], 3), found["moved"]
