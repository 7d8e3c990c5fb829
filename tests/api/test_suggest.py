from __future__ import annotations

import pytest
from starlette.applications import Starlette

from api import suggest
from api.http import session
from core.storage.home import make_home
from tests.worlds.clients.web_client import Client

PARINCEA = 24089  # SIRUTA of the commune


@pytest.fixture
def client(tmp_path, monkeypatch):
    monkeypatch.setenv("HARTA_HOME", str(tmp_path / "no home yet"))
    return Client(Starlette(routes=suggest.routes()))


def labels(client, address):
    return [each["label"] for each in client.get(address).json()]


def test_places_of_the_own_county_come_first(tmp_path, monkeypatch):
    home = make_home("demo", tmp_path / "home")
    monkeypatch.setenv("HARTA_HOME", str(home.path))
    client = Client(Starlette(routes=suggest.routes()))
    address = "/api/places?q=deleni"
    assert ", Bacău" not in labels(client, address)[0]
    mine = session.demo_cookie(home, "team", county="BC", uat_siruta=PARINCEA)
    found = client.get(address, headers={"cookie": f"{session.COOKIE}={mine}"}).json()
    assert "Bacău" in found[0]["label"]


def test_places_are_offered_while_typing_without_diacritics(client):
    assert labels(client, "/api/places?q=targu mur")[0] == "Târgu Mureș, județul Mureș"


def test_one_letter_offers_no_place(client):
    assert labels(client, "/api/places?q=p") == []


def test_everyday_words_offer_needs(client):
    assert "Copil bătut sau abuzat" in labels(client, "/api/needs?q=bătăi")


def test_with_nothing_typed_every_need_is_offered_under_its_heading(client):
    found = client.get("/api/needs").json()
    assert len(found) > 50
    assert all(each["group"] for each in found)


def test_a_very_long_text_is_cut_and_answered(client):
    assert client.get("/api/needs?q=" + "x" * 5000).status_code == 200


def test_what_is_looked_for_stays_out_of_shared_caches(client):
    assert "private" in client.get("/api/places?q=parincea").headers["cache-control"]
