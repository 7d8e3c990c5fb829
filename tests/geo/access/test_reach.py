"""Quantiles and the concentration index, against writing every person down."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadValueError
from geo.access.reach import concentration_index, weighted_quantiles
from tests.worlds.examples import examples


@settings(max_examples=examples(60), deadline=None)
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
    with pytest.raises(BadValueError, match="0 and 1"):
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


@settings(max_examples=examples(40), deadline=None)
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
