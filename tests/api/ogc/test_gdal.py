"""GDAL, which is inside QGIS and inside this product, reads the collections without any code of ours.

It runs in a process of its own: while it waits for an answer it keeps the interpreter that would have to give it.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from api.ogc.feature_resources import MOST
from tests.worlds.clients.api_client import secret_for
from tests.worlds.homes import small_world
from tests.worlds.servers.loopback_server import on_loopback

SCRIPT = """
import json, sys
import pyogrio
source, asked = sys.argv[1], json.loads(sys.argv[2])
if asked is None:
    print(json.dumps([name for name, _kind in pyogrio.list_layers(source)]))
else:
    box = asked.pop("bbox", None)
    found = pyogrio.read_dataframe(source, bbox=tuple(box) if box else None, **asked)
    points = found.geometry.representative_point()
    print(json.dumps({
        "crs": found.crs.to_epsg(), "kinds": {name: str(kind) for name, kind in found.dtypes.items()},
        "rows": json.loads(found.drop(columns="geometry").to_json(orient="records")),
        "x": [p.x if p else None for p in points], "y": [p.y if p else None for p in points],
    }))
"""


@pytest.fixture
def gdal(web, demo):
    """Ask GDAL for the names of the collections, or for one of them."""
    secret, told = secret_for(demo, "national"), []
    with on_loopback(web) as address:

        def ask(asked=None, **more):
            command = [sys.executable, "-W", "ignore", "-c", SCRIPT, f"OAPIF:{address}/ogc", json.dumps(asked)]
            own = {"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": secret, "PATH": "/usr/bin", **more}
            done = subprocess.run(command, env=own, capture_output=True, text=True, timeout=60, check=False)
            assert done.returncode == 0, done.stderr
            told.append(done.stderr)
            return json.loads(done.stdout)

        ask.told = told
        yield ask


def test_every_collection_is_read_whole_with_its_types_and_romanian_words(gdal):
    assert {"services", "services.social", "units", "communities", "localities"} <= set(gdal())
    services = gdal({"layer": "services.social", "PAGE_SIZE": "2"})
    told = {each["id"]: each for each in services["rows"]}
    assert sorted(told) == [f"social:mmps:{number}" for number in range(1, 6)]
    names = {each["name"] for each in told.values()}
    assert {"Centrul de zi „Luminița”", small_world.HOSTILE} <= names
    assert told["social:mmps:1"]["places_free"] == 3
    assert told["social:mmps:2"]["places_free"] is None
    assert services["kinds"]["licence_until"].startswith("datetime")
    assert len(gdal({"layer": "units", "PAGE_SIZE": "2000"})["rows"]) == 3_186


def test_a_box_and_the_national_grid_are_asked_of_the_server(gdal):
    found = gdal({"layer": "services.social", "bbox": [27.0, 46.4, 27.11, 46.54]})
    assert sorted(each["id"] for each in found["rows"]) == ["social:mmps:1", "social:mmps:3", "social:mmps:4"]
    metric = gdal({"layer": "services.social", "CRS": "EPSG:3844"})
    assert metric["crs"] == 3844
    assert all(600_000 < x < 700_000 for x in metric["x"])  # easting of Parincea
    assert all(500_000 < y < 600_000 for y in metric["y"])


def test_without_any_option_gdal_asks_for_the_largest_page(gdal):
    assert len(gdal({"layer": "services.social"}, CPL_DEBUG="ON")["rows"]) == 5
    assert f"items?limit={MOST}" in gdal.told[-1]
