"""Costly open addresses: so many a minute of one network, then in words when to come back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http import limited_coverages
from api.http.rate_limit import Limiter
from api.map import map_routes
from api.map.tools import tool_routes
from tests.worlds.homes import small_world

ADDRESSES = {
    "/api/map/search?q=": tool_routes.SEARCHES,
    "/simplu/harta/cautare?q=": tool_routes.SEARCHES,
    "/api/map/harta.pdf?hartie=a0": tool_routes.PAPERS,
    "/api/map/harta.svg?cadru=1": tool_routes.PICTURES,
    "/api/map/services.csv?cadru=1": tool_routes.FILES,
    "/api/map/services.gpkg?cadru=1": tool_routes.FILES,
    "/api/map/coverage": map_routes.LAYERS,
    "/api/map/reach": map_routes.LAYERS,
    "/api/map/joined": map_routes.LAYERS,
    "/api/map/joined.csv": map_routes.LAYERS,
    "/simplu/harta/judete": map_routes.COUNTIES,
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_asks_for_too_much_is_told_when_to_come_back(demo, as_role, monkeypatch, address):
    monkeypatch.setattr(ADDRESSES[address], "tries", 1)
    browser = as_role()
    first = browser.get(address)
    assert first.status_code not in (404, 429) or "hartie" in address
    refused = browser.get(address)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert "Prea multe cereri" in refused.text
    assert browser.get("/api/map/points?cadru=46.4,26.8,46.7,27.3").status_code == 200


def test_a_script_is_told_in_json(demo, as_role, monkeypatch):
    monkeypatch.setattr(map_routes.LAYERS, "tries", 1)
    browser = as_role()
    browser.get("/api/map/coverage")
    refused = browser.get("/api/map/coverage", headers={"accept": "*/*"})
    assert refused.status_code == 429
    assert "Prea multe cereri" in refused.json()["error"]


@pytest.mark.parametrize(
    ("address", "said"),
    [("/api/map/coverage?culoare=acoperire&serviciu=", 429), ("/simplu/acoperire?serviciu=", 429),
     ("/simplu/harta?culoare=acoperire&serviciu=", 200)],
)  # fmt: skip
def test_coverages_that_have_to_be_computed_count_against_a_network_and_those_at_hand_do_not(
    demo, as_role, monkeypatch, address, said
):
    small_world.give_population(demo.home)
    monkeypatch.setattr(limited_coverages, "COMPUTATIONS", Limiter(1, 60))
    browser = as_role()
    first, other = small_world.CHILD_DAY_CENTRE, "8810ID-I"
    assert "Prea multe cereri" not in browser.get(address + first).text
    refused = browser.get(address + other)
    assert refused.status_code == said
    assert "Prea multe cereri" in refused.text
    assert "Prea multe cereri" not in browser.get(address + first).text


@given(st.lists(st.integers(0, 40), max_size=25))
def test_the_wait_that_is_told_is_the_one_after_which_the_next_try_is_allowed(pauses):
    now = 0
    limiter = Limiter(3, 60, clock=lambda: now)
    for pause in pauses:
        now += pause
        wait = limiter.wait("a")
        assert limiter.allows("a") == (wait == 0)
        if wait:
            now += wait
            assert limiter.wait("a") == 0
            assert limiter.allows("a")
    assert limiter.wait("b") == 0
