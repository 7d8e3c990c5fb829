"""Pairs within a radius: the fast finder against the obvious loop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.spatial import planar_pairs
from geo.spatial.planar_pairs import pairs_within_m
from geo.spatial.points import Points
from geo.spatial.travel import CAR
from tests.worlds.examples import examples

coordinate = st.integers(0, 20).map(float)
points = st.lists(st.tuples(coordinate, coordinate), max_size=8)


def placed(found) -> np.ndarray:
    return np.array(found, dtype=float).reshape(-1, 2)


@settings(max_examples=examples(60), deadline=None)
@given(points, points, st.integers(0, 30))
def test_the_finder_agrees_with_the_obvious_loop(origins, sites, reach):
    got = pairs_within_m(placed(origins), placed(sites), reach)
    distances = {
        (i, j): float(np.hypot(*np.subtract(a, s))) for i, a in enumerate(origins) for j, s in enumerate(sites)
    }
    want = {pair: d for pair, d in distances.items() if d <= reach}
    origin, site, metres = (column.tolist() for column in got)
    found = dict(zip(zip(origin, site, strict=True), metres, strict=True))
    assert found == pytest.approx(want)
    assert list(found) == sorted(found)


def test_searching_in_chunks_changes_nothing(monkeypatch):
    rng = np.random.default_rng(1)
    origins, sites = rng.uniform(0, 100, (50, 2)), rng.uniform(0, 100, (30, 2))
    whole = pairs_within_m(origins, sites, 30)
    monkeypatch.setattr(planar_pairs, "_CHUNK", 7)
    for column, same in zip(pairs_within_m(origins, sites, 30), whole, strict=True):
        assert column.tolist() == same.tolist()


def some_points(seed: int, n: int) -> Points:
    rng = np.random.default_rng(seed)
    return Points.of(rng.uniform(45, 46, n), rng.uniform(25, 26, n))


def test_a_straight_line_lists_pairs_within_minutes_and_the_nearest_of_each():
    origins, sites = some_points(2, 40), some_points(3, 15)
    all_minutes = np.array([CAR.times_between(origins, sites.take(np.full(40, j)))[0] for j in range(15)]).T
    pairs = CAR.pairs_within(origins, sites, 45.0)
    near = np.argwhere(all_minutes <= 45.0)
    assert np.column_stack([pairs.origin, pairs.site]).tolist() == near.tolist()
    assert pairs.minutes == pytest.approx(all_minutes[tuple(near.T)], rel=1e-12)
    first = CAR.nearest_each(origins, sites)
    assert first.site.tolist() == all_minutes.argmin(axis=1).tolist()
    assert first.minutes == pytest.approx(all_minutes.min(axis=1), rel=1e-12)


def test_a_pair_exactly_at_the_reach_is_within_it():
    origins, sites = some_points(4, 30), some_points(5, 1)
    minutes, _metres = CAR.times_between(origins, sites.take(np.zeros(30, int)))
    for row, reach in enumerate(minutes.tolist()):
        assert row in CAR.pairs_within(origins, sites, reach).origin


def test_nobody_and_nothing_give_empty_tables():
    some, nobody = some_points(6, 3), Points.of([], [])
    for origins, sites in ((some, nobody), (nobody, some), (nobody, nobody)):
        assert len(CAR.pairs_within(origins, sites, 60.0).origin) == 0
    assert CAR.nearest_each(some, nobody).site.tolist() == [-1, -1, -1]
    assert np.isinf(CAR.nearest_each(some, nobody).minutes).all()
    assert len(CAR.nearest_each(nobody, some).site) == 0
