"""The API under load, over HTTP as it is served: nearest at 50 a second, bulk by JSON and by HSDS objects.

Client and server share this machine's processor with whatever else runs: the load of the system stands beside.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import subprocess
import sys
import time

import httpx
import numpy as np

from bench.browsing import load, served
from core.storage.home import open_home
from providers.interchange import hsds_objects as hsds
from referrals.interchange.api_tokens import create_token
from referrals.records.vocabulary import Actor
from referrals.workflow.directory import open_directory
from reports.documents.export import gathered

A_SECOND, CONNECTIONS, VILLAGES = 50, 8, 300
TYPES = ("8891CZ-C-II", "8899CZ-PN-V", "MED-GP", "8730CR-V-I")
LISTS = (("services", "/api/v1/services"), ("changes", "/api/v1/changes"), ("changes", "/api/v1/changes"))
TOKENS = 8  # a token asks 600 times a minute


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
start = time.perf_counter()
found = pyogrio.read_dataframe(sys.argv[1], layer=sys.argv[2], PAGE_SIZE="10000")
used = resource.getrusage(resource.RUSAGE_SELF)
took, cpu = time.perf_counter() - start, used.ru_utime + used.ru_stime
print(f"{len(found):,} features in {took:.1f} s, {cpu:.1f} s of processor")
"""


def features(address: str, secret: str, collection: str) -> None:
    """Print how long GDAL takes for a collection, in a process of its own, its start included in the processor's."""
    environment = {**os.environ, "GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": secret}
    command = [sys.executable, "-W", "ignore", "-c", _GDAL, f"OAPIF:{address}/ogc", collection]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()
    print(f"GDAL, {collection}: {said}; {load()}", flush=True)


def main() -> None:
    """Print the tables."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=int, default=30)
    seconds = asked.parse_args().seconds
    home = open_home()
    directory = open_directory(home)
    who = Actor("admin", "bench")
    secrets = [
        create_token(directory.ledger, "bench", role="national", scopes=["read", "nearest"], days=1, actor=who)[1]
        for _ in range(TOKENS)
    ]
    places = random.Random(0).sample(directory.gazetteer.localities["locality_siruta"].astype(int).tolist(), VILLAGES)
    start, content = time.perf_counter(), gathered(directory, made_on=directory.ledger.today())
    objects = list(hsds.services(content.tables, directory.gazetteer, content.manifests))
    took = time.perf_counter() - start
    print(f"HSDS objects: {len(objects):,} services in {took:.1f} s, {len(objects) / took:,.0f} a second")
    del content, objects
    with served(home) as address:
        for collection in ("services", "services", "units", "localities"):
            features(address, secrets[0], collection)
        asyncio.run(nearest(address, secrets, places, 3))  # what the first answers load
        for name, path in (
            ("services", "/api/v1/services"),
            ("changes", "/api/v1/changes"),
            ("changes", "/api/v1/changes"),
        ):
            count, size, took = pages(address, secrets[0], path, name)
            print(f"{path}: {count:,} objects, {size / 2**20:.0f} MB in {took:.1f} s, {count / took:,.0f} a second")
        for number in range(2):
            took = asyncio.run(nearest(address, secrets, places, seconds))
            p50, p95, p99 = np.percentile(took, (50, 95, 99))
            print(
                f"nearest, {A_SECOND}/s for {seconds} s, run {number + 1}: "
                f"p50 {p50:.1f} ms, p95 {p95:.1f}, p99 {p99:.1f}, longest {took.max():.0f}; {load()}"
            )


if __name__ == "__main__":
    main()
