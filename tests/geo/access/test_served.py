"""People who find a place and people left out: nobody twice, nobody lost, on every level."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import MissingColumnError
from geo.access.served import border_flows, people_served, rate_of, sum_by_level


def country(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    demand = pd.DataFrame({"area_id": np.arange(20), "people": rng.integers(0, 60, 20)})
    demand["uat_siruta"] = demand["area_id"] // 4
    demand["county"] = np.where(demand["uat_siruta"] < 2, "BC", "NT")
    demand["region"] = "RO21"
    supply = pd.DataFrame(
        {"service_id": np.arange(6), "places": rng.integers(0, 80, 6), "county": ["BC"] * 3 + ["NT"] * 3}
    )
    costs = demand[["area_id"]].merge(supply[["service_id"]], how="cross")
    return demand, supply, costs.assign(minutes=rng.uniform(0, 60, len(costs)))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 60))
def test_served_and_unmet_are_whole_people_and_add_up_on_every_level(seed, reach):
    demand, supply, costs = country(seed)
    served = people_served(demand, supply, costs, reach_minutes=reach)
    assert (served[["served", "unmet"]] >= 0).all(axis=None)
    assert (served["served"] % 1 == 0).all()
    for level in ("area_id", "uat_siruta", "county", "region", "national"):
        sums = sum_by_level(served, demand, level) if level != "area_id" else served
        assert (sums["served"] + sums["unmet"] == sums["people"]).all()
        assert sums[["people", "served", "unmet"]].sum().equals(served[["people", "served", "unmet"]].sum())
    assert served["people"].sum() == demand["people"].sum()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 60))
def test_no_service_takes_more_than_its_places_and_nobody_is_left_beside_a_free_one(seed, reach):
    demand, supply, costs = country(seed)
    supply["one"], demand["one"] = supply["service_id"], demand["area_id"]
    flows = border_flows(demand, supply, costs, reach_minutes=reach, level="one")
    taken = flows.groupby("to_one")["people"].sum().reindex(supply["service_id"], fill_value=0.0)
    found = flows.groupby("from_one")["people"].sum().reindex(demand["area_id"], fill_value=0.0)
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
    assert people_served(demand, supply, costs, reach_minutes=30)["served"].tolist() == [10, 20]


def test_the_order_of_rows_changes_nothing():
    tables = country(3)
    shuffled = [t.sample(frac=1, random_state=1) for t in tables]
    pd.testing.assert_frame_equal(
        people_served(*tables, reach_minutes=30, decay="zones"),
        people_served(*shuffled, reach_minutes=30, decay="zones"),
        check_exact=True,
    )


def test_areas_that_belong_nowhere_stay_in_the_sums():
    demand, supply, costs = country(4)
    served = people_served(demand, supply, costs, reach_minutes=30)
    sums = sum_by_level(served, demand.iloc[3:], "county")
    assert sums["people"].sum() == demand["people"].sum()
    assert sums["county"].isna().sum() == 1


def test_empty_zero_and_unreachable_give_zeros_and_never_na():
    demand, supply, costs = country(5)
    for tables in (
        (demand, supply.iloc[:0], costs.iloc[:0]),
        (demand, supply.assign(places=0), costs),
        (demand.assign(people=0), supply, costs),
        (demand, supply, costs.iloc[:0]),
    ):
        served = people_served(*tables, reach_minutes=30)
        assert (served["served"] == 0).all()
        assert served.notna().all(axis=None)
        assert (rate_of(served) == 0).all()
        assert border_flows(*tables, reach_minutes=30).empty
    assert people_served(demand.iloc[:0], supply, costs, reach_minutes=30).empty


def test_flows_over_the_border_count_everybody_served_once():
    demand, supply, costs = country(6)
    flows = border_flows(demand, supply, costs, reach_minutes=60)
    served = people_served(demand, supply, costs, reach_minutes=60)["served"].sum()
    assert flows["people"].sum() == pytest.approx(served, abs=1.0)
    with pytest.raises(MissingColumnError, match="county"):
        border_flows(demand.drop(columns="county"), supply, costs, reach_minutes=60)
