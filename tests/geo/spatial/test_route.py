from __future__ import annotations

from itertools import pairwise, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.spatial.route import Stops, best_trip
from geo.spatial.travel import CAR
from tests.worlds.examples import examples

point = st.tuples(st.floats(45, 47), st.floats(23, 27))


def stops(points) -> Stops:
    return Stops(np.array([p[0] for p in points]), np.array([p[1] for p in points]))


def minutes(a, b) -> float:
    return float(CAR.travel_times(a[0], a[1], [b[0]], [b[1]])[0][0])


def by_hand(origin, needs) -> float:
    best = np.inf
    for chosen in product(*needs):
        for order in permutations(chosen):
            way = [origin, *order, origin]
            best = min(best, sum(minutes(a, b) for a, b in pairwise(way)))
    return best


@settings(max_examples=examples(60), deadline=None)
@given(point, st.lists(st.lists(point, min_size=1, max_size=3), min_size=1, max_size=4))
def test_the_best_trip_is_as_short_as_the_shortest_of_all_choices_and_orders(origin, needs):
    trip = best_trip(*origin, [stops(points) for points in needs], CAR)
    assert trip.minutes == pytest.approx(by_hand(origin, needs))
    way = [origin, *(needs[n][trip.stops[n]] for n in trip.order), origin]
    assert list(trip.legs) == pytest.approx([minutes(a, b) for a, b in pairwise(way)])


def test_two_needs_in_one_town_beat_two_nearest_in_opposite_directions():
    origin = (46.0, 25.0)
    first = stops([(46.0, 24.8), (46.0, 25.3)])  # nearest to the west, another to the east
    second = stops([(46.0, 25.3)])
    trip = best_trip(*origin, [first, second], CAR)
    assert trip.stops == (1, 0)
    assert trip.minutes == pytest.approx(2 * minutes(origin, (46.0, 25.3)))


def test_five_needs_with_many_stops_each_agree_with_a_search_that_prunes_nothing():
    rng = np.random.default_rng(3)
    needs = [stops(rng.uniform([45, 24], [47, 26], (40, 2))) for _ in range(5)]
    trip = best_trip(46.0, 25.0, needs, CAR)
    for _try in range(2_000):
        chosen = [int(rng.integers(0, 40)) for _ in needs]
        order = rng.permutation(5)
        way = [(46.0, 25.0), *((needs[n].lat[chosen[n]], needs[n].lon[chosen[n]]) for n in order), (46.0, 25.0)]
        assert sum(minutes(a, b) for a, b in pairwise(way)) >= trip.minutes - 1e-9


def test_a_need_without_a_stop_and_too_many_needs_are_refused_in_words():
    empty = Stops(np.empty(0), np.empty(0))
    with pytest.raises(ValueError, match="no stop"):
        best_trip(46.0, 25.0, [empty], CAR)
    with pytest.raises(ValueError, match="not 6"):
        best_trip(46.0, 25.0, [stops([(46.0, 25.0)])] * 6, CAR)
