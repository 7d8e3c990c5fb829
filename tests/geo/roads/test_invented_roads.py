"""The invented network: whom it joins, where it stays, and that the same seed gives the same roads."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.roads import invented_roads
from geo.roads.invented_roads import gabriel_links, invent_roads
from geo.roads.reading.line_layer import lines_of
from geo.roads.road_speeds import load_speeds
from tests.worlds.examples import examples

EVERYWHERE = shapely.box(-1e6, -1e6, 1e6, 1e6)


def settlements(count: int = 200, *, side: float = 60_000.0, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    rank = np.zeros(count, np.int64)
    rank[: count // 4], rank[:5] = 1, 2
    return chance.uniform(0, side, (count, 2)), rank


def joined(xy: np.ndarray, roads) -> list[set[int]]:
    """Places in groups between which there are roads, by the obvious way."""
    row = {tuple(np.round(point, 3)): number for number, point in enumerate(xy)}
    group = {number: {number} for number in range(len(xy))}
    for line in roads.geometry:
        one, other = (group[row[tuple(np.round(line.coords[end], 3))]] for end in (0, -1))
        if one is not other:
            one |= other
            group |= dict.fromkeys(other, one)
    return list({id(each): each for each in group.values()}.values())


@settings(max_examples=examples(60), deadline=None)
@given(arrays(np.int64, st.tuples(st.integers(4, 12), st.just(2)), elements=st.integers(0, 1000), unique=True))
def test_two_are_linked_where_no_third_lies_in_the_circle_over_them(places):
    xy = places.astype(float)
    if np.linalg.matrix_rank(xy - xy[0]) < 2 or len(np.unique(xy, axis=0)) < len(xy):
        return
    inside = {
        (a, b)
        for a in range(len(xy)) for b in range(a + 1, len(xy))
        if all(((xy[c] - xy[a]) @ (xy[c] - xy[b])) > 1e-6 for c in range(len(xy)) if c not in (a, b))
    }  # fmt: skip
    on_the_circle = {
        (a, b)
        for a in range(len(xy)) for b in range(a + 1, len(xy))
        if any(abs((xy[c] - xy[a]) @ (xy[c] - xy[b])) <= 1e-6 for c in range(len(xy)) if c not in (a, b))
    }  # fmt: skip
    found = {(int(a), int(b)) for a, b in gabriel_links(xy)}
    assert found - on_the_circle == inside - on_the_circle


def test_every_place_is_joined_to_every_other():
    xy, rank = settlements()
    assert len(joined(xy, invent_roads(xy, rank, EVERYWHERE))) == 1


def test_no_road_leaves_the_outline_by_more_than_its_bends():
    xy, rank = settlements()
    halves = shapely.union_all([shapely.box(0, 0, 29_000, 60_000), shapely.box(31_000, 0, 60_000, 60_000)])
    roads = invent_roads(xy, rank, halves)
    ends = np.array([[line.coords[0], line.coords[-1]] for line in roads.geometry])
    assert shapely.covers(halves, shapely.linestrings(ends)).all()
    assert len(joined(xy, roads)) > 1


def test_main_roads_join_the_county_seats_and_county_roads_the_communes():
    xy, rank = settlements()
    roads = invent_roads(xy, rank, EVERYWHERE)
    main = roads[roads["highway"] == invented_roads.MAIN]
    seats = next(group for group in joined(xy, main) if 0 in group)
    assert set(range(5)) <= seats
    larger = roads[roads["highway"].isin([invented_roads.MAIN, invented_roads.COUNTY])]
    assert set(range(50)) <= next(group for group in joined(xy, larger) if 0 in group)


def test_the_same_seed_gives_the_same_roads_and_another_others():
    xy, rank = settlements()
    one, same, other = (invent_roads(xy, rank, EVERYWHERE, seed=seed) for seed in (1, 1, 2))
    assert one.equals(same)
    assert not one.geometry.to_wkb().equals(other.geometry.to_wkb())


def test_a_long_county_road_is_a_pass_that_winter_closes():
    xy, rank = settlements(40, side=120_000.0)
    roads = invent_roads(xy, rank, EVERYWHERE)
    passes = roads[roads["motor_vehicle:conditional"] != ""]
    assert len(passes)
    assert set(passes["highway"]) == {invented_roads.COUNTY}
    read = lines_of(roads.to_crs("EPSG:4326"), load_speeds())
    assert read.raw.closed_months.any()


def test_the_layer_is_read_as_a_network_with_local_roads():
    xy, rank = settlements()
    xy = xy + np.array([500_000, 450_000])
    roads = invent_roads(xy, rank, shapely.box(0, 0, 1e6, 1e6))
    assert not lines_of(roads.to_crs("EPSG:4326"), load_speeds()).raw.local_access


def test_too_few_places_make_no_network():
    with pytest.raises(ValueError, match="four settlements"):
        invent_roads(np.zeros((3, 2)), np.zeros(3, np.int64), EVERYWHERE)
