"""Rational agents: against people who choose one area after the other, and against the library `access`."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadValueError, MissingColumnError
from geo.access.access_raam import rational_agents

Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def world(seed: int, areas: int = 12, services: int = 7) -> Tables:
    """Many people, so that the library's whole persons are fine grains; no two ways are equal."""
    rng = np.random.default_rng(seed)
    demand = pd.DataFrame({"area_id": np.arange(areas) + 100, "people": rng.integers(1, 500, areas) * 1000})
    supply = pd.DataFrame({"service_id": np.arange(services) + 900, "places": rng.integers(1, 40, services)})
    costs = demand[["area_id"]].merge(supply[["service_id"]], how="cross")
    return demand, supply, costs.assign(minutes=rng.uniform(1, 60, len(costs)))


def costs_by_hand(demand, supply, costs, *, tau: float = 60.0, rounds: int = 3000) -> dict[object, float]:
    """Let one area after the other choose anew, person shares as fine as they come, until nobody moves."""
    rho = demand["people"].sum() / supply["places"].sum()
    room = rho * supply.set_index("service_id")["places"].to_numpy(float)
    way = costs.set_index(["area_id", "service_id"])["minutes"].unstack().to_numpy() / tau  # noqa: PD010 - every pair once
    people = demand.set_index("area_id")["people"].to_numpy(float)
    flow = np.zeros_like(way)
    for _round in range(rounds):
        for i, mine in enumerate(people):
            price = way[i] + (flow.sum(axis=0) - flow[i]) / room
            by_price = np.argsort(price)
            level = (mine + np.cumsum((price * room)[by_price])) / np.cumsum(room[by_price])
            last = np.flatnonzero(level > price[by_price])[-1]
            flow[i] = room * np.maximum(level[last] - price, 0.0)
    return dict(zip(sorted(demand["area_id"]), (way + flow.sum(axis=0) / room).min(axis=1), strict=True))


def by_access(demand, supply, costs, **steps: float) -> dict[object, float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        raam = pytest.importorskip("access.raam", reason="the library `access` is not installed")
        found = raam.raam(
            demand.set_index("area_id"), supply.set_index("service_id"), costs, demand_name="people",
            supply_name="places", cost_origin="area_id", cost_dest="service_id", cost_name="minutes", **steps,
        )  # fmt: skip
    return found.to_dict()


def as_dict(table: pd.DataFrame) -> dict[object, float]:
    return dict(zip(table["area_id"], table["cost"], strict=True))


@pytest.mark.parametrize("seed", range(6))
def test_the_costs_are_those_of_choosing_again_and_again(seed):
    tables = world(seed, areas=6, services=4)
    assert as_dict(rational_agents(*tables)) == pytest.approx(costs_by_hand(*tables, rounds=1000), rel=1e-8)


@pytest.mark.parametrize("seed", range(3))
def test_the_library_comes_to_our_costs_as_its_steps_get_finer(seed):
    tables = world(seed)
    ours = as_dict(rational_agents(*tables))
    fine = by_access(*tables, max_cycles=3000, min_step=1e-5, half_life=150)
    assert fine == pytest.approx(ours, rel=2e-5)
    as_it_comes = by_access(*tables)
    assert as_it_comes == pytest.approx(ours, rel=0.1)
    assert as_it_comes != pytest.approx(ours, rel=0.01)


TRAFFIC = {"gridlock": (40, 40, 80), "inbound": (20, 40, 80), "outbound": (40, 20, 80), "both": (20, 20, 40)}


@pytest.mark.parametrize("traffic", TRAFFIC)
def test_the_hospital_world_of_the_library(traffic):
    inbound, outbound, across = TRAFFIC[traffic]
    tracts = pd.DataFrame({"area_id": [1, 2, 3], "people": [100_000, 50_000, 10_000]})
    hospitals = pd.DataFrame({"service_id": [1, 2, 3], "places": [15, 20, 100]})
    rows = [(1, 1, 1), (2, 2, 1), (3, 3, 1), (1, 3, inbound), (2, 3, inbound)]
    rows += [(3, 1, outbound), (3, 2, outbound), (1, 2, across), (2, 1, across)]
    costs = pd.DataFrame(rows, columns=["area_id", "service_id", "minutes"])
    ours = as_dict(rational_agents(tracts, hospitals, costs))
    fine = by_access(tracts, hospitals, costs, max_cycles=3000, min_step=1e-5, half_life=150)
    assert fine == pytest.approx(ours, rel=1e-4)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000))
def test_neither_the_order_of_rows_nor_the_names_change_the_costs_even_with_ties(seed):
    demand, supply, costs = world(seed)
    costs["minutes"] = np.ceil(costs["minutes"] / 15) * 15
    plain = rational_agents(demand, supply, costs)
    shuffled = [t.sample(frac=1, random_state=seed) for t in (demand, supply, costs)]
    pd.testing.assert_frame_equal(rational_agents(*shuffled), plain, check_exact=True)
    names = dict(zip(supply["service_id"], np.random.default_rng(seed).permutation(len(supply)), strict=True))
    renamed = [t.assign(service_id=t["service_id"].map(names)) for t in (supply, costs)]
    assert as_dict(rational_agents(demand, *renamed)) == pytest.approx(as_dict(plain), rel=1e-9)


def test_twice_as_many_people_with_twice_the_places_pay_the_same():
    demand, supply, costs = world(1)
    double = demand.assign(people=demand["people"] * 2), supply.assign(places=supply["places"] * 2), costs
    assert as_dict(rational_agents(*double)) == pytest.approx(as_dict(rational_agents(demand, supply, costs)))


def test_where_nobody_lives_a_newcomer_pays_and_changes_nobody_s_cost():
    demand, supply, costs = world(2)
    empty = demand.assign(people=demand["people"].where(demand["area_id"] != 103, 0))
    left = demand["area_id"] != 103
    rho = empty["people"].sum() / supply["places"].sum()
    without = as_dict(rational_agents(demand[left], supply, costs, rho=rho))
    got = as_dict(rational_agents(empty, supply, costs))
    assert got.pop(103) > 0
    assert got == pytest.approx(without)


def test_who_reaches_no_service_with_places_has_no_row():
    demand, supply, costs = world(3)
    far = costs.assign(minutes=costs["minutes"].where(costs["area_id"] != 100, 500.0))
    assert 100 not in as_dict(rational_agents(demand, supply, far, reach_minutes=60))
    for tables in (
        (demand, supply.iloc[:0], costs.iloc[:0]),
        (demand, supply.assign(places=0), costs),
        (demand, supply, costs.iloc[:0]),
        (demand.iloc[:0], supply, costs),
    ):
        assert rational_agents(*tables).empty
    nobody = rational_agents(demand.assign(people=0), supply, costs)
    nearest = costs.groupby("area_id")["minutes"].min() / 60
    assert as_dict(nobody) == pytest.approx(nearest.to_dict())


def test_wrong_numbers_and_tables_are_refused_in_words():
    demand, supply, costs = world(4)
    for wrong in ({"tau_minutes": 0}, {"rho": -1}):
        with pytest.raises(BadValueError, match="tau"):
            rational_agents(demand, supply, costs, **wrong)
    with pytest.raises(MissingColumnError, match="places"):
        rational_agents(demand, supply.drop(columns="places"), costs)
