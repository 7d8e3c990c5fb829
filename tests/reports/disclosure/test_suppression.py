"""The attacker: knows every shown cell, every equation, and linear programming."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from reports.disclosure.suppression import LEAST_SHOWN, VALUES, Table, bounds, hide


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
    return table


def published_in_turn(seed: int, mean: float) -> tuple[Table, set, set]:
    """Months first, each on what is known then, and the quarter after them: table, hidden cells, those of months."""
    months = hide(year(seed, mean=mean, with_quarter=False))
    table = year(seed, mean=mean)
    decided = {key: key in months for key in table.keys if key[0] != "quarter"}
    return table, hide(table, decided=decided), months


def attack(table: Table, hidden: set, key, *, least: int = 1) -> tuple[float, float]:
    """The obvious attack: one program over every cell at once, shown cells pinned, a hidden one at least `least`."""
    n = len(table.keys)
    matrix = np.zeros((len(table.equations), n))
    for row, (total, parts) in enumerate(table.equations):
        matrix[row, total] = 1
        matrix[row, list(parts)] = -1
    limits = [(least, None) if k in hidden else (c, c) for k, c in zip(table.keys, table.counts, strict=True)]
    aim = np.zeros(n)
    aim[table.place[key]] = 1
    ends = []
    for sign in (1, -1):
        done = linprog(sign * aim, A_eq=matrix, b_eq=np.zeros(len(matrix)), bounds=limits, method="highs")
        ends.append(np.inf if done.status == 3 else sign * done.fun)
    return ends[0], ends[1]


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 10_000), st.sampled_from([1.5, 6.0, 20.0]))
def test_as_many_numbers_fit_in_every_small_cell_of_a_quarter_as_there_are_small_numbers(seed, mean):
    table, hidden, _months = published_in_turn(seed, mean)
    for key, count in zip(table.keys, table.counts, strict=True):
        if 0 < count < LEAST_SHOWN:
            assert key in hidden
            low, high = attack(table, hidden, key)
            assert low - 1e-6 <= count <= high + 1e-6
            assert np.floor(high + 1e-6) - np.ceil(low - 1e-6) + 1 >= VALUES, (key, count, low, high)


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 10_000))
def test_whole_numbers_too_leave_a_small_cell_open(seed):
    """Programs over whole numbers: the attacker of the tests above may use fractions, people come whole."""
    table, hidden, _months = published_in_turn(seed, 4.0)
    place = {key: n for n, key in enumerate(table.keys)}
    matrix = np.zeros((len(table.equations), len(place)))
    for row, (total, parts) in enumerate(table.equations):
        matrix[row, total], matrix[row, list(parts)] = 1, -1
    least = [1 if k in hidden else c for k, c in zip(table.keys, table.counts, strict=True)]
    most = [500 if k in hidden else c for k, c in zip(table.keys, table.counts, strict=True)]
    small = [k for k, c in zip(table.keys, table.counts, strict=True) if 0 < c < LEAST_SHOWN]
    for key in small[:: max(1, len(small) // 4)]:
        aim = np.zeros(len(place))
        aim[place[key]] = 1
        ends = [
            round(sign * milp(
                sign * aim, constraints=LinearConstraint(matrix, 0, 0), integrality=np.ones(len(place)), bounds=Bounds(least, most)
            ).fun)
            for sign in (1, -1)
        ]  # fmt: skip
        assert ends[1] > ends[0]


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000))
def test_every_small_cell_is_hidden_and_nought_is_not_small(seed):
    table = year(seed, mean=5.0)
    hidden = hide(table)
    for key, count in zip(table.keys, table.counts, strict=True):
        if 0 < count < LEAST_SHOWN:
            assert key in hidden
        if count == 0:
            assert key not in hidden


@pytest.mark.parametrize("mean", [2.0, 10.0])
def test_what_the_months_showed_stays_shown_when_the_quarter_comes(mean):
    _table, hidden, months = published_in_turn(3, mean)
    assert {key for key in hidden if key[0] != "quarter"} == months


def test_large_counts_are_all_shown():
    table = year(1, mean=20_000.0, communities=2)
    assert min(table.counts) >= LEAST_SHOWN
    assert hide(table) == set()


def test_what_is_withheld_is_protected_where_it_is_small_and_may_be_nought():
    table = Table()
    for key, count in (
        ("all", 40),
        ("a", 20),
        ("b", 20),
        ("ax", 3),
        ("ay", 17),
        ("bx", 12),
        ("by", 8),
        ("x", 15),
        ("y", 25),
    ):
        table.add(key, count)
    for total, parts in (
        ("all", "ab"),
        ("all", "xy"),
        ("a", ("ax", "ay")),
        ("b", ("bx", "by")),
        ("x", ("ax", "bx")),
        ("y", ("ay", "by")),
    ):
        table.tie(total, parts)
    inner = {"ax", "ay", "bx", "by"}
    assert hide(table, withheld=inner) == inner
    assert bounds(table, inner, "ax", withheld=inner) == (0, 15)
    assert bounds(table, inner, "ax") == (1, 14)


def test_a_withheld_count_that_is_somebodys_published_count_is_shown():
    table = Table()
    for key, count in (("county", 9), ("its only community", 9)):
        table.add(key, count)
    table.tie("county", ["its only community"])
    assert hide(table, withheld={"its only community"}) == set()


def test_what_follows_from_what_was_shown_is_not_hidden_in_vain():
    table = Table()
    for key, count in (("quarter", 16), ("jan", 9), ("feb", 7), ("a", 3), ("b", 13), ("c", 20), ("whole", 36)):
        table.add(key, count)
    table.tie("quarter", ["jan", "feb"])
    table.tie("quarter", ["a", "b"])
    table.tie("whole", ["quarter", "c"])
    assert hide(table, decided={"jan": False, "feb": False}) == {"a", "b"}


def test_ones_that_must_all_be_one_are_told_apart_from_no_other_number():
    """Five hidden ones of five shown people: each must be 1, for a 0 would have been shown."""
    table = Table()
    for key, count in (("more", 60), ("other", 55), ("all", 5), *((n, 1) for n in range(5))):
        table.add(key, count)
    table.tie("all", range(5))
    table.tie("more", ["all", "other"])
    hidden = hide(table)
    assert "all" in hidden
    low, high = attack(table, hidden, 0)
    assert high - low >= VALUES - 1


def test_one_small_cell_takes_a_partner_with_it():
    table = Table()
    for key, count in (("all", 40), ("a", 3), ("b", 17), ("c", 20)):
        table.add(key, count)
    table.tie("all", ["a", "b", "c"])
    hidden = hide(table)
    assert hidden == {"a", "b"}
    assert bounds(table, hidden, "a") == (1, 19)


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
