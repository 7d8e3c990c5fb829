"""Minutes that follow no plane: every question against the obvious one, which measures each pair by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.spatial.nearest import PointIndex, nearer_than, nearest, nearest_for_many
from geo.spatial.points import Points
from tests.worlds.examples import examples
from tests.worlds.roads.made_up_roads import made_up_travel

SPOT = st.tuples(st.integers(0, 30), st.integers(0, 30))
SPOTS = st.lists(SPOT, max_size=12)


def points_at(spots) -> PointIndex:
    return PointIndex.of([45.0 + 0.03 * y for y, _x in spots], [25.0 + 0.03 * x for _y, x in spots])


def one_by_one(travel, origins: Points, sites: Points) -> np.ndarray:
    """Minutes of every pair, each asked by itself."""
    return np.array(
        [
            [travel.travel_times(a, b, [c], [d])[0][0] for c, d in zip(sites.lat, sites.lon, strict=True)]
            for a, b in zip(origins.lat, origins.lon, strict=True)
        ]
    ).reshape(len(origins), len(sites))


@settings(max_examples=examples(150), deadline=None)
@given(SPOTS, SPOT, st.data(), st.integers(0, 15), st.none() | st.integers(0, 45))
def test_the_nearest_with_a_free_place_are_those_of_a_search_through_all(spots, origin, data, k, reach):
    travel, index = made_up_travel(), points_at(spots)
    left_out = np.array(data.draw(st.lists(st.booleans(), min_size=len(spots), max_size=len(spots))), bool)
    lat, lon = points_at([origin]).lat[0], points_at([origin]).lon[0]
    minutes = one_by_one(travel, points_at([origin]), index)[0]
    within = [i for i in range(len(spots)) if np.isfinite(minutes[i]) and (reach is None or minutes[i] <= reach)]
    expected = sorted((i for i in within if not left_out[i]), key=lambda i: (minutes[i], i))[:k]
    found = nearest(index, lat, lon, k=k, left_out=left_out, travel=travel, max_minutes=reach)
    assert found.positions.tolist() == expected
    assert found.minutes.tolist() == minutes[expected].tolist()
    many, took = nearest_for_many(index, np.array([lat]), np.array([lon]), k=k, left_out=left_out, travel=travel)
    reached = sorted((i for i in range(len(spots)) if not left_out[i]), key=lambda i: (minutes[i], i))
    reached = [i for i in reached if np.isfinite(minutes[i])][:k]
    assert many[0].tolist() == reached + [-1] * (k - len(reached))
    assert np.isfinite(took[0]).sum() == len(reached)
    all_near = nearer_than(index, lat, lon, minutes=20.0, travel=travel)
    assert all_near.positions.tolist() == sorted(np.flatnonzero(minutes <= 20), key=lambda i: (minutes[i], i))


@settings(max_examples=examples(100), deadline=None)
@given(SPOTS, SPOTS, st.integers(0, 45), st.booleans())
def test_pairs_within_and_the_nearest_of_each_are_those_of_every_pair_by_itself(origins, sites, reach, both_ways):
    travel, here, there = made_up_travel(both_ways=both_ways), points_at(origins), points_at(sites)
    minutes = one_by_one(travel, here, there)
    pairs = travel.pairs_within(here, there, float(reach))
    near = np.argwhere(minutes <= reach)
    assert np.column_stack([pairs.origin, pairs.site]).tolist() == near.tolist()
    assert pairs.minutes.tolist() == minutes[tuple(near.T)].tolist()
    first = travel.nearest_each(here, there)
    for row in range(len(origins)):
        least = minutes[row].min(initial=np.inf)
        assert first.minutes[row] == least
        assert first.site[row] == (np.flatnonzero(minutes[row] == least)[0] if np.isfinite(least) else -1)


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.tuples(SPOT, SPOT), max_size=12), st.booleans())
def test_pair_by_pair_is_the_same_however_they_are_gathered(pairs, both_ways):
    travel = made_up_travel(both_ways=both_ways)
    here, there = points_at([a for a, _b in pairs]), points_at([b for _a, b in pairs])
    alone = [one_by_one(travel, here.take([i]), there.take([i]))[0, 0] for i in range(len(pairs))]
    assert travel.travel_times(here.lat, here.lon, there.lat, there.lon)[0].tolist() == alone
    assert travel.times_between(here, there)[0].tolist() == alone


def test_adding_removing_or_reordering_destinations_changes_nothing():
    travel, index = made_up_travel(), points_at([(i, 2 * i) for i in range(12)])
    whole = travel.minutes_to_many(45.5, 25.5, index)
    order = np.random.default_rng(4).permutation(12)[:7]
    assert travel.minutes_to_many(45.5, 25.5, index.take(order)).tolist() == whole[order].tolist()


def test_one_question_asked_again_is_not_measured_again():
    travel, index = made_up_travel(), points_at([(i, i) for i in range(9)])
    first = travel.minutes_to_many(45.5, 25.5, index)
    assert travel.minutes_to_many(45.5, 25.5, index) is first
    assert travel.forward.searches == [9]
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 0.0


def test_the_side_with_fewer_points_is_searched_from():
    travel = made_up_travel()
    many, few = points_at([(i, i + 1) for i in range(20)]), points_at([(5, 9), (8, 2)])
    travel.pairs_within(many, few, 30.0)
    assert (travel.forward.searches, travel.backward.searches) == ([], [20, 20])
    travel.nearest_each(few, many)
    assert travel.forward.searches == [20, 20]
