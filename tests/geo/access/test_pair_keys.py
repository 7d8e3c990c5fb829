"""Keys as positions and pairs in order: every fast way against the obvious one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadValueError, DuplicateKeyError
from geo.access import pair_keys as access_keys
from geo.access.access_tables import match
from geo.access.pair_keys import finder, first_pairs, in_order, pair_keys, sort_pairs
from tests.worlds.examples import examples

WIDE = 10**15  # so far apart that no array is that long


def every(column: pd.Series, keys: pd.Index) -> list[int]:
    return finder(column, keys, name="key")(slice(None)).tolist()


def by_hand(column: pd.Series, keys: pd.Index) -> list[int]:
    at = {key: i for i, key in enumerate(keys)}
    return [at.get(value, -1) for value in column]


whole = st.integers(-5, 30) | st.sampled_from([0, 1, WIDE, -WIDE, 2**63 - 1, -(2**63)])


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(whole, min_size=1, max_size=40), st.lists(whole, min_size=1, unique=True, max_size=20))
def test_whole_numbers_are_found_as_by_hand_near_and_far_apart(asked, known):
    column, keys = pd.Series(asked, dtype="int64"), pd.Index(sorted(known), dtype="int64")
    assert every(column, keys) == by_hand(column, keys)


@pytest.mark.parametrize("kind", ["str", "object", "category"])
@settings(max_examples=examples(30), deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "ă", "ș", "", "10", "9"]), min_size=1, max_size=40), st.booleans())
def test_text_is_found_as_by_hand_also_many_times_in_a_row(kind, asked, is_grouped):
    column = pd.Series(sorted(asked) if is_grouped else asked).astype(kind)
    keys, order = in_order(pd.Series(["ș", "b", "10", "9"]).astype(kind), "key")
    assert order is not None
    assert list(keys) == ["10", "9", "b", "ș"]
    assert every(column, keys) == by_hand(column, keys)


@pytest.mark.parametrize("kind", ["str", "object", "category"])
def test_a_cell_without_a_key_is_nowhere(kind):
    column = pd.Series(["b", None, "a"] * 20, dtype=object).astype(kind)
    assert every(column, pd.Index(["a", "b"])) == [1, -1, 0] * 20


def test_keys_of_mixed_kinds_and_dates_are_found_too():
    days = pd.Series(pd.to_datetime(["2026-01-02", "2026-01-01", "2026-01-05"]))
    assert every(days, pd.Index(sorted(days[:2]))) == [1, 0, -1]
    odd = pd.Series([pd.NA, "a", 7], dtype=object)
    assert every(odd, pd.Index(["a", "b"], dtype=object)) == [-1, 0, -1]


def test_text_against_numbers_is_refused():
    with pytest.raises(BadValueError, match="key"):
        finder(pd.Series(["1"]), pd.Index([1]), name="key")


@pytest.mark.parametrize("has_cost", [True, False])
@settings(max_examples=examples(40), deadline=None)
@given(pairs=st.lists(st.tuples(st.integers(-1, 6), st.integers(-1, 9)), max_size=40, unique=True), areas=st.just(7))
def test_pairs_come_out_in_order_with_their_costs(has_cost, pairs, areas):
    at = np.array(pairs, dtype=np.int32).reshape(-1, 2)
    key = pair_keys(lambda part: at[part, 0], lambda part: at[part, 1], len(at), areas=areas, bits=4)
    known = (at >= 0).all(axis=1)
    assert ((key >= 0) == known).all()
    cost = np.arange(len(at), dtype=float)[known]
    got, costs = sort_pairs(key[known], cost if has_cost else None) if known.any() else (key[known], cost)
    want = sorted(p for p in pairs if min(p) >= 0)
    assert [(int(k) >> 4, int(k) & 15) for k in got] == want
    if has_cost:
        assert [pairs[int(c)] for c in costs] == want
    starts = first_pairs(got, areas=areas, bits=4)
    assert starts.tolist() == [sum(p[0] < i for p in want) for i in range(areas)] + [len(want)]


def test_working_in_small_blocks_and_with_wide_keys_changes_nothing(monkeypatch):
    rng = np.random.default_rng(5)
    demand = pd.DataFrame({"area_id": np.arange(30), "people": 1})
    supply = pd.DataFrame({"service_id": np.arange(20), "places": 1})
    costs = demand[["area_id"]].merge(supply[["service_id"]], how="cross").sample(frac=0.5, random_state=5)
    costs["minutes"] = rng.uniform(0, 60, len(costs))
    plain = match(demand, supply, costs, reach=30)
    for name, value in (("_BLOCK", 7), ("_NARROW", 100), ("_WIDE_BITS", 3), ("_SPAN", 2)):
        monkeypatch.setattr(access_keys, name, value)
        again = match(demand, supply, costs, reach=30)
        for field in ("starts", "service", "cost", "area"):
            assert (getattr(again, field) == getattr(plain, field)).all(), (name, field)


def test_a_pair_twice_is_named_in_order_and_out_of_order():
    demand = pd.DataFrame({"area_id": ["A", "B"], "people": 1})
    supply = pd.DataFrame({"service_id": ["P", "Q"], "places": 1})
    costs = pd.DataFrame({"area_id": list("AABB"), "service_id": list("PQQQ"), "minutes": [1.0, 2, 3, 4]})
    for table in (costs, costs.iloc[::-1]):
        with pytest.raises(DuplicateKeyError, match="B – Q"):
            match(demand, supply, table, needs_cost=False)
    assert len(match(demand, supply, costs, reach=3).cost) == 3  # beyond the reach it does not matter


@pytest.mark.parametrize("keys", [[1, "b", 3], [[1], [2], [3]], [{}, 1, 2]])
def test_keys_of_which_none_comes_before_the_other_are_refused_in_words(keys):
    good = pd.DataFrame({"area_id": [1, 2, 3], "people": 1})
    supply = pd.DataFrame({"service_id": ["S"], "places": [1]})
    costs = pd.DataFrame({"area_id": [1, 2, 3], "service_id": "S", "minutes": 1})
    odd = pd.Series(keys, dtype=object)
    with pytest.raises(BadValueError, match="area_id"):
        match(good.assign(area_id=odd), supply, costs)
    with pytest.raises(BadValueError, match="area_id"):
        match(good, supply, costs.assign(area_id=pd.Series([[1], [2], [3]], dtype=object)))


@pytest.mark.parametrize("missing", [[None, 1, 2], [None, "a", "b"], [float("nan"), 1.0, 2.0]])
def test_a_row_without_its_key_is_refused_in_words(missing):
    demand = pd.DataFrame({"area_id": missing, "people": [1, 2, 3]})
    supply = pd.DataFrame({"service_id": ["S"], "places": [1]})
    costs = pd.DataFrame({"area_id": [], "service_id": [], "minutes": []})
    with pytest.raises(BadValueError, match="without area_id"):
        match(demand, supply, costs)


def test_minutes_that_are_no_numbers_a_column_twice_and_a_strange_reach_are_refused_in_words():
    demand = pd.DataFrame({"area_id": [1], "people": [1]})
    supply = pd.DataFrame({"service_id": ["S"], "places": [1]})
    costs = pd.DataFrame({"area_id": [1], "service_id": ["S"], "minutes": ["departe"]})
    with pytest.raises(BadValueError, match=r"minutes.*costs.*other than numbers"):
        match(demand, supply, costs)
    with pytest.raises(DuplicateKeyError, match="people"):
        match(pd.concat([demand, demand[["people"]]], axis=1), supply, costs)
    for reach in (float("nan"), -1, "30", None):
        with pytest.raises(BadValueError, match="reach"):
            match(demand, supply, costs.assign(minutes=5), reach=reach)
