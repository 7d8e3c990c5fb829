"""The route of the map's areas: one address a state of the data, kept by the browser, nothing about a person."""

from __future__ import annotations

from starlette.applications import Starlette

from api import atlas_areas
from core.storage.home import make_home
from tests.worlds.clients.web_client import Client
from tests.worlds.homes import small_world


def client(home, monkeypatch) -> Client:
    monkeypatch.setenv("HARTA_HOME", str(home.path))
    return Client(Starlette(routes=atlas_areas.routes()))


def test_the_areas_of_the_whole_country_come_and_may_be_kept(tmp_path, monkeypatch):
    home = make_home("live", tmp_path / "home")
    answer = client(home, monkeypatch).get(atlas_areas.address(home))
    assert answer.status_code == 200
    assert len(answer.json()["areas"]) > 3_100
    assert "immutable" in answer.headers["cache-control"]
    assert "private" in answer.headers["cache-control"]


def test_the_address_changes_with_the_data_and_an_old_one_is_not_kept(tmp_path, monkeypatch):
    home = make_home("demo", tmp_path / "home")
    before = atlas_areas.address(home)
    small_world.publish(home, "social", small_world.services())
    assert atlas_areas.address(home) != before
    answer = client(home, monkeypatch).get(before)
    assert answer.headers["cache-control"] == "no-store"


def test_nothing_of_a_register_is_in_it(tmp_path, monkeypatch):
    home = small_world.make_world(tmp_path / "home")
    text = client(home, monkeypatch).get(atlas_areas.address(home)).text
    assert "Luminița" not in text
    assert small_world.SECRET_TOWN not in text


def test_without_a_home_it_says_how_to_make_one(tmp_path, monkeypatch):
    monkeypatch.setenv("HARTA_HOME", str(tmp_path / "nothing"))
    answer = Client(Starlette(routes=atlas_areas.routes())).get(atlas_areas.PATH)
    assert answer.status_code == 503
    assert "harta demo" in answer.text
