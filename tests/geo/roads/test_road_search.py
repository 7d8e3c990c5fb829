"""Minutes by road: every search gives what the obvious one gives, on whatever network."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from unittest import mock

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.roads.hierarchy import contraction_order, has_hierarchy
from geo.roads.reading.contraction import pieces_of
from geo.roads.reading.network_build import build_network
from geo.roads.reading.raw_roads import TurnRule
from geo.roads.road_network import FERRY, TRACK
from geo.roads.road_parts import road_route
from geo.roads.road_search import RoadSearch, ToRoad
from geo.roads.road_speeds import load_speeds
from geo.roads.road_travel import RoadTravel
from geo.spatial.nearest import PointIndex, nearest
from geo.spatial.travel import TravelBasis
from tests.geo.roads.small_roads import network_of, obvious_minutes, one_way, raw_of, spot, two_way

ACROSS = list(range(5))
places = st.tuples(st.floats(-0.5, 4.5), st.floats(-0.5, 4.5))
ways = st.sampled_from(
    [two_way(), two_way(30), one_way(), two_way(12, TRACK), two_way(8, FERRY, seconds=900.0),
     two_way(40, closed_months=0b110000111111), two_way(40, unpaved=True)]
)  # fmt: skip
along = st.lists(st.integers(0, 24), min_size=2, max_size=6)
roads = st.lists(st.tuples(ways, along), min_size=1, max_size=14)
GRID = [(column, row) for row in ACROSS for column in ACROSS]


def square(**more):
    """Four corners, a road around them and one that ends: 0 south-west, 1 south-east, 2 north-east, 3 north-west."""
    return raw_of(
        [(0, 0), (1, 0), (1, 1), (0, 1), (0, 1.3)], [(two_way(), [0, 1, 2, 3, 0]), (two_way(), [3, 4])], **more
    )


def few(search, at, lats, lons, *, k, left_out=None):
    """The nearest as the finder asks for them."""
    index = PointIndex.of(lats, lons)
    out = np.zeros(len(index), bool) if left_out is None else left_out
    return nearest(index, *at, k=k, left_out=out, travel=RoadTravel(search, TravelBasis("roads", "car")))


@settings(max_examples=40)
@given(roads, st.lists(places, min_size=1, max_size=2), st.lists(places, min_size=1, max_size=4), st.data())
def test_minutes_are_those_of_the_obvious_search(drawn, origins, targets, data):
    rule = st.tuples(*[st.integers(0, len(drawn) - 1)] * 2, st.integers(0, 24), st.booleans())
    rules = data.draw(st.lists(rule, max_size=4))
    barriers = data.draw(st.lists(st.integers(0, 24), max_size=2))
    turns = tuple(TurnRule(a, via, b, only) for a, b, via, only in rules)
    network = network_of(raw_of(GRID, drawn, turns=turns, barriers=tuple(barriers)))
    network = replace(network, order=contraction_order(network))
    lats, lons = np.array([spot(*t) for t in targets]).T
    for season in ("summer", "winter"):
        plain = RoadSearch(network, season, hierarchy=False)
        quick = RoadSearch(network, season)
        pinned, pinned_quick = plain.pin(lats, lons), quick.pin(lats, lons)
        for origin in origins:
            at = spot(*origin)
            found = plain.minutes(*at, pinned)
            assert found.tolist() == [obvious_minutes(plain, at, spot(*t)) for t in targets]
            assert quick.minutes(*at, pinned_quick).tolist() == found.tolist()
            limited = plain.minutes(*at, pinned, most_minutes=3.0)
            assert limited.tolist() == [m if m <= 3.0 else np.inf for m in found]
            order = [i for i in np.lexsort((np.arange(len(found)), found)) if np.isfinite(found[i])][:2]
            assert few(plain, at, lats, lons, k=2).positions.tolist() == order
            for target, minutes in zip(targets, found.tolist(), strict=True):
                way = road_route(plain, at, spot(*target))
                assert (way is None) == np.isinf(minutes)
                if way is not None:
                    assert way.minutes == minutes
                    assert sum(part.minutes for part in way.parts) == pytest.approx(minutes, abs=1e-4)


@pytest.mark.skipif(not has_hierarchy(), reason="routingkit-cch is not installed")
@settings(max_examples=40)
@given(roads, st.lists(places, min_size=1, max_size=9), st.data(), st.booleans())
def test_the_nearest_that_fit_are_those_of_a_search_to_all(drawn, targets, data, over_local_roads):
    network = network_of(raw_of(GRID, drawn))
    to_road = ToRoad(25.0, 1.35, 10_000.0, by_car=True) if over_local_roads else None
    search = RoadSearch(replace(network, order=contraction_order(network)), to_road=to_road)
    at, (lats, lons) = spot(*data.draw(places)), np.array([spot(*t) for t in targets]).T
    points = search.pin(lats, lons)
    left_out = np.array(data.draw(st.lists(st.booleans(), min_size=len(targets), max_size=len(targets))))
    took = search.minutes(*at, points)
    fitting = [i for i in np.lexsort((np.arange(len(took)), took)) if np.isfinite(took[i]) and not left_out[i]]
    # Few are asked first, and the rest by themselves, as among thousands.
    with mock.patch.multiple("geo.roads.road_search", _FEW=0):
        for k in (0, 1, 2, 9):
            found = few(search, at, lats, lons, k=k, left_out=left_out)
            assert found.positions.tolist() == fitting[:k]
            assert found.minutes.tolist() == took[fitting[:k]].tolist()
        near = search.minutes(*at, points, most_minutes=2.0)
        assert near.tolist() == np.where(took <= 2.0, took, np.inf).tolist()


@settings(max_examples=40)
@given(roads)
def test_contraction_changes_no_time_between_junctions(drawn):
    """Against networkx on the pieces as they were read, in milliseconds; chains round once, not at each piece."""
    raw = raw_of(GRID, drawn)
    network = network_of(raw)
    graph = nx.DiGraph()
    pieces = pieces_of(raw, "car", load_speeds())
    for a, b, ahead, back in zip(pieces.start, pieces.end, pieces.forward_s, pieces.backward_s, strict=True):
        for one, other, seconds in ((a, b, ahead), (b, a, back)):
            if np.isfinite(seconds) and seconds < graph.get_edge_data(one, other, {"s": np.inf})["s"]:
                graph.add_edge(int(one), int(other), s=float(seconds))
    index = {tuple(np.rint(np.array(spot(*node))[::-1] * 1e7).astype(int)): i for i, node in enumerate(GRID)}
    nodes = [index[tuple(each)] for each in network.nodes.tolist()]
    if not nodes:
        return
    contracted = nx.DiGraph()
    for arc in network.arcs:
        pair = int(arc["tail"]), int(arc["head"])
        if arc["ms"] < contracted.get_edge_data(*pair, {"ms": np.inf})["ms"]:
            contracted.add_edge(*pair, ms=int(arc["ms"]))
    for source in contracted.nodes:
        expected = nx.single_source_dijkstra_path_length(graph, nodes[source], weight="s")
        for target, ms in nx.single_source_dijkstra_path_length(contracted, source, weight="ms").items():
            assert ms == pytest.approx(expected[nodes[target]] * 1000, abs=30)


@pytest.mark.skipif(not has_hierarchy(), reason="routingkit-cch is not installed")
def test_a_hierarchy_is_used_where_it_is_there():
    network = network_of(square())
    assert RoadSearch(network).uses_hierarchy is False
    assert RoadSearch(replace(network, order=contraction_order(network))).uses_hierarchy is True


@pytest.mark.skipif(not has_hierarchy(), reason="routingkit-cch is not installed")
def test_each_thread_may_ask_and_drop_what_another_has_pinned():
    network = network_of(square())
    search = RoadSearch(replace(network, order=contraction_order(network)))
    points = [search.pin(*np.array([spot(1, 1), spot(0, 1.3)]).T)]
    here = search.minutes(*spot(0, 0), points[0])
    with ThreadPoolExecutor(4) as others:
        asked = [others.submit(search.minutes, *spot(0, 0), points[0]) for _turn in range(8)]
        assert all(np.array_equal(each.result(), here) for each in asked)
        others.submit(points.clear).result()
    del asked
    gc.collect()
    again = search.pin(*np.array([spot(1, 1), spot(0, 1.3)]).T)
    assert np.array_equal(search.minutes(*spot(0, 0), again), here)


def test_a_one_way_is_driven_round_and_walked_straight():
    raw = raw_of([(0, 0), (1, 0), (1, 1), (0, 1)], [(one_way(), [0, 1]), (two_way(), [1, 2, 3, 0])])
    there, back = spot(0.1, 0), spot(0.9, 0)
    drive, walk = RoadSearch(network_of(raw)), RoadSearch(network_of(raw, "foot"), tracks_last=False)
    assert drive.minutes(*there, drive.pin(*back))[0] < 1 < drive.minutes(*back, drive.pin(*there))[0]
    assert walk.minutes(*there, walk.pin(*back))[0] == walk.minutes(*back, walk.pin(*there))[0]


def test_a_forbidden_turn_is_driven_around():
    nodes = [(0, 0), (1, 0), (2, 0), (1, 1), (2, 1)]
    ways = [(two_way(), [0, 1]), (two_way(), [1, 2]), (two_way(), [1, 3]), (two_way(), [3, 4, 2])]
    free, ruled = (
        RoadSearch(network_of(raw_of(nodes, ways, turns=turns))) for turns in ((), (TurnRule(0, 1, 2, only=False),))
    )
    start, end = spot(0.5, 0), spot(1, 0.5)
    assert ruled.minutes(*start, ruled.pin(*end))[0] > 2 * free.minutes(*start, free.pin(*end))[0]
    assert ruled.minutes(*end, ruled.pin(*start))[0] == free.minutes(*end, free.pin(*start))[0]
    only = RoadSearch(network_of(raw_of(nodes, ways, turns=(TurnRule(0, 1, 1, only=True),))))
    assert only.minutes(*start, only.pin(*end))[0] == ruled.minutes(*start, ruled.pin(*end))[0]


def test_a_barrier_is_driven_around_and_walked_through():
    nodes = [(0, 0), (0.5, 0), (1, 0), (1, 1), (0, 1)]
    ways = [(two_way(), [0, 1, 2]), (two_way(), [2, 3, 4, 0])]
    raw = raw_of(nodes, ways, barriers=(1,))
    start, end = spot(0.1, 0), spot(0.9, 0)
    drive, walk = RoadSearch(network_of(raw)), RoadSearch(network_of(raw, "foot"))
    assert drive.minutes(*start, drive.pin(*end))[0] > 3
    assert walk.minutes(*start, walk.pin(*end))[0] == pytest.approx(0.8 * 0.774 / 4.5 * 60, rel=0.01)


def test_a_pass_is_open_in_summer_alone():
    closed = two_way(closed_months=0b110000111111)
    raw = raw_of([(0, 0), (2, 0), (2, 3), (0, 3)], [(closed, [0, 1]), (two_way(), [1, 2, 3, 0])])
    network = network_of(raw)
    start, end = spot(0, 0.1), spot(2, 0.1)
    summer, winter = (RoadSearch(network, season) for season in ("summer", "winter"))
    assert winter.minutes(*start, winter.pin(*end))[0] > 2 * summer.minutes(*start, summer.pin(*end))[0]
    on_the_pass = spot(1, 0)
    assert np.isinf(winter.minutes(*start, winter.pin(*on_the_pass))[0])
    assert np.isinf(winter.minutes(*on_the_pass, winter.pin(*start))[0])


def test_a_ferry_is_a_part_of_the_way_and_nobody_starts_on_it():
    raw = raw_of(
        [(0, 0), (1, 0), (2, 0), (3, 0)],
        [(two_way(), [0, 1]), (two_way(8, FERRY, seconds=600), [1, 2]), (two_way(), [2, 3])],
    )
    search = RoadSearch(network_of(raw))
    way = road_route(search, spot(0.5, 0), spot(2.5, 0))
    assert [part.kind for part in way.parts] == ["road", "ferry", "road"]
    assert way.parts[1].minutes == pytest.approx(10)
    assert search.snap(*spot(1.5, 0)).share == pytest.approx(1.0)


def test_the_walk_to_the_road_is_counted_and_beyond_three_km_there_is_none():
    search = RoadSearch(network_of(square()))
    near, far = spot(0.5, -0.5), spot(0.5, -2.8)
    assert search.snap(*near).metres == pytest.approx(555.8, abs=1)
    assert search.minutes(*near, search.pin(*spot(0.5, 0)))[0] == pytest.approx(555.8 * 1.25 / 4500 * 60, abs=0.02)
    assert search.snap(*far) is None
    assert np.isinf(search.minutes(*far, search.pin(*near))[0])
    assert np.isinf(search.minutes(*near, search.pin(*far))[0])
    assert road_route(search, far, near) is None
    longer = RoadSearch(network_of(square()), to_road=ToRoad(25.0, 1.35, 10_000.0, by_car=True))
    assert road_route(longer, far, spot(0.5, 0)).parts[0].kind == "local"


def test_other_points_beside_or_in_another_order_change_no_answer():
    search = RoadSearch(network_of(square()))
    points = [spot(*each) for each in ((0.2, 0), (1, 0.7), (0.5, 1.1), (0.9, 0))]
    whole = search.minutes(*spot(0, 0.5), search.pin(*zip(*points, strict=True)))
    for order in ([2, 0, 3, 1], [1], [3, 3]):
        chosen = [points[i] for i in order]
        assert search.minutes(*spot(0, 0.5), search.pin(*zip(*chosen, strict=True))).tolist() == whole[order].tolist()


def test_islands_are_dropped_and_counted():
    raw = raw_of([(0, 0), (1, 0), (1, 1), (4, 4), (5, 4)], [(two_way(), [0, 1, 2]), (two_way(), [3, 4])])
    network, counts = build_network(raw, "car", load_speeds())
    assert counts.island_km == pytest.approx(0.774, abs=0.01)
    assert RoadSearch(network).snap(*spot(4.8, 4)) is None


def test_a_ring_alone_is_a_network():
    search = RoadSearch(network_of(raw_of([(0, 0), (1, 0), (1, 1)], [(two_way(), [0, 1, 2, 0])])))
    assert search.minutes(*spot(0.5, 0), search.pin(*spot(1, 0.5)))[0] == pytest.approx(
        (0.387 + 0.556) / 50 * 60, rel=0.01
    )


def test_no_roads_are_a_network_without_an_answer():
    search = RoadSearch(network_of(raw_of([], [])))
    pinned = search.pin([46.1], [26.0])
    assert np.isinf(search.minutes(46.0, 26.0, pinned)).all()
    assert few(search, (46.0, 26.0), [46.1], [26.0], k=3).positions.size == 0
