"""The attacker: knows every shown cell, every equation, and linear programming."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from reports.suppression import LEAST_SHOWN, Table, bounds, hide


def year(seed: int, *, mean: float, communities: int = 6, months: int = 3, with_quarter: bool = True):
    """A nation of 2 counties, 3 states and a total, months and their quarter."""
    rng = np.random.default_rng(seed)
    table = Table()
    base = rng.poisson(rng.gamma(1.0, mean, (communities, 3, 1)), (communities, 3, months))
    county = np.arange(communities) % 2
    periods = [*range(months), *(["quarter"] if with_quarter else [])]
    for period in periods:
        counts = base.sum(2) if period == "quarter" else base[:, :, period]
        for state in (0, 1, 2, "all"):
            part = counts.sum(1) if state == "all" else counts[:, state]
            for c in range(communities):
                table.add((period, f"c{c}", state), part[c])
            for k in (0, 1):
                table.add((period, f"k{k}", state), part[county == k].sum())
            table.add((period, "nation", state), part.sum())
    areas = [*(f"c{c}" for c in range(communities)), "k0", "k1", "nation"]
    for period in periods:
        for state in (0, 1, 2, "all"):
            table.tie((period, "nation", state), [(period, "k0", state), (period, "k1", state)])
            for k in (0, 1):
                table.tie(
                    (period, f"k{k}", state), [(period, f"c{c}", state) for c in range(communities) if county[c] == k]
                )
        for area in areas:
            table.tie((period, area, "all"), [(period, area, s) for s in (0, 1, 2)])
    for area in areas if with_quarter else []:
        for state in (0, 1, 2, "all"):
            table.tie(("quarter", area, state), [(m, area, state) for m in range(months)])
    stages = [[key for key in table.keys if key[0] == period] for period in periods]
    return table, stages


def attack(table: Table, hidden: set, key) -> tuple[float, float]:
    """The obvious attack: one program over every cell at once, shown cells pinned."""
    n = len(table.keys)
    matrix = np.zeros((len(table.equations), n))
    for row, (total, parts) in enumerate(table.equations):
        matrix[row, total] = 1
        matrix[row, list(parts)] = -1
    limits = [(0, None) if k in hidden else (c, c) for k, c in zip(table.keys, table.counts, strict=True)]
    aim = np.zeros(n)
    aim[table.place[key]] = 1
    ends = []
    for sign in (1, -1):
        done = linprog(sign * aim, A_eq=matrix, b_eq=np.zeros(len(matrix)), bounds=limits, method="highs")
        ends.append(np.inf if done.status == 3 else sign * done.fun)
    return ends[0], ends[1]


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 10_000), st.sampled_from([1.5, 6.0, 20.0]))
def test_an_attacker_with_all_outputs_of_a_quarter_recovers_no_small_cell(seed, mean):
    table, stages = year(seed, mean=mean)
    hidden = hide(table, stages=stages)
    for key, count in zip(table.keys, table.counts, strict=True):
        if 0 < count < LEAST_SHOWN:
            assert key in hidden
            low, high = attack(table, hidden, key)
            assert low - 1e-6 <= count <= high + 1e-6
            assert high - low >= 1 - 1e-6, (key, count, low, high)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000))
def test_every_small_cell_is_hidden_and_nought_is_not_small(seed):
    table, _stages = year(seed, mean=5.0)
    hidden = hide(table)
    for key, count in zip(table.keys, table.counts, strict=True):
        if 0 < count < LEAST_SHOWN:
            assert key in hidden
        if count == 0:
            assert key not in hidden


@pytest.mark.parametrize("mean", [2.0, 10.0])
def test_what_the_months_showed_stays_shown_when_the_quarter_comes(mean):
    table, stages = year(3, mean=mean)
    quarter = set(stages[-1])
    assert hide(table, stages=stages) - quarter == hide(*year(3, mean=mean, with_quarter=False)[:1])


def test_large_counts_are_all_shown():
    table, stages = year(1, mean=20_000.0, communities=2)
    assert min(table.counts) >= LEAST_SHOWN
    assert hide(table, stages=stages) == set()


def test_one_small_cell_takes_a_partner_with_it():
    table = Table()
    for key, count in (("all", 40), ("a", 3), ("b", 17), ("c", 20)):
        table.add(key, count)
    table.tie("all", ["a", "b", "c"])
    hidden = hide(table)
    assert hidden == {"a", "b"}
    assert bounds(table, hidden, "a") == (0, 20)


def test_a_nought_is_never_the_partner():
    table = Table()
    for key, count in (("all", 3), ("a", 3), ("b", 0)):
        table.add(key, count)
    table.tie("all", ["a", "b"])
    assert hide(table) == {"all", "a"}


def test_a_total_that_is_not_the_sum_is_refused():
    table = Table()
    for key, count in (("all", 4), ("a", 3)):
        table.add(key, count)
    with pytest.raises(ValueError, match="sum"):
        table.tie("all", ["a"])
