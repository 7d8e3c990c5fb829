"""What the layers of the map cost: coverage by colour, computed and kept, over the roads that a home has or none.

`python -m bench.maps.bench_map_layers`. The home is HARTA_HOME, or a demonstration made in a temporary folder.
"""

from __future__ import annotations

import gzip
import os
import statistics
import tempfile
import time
import urllib.request
from pathlib import Path

from bench.screens.browsing import load, served
from core.storage.home import open_home
from referrals.homes.demonstration import make_demo

COLD_MS, WARM_MS = 2_000, 100
# A type with few services, one that comes home, one with many, a need with tens of thousands of services.
CODES = ("8891CZ-C-II", "8810ID-I", "EDU-SCHOOL", "child-abuse")
RUNS = 15


def main() -> None:
    """Print the table; exit 1 where a layer is later than is promised."""
    over: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        home = open_home() if os.environ.get("HARTA_HOME") else make_demo(Path(folder) / "home")
        with served(home) as base:
            _take(f"{base}/simplu/harta")
            _take(f"{base}/api/map/coverage?serviciu=8899CZ-F-I&culoare=acoperire")  # people and atlas, read once
            for code in CODES:
                over += _layer(base, code)
            for name, path in (
                ("reach of a place, 15 to 60 minutes", "/api/map/reach?loc=24098&strat=ajung"),
                ("counties side by side", f"/simplu/harta/judete?serviciu={CODES[0]}"),
                ("what lacks in a commune", "/api/map/area/more?siruta=24089"),
            ):
                first, _body = _take(base + path)
                took = [_take(base + path)[0] for _run in range(5)]
                print(f"{name}: first {first:.0f} ms, then median {statistics.median(took):.0f} ms")
    print(load())
    if over:
        raise SystemExit("over the contract: " + "; ".join(over))


def _layer(base: str, code: str) -> list[str]:
    address = f"{base}/api/map/coverage?serviciu={code}&culoare="
    cold, body = _take(f"{address}acoperire")
    warm = [_take(f"{address}legat")[0] for _run in range(RUNS)]
    median = statistics.median(warm)
    print(
        f"{code}: cold {cold:.0f} ms, warm median {median:.0f} ms, slowest {max(warm):.0f} ms, "
        f"{len(gzip.compress(body, 6)) / 1e3:.1f} kB compressed"
    )
    over = [f"{code} cold {cold:.0f} ms of {COLD_MS}"] if cold > COLD_MS else []
    return over + ([f"{code} warm {median:.0f} ms of {WARM_MS}"] if median > WARM_MS else [])


def _take(address: str) -> tuple[float, bytes]:
    start = time.perf_counter()
    with urllib.request.urlopen(address, timeout=120) as answer:  # noqa: S310 - our own address
        body = answer.read()
    return (time.perf_counter() - start) * 1000, body


if __name__ == "__main__":
    main()
