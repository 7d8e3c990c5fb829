"""The API under load, over HTTP as it is served: nearest at 50 a second, lists read whole, 100,000 requests in a row.

Client and server share this machine's processor with whatever else runs: the load of the system stands beside.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import httpx
import numpy as np

from bench.screens.browsing import forget_highest, load, memory_of, served_process
from bench.server.bench_tokens import national_tokens
from core.storage.home import open_home
from providers.interchange import hsds_objects as hsds
from providers.interchange.public_table import public_table_of
from referrals.workflow.directory import open_directory
from reports.documents.export import gathered

if TYPE_CHECKING:
    from collections.abc import Iterator

A_SECOND, CONNECTIONS, VILLAGES = 50, 8, 300
TYPES = ("8891CZ-C-II", "8899CZ-PN-V", "MED-GP", "8730CR-V-I")
LISTS = (("services", "/api/v1/services"), ("changes", "/api/v1/changes"), ("changes", "/api/v1/changes"))
TOKENS = 64  # a token asks 600 times a minute
REQUESTS, PARTS, AT_ONCE = 100_000, 10, 16
AIMS = ((50, 10), (95, 40), (99, 150))  # of nearest: percentile, milliseconds at most
GDAL_SECONDS = 3
MORE_MB, DRIFT = 50, 0.05  # of a list given whole; of memory from the first part of many requests to the last
WORDS = ("centru", "camin", "cantina", "asociatia", "batrani", "copii")


async def nearest(address: str, secrets: list[str], places: list[int], seconds: int) -> np.ndarray:
    """Ask at a steady pace, whether the answers come or not; return milliseconds from when each was due."""
    lot, took = random.Random(1), []
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=30) as client:

        async def one(number: int, due: float) -> None:
            said = {"place": str(lot.choice(places)), "services": [lot.choice(TYPES)], "age": 40}
            headers = {"Authorization": f"Bearer {secrets[number % len(secrets)]}"}
            answer = await client.post("/api/v1/nearest", json=said, headers=headers)
            assert answer.status_code == 200, answer.text
            took.append(1000 * (time.perf_counter() - due))

        start, waiting = time.perf_counter(), []
        for number in range(A_SECOND * seconds):
            due = start + number / A_SECOND
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            waiting.append(asyncio.create_task(one(number, due)))
        await asyncio.gather(*waiting)
    return np.array(took)


async def many(address: str, process: int, secrets: list[str], places: list[int], ids: list[str], count: int) -> None:
    """Ask for one thing and another, as fast as answers come; print the server's memory after each part."""
    lot, held, start = random.Random(2), [], time.perf_counter()
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=60) as client:

        async def one() -> None:
            kind, headers = lot.random(), {"Authorization": f"Bearer {lot.choice(secrets)}"}
            if kind < 0.4:
                said = {"place": str(lot.choice(places)), "services": [lot.choice(TYPES)], "age": lot.randint(1, 90)}
                answer = await client.post("/api/v1/nearest", json=said, headers=headers)
            elif kind < 0.7:
                answer = await client.get(f"/api/v1/services/{lot.choice(ids)}", headers=headers)
            elif kind < 0.9:
                answer = await client.get("/api/v1/places", params={"q": lot.choice(WORDS)[:4]}, headers=headers)
            else:
                asked = {"q": lot.choice(WORDS), "limit": 20}
                answer = await client.get("/api/v1/services", params=asked, headers=headers)
            if answer.status_code == 429:
                await asyncio.sleep(1)
                return await one()
            assert answer.status_code == 200, answer.text
            return None

        async def ask(numbers: Iterator[int]) -> None:
            for _number in numbers:
                await one()

        for _part in range(PARTS):
            numbers = iter(range(count // PARTS))
            await asyncio.gather(*(ask(numbers) for _ in range(AT_ONCE)))
            held.append(memory_of(process))
    took, drift = time.perf_counter() - start, held[-1] / held[0] - 1
    print(f"{count:,} requests in {took:.0f} s, {count / took:.0f} a second; memory after each tenth, MB: {held}")
    print(
        f"memory from the first tenth to the last: {drift:+.1%} (aim ± {DRIFT:.0%}: {_met(abs(drift) <= DRIFT)}); "
        f"{load()}"
    )


def whole(address: str, process: int, secret: str, path: str) -> None:
    """Take a list in one answer as it is streamed, and print how much more memory the server held meanwhile."""
    before, size, start = memory_of(process), 0, time.perf_counter()
    forget_highest(process)
    headers = {"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"}
    with httpx.stream("GET", f"{address}{path}", headers=headers, timeout=600) as answer:
        for part in answer.iter_raw():
            size += len(part)
    more = memory_of(process, "VmHWM") - before
    took = time.perf_counter() - start
    print(
        f"{path}: {size / 2**20:.0f} MB in {took:.0f} s, +{more} MB, aim {MORE_MB}: {_met(more <= MORE_MB)}; {load()}",
        flush=True,
    )


def _met(is_met: bool) -> str:  # noqa: FBT001
    return "met" if is_met else "MISSED"


def pages(address: str, secret: str, path: str, name: str) -> tuple[int, int, float]:
    """Read a list to its end; return how many objects and bytes, and seconds."""
    count, size, after, start = 0, 0, None, time.perf_counter()
    most = 1_000 if name == "changes" else 200
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {secret}"}, timeout=120) as client:
        while True:
            answer = client.get(path, params={"limit": most, **({"after": after} if after else {})})
            if answer.status_code == 429:
                time.sleep(1)
                continue
            said = answer.json()
            count, size, after = count + len(said[name]), size + len(answer.content), said["next"]
            if not (said["more"] if name == "changes" else after):
                return count, size, time.perf_counter() - start


_GDAL = """
import json, resource, sys, time
import pyogrio
before = resource.getrusage(resource.RUSAGE_SELF)
start = time.perf_counter()
found = pyogrio.read_dataframe(sys.argv[1], layer=sys.argv[2])
used = resource.getrusage(resource.RUSAGE_SELF)
took, cpu = time.perf_counter() - start, used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
print(json.dumps({"count": len(found), "took": took, "cpu": cpu}))
"""


def features(address: str, secret: str, collection: str) -> None:
    """Print how long GDAL takes for a collection without any option, in a process of its own that has just begun."""
    environment = {**os.environ, "GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": secret}
    command = [sys.executable, "-W", "ignore", "-c", _GDAL, f"OAPIF:{address}/ogc", collection]
    said = json.loads(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)
    print(
        f"GDAL, {collection}: {said['count']:,} features in {said['took']:.1f} s (aim {GDAL_SECONDS}: "
        f"{_met(said['took'] <= GDAL_SECONDS)}), {said['cpu']:.1f} s of its processor; {load()}",
        flush=True,
    )


def main() -> None:
    """Print the figures, each beside its aim."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=int, default=60, help="of each of two runs of nearest")
    asked.add_argument("--requests", type=int, default=REQUESTS, help="in a row, for the server's memory")
    said = asked.parse_args()
    home = open_home()
    directory = open_directory(home)
    secrets = national_tokens(directory.ledger, ["read", "nearest"], TOKENS)
    places = random.Random(0).sample(directory.gazetteer.localities["locality_siruta"].astype(int).tolist(), VILLAGES)
    start, content = time.perf_counter(), gathered(directory, made_on=directory.ledger.today())
    today = content.snapshot.availability.today
    objects = list(hsds.services(content.tables, directory.gazetteer, content.manifests, on=today))
    took = time.perf_counter() - start
    print(f"HSDS objects: {len(objects):,} services in {took:.1f} s, {len(objects) / took:,.0f} a second")
    del content, objects
    public = public_table_of(home, directory.snapshot())
    ids = [key for key, secret in zip(public.ids, public.is_secret, strict=True) if not secret]
    ids = random.Random(0).sample(ids, min(3_000, len(ids)))
    del public
    directory.ledger.close()
    with served_process(home) as (address, process):
        asyncio.run(nearest(address, secrets, places, 5))  # what the first answers load
        for number in range(2):
            took_ms = asyncio.run(nearest(address, secrets, places, said.seconds))
            figures = [(name, np.percentile(took_ms, name), most) for name, most in AIMS]
            told = ", ".join(f"p{name} {ms:.1f} ms (aim {most}: {_met(ms <= most)})" for name, ms, most in figures)
            print(
                f"nearest, {A_SECOND}/s for {said.seconds} s, run {number + 1}: {told}, longest {took_ms.max():.0f}; "
                f"{load()}",
                flush=True,
            )
        for name, path in LISTS:
            count, size, took = pages(address, secrets[0], path, name)
            print(
                f"{path}: {count:,} objects, {size / 2**20:.0f} MB in {took:.1f} s, {count / took:,.0f} a second",
                flush=True,
            )
        for collection in ("services", "services", "units", "localities"):
            features(address, secrets[0], collection)
        whole(address, process, secrets[0], "/hsds/services?format=ndjson")
        asyncio.run(many(address, process, secrets, places, ids, said.requests))


if __name__ == "__main__":
    main()
