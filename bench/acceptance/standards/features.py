"""Every collection of `/ogc` of the demonstration read by GDAL, and boxes against a look at every feature.

Each collection is read whole over HTTP by its links; GDAL, in a process of its own, has to give the same features with
the same names. Random boxes, some with a corner on a feature, in degrees and in the national grid, are held to all of
its shapes by shapely.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import httpx
import numpy as np
import shapely

from api.ogc.feature_layer import CRS84, EPSG_3844
from bench.acceptance.hsds import the_home
from bench.screens.browsing import load, served
from bench.server.bench_tokens import national_tokens
from referrals.workflow.directory import open_directory

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST, BOXES = 10_000, 100  # features a page; boxes a collection and a system of coordinates
NAMES = ("name", "uat", "locality")
_GDAL = """
import json, sys, time
import pyogrio
start = time.perf_counter()
found = pyogrio.read_dataframe(sys.argv[1], layer=sys.argv[2])
took = time.perf_counter() - start
name = next((each for each in sys.argv[3].split(",") if each in found), found.columns[0])
said = {"took": took, "crs": found.crs.to_string(), "ids": found["id"].tolist(), "names": found[name].tolist()}
print(json.dumps(said))
"""


def whole(client: httpx.Client, name: str, system: str) -> list[dict[str, Any]]:
    """Return every feature of a collection by its links."""
    found: list[dict[str, Any]] = []
    onward: str | None = str(httpx.URL(f"/ogc/collections/{name}/items", params={"limit": MOST, "crs": system}))
    while onward:
        answer = client.get(onward)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["features"]
        onward = next((each["href"] for each in page["links"] if each["rel"] == "next"), None)
    assert len(found) == page["numberMatched"] == len({each["id"] for each in found})
    return found


def check_gdal(address: str, secret: str, name: str, features: list[dict[str, Any]]) -> float:
    """Hold what GDAL reads to what is there; return its seconds."""
    environment = {**os.environ, "GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": secret}
    command = [sys.executable, "-W", "ignore", "-c", _GDAL, f"OAPIF:{address}/ogc", name, ",".join(NAMES)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["crs"] in ("OGC:CRS84", "EPSG:4326"), said["crs"]
    ours = {each["id"]: each["properties"] for each in features}
    assert sorted(said["ids"]) == sorted(ours)
    column = next((each for each in NAMES if any(each in row for row in ours.values())), None)
    if column:
        for key, told in zip(said["ids"], said["names"], strict=True):
            assert told == ours[key].get(column), (key, told)
    return float(said["took"])


def shapes_of(features: list[dict[str, Any]], *, is_flipped: bool) -> NDArray[np.object_]:
    """Return the shapes of features, x before y."""
    texts = [json.dumps(each["geometry"]) if each["geometry"] else None for each in features]
    found = shapely.from_geojson(texts)
    return shapely.transform(found, np.fliplr) if is_flipped else found


def check_boxes(client: httpx.Client, name: str, system: str, rng: random.Random) -> int:
    """Hold random boxes to a look at every shape; return how many features they had."""
    features = whole(client, name, system)
    is_flipped = system == EPSG_3844
    shapes = shapes_of(features, is_flipped=is_flipped)
    ids = np.array([each["id"] for each in features])
    there = np.flatnonzero(~shapely.is_missing(shapes))
    west, south, east, north = shapely.total_bounds(shapes)
    count = 0
    for number in range(BOXES):
        x, y = rng.uniform(west, east), rng.uniform(south, north)
        if number % 3 == 0:  # touching is enough
            x, y = shapely.get_coordinates(shapes[rng.choice(there.tolist())])[0]
        box = (x, y, x + rng.uniform(0, east - west) / 4, y + rng.uniform(0, north - south) / 4)
        told = (box[1], box[0], box[3], box[2]) if is_flipped else box
        asked = {"bbox": ",".join(repr(float(each)) for each in told), "bbox-crs": system, "limit": MOST}
        found, onward = [], str(httpx.URL(f"/ogc/collections/{name}/items", params=asked))
        while onward:
            page = client.get(onward).json()
            found += [each["id"] for each in page["features"]]
            onward = next((each["href"] for each in page["links"] if each["rel"] == "next"), "")
        wanted = ids[shapely.intersects(shapes, shapely.box(*box))]
        assert sorted(found) == sorted(wanted.tolist()), (name, system, box)
        assert page["numberMatched"] == len(wanted)
        count += len(wanted)
    return count


def main() -> None:
    """Print what was looked at; a fault stops the run."""
    rng = random.Random(20)
    with the_home() as home:
        directory = open_directory(home)
        made = national_tokens(directory.ledger, ["read", "figures"], 64)  # a token asks 600 times a minute
        directory.ledger.close()
        with served(home) as address, httpx.Client(base_url=address, timeout=600) as client:
            client.headers["Authorization"] = f"Bearer {made[0]}"
            coverages: list[tuple[int, float]] = []
            names = [each["id"] for each in client.get("/ogc/collections").json()["collections"]]
            for number, name in enumerate(names):
                secret = made[number % len(made)]
                client.headers["Authorization"] = f"Bearer {secret}"
                start = time.perf_counter()
                features = whole(client, name, CRS84)
                took = check_gdal(address, secret, name, features)
                if name.startswith("coverage."):
                    coverages.append((len(features), took))
                    continue
                counts = [check_boxes(client, name, each, rng) for each in (CRS84, EPSG_3844)]
                boxes = f"{2 * BOXES} boxes with {sum(counts):,} features as all looked at; "
                print(
                    f"{name:<24}{len(features):>7,} features, GDAL {took:.1f} s; {boxes}"
                    f"{time.perf_counter() - start:.0f} s",
                    flush=True,
                )
            features_in, seconds = (sum(each) for each in zip(*coverages, strict=True))
            print(f"{len(coverages)} coverages        {features_in:>7,} features, GDAL {seconds:.1f} s")
    print(load())


if __name__ == "__main__":
    main()
