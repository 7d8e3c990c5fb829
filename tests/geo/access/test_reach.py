"""Nearest service, shares within a limit, quantiles and the concentration index."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadValueError
from geo.access.reach import concentration_index, distribution, nearest, share_within, weighted_quantiles

DEMAND = pd.DataFrame({"area_id": list("ABCD"), "people": [100, 50, 30, 20], "county": ["BC", "BC", "NT", "NT"]})
SUPPLY = pd.DataFrame({"service_id": ["P", "Q"]})
COSTS = pd.DataFrame(
    {"area_id": list("AABBC"), "service_id": ["Q", "P", "P", "Q", "Q"], "minutes": [10.0, 10.0, 40, 20, 60]}
)


def test_of_equally_near_services_the_first_by_key_and_no_row_for_who_reaches_none():
    near = nearest(DEMAND, SUPPLY, COSTS)
    assert near.to_numpy().tolist() == [["A", "P", 10.0], ["B", "Q", 20.0], ["C", "Q", 60.0]]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(0, 9)), unique_by=lambda p: p[:2]))
def test_nearest_agrees_with_the_obvious_loop(rows):
    costs = pd.DataFrame(rows, columns=["area_id", "service_id", "minutes"])
    demand, supply = pd.DataFrame({"area_id": range(6)}), pd.DataFrame({"service_id": range(5)})
    got = nearest(demand, supply, costs)
    want = {a: min((m, s) for b, s, m in rows if b == a) for a in {row[0] for row in rows}}
    assert {a: (m, s) for a, s, m in got.itertuples(index=False)} == want


def test_people_who_reach_nothing_count_in_the_whole_but_not_within():
    shares = share_within(DEMAND, nearest(DEMAND, SUPPLY, COSTS), limits=[15, 30, 60])
    assert shares["people"].tolist() == [200] * 3
    assert shares["people_within"].tolist() == [100, 150, 180]
    assert shares["share"].tolist() == pytest.approx([0.5, 0.75, 0.9])


def test_shares_by_county_add_up_to_the_country():
    near = nearest(DEMAND, SUPPLY, COSTS)
    parts, whole = share_within(DEMAND, near, by="county"), share_within(DEMAND, near)
    assert parts.groupby("within")["people_within"].sum().tolist() == whole["people_within"].tolist()
    assert set(parts["county"]) == {"BC", "NT"}


def test_the_distribution_counts_people_and_leaves_out_who_reaches_nothing():
    table = distribution(DEMAND, nearest(DEMAND, SUPPLY, COSTS), quantiles=[0.5, 0.9], by="county")
    assert table.to_numpy().tolist() == [["BC", 150, 150, pytest.approx(40 / 3), 10, 20], ["NT", 50, 30, 60, 60, 60]]


def test_nobody_in_need_and_an_empty_register_give_zeros_or_no_rows_and_never_na():
    nothing = nearest(DEMAND, SUPPLY.iloc[:0], COSTS.iloc[:0])
    assert nothing.empty
    assert distribution(DEMAND, nothing).empty
    assert share_within(DEMAND, nothing)["share"].tolist() == [0, 0, 0]
    nobody = DEMAND.assign(people=0)
    near = nearest(nobody, SUPPLY, COSTS)
    assert share_within(nobody, near)["share"].tolist() == [0, 0, 0]
    assert distribution(nobody, near).empty
    assert share_within(DEMAND.iloc[:0], nothing).empty


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), min_size=1, max_size=8).filter(
        lambda r: any(w for _, w in r)
    ),
    st.integers(0, 100),
)
def test_quantiles_agree_with_writing_every_person_down(rows, percent):
    values, weights = zip(*rows, strict=True)
    everybody = np.repeat(values, weights)
    got = weighted_quantiles(values, weights, [percent / 100])[0]
    assert got == np.quantile(everybody, percent / 100, method="inverted_cdf")


def test_quantiles_of_nobody_are_empty_and_wrong_shares_are_refused():
    assert len(weighted_quantiles([], [], [0.5])) == 0
    with pytest.raises(BadValueError, match="0 și 1"):
        weighted_quantiles([1], [1], [50])


def index_by_hand(values, people, wealth) -> float:
    """Each person separately: twice the covariance with the middle rank, over the mean."""
    everybody = [(w, v) for v, p, w in zip(values, people, wealth, strict=True) for _ in range(p)]
    n = len(everybody)
    ranks = [
        (sum(other < w for other, _ in everybody) + sum(other == w for other, _ in everybody) / 2) / n
        for w, _ in everybody
    ]
    mean = sum(v for _, v in everybody) / n
    return 2 * sum((v - mean) * (r - 0.5) for (_, v), r in zip(everybody, ranks, strict=True)) / n / mean


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 90), st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=7))
def test_the_concentration_index_agrees_with_ranking_every_person(rows):
    values, people, wealth = zip(*rows, strict=True)
    got = concentration_index(values, people, wealth)
    assert got == pytest.approx(index_by_hand(values, people, wealth), abs=1e-12)


def test_the_index_is_below_zero_where_the_poorest_are_farther_and_zero_where_all_are_alike():
    assert (
        concentration_index([60, 30, 10], [1, 1, 1], [1, 2, 3])
        < 0
        < concentration_index([10, 30, 60], [1, 1, 1], [1, 2, 3])
    )
    assert concentration_index([30, 30], [5, 9], [1, 2]) == pytest.approx(0)
    assert concentration_index([], [], []) == concentration_index([0, 0], [1, 1], [1, 2]) == 0
    assert concentration_index([np.nan, 5], [1, 1], [1, 2]) == 0
