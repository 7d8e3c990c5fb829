"""All measures at once are the same as each by itself."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.access.access_measures import area_measures
from geo.access.catchment import floating_catchment
from geo.access.reach import nearest
from geo.access.served import people_served


def world(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    demand = pd.DataFrame({"area_id": range(10), "people": rng.integers(0, 50, 10)})
    supply = pd.DataFrame({"service_id": [f"s{i}" for i in range(5)], "places": rng.integers(0, 30, 5)})
    costs = demand[["area_id"]].merge(supply[["service_id"]], how="cross").sample(frac=0.5, random_state=seed)
    return demand, supply, costs.assign(minutes=rng.uniform(1, 60, len(costs)))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 60))
def test_all_measures_at_once_equal_the_single_ones(seed, reach):
    demand, supply, costs = world(seed)
    table = area_measures(demand, supply, costs, reach_minutes=reach)
    for method in ("2sfca", "e2sfca", "bfca"):
        alone = floating_catchment(demand, supply, costs, method=method, reach_minutes=reach)
        assert table[f"places_per_person_{method}"].tolist() == alone["places_per_person"].tolist()
    pd.testing.assert_frame_equal(
        table[["area_id", "people", "served", "unmet"]], people_served(demand, supply, costs, reach_minutes=reach)
    )
    near = table.loc[table["is_reached"], ["area_id", "service_id", "minutes"]].reset_index(drop=True)
    pd.testing.assert_frame_equal(near.astype({"minutes": float}), nearest(demand, supply, costs))


def test_an_empty_register_has_zeros_and_nobody_reached():
    demand, supply, costs = world(1)
    table = area_measures(demand, supply.iloc[:0], costs.iloc[:0], reach_minutes=30)
    assert not table["is_reached"].any()
    assert table["minutes"].isna().all()
    numbers = table.drop(columns=["service_id", "minutes"])
    assert numbers.notna().all(axis=None)
    assert (table["unmet"] == table["people"]).all()
    assert area_measures(demand.iloc[:0], supply, costs, reach_minutes=30).empty
