"""How quickly the country's map is drawn in a browser, and what it costs on the wire, beside the usual ways.

`python -m bench.maps.bench_map` (Playwright and Debian's Chromium; HARTA_TEST_CHROMIUM names another). The home is
HARTA_HOME, or a demonstration made in a temporary folder.
"""

from __future__ import annotations

import gzip
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.screens.browsing import chromium, load, served
from core.storage.home import Home, open_home
from geo.gazetteer.gazetteer import load_gazetteer
from geo.maps.atlas_view import load_view, wire
from referrals.homes.demonstration import make_demo

RUNS = 5
MOST_MS, MOST_BYTES = 4_000, 500_000  # the contract


def main() -> None:
    """Print bytes on the wire and milliseconds to the drawn map; exit 1 where the contract is not kept."""
    with tempfile.TemporaryDirectory() as folder:
        home = open_home() if os.environ.get("HARTA_HOME") else make_demo(Path(folder) / "home")
        size = _sizes(home)
        slowest = _drawing(home)
    print(load())
    if size > MOST_BYTES or slowest > MOST_MS:
        raise SystemExit(f"over the contract: {size} bytes of {MOST_BYTES}, {slowest} ms of {MOST_MS}")


def _sizes(home: Home) -> int:
    view = load_view(home, load_gazetteer(home))
    ours = len(gzip.compress(wire(view), 6))
    geojson = len(gzip.compress(view.areas.to_json(drop_id=True).encode(), 6))
    print(f"areas: {len(view.areas)}, {'approximate' if view.is_approximate else 'imported'}")
    print(f"ours, with names and figures: {ours / 1e3:.0f} kB compressed")
    print(f"the same outlines as GeoJSON:  {geojson / 1e3:.0f} kB compressed, {geojson / ours:.1f} times ours")
    return ours


def _drawing(home: Home) -> int:
    with served(home) as base, chromium() as browser:
        took = [_once(browser, f"{base}/comunitati") for _run in range(RUNS)]
    drawn = [map_ms for map_ms, _page_ms in took]
    print(
        f"fetched and drawn: median {statistics.median(drawn):.0f} ms, slowest {max(drawn)} ms of {RUNS} new browsers"
    )
    print(f"from the address to the drawn map: median {statistics.median(p for _m, p in took):.0f} ms")
    return max(drawn)


def _once(browser: Any, address: str) -> tuple[int, int]:
    """Open the page with nothing kept from before; return ms from the map's own start, and from the address."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    start = time.perf_counter()
    page.goto(address)
    box = page.frame_locator("iframe").locator(".leaflet-container[data-drawn]")
    box.wait_for(timeout=120_000)
    took = int(box.get_attribute("data-drawn")), round((time.perf_counter() - start) * 1000)
    context.close()
    return took


if __name__ == "__main__":
    main()
