"""The attacker: knows every shown cell, every equation, and linear programming."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bench.disclosure.small_years import bounds, possible_numbers, published_in_turn, small_cells, year
from referrals.records.vocabulary import LEAST_SHOWN
from reports.disclosure.suppression import VALUES, Table, UnprotectedError, hide
from tests.worlds.examples import examples


@pytest.mark.slow
@settings(max_examples=examples(12, daily=3))
@given(st.integers(0, 10_000), st.sampled_from([1.5, 6.0, 20.0]))
@example(6232, 20.0)  # two months where 4 + 1 make the 5 that is shown: what one gains the other loses
@example(2, 6.0)
def test_as_many_numbers_fit_in_every_small_cell_of_a_quarter_as_there_are_small_numbers(seed, mean):
    table, hidden, _months = published_in_turn(seed, mean)
    for key in small_cells(table):
        assert key in hidden
        count = table.counts[table.place[key]]
        low, high = bounds(table, hidden, key)
        assert low - 1e-6 <= count <= high + 1e-6
        assert np.floor(high + 1e-6) - np.ceil(low - 1e-6) + 1 >= VALUES, (key, count, low, high)


@settings(max_examples=examples(5, daily=1))
@given(st.integers(0, 10_000), st.sampled_from([1.5, 6.0, 20.0]))
@example(6232, 20.0)
@example(2, 6.0)
def test_whole_numbers_too_leave_a_small_cell_open(seed, mean):
    """Programs over whole numbers: the attacker of the test above may use fractions, people come whole."""
    table, hidden, _months = published_in_turn(seed, mean)
    small = small_cells(table)
    for key in small[:: max(1, len(small) // 8)]:
        found = possible_numbers(table, hidden, key, enough=VALUES)
        assert len(found) == VALUES, (key, found)


def counted(counts: dict, sums: dict) -> Table:
    """A table by hand: what every cell counts, and which others make it up."""
    table = Table()
    for key, count in counts.items():
        table.add(key, count)
    for total, parts in sums.items():
        table.tie(total, parts)
    return table


def test_numbers_that_fit_only_in_fractions_do_not_count():
    """Both halves of `pair` are one number, so that `pair` is even and `one` odd: 2 would fit with halves of people."""
    table = counted(
        {"shown": 5, "one": 1, "pair": 4, "half": 2, "other half": 2, "rest": 20, "s": 22, "t": 22},
        {"shown": ["one", "pair"], "pair": ["half", "other half"], "s": ["half", "rest"], "t": ["other half", "rest"]},
    )
    hidden = hide(table, least=2, values=3)
    assert len(possible_numbers(table, hidden, "one", enough=3)) == 3


def test_a_0_that_would_tell_withheld_counts_apart_may_be_hidden():
    """Of January a and b are withheld, 4 and 0, and what they make is known; a 0 of b's quarter gives them away."""
    table = counted(
        {"jan": 11, "jan a": 4, "jan b": 0, "jan c": 7, "feb a": 5, "feb b": 0, "quarter a": 9, "quarter b": 0},
        {"jan": ["jan a", "jan b", "jan c"], "quarter a": ["jan a", "feb a"], "quarter b": ["jan b", "feb b"]},
    )
    decided = dict.fromkeys(("jan", "jan c", "feb a", "feb b"), False)
    withheld = {"jan a", "jan b"}
    with pytest.raises(UnprotectedError, match="follows"):
        hide(table, decided=decided, withheld=withheld)
    hidden = hide(table, decided=decided, withheld=withheld, zeros_hidden={"quarter b"})
    assert hidden == {"jan a", "jan b", "quarter a", "quarter b"}


def test_a_small_count_that_earlier_publications_give_away_is_said():
    table = counted({"jan": 9, "feb": 7, "a": 3, "b": 13, "quarter": 16}, {"quarter": ["jan", "feb"]})
    table.tie("quarter", ["a", "b"])
    with pytest.raises(UnprotectedError, match="follows"):
        hide(table, decided={"jan": False, "feb": False, "a": True, "b": False})


@settings(max_examples=examples(20))
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
    assert bounds(table, inner, "ax", least=0) == (0, 15)
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
    low, high = bounds(table, hidden, 0)
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
