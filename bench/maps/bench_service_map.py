"""The map of all services: what a view costs the server, how soon an old telephone sees it; beside folium's clusters.

`python -m bench.maps.bench_service_map [SECONDS]` (Playwright and Debian's Chromium). The home is HARTA_HOME, or a
demonstration made in a temporary folder. SECONDS: how long one window is panned for its memory, 30 by default.
HARTA_BENCH_PEERS: a folder of npm packages, to see MapLibre and folium's clusters on the same telephone (map_peers.py).
"""

from __future__ import annotations

import gzip
import os
import random
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.maps.map_peers import fast_marker_cluster, served_peers
from bench.screens.browsing import chromium, load, served
from core.storage.home import open_home
from geo.maps.place_names import BLOCK
from geo.maps.point_clusters import mercator
from providers.service_map import MapFilter, MapView, answer_map_view
from providers.service_map.map_search import search_map
from providers.service_map.name_index import name_index
from referrals.homes.demonstration import make_demo
from referrals.workflow.directory import open_directory

if TYPE_CHECKING:
    from providers.catalogue.snapshot import Snapshot

PHONE = {"width": 360, "height": 740}
SLOWED = 4  # times: an old telephone's processor
# 1.6 Mbit/s and 150 ms there and back: the network of the contract.
MOBILE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
WARM_MS, COLD_MS, COLD_BYTES, PAN_MS, AT_ONCE_MS = 3_000, 6_000, 450_000, 300, 150
SEARCH_MS = 50
PEOPLE, PANS = 50, 12
RUNS = 3


def main() -> None:
    """Print the tables; exit 1 where the contract is not kept."""
    seconds = float(sys.argv[1]) if sys.argv[1:] else 30
    over: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        home = open_home() if os.environ.get("HARTA_HOME") else make_demo(Path(folder) / "home")
        snapshot = open_directory(home).snapshot()
        _answers(snapshot)
        over += _names(snapshot)
        with served(home) as base:
            _warm_up(base)
            _under_marks(base)
            _question(base)
            over += _at_once(base)
            with chromium() as browser:
                over += _telephone(browser, f"{base}/simplu/harta")
                over += _panning(browser, f"{base}/simplu/harta", seconds)
        _peer(snapshot)
        with served_peers(snapshot.catalogue.map_points, Path(folder) / "peers") as peers, chromium() as browser:
            for name, (address, marks) in peers.items():
                _telephone_of_peer(browser, name, address, marks)
    print(load())
    if over:
        raise SystemExit("over the contract: " + "; ".join(over))


def _answers(snapshot: Snapshot) -> None:
    """Processor of one answer in this process, by how much it sees."""
    for name, high, zoom in (("the country", 0.0, 6), ("a county", 0.6, 9), ("a town", 0.1, 12)):
        view = (
            MapView(zoom=zoom)
            if not high
            else MapView(((46.57 - high, 26.91 - high), (46.57 + high, 26.91 + high)), zoom)
        )
        took = []
        for _run in range(30):
            start = time.process_time()
            answer = answer_map_view(snapshot, MapFilter(), view)
            took.append((time.process_time() - start) * 1000)
        print(
            f"{name}: {answer.total} services, {len(answer.clusters.size)} marks, "
            f"median {statistics.median(took):.1f} ms of processor"
        )


def _names(snapshot: Snapshot) -> list[str]:
    """Search by parts of names with a letter missing, as somebody types them, near a place."""
    rng = random.Random(3)
    points, services = snapshot.catalogue.map_points, snapshot.catalogue.services
    start = time.process_time()
    name_index(snapshot.catalogue)
    made = time.process_time() - start
    search_map(snapshot, "buletin")  # what is made once for needs and places
    names = services["name"].iloc[points.rows].tolist()
    took = []
    for _search in range(200):
        words = rng.sample(rng.choice(names).split(), 1) + rng.choice(names).split()[:2]
        at = rng.randrange(len(words[0]))
        text = " ".join([words[0][:at] + words[0][at + 1 :], *words[1:]])
        start = time.process_time()
        search_map(snapshot, text, (46.48, 27.1))
        took.append((time.process_time() - start) * 1000)
    p95 = statistics.quantiles(took, n=20)[-1]
    print(
        f"search by name among {len(names)} services: index made in {made * 1000:.0f} ms of processor, "
        f"median {statistics.median(took):.0f} ms, p95 {p95:.0f} ms of processor a search"
    )
    return [f"search {p95:.0f} ms of {SEARCH_MS}"] if p95 > SEARCH_MS else []


def _view(rng: random.Random) -> str:
    lat, lon, zoom = rng.uniform(44.2, 47.8), rng.uniform(21.5, 28.0), rng.randint(7, 13)
    high = 90 / 2**zoom
    return f"cadru={lat - high:.4f},{lon - high:.4f},{lat + high:.4f},{lon + high:.4f}&zoom={zoom}"


def _warm_up(base: str) -> None:
    for path in ("/simplu/harta", "/api/map/points", "/api/atlas-map"):
        with urllib.request.urlopen(base + path, timeout=120) as answer:  # noqa: S310 - our own address
            answer.read()


def _asked(address: str) -> tuple[float, int]:
    """Return milliseconds and bytes, compressed, of an answer."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})  # noqa: S310 - our own address
    start = time.perf_counter()
    with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
        size = len(answer.read())
    return (time.perf_counter() - start) * 1000, size


def _under_marks(base: str) -> None:
    """Ask for names and main roads of squares around Parincea, as a view does."""
    for part in ("names", "roads"):
        for zoom in (7, 9, 11, 13):
            x, y = (
                int(float(each[0]) * 2**zoom * 256 / BLOCK) for each in mercator(np.array([46.48]), np.array([27.1]))
            )
            found = [_asked(f"{base}/api/map/{part}?zoom={zoom}&x={x}&y={y}") for _run in range(9)]
            took = statistics.median(ms for ms, _size in found)
            print(
                f"{part} of a square of {BLOCK} pixels, zoom {zoom}: {found[0][1] / 1e3:.1f} kB, median {took:.1f} ms"
            )


def _question(base: str) -> None:
    """Ask for the finder's answer on the map, with its still drawing: the page that works without a script."""
    for need in ("food", "child-abuse"):
        found = [_asked(f"{base}/simplu/harta?loc=24089&serviciu={need}&raspuns=1") for _run in range(9)]
        took = statistics.median(ms for ms, _size in found)
        print(f"the map with the answer to {need}: {found[0][1] / 1e3:.1f} kB, median {took:.0f} ms")


def _at_once(base: str) -> list[str]:
    """Fifty people who pan once a second each."""
    took: list[float] = []
    keep = threading.Lock()

    def pan(number: int) -> None:
        rng = random.Random(number)
        time.sleep(number / PEOPLE)
        for _pan in range(PANS):
            start = time.perf_counter()
            with urllib.request.urlopen(f"{base}/api/map/points?{_view(rng)}", timeout=60) as answer:  # noqa: S310
                answer.read()
            lasted = time.perf_counter() - start
            with keep:
                took.append(lasted * 1000)
            time.sleep(max(0.0, 1 - lasted))

    people = [threading.Thread(target=pan, args=(number,)) for number in range(PEOPLE)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    p95 = statistics.quantiles(took, n=20)[-1]
    print(
        f"{PEOPLE} people, a pan a second each: {len(took)} answers, "
        f"median {statistics.median(took):.0f} ms, p95 {p95:.0f} ms"
    )
    return [f"p95 {p95:.0f} ms of {AT_ONCE_MS}"] if p95 > AT_ONCE_MS else []


def _slowed(browser: Any, *, network: bool) -> tuple[Any, Any, Any]:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    wire.send("Network.enable")
    if network:
        wire.send("Network.emulateNetworkConditions", MOBILE)
    return context, page, wire


def _first_marks(page: Any, address: str, marks: str = ".hs-point") -> float:
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(marks, timeout=120_000)
    return (time.perf_counter() - start) * 1000


def _telephone(browser: Any, address: str) -> list[str]:
    over, cold, warm, sizes = [], [], [], []
    for _run in range(RUNS):
        context, page, wire = _slowed(browser, network=True)
        received: list[float] = []
        wire.on("Network.loadingFinished", lambda event, into=received: into.append(event["encodedDataLength"]))
        cold.append(_first_marks(page, address))
        page.wait_for_selector(".leaflet-container[data-areas]", timeout=120_000)
        sizes.append(sum(received))
        wire.send(
            "Network.emulateNetworkConditions",
            {**MOBILE, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1},
        )
        warm.append(_first_marks(page, address))
        context.close()
    for name, found, most in (("cold, 1.6 Mbit/s", cold, COLD_MS), ("warm, fast network", warm, WARM_MS)):
        print(
            f"360 x 740, processor slowed {SLOWED} times, first marks {name}: "
            f"median {statistics.median(found):.0f} ms, slowest {max(found):.0f} ms"
        )
        if statistics.median(found) > most:
            over.append(f"{name}: {statistics.median(found):.0f} ms of {most}")
    print(f"everything with the areas of the country: {max(sizes) / 1e3:.0f} kB")
    return over + ([f"{max(sizes):.0f} bytes of {COLD_BYTES}"] if max(sizes) > COLD_BYTES else [])


def _panning(browser: Any, address: str, seconds: float) -> list[str]:
    context, page, wire = _slowed(browser, network=False)
    _first_marks(page, address)
    page.wait_for_selector(".leaflet-container[data-areas]", timeout=120_000)
    took, heap, rng = [], [], random.Random(7)
    wire.send("Performance.enable")
    page.locator(".map-plate").scroll_into_view_if_needed()
    box = page.locator(".map-plate").bounding_box()
    middle_x, middle_y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        page.mouse.move(middle_x, middle_y)
        page.mouse.down()
        page.mouse.move(middle_x + rng.choice([-90, 90]), middle_y + rng.choice([-70, 70]), steps=4)
        page.evaluate("() => { document.querySelector('.leaflet-container').dataset.drawn = ''; }")
        page.mouse.up()
        page.wait_for_function(
            "() => document.querySelector('.leaflet-container').dataset.drawn !== ''", timeout=60_000
        )
        took.append(int(page.locator(".leaflet-container").get_attribute("data-drawn")))
        if len(took) % 10 == 0:
            wire.send("HeapProfiler.collectGarbage")
            metrics = {each["name"]: each["value"] for each in wire.send("Performance.getMetrics")["metrics"]}
            heap.append(metrics["JSHeapUsedSize"] / 1e6)
    context.close()
    p95 = statistics.quantiles(took, n=20)[-1]
    print(
        f"{len(took)} pans in {seconds:.0f} s: from asking to drawn "
        f"median {statistics.median(took):.0f} ms, p95 {p95:.0f} ms"
    )
    print(
        f"heap after each tenth pan: {', '.join(f'{each:.1f}' for each in heap[:3])} … "
        f"{', '.join(f'{each:.1f}' for each in heap[-3:])} MB"
    )
    return [f"pan {statistics.median(took):.0f} ms of {PAN_MS}"] if statistics.median(took) > PAN_MS else []


def _peer(snapshot: Snapshot) -> None:
    """Make the same points with folium's FastMarkerCluster, which sends all of them with the page."""
    points = snapshot.catalogue.map_points
    start = time.process_time()
    html = fast_marker_cluster(points)
    made = time.process_time() - start
    packed = len(gzip.compress(html.encode(), 6))
    print(
        f"folium's FastMarkerCluster, the same {len(points)} points without names: {packed / 1e3:.0f} kB compressed, "
        f"{made * 1000:.0f} ms of processor a page, its scripts from other hosts not counted"
    )


def _telephone_of_peer(browser: Any, name: str, address: str, marks: str) -> None:
    """Open a peer's page as `_telephone` opens ours: the same points, without list, filters and areas."""
    cold, sizes = [], []
    for _run in range(RUNS):
        context, page, wire = _slowed(browser, network=True)
        received: list[float] = []
        wire.on("Network.loadingFinished", lambda event, into=received: into.append(event["encodedDataLength"]))
        cold.append(_first_marks(page, address, marks))
        sizes.append(sum(received))
        context.close()
    print(
        f"{name}, the same points, first marks cold at 1.6 Mbit/s: median {statistics.median(cold):.0f} ms, "
        f"slowest {max(cold):.0f} ms, {max(sizes) / 1e3:.0f} kB"
    )


if __name__ == "__main__":
    main()
