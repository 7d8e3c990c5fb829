"""The exact search against a search that looks at every point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.spatial.crs import to_metric
from geo.spatial.nearest import PointIndex, nearer_than, nearest, nearest_for_many, propose
from geo.spatial.travel import CAR, WALK
from tests.worlds.examples import examples

COUNTRY = ((43.7, 48.2), (20.5, 29.5))


def points(rng, n):
    return rng.uniform(*COUNTRY[0], n), rng.uniform(*COUNTRY[1], n)


@dataclass(frozen=True)
class Winding:
    """Minutes that do not follow the plane: each point has a detour of its own and everybody waits first.

    The bound knows the wait and the speed, not the detours: proportional to distance it is not.
    """

    wait: float = 7.0
    is_bounded_by_plane: bool = True

    def travel_times(self, lat, lon, lats, lons, *, most_minutes=np.inf):
        minutes, metres = CAR.travel_times(lat, lon, lats, lons)
        detour = 1 + 4 * np.abs(np.sin(1e4 * np.asarray(lats) + 7e3 * np.asarray(lons)))
        return self.wait + minutes * detour, metres

    def known_minutes(self, _lat, _lon):
        return 0.0

    def least_minutes(self, planar_m):
        return self.wait + CAR.least_minutes(planar_m)


def by_looking_at_all(lats, lons, lat, lon, *, left_out, travel, max_minutes=None):
    """Positions and minutes of all that are left, nearest first, ties to the lower position."""
    minutes, _metres = travel.travel_times(lat, lon, lats, lons)
    kept = [i for i in range(len(lats)) if not left_out[i] and (max_minutes is None or minutes[i] <= max_minutes)]
    kept.sort(key=lambda i: (minutes[i], i))
    return kept, minutes[kept]


def assert_same(found, expected, minutes, k):
    assert found.positions.tolist() == expected[:k]
    assert found.minutes == pytest.approx(minutes[:k], abs=1e-9)


@pytest.mark.parametrize("travel", [CAR, WALK, Winding()], ids=repr)
@pytest.mark.parametrize("share", [0.0, 0.5, 0.98, 1.0])
def test_the_k_nearest_are_those_of_a_search_through_all(travel, share):
    rng = np.random.default_rng(5)
    lats, lons = points(rng, 3_000)
    index = PointIndex.of(lats, lons)
    left_out = rng.random(3_000) < share
    for lat, lon in zip(*points(rng, 12), strict=True):
        for k, reach in ((1, None), (5, None), (40, None), (5, 45.0), (3, 0.001)):
            expected, minutes = by_looking_at_all(
                lats, lons, lat, lon, left_out=left_out, travel=travel, max_minutes=reach
            )
            found = nearest(index, lat, lon, k=k, left_out=left_out, travel=travel, max_minutes=reach)
            assert_same(found, expected, minutes, k)


SPOTS = st.tuples(st.integers(0, 4), st.integers(0, 4))


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(SPOTS, max_size=25), st.data(), SPOTS, st.integers(0, 30), st.booleans())
def test_ties_small_worlds_and_more_asked_than_there_are(spots, data, origin, k, winding):
    # A grid of 25 spots: most points share one, and many are equally far.
    travel = Winding() if winding else CAR
    lats = np.array([45.0 + 0.1 * y for y, _x in spots])
    lons = np.array([25.0 + 0.1 * x for _y, x in spots])
    left_out = np.array(data.draw(st.lists(st.booleans(), min_size=len(spots), max_size=len(spots))), bool)
    reach = data.draw(st.none() | st.floats(0, 60))
    lat, lon = 45.0 + 0.1 * origin[0], 25.0 + 0.1 * origin[1]
    index = PointIndex.of(lats, lons)
    expected, minutes = by_looking_at_all(lats, lons, lat, lon, left_out=left_out, travel=travel, max_minutes=reach)
    assert_same(
        nearest(index, lat, lon, k=k, left_out=left_out, travel=travel, max_minutes=reach), expected, minutes, k
    )


def test_all_at_one_spot_come_in_the_order_of_the_index():
    index = PointIndex.of(np.full(50, 46.0), np.full(50, 26.0))
    left_out = np.zeros(50, bool)
    left_out[[0, 2]] = True
    found = nearest(index, 46.1, 26.1, k=4, left_out=left_out, travel=CAR)
    assert found.positions.tolist() == [1, 3, 4, 5]
    assert len(set(found.minutes)) == 1


def test_a_point_exactly_at_the_reach_is_within_it():
    index = PointIndex.of(np.array([46.0]), np.array([26.0]))
    way = CAR.travel_times(46.2, 26.1, index.lat, index.lon)[0][0]
    mask = np.zeros(1, bool)
    assert len(nearest(index, 46.2, 26.1, k=1, left_out=mask, travel=CAR, max_minutes=way).positions) == 1
    less = np.nextafter(way, 0)
    assert len(nearest(index, 46.2, 26.1, k=1, left_out=mask, travel=CAR, max_minutes=less).positions) == 0


def test_nothing_to_find_is_an_empty_answer():
    empty = PointIndex.of(np.empty(0), np.empty(0))
    full = PointIndex.of(np.array([46.0]), np.array([26.0]))
    for index, left_out, k in (
        (empty, np.zeros(0, bool), 5),
        (full, np.ones(1, bool), 5),
        (full, np.zeros(1, bool), 0),
    ):
        assert nearest(index, 46.0, 26.0, k=k, left_out=left_out, travel=CAR).positions.tolist() == []
        positions, minutes = nearest_for_many(
            index, np.array([46.0]), np.array([26.0]), k=k, left_out=left_out, travel=CAR
        )
        assert (positions == -1).all()
        assert np.isinf(minutes).all()
    assert nearer_than(empty, 46.0, 26.0, minutes=60, travel=CAR).positions.tolist() == []
    assert propose(empty, to_metric(46.0, 26.0), 3, np.zeros(0, bool)).tolist() == []


@pytest.mark.parametrize("travel", [CAR, Winding()], ids=repr)
@pytest.mark.parametrize(("k", "share"), [(1, 0.0), (3, 0.9), (8, 0.999), (400, 0.5)])
def test_many_at_once_are_answered_like_one_by_one(travel, k, share):
    rng = np.random.default_rng(7)
    index = PointIndex.of(*points(rng, 600))
    left_out = rng.random(600) < share
    lats, lons = points(rng, 60)
    positions, minutes = nearest_for_many(index, lats, lons, k=k, left_out=left_out, travel=travel)
    assert positions.shape == minutes.shape == (60, k)
    for row in range(60):
        one = nearest(index, lats[row], lons[row], k=k, left_out=left_out, travel=travel)
        n = len(one.positions)
        assert positions[row, :n].tolist() == one.positions.tolist()
        assert minutes[row, :n] == pytest.approx(one.minutes)
        assert (positions[row, n:] == -1).all()
        assert np.isinf(minutes[row, n:]).all()


@pytest.mark.parametrize("travel", [CAR, WALK, Winding()], ids=repr)
@pytest.mark.parametrize("reach", [0.0, 6.0, 30.0, 90.0, 100_000.0])
def test_all_within_minutes_are_found_masked_or_not(travel, reach):
    rng = np.random.default_rng(11)
    lats, lons = points(rng, 2_000)
    index = PointIndex.of(lats, lons)
    for lat, lon in zip(*points(rng, 10), strict=True):
        expected, minutes = by_looking_at_all(
            lats, lons, lat, lon, left_out=np.zeros(2_000, bool), travel=travel, max_minutes=reach
        )
        assert_same(nearer_than(index, lat, lon, minutes=reach, travel=travel), expected, minutes, 2_000)


def test_the_kernel_gives_the_nearest_of_the_plane_among_the_unmasked():
    rng = np.random.default_rng(3)
    index = PointIndex.of(*points(rng, 500))
    left_out = rng.random(500) < 0.7
    xy = to_metric(46.0, 25.0)
    away = np.hypot(*(index.xy - xy).T)
    away[left_out] = np.inf
    assert propose(index, xy, 10, left_out).tolist() == np.argsort(away)[:10].tolist()
    assert len(propose(index, xy, 500, left_out)) == (~left_out).sum()
