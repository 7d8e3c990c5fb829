"""People who find a place and people left out: nobody twice, nobody lost."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import MissingColumnError
from geo.access.served import allocate_people
from tests.worlds.examples import examples


def country(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    demand = pd.DataFrame({"area_id": np.arange(20), "people": rng.integers(0, 60, 20)})
    supply = pd.DataFrame({"service_id": np.arange(6), "places": rng.integers(0, 80, 6)})
    costs = demand[["area_id"]].merge(supply[["service_id"]], how="cross")
    return demand, supply, costs.assign(minutes=rng.uniform(0, 60, len(costs)))


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 60))
def test_served_and_unmet_are_whole_people_and_add_up(seed, reach):
    demand, supply, costs = country(seed)
    served = allocate_people(demand, supply, costs, reach_minutes=reach).served
    assert (served[["served", "unmet"]] >= 0).all(axis=None)
    assert (served["served"] % 1 == 0).all()
    assert (served["served"] + served["unmet"] == served["people"]).all()
    assert served["people"].tolist() == demand["people"].tolist()


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 60))
def test_no_service_takes_more_than_its_places_and_nobody_is_left_beside_a_free_one(seed, reach):
    demand, supply, costs = country(seed)
    moved = allocate_people(demand, supply, costs, reach_minutes=reach).moved
    taken = moved.groupby("service_id")["people"].sum().reindex(supply["service_id"], fill_value=0.0)
    found = moved.groupby("area_id")["people"].sum().reindex(demand["area_id"], fill_value=0.0)
    free = supply["places"] - taken.to_numpy()
    waiting = demand["people"] - found.to_numpy()
    assert free.min() > -1e-6
    assert waiting.min() > -1e-6
    near = costs[costs["minutes"] <= reach]
    stuck = near[(free[near["service_id"]].to_numpy() > 1e-6) & (waiting[near["area_id"]].to_numpy() > 1e-6)]
    assert stuck.empty


def test_a_full_service_takes_the_same_share_of_everybody_who_turns_to_it():
    demand = pd.DataFrame({"area_id": ["A", "B"], "people": [30, 60]})
    supply = pd.DataFrame({"service_id": ["S"], "places": [30]})
    costs = pd.DataFrame({"area_id": ["A", "B"], "service_id": ["S", "S"], "minutes": [5.0, 25.0]})
    found = allocate_people(demand, supply, costs, reach_minutes=30)
    assert found.served["served"].tolist() == [10, 20]
    assert found.moved.to_numpy().tolist() == [["A", "S", 10], ["B", "S", 20]]


def test_the_order_of_rows_changes_nothing():
    tables = country(3)
    shuffled = [t.sample(frac=1, random_state=1) for t in tables]
    pd.testing.assert_frame_equal(
        allocate_people(*tables, reach_minutes=30, decay="zones").served,
        allocate_people(*shuffled, reach_minutes=30, decay="zones").served,
        check_exact=True,
    )


def test_empty_zero_and_unreachable_give_zeros_and_never_na():
    demand, supply, costs = country(5)
    for tables in (
        (demand, supply.iloc[:0], costs.iloc[:0]),
        (demand, supply.assign(places=0), costs),
        (demand.assign(people=0), supply, costs),
        (demand, supply, costs.iloc[:0]),
    ):
        found = allocate_people(*tables, reach_minutes=30)
        assert (found.served["served"] == 0).all()
        assert found.served.notna().all(axis=None)
        assert (found.moved["people"] == 0).all()
    assert allocate_people(demand.iloc[:0], supply, costs, reach_minutes=30).served.empty


def test_people_moved_are_the_people_served_before_rounding():
    demand, supply, costs = country(6)
    found = allocate_people(demand, supply, costs, reach_minutes=60)
    assert found.moved["people"].sum() == pytest.approx(found.served["served"].sum(), abs=1.0)
    with pytest.raises(MissingColumnError, match="places"):
        allocate_people(demand, supply.drop(columns="places"), costs, reach_minutes=60)
