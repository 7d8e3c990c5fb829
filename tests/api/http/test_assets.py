from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette

from api.http import assets
from geo.maps import map_component
from tests.worlds.clients.web_client import Client


@pytest.fixture(scope="module")
def client():
    return Client(Starlette(routes=assets.routes()))


@pytest.mark.parametrize(
    "address", [address for _name, address in (*map_component.LocalMap.default_js, *map_component.LocalMap.default_css)]
)
def test_every_file_that_a_map_asks_for_is_served(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.content


def test_leaflet_is_the_release_that_folium_writes_for(client):
    assert b"Leaflet 1.9" in client.get("/assets/leaflet/leaflet.js").content[:300]


@pytest.mark.parametrize(
    "name", ["../assets.py", "..%2fassets.py", "leaflet/..%2f__init__.py", "leaflet/", "nothing.css", ""]
)
def test_what_is_not_on_the_list_is_not_served(client, name):
    assert client.get(f"/assets/{name}").status_code == 404


def test_an_address_with_its_digest_is_kept_for_ever_and_one_without_is_not(client):
    assert "immutable" in client.get(assets.asset_url("style.css")).headers["cache-control"]
    assert "immutable" not in client.get("/assets/style.css").headers["cache-control"]


def test_none_of_our_files_names_another_host():
    for path in (each for each in assets.OURS.rglob("*") if each.is_file()):
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|url\(\s*['\"]?//", text), path.name
