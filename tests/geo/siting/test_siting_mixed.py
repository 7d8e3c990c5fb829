"""New sites, added places and mobile teams in one question and one budget; reaching a share; nothing left unused."""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadValueError, InfeasibleSitingError
from geo.siting.facility_location import maximal_coverage, p_median, set_cover
from providers.planning.siting_words import obstacle_words
from tests.worlds.examples import examples

few = settings(max_examples=examples(6, daily=3), deadline=None)
DAYS = ["luni", "joi"]


def world(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """One service that may grow, two sites, two stops of teams; whole minutes and prices."""
    rng = np.random.default_rng(seed)
    demand = pd.DataFrame({"area_id": [f"L{i}" for i in range(5)], "people": rng.integers(1, 12, 5)})
    table = pd.DataFrame(
        {
            "site_id": ["E", "N1", "N2", "t1", "t2"],
            "is_existing": [True, False, False, False, False],
            "is_stop": [False, False, False, True, True],
            "places": [3, 9, 14, 4, 4],
            "price": [0, *rng.integers(20, 60, 2), 10, 10],
            "places_addable": [4, 0, 0, 0, 0],
            "price_per_place": [int(rng.integers(1, 6)), 0, 0, 0, 0],
        }
    )
    costs = demand[["area_id"]].merge(table[["site_id"]], how="cross")
    return demand, table, costs.assign(cost=rng.integers(1, 60, len(costs)).astype(float))


def choices(table: pd.DataFrame, *, sites: int, team_days: int, budget: float):
    """Every way to spend, as the same sites all existing, and what it costs."""
    for one, two, first, second, more in product((0, 1), (0, 1), (0, 1, 2), (0, 1, 2), range(5)):
        cost = float((table["price"] * [0, one, two, first, second]).sum() + more * table["price_per_place"].iloc[0])
        if one + two <= sites and first + second <= team_days and cost <= budget:
            room = table["places"] * [1, one, two, first, second] + [more, 0, 0, 0, 0]
            yield pd.DataFrame({"site_id": table["site_id"], "is_existing": True, "places": room}), cost


@few
@given(seed=st.integers(0, 10_000), budget=st.integers(0, 90), sites=st.integers(0, 2), teams=st.integers(0, 1))
def test_what_the_money_buys_is_the_best_of_all_ways_to_spend_it(seed, budget, sites, teams):
    demand, table, costs = world(seed)
    got = maximal_coverage(
        demand, costs, sites=sites, reach=30, candidates=table, budget=budget, teams=teams, days=DAYS
    )
    best = max(
        maximal_coverage(demand, costs, sites=0, reach=30, candidates=spent).objective
        for spent, _cost in choices(table, sites=sites, team_days=2 * teams, budget=budget)
    )
    assert got.objective == best
    assert got.is_proven


@pytest.mark.slow
@few
@given(seed=st.integers(0, 10_000), share=st.sampled_from([0.3, 0.6, 0.9, 1.0]))
def test_a_share_is_reached_at_the_least_cost_of_all_ways(seed, share):
    demand, table, costs = world(seed)
    total = demand["people"].sum()
    asked = {"reach": 40, "candidates": table, "teams": 1, "days": DAYS, "share": share}
    try:
        got = set_cover(demand, costs, **asked)
    except InfeasibleSitingError:
        least = np.inf
    else:
        least = got.objective
        assert got.assignment["people"].sum() >= share * total - 1e-9
    cheaper = [spent for spent, cost in choices(table, sites=2, team_days=2, budget=np.inf) if cost < least]
    for spent in cheaper[-40:]:
        assert maximal_coverage(demand, costs, sites=0, reach=40, candidates=spent).objective < share * total - 1e-9


@pytest.mark.parametrize("places", [None, 100])
def test_a_share_leaves_the_far_ones_out_whether_or_not_sites_fill_up(places):
    demand = pd.DataFrame({"area_id": ["A", "B", "C"], "people": [60, 30, 10]})
    costs = pd.DataFrame({"area_id": ["A", "B"], "site_id": ["a", "b"], "cost": 5.0})
    table = pd.DataFrame({"site_id": ["a", "b"]})
    table = table if places is None else table.assign(places=places)
    assert set_cover(demand, costs, reach=10, candidates=table, share=0.5).sites == ("a",)
    got = set_cover(demand, costs, reach=10, candidates=table, share=0.9)
    assert got.sites == ("a", "b")
    assert got.unmet["people"].tolist() == [10]
    with pytest.raises(InfeasibleSitingError) as refused:
        set_cover(demand, costs, reach=10, candidates=table, share=0.95)
    assert re.search(r"cel mult 90 din 100 .*\(90,0 %\)", obstacle_words(refused.value))


def test_a_share_is_above_nothing_and_at_most_all():
    demand, table, costs = world(1)
    for wrong in (0.0, 1.5, float("nan")):
        with pytest.raises(BadValueError, match="share"):
            set_cover(demand, costs, reach=10, candidates=table, share=wrong)


def test_nothing_is_opened_or_added_that_nobody_would_use():
    demand = pd.DataFrame({"area_id": ["A"], "people": [7]})
    costs = pd.DataFrame({"area_id": ["A", "A", "A"], "site_id": ["E", "N", "t"], "cost": [1.0, 2.0, 3.0]})
    table = pd.DataFrame(
        {"site_id": ["E", "N", "t"], "is_existing": [True, False, False], "is_stop": [False, False, True],
         "places": [0, 50, 2], "places_addable": [40, 0, 0]}
    )  # fmt: skip
    got = maximal_coverage(demand, costs, sites=1, reach=9, candidates=table, teams=1, days=DAYS)
    assert got.openings.to_numpy().tolist() == [["E", 0, 7.0]]
    assert got.rounds.empty


def test_a_median_may_use_teams_and_services_that_grow_as_needed():
    demand = pd.DataFrame({"area_id": ["A", "B"], "people": [3, 8]})
    costs = pd.DataFrame({"area_id": ["A", "A", "B"], "site_id": ["t", "N", "N"], "cost": [1.0, 30.0, 4.0]})
    table = pd.DataFrame({"site_id": ["t", "N"], "is_stop": [True, False], "places": [2, 0], "places_addable": [0, 99]})
    got = p_median(demand, costs, sites=1, candidates=table, teams=1, days=DAYS)
    assert got.objective == 3 * 1 + 8 * 4
    assert got.openings.to_numpy().tolist() == [["N", 1, 8.0], ["t", 2, 0.0]]


def test_what_is_missing_is_counted_in_places():
    demand = pd.DataFrame({"area_id": ["A"], "people": [11]})
    costs = pd.DataFrame({"area_id": ["A"], "site_id": ["t"], "cost": [1.0]})
    table = pd.DataFrame({"site_id": ["t"], "is_stop": [True], "places": [2]})
    with pytest.raises(InfeasibleSitingError) as refused:
        p_median(demand, costs, sites=0, candidates=table, teams=1, days=DAYS)
    assert "cel mult 4 locuri. Este nevoie de încă 7 locuri" in obstacle_words(refused.value)
