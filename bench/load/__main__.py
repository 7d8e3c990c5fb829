"""A morning of 139 teams: `python -m bench.load --home HOME` (a demonstration; it is copied, never written into).

    python -m bench.load --home var                                   1, 2 and 4 processes, SQLite
    python -m bench.load --home var --workers 2 --database postgresql --seconds 300
    python -m bench.load --home var --rush 32                         how many plain answers a second are possible
    python -m bench.load --home var --workers 2 --screens 100 --stay 60 --seconds 1200      hours of sessions in minutes
    python -m bench.load --home var --screens 5 --seconds 20          tried out in small

Clients share the machine with the server: figures of the server are its own processor and memory; latencies include the
clients' part. Each run begins with a fresh copy of the home.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from bench.load.installation import Served, copied_home, prepare_people, served, warm_up
from bench.load.samples import Samples, memory_bytes, percentiles, processor_seconds
from bench.load.visitors import Crowd, Morning
from bench.screens.browsing import load


def main() -> None:
    """Measure each number of processes and print its table."""
    said = _arguments()
    figures = []
    for workers in said.workers:
        with (
            tempfile.TemporaryDirectory() as folder,
            copied_home(said.home, Path(folder), database=said.database) as home,
        ):
            people = prepare_people(home)
            with served(home, Path(folder), workers=workers) as server:
                warm_up(server, people)
                crowd = Crowd(server.bases, people)
                figures.append(_measure(server, crowd, said))
    if said.out:
        said.out.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    print(load())


def _measure(server: Served, crowd: Crowd, said: argparse.Namespace) -> dict[str, Any]:
    before, at_rest = processor_seconds(server.workers), memory_bytes(server.workers)
    peak = [at_rest]

    async def watched() -> None:
        async def watch() -> None:
            while True:
                await asyncio.sleep(2)
                peak.append(memory_bytes(server.workers))

        watching = asyncio.create_task(watch())
        if said.rush:
            await crowd.rush(said.rush, said.seconds)
        else:
            await crowd.morning(
                Morning(
                    said.screens, said.arrive, said.think, said.plain, said.api, said.links, said.seconds, said.stay
                )
            )
        watching.cancel()

    asyncio.run(watched())
    used, count = processor_seconds(server.workers) - before, crowd.samples.count()
    screens = 0 if said.rush else said.screens
    print(f"\n{len(server.bases)} processes, {said.database}, {said.seconds:.0f} s, {screens} screens")
    print("\n".join(crowd.samples.table()))
    print(f"  processor of the server: {used:.1f} s, {1000 * used / max(1, count):.1f} ms an answer of any kind")
    print(f"  memory: {at_rest / 1e6:.0f} MB at rest, {max(peak) / 1e6:.0f} MB at most", end="")
    print(f", {(max(peak) - at_rest) / 1e6 / screens:.1f} MB a screen" if screens else "")
    tenths = [round(max(part) / 1e6) for part in np.array_split(peak, 10) if len(part)]
    print(f"  memory at most in each tenth of the time, MB: {tenths}", flush=True)
    return _facts(server, crowd.samples, said, used, at_rest, max(peak))


def _facts(
    server: Served, samples: Samples, said: argparse.Namespace, used: float, at_rest: int, peak: int
) -> dict[str, Any]:
    return {
        "workers": len(server.bases),
        "database": said.database,
        "seconds": said.seconds,
        "screens": said.screens,
        "kinds": {kind: [len(some), *percentiles(some)] for kind, some in samples.seconds.items() if some},
        "failures": {f"{kind}: {what}": n for (kind, what), n in samples.failures.items()},
        "processor_seconds": used,
        "memory_at_rest": at_rest,
        "memory_peak": peak,
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True, help="a demonstration (harta demo)")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--screens", type=int, default=139, help="teams that have the application open")
    parser.add_argument("--arrive", type=float, default=60.0, help="seconds within which they open it")
    parser.add_argument("--think", type=float, default=20.0, help="seconds between two things that somebody does")
    parser.add_argument("--stay", type=float, default=0.0, help="seconds until another comes in one's place; 0 = never")
    parser.add_argument("--plain", type=float, default=4.0, help="visits of three plain pages a second")
    parser.add_argument("--api", type=float, default=2.0, help="visits of programs a second")
    parser.add_argument("--links", type=float, default=1.0, help="links of providers opened a second")
    parser.add_argument("--rush", type=int, default=0, help="in place of all that: clients that ask without thinking")
    parser.add_argument("--out", type=Path, help="write the figures as JSON too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
