"""A table of minutes answers what the live search answers: whatever it lacks, and whoever has moved."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.processes.partitioned_work import OneProcess
from geo.spatial.nearest import PointIndex, nearer_than, nearest, nearest_for_many
from geo.spatial.points import Points
from geo.spatial.tabled_travel import TabledTravel
from geo.spatial.travel import CAR, RememberedTimes
from geo.spatial.travel_table import SHAPE_FILE, distinct_points, open_table, write_table
from tests.worlds.examples import examples
from tests.worlds.roads.made_up_roads import made_up_travel

SPOT = st.tuples(st.integers(0, 40), st.integers(0, 40))
SPOTS = st.lists(SPOT, max_size=12)
REACH = st.sampled_from([0.0, 7.5, 30.0, 31.0, 60.0, 90.0, 120.0, 121.0, 400.0])


def at(spots) -> PointIndex:
    return PointIndex.of([45.0 + 0.06 * y for y, _x in spots], [25.0 + 0.06 * x for _y, x in spots])


def tabled(live, origins, sites) -> TabledTravel:
    with tempfile.TemporaryDirectory() as folder:
        write_table(Path(folder), live, *(distinct_points(each.lat, each.lon) for each in (at(origins), at(sites))))
        return TabledTravel(live, open_table(Path(folder)))  # what is mapped outlives its folder


@settings(max_examples=examples(150), deadline=None)
@given(SPOTS, SPOTS, SPOTS, SPOTS, REACH, st.booleans())
def test_a_table_answers_as_the_live_search_does(known, moved_origins, sites, moved_sites, reach, both_ways):
    """The table is of some origins and sites; asked are those, in another order and twice, and others beside."""
    live = made_up_travel(both_ways=both_ways, longest=150)
    travel = tabled(live, known, sites)
    starts, ends = at([*moved_origins, *known[::-1], *known[:2]]), at([*sites[::-1], *moved_sites, *sites[:3]])
    pairs, expected = (each.pairs_within(starts, ends, reach) for each in (travel, live))
    for name in ("origin", "site", "minutes"):
        assert getattr(pairs, name).tolist() == getattr(expected, name).tolist()
    found, first = travel.nearest_each(starts, ends), live.nearest_each(starts, ends)
    assert found.minutes.tolist() == first.minutes.tolist()
    for i, site in enumerate(found.site.tolist()):
        took = live.minutes_to_many(starts.lat[i], starts.lon[i], ends)
        assert (site < 0) == np.isinf(took).all()
        assert site < 0 or took[site] == took.min()
        both = travel.minutes_to_many(starts.lat[i], starts.lon[i], ends)
        assert both.tolist() == took.tolist()
        limited = travel.minutes_to_many(starts.lat[i], starts.lon[i], ends, most_minutes=reach)
        assert np.where(limited <= reach, limited, np.inf).tolist() == np.where(took <= reach, took, np.inf).tolist()
    if len(starts) and len(ends):
        one, other = (np.arange(20) % len(each) for each in (starts, ends))
        asked = starts.take(one), ends.take(other)
        assert travel.times_between(*asked)[0].tolist() == live.times_between(*asked)[0].tolist()


@settings(max_examples=examples(80), deadline=None)
@given(SPOTS, SPOTS, st.data(), st.integers(0, 8), st.none() | REACH)
def test_the_nearest_with_a_free_place_are_those_of_the_live_search(sites, moved, data, k, reach):
    live = made_up_travel(longest=150)
    origin = data.draw(SPOT)
    travel, index = tabled(live, [origin], sites), at([*sites, *moved])
    left_out = np.array(data.draw(st.lists(st.booleans(), min_size=len(index), max_size=len(index))), bool)
    where = at([origin])
    lat, lon = where.lat[0], where.lon[0]
    for quick in (travel, RememberedTimes(travel)):
        for _again in range(2):
            found, expected = (
                nearest(index, lat, lon, k=k, left_out=left_out, travel=each, max_minutes=reach)
                for each in (quick, live)
            )
            assert found.positions.tolist() == expected.positions.tolist()
            assert found.minutes.tolist() == expected.minutes.tolist()
            near, all_near = (
                nearer_than(index, lat, lon, minutes=reach or 45.0, travel=each) for each in (quick, live)
            )
            assert near.positions.tolist() == all_near.positions.tolist()
    many, by_search = (
        nearest_for_many(index, where.lat, where.lon, k=k, left_out=left_out, travel=each) for each in (travel, live)
    )
    assert many[0].tolist() == by_search[0].tolist()


def test_what_is_in_the_table_is_not_searched_again():
    travel = tabled(made_up_travel(), [(1, 1), (9, 9)], [(2, 2), (3, 3)])
    travel.live = None
    sites = at([(3, 3), (2, 2)])
    here = at([(9, 9)])
    assert len(travel.pairs_within(here, sites, 120.0).site) == 2
    assert np.isfinite(travel.minutes_to_many(here.lat[0], here.lon[0], sites)).all()
    assert np.isfinite(travel.nearest_each(here, sites).minutes).all()


def test_a_new_table_takes_from_an_older_one_what_has_not_changed():
    live = made_up_travel(longest=150)
    older = tabled(live, [(1, 1), (9, 9)], [(2, 2), (3, 3)])
    origins, sites = [(1, 1), (9, 9), (5, 5)], [(3, 3), (7, 8)]
    renewed, fresh = tabled(older, origins, sites), tabled(live, origins, sites)
    for one, other in zip(renewed.table.bands, fresh.table.bands, strict=True):
        assert one.site.tolist() == other.site.tolist()
        assert one.ms.tolist() == other.ms.tolist()


def test_minutes_that_are_no_whole_milliseconds_are_not_tabled(tmp_path):
    points = distinct_points(np.array([45.0, 45.1]), np.array([25.0, 25.1]))
    with pytest.raises(ValueError, match="whole milliseconds"):
        write_table(tmp_path, CAR, points, points)
    assert not (tmp_path / SHAPE_FILE).exists()


def test_a_table_that_was_cut_off_is_not_opened(tmp_path):
    points = distinct_points(np.array([45.0, 45.1]), np.array([25.0, 25.1]))
    assert write_table(tmp_path, made_up_travel(), points, points) == 4
    assert isinstance(open_table(tmp_path).sites_of(*Points.of([45.1], [25.1]).xy.T), np.ndarray)
    (tmp_path / "band0_ms.bin").write_bytes(b"")
    with pytest.raises(ValueError, match="as long as"):
        open_table(tmp_path)


@settings(max_examples=examples(20), deadline=None)
@given(SPOTS, SPOTS, st.lists(st.sampled_from("ABC"), min_size=12, max_size=12))
def test_a_table_measured_county_by_county_has_the_same_files(origins, sites, counties):
    live = made_up_travel(both_ways=True, longest=150)
    points = [distinct_points(each.lat, each.lon) for each in (at(origins), at(sites))]
    written = []
    for runner in (OneProcess(), OneProcess(divides=True)):
        with tempfile.TemporaryDirectory() as folder:
            county = np.array(counties[: len(points[0])])
            write_table(Path(folder), live, *points, counties=county, runner=runner)
            written.append({path.name: path.read_bytes() for path in Path(folder).iterdir()})
    assert written[0] == written[1]
