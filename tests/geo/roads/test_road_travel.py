"""Roads as a travel model: every question about many gives what one question at a time gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.roads.reversed_roads import reversed_search
from geo.roads.road_search import RoadSearch, ToRoad
from geo.roads.road_travel import RoadTravel
from geo.spatial.points import Points
from geo.spatial.travel import TravelBasis
from tests.geo.roads.small_roads import network_of, raw_of, spot, two_way
from tests.geo.roads.test_road_search import GRID, places, roads

BASIS = TravelBasis("roads", "car", "OpenStreetMap", "e", "2026-11-03", "summer")
several = st.lists(places, min_size=1, max_size=5)


def points(drawn) -> Points:
    lats, lons = np.array([spot(*each) for each in drawn]).reshape(-1, 2).T
    return Points.of(lats, lons)


@settings(max_examples=40)
@given(roads, several, several, st.booleans(), st.floats(0.5, 8))
def test_questions_about_many_are_answered_as_one_by_one(drawn, origins, sites, over_local_roads, limit):
    to_road = ToRoad(25.0, 1.35, 10_000.0, by_car=True) if over_local_roads else ToRoad(most_m=300.0)
    travel = RoadTravel(RoadSearch(network_of(raw_of(GRID, drawn)), to_road=to_road), BASIS)
    starts, ends = points(origins), points(sites)
    table = np.array([travel.minutes_to_many(a, b, ends) for a, b in zip(starts.lat, starts.lon, strict=True)])
    pairs = travel.pairs_within(starts, ends, limit)
    assert list(zip(pairs.origin, pairs.site, strict=True)) == list(zip(*np.nonzero(table <= limit), strict=True))
    assert pairs.minutes.tolist() == table[table <= limit].tolist()
    nearest = travel.nearest_each(starts, ends)
    assert nearest.minutes == pytest.approx(table.min(axis=1), abs=1e-6)
    for i, site in enumerate(nearest.site):
        assert (site == -1) == np.isinf(table[i]).all()
        if site >= 0:
            assert table[i, site] == pytest.approx(table[i].min(), abs=1e-6)
    row = np.arange(len(sites)) % len(origins)
    expected = table[row, np.arange(len(sites))].tolist()
    assert travel.times_between(starts.take(row), ends)[0].tolist() == expected
    assert travel.travel_times(starts.lat[row], starts.lon[row], ends.lat, ends.lon)[0].tolist() == expected


def test_a_village_without_a_road_reaches_its_own_services_on_foot_and_nothing_else():
    far = raw_of([(0, 0), (1, 0), (1, 1)], [(two_way(), [0, 1, 2])])
    travel = RoadTravel(RoadSearch(network_of(far)), BASIS)
    there, beside, road = spot(10, 10), spot(10.5, 10), spot(1, 1)
    minutes, metres = travel.travel_times(*there, *zip(beside, road, strict=True))
    assert minutes[0] == pytest.approx(metres[0] * 1.25 / 4500 * 60, abs=0.01)
    assert np.isinf(minutes[1])
    assert travel.least_minutes(10_000.0) == 0.0
    assert travel.is_bounded_by_plane is False


@settings(max_examples=40)
@given(roads, several, several, st.booleans())
def test_searches_on_roads_turned_round_say_from_where_one_comes(drawn, origins, sites, over_local_roads):
    to_road = ToRoad(25.0, 1.35, 10_000.0, by_car=True) if over_local_roads else ToRoad(most_m=300.0)
    search = RoadSearch(network_of(raw_of(GRID, drawn)), to_road=to_road)
    back = reversed_search(search)
    starts, ends = points(origins), points(sites)
    for lat, lon in zip(ends.lat, ends.lon, strict=True):
        there = [search.minutes(a, b, search.pin(lat, lon))[0] for a, b in zip(starts.lat, starts.lon, strict=True)]
        assert back.minutes(lat, lon, back.pin(starts.lat, starts.lon)).tolist() == there
