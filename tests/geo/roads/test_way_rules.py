"""What tags say of driving and walking."""

from __future__ import annotations

from typing import ClassVar

import pytest

from core.errors import UnreadableFileError
from geo.roads.reading.way_rules import TAGS_READ, blocks_cars, limit_km_h, read_way
from geo.roads.road_network import FERRY, LINK, PATH, ROAD, TRACK
from geo.roads.road_speeds import load_speeds

SPEEDS = load_speeds()


def car(**tags: str) -> tuple[float, float]:
    way = read_way({key.replace("__", ":"): value for key, value in tags.items()}, SPEEDS)
    return (way.forward_km_h, way.backward_km_h) if way else (0.0, 0.0)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "primary"}, (65, 65)),
        ({"highway": "primary", "maxspeed": "50"}, (40, 40)),
        ({"highway": "primary", "maxspeed": "RO:urban"}, (40, 40)),
        ({"highway": "primary", "maxspeed": "RO:rural"}, (72, 72)),
        ({"highway": "motorway", "maxspeed": "RO:motorway"}, (104, 0)),
        ({"highway": "primary", "maxspeed:type": "DE:urban"}, (40, 40)),
        ({"highway": "primary", "maxspeed": "quick"}, (65, 65)),
        ({"highway": "secondary", "surface": "gravel"}, (40, 40)),
        ({"highway": "tertiary", "surface": "mud"}, (10, 10)),
        ({"highway": "tertiary", "smoothness": "impassable"}, (0, 0)),
        ({"highway": "residential", "oneway": "yes"}, (25, 0)),
        ({"highway": "residential", "oneway": "-1"}, (0, 25)),
        ({"highway": "residential", "junction": "roundabout"}, (25, 0)),
        ({"highway": "residential", "access": "no"}, (0, 0)),
        ({"highway": "residential", "access": "no", "motor_vehicle": "yes"}, (25, 25)),
        ({"highway": "residential", "motor_vehicle": "private"}, (12.5, 12.5)),
        ({"highway": "track", "motor_vehicle": "forestry"}, (0, 0)),
        ({"highway": "track"}, (12, 12)),
        ({"highway": "track", "tracktype": "grade5"}, (8, 8)),
        ({"highway": "footway"}, (0, 0)),
        ({"highway": "construction"}, (0, 0)),
    ],
)
def test_speeds_of_a_car_in_both_directions(tags, expected):
    assert car(**tags) == pytest.approx(expected)


def test_a_limit_of_one_direction_holds_there_alone():
    assert car(highway="primary", maxspeed__backward="30") == pytest.approx((65, 24))


@pytest.mark.parametrize(("text", "km_h"), [("30 mph", 48.28), ("none", 140), ("", None), ("0", None), ("50;30", 50)])
def test_limits_are_read_in_their_units(text, km_h):
    found = limit_km_h(text, SPEEDS)
    assert found == (None if km_h is None else pytest.approx(km_h, abs=0.01))


def test_kinds_of_way_and_who_walks_there():
    kinds = {c: read_way({"highway": c}, SPEEDS) for c in ("motorway", "track", "path", "steps", "residential")}
    assert [w.kind for w in kinds.values()] == [LINK, TRACK, PATH, PATH, ROAD]
    assert [w.foot_km_h for w in kinds.values()] == [0, 4.5, 4.5, 2.5, 4.5]


def test_a_ferry_takes_what_it_says_and_the_wait():
    ferry = read_way({"route": "ferry", "duration": "00:20"}, SPEEDS)
    assert (ferry.kind, ferry.seconds) == (FERRY, 20 * 60 + 5 * 60)
    assert read_way({"route": "ferry", "motor_vehicle": "no"}, SPEEDS).forward_km_h == 0
    assert read_way({"route": "bus"}, SPEEDS) is None


@pytest.mark.parametrize(
    ("tags", "months"),
    [
        ({"access:conditional": "no @ (Nov 1-Jun 30)"}, {1, 2, 3, 4, 5, 6, 11, 12}),
        ({"motor_vehicle:conditional": "no @ (Dec-Mar); no @ (Nov)"}, {1, 2, 3, 11, 12}),
        ({"motor_vehicle": "no", "motor_vehicle:conditional": "yes @ (May-Oct)"}, {1, 2, 3, 4, 11, 12}),
        ({"access:conditional": "no @ (2016 Apr 25 - 2016 Sep 26)"}, set()),
        ({"access:conditional": "no @ (7:30-19:00 AND weight>7.5)"}, set()),
    ],
)
def test_months_of_a_closure_are_kept_and_hours_and_single_years_are_none(tags, months):
    way = read_way({"highway": "secondary", **tags}, SPEEDS)
    assert {m for m in range(1, 13) if way.closed_months >> (m - 1) & 1} == months
    assert way.forward_km_h == 55


@pytest.mark.parametrize(
    ("tags", "stops"),
    [
        ({"barrier": "bollard"}, True),
        ({"barrier": "gate"}, False),
        ({"barrier": "gate", "access": "private"}, True),
        ({"barrier": "block", "motor_vehicle": "yes"}, False),
        ({}, False),
    ],
)
def test_barriers(tags, stops):
    assert blocks_cars(tags) is stops


@pytest.mark.parametrize("row", ["class,primary,0,x", "class,primary,fast,x", "kind,primary,3,x", "class,primary,3,"])
def test_a_slip_in_the_table_of_speeds_is_named(tmp_path, row):
    table = tmp_path / "speeds.csv"
    table.write_text(f"kind,key,value,source\n{row}\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="rândul 1"):
        load_speeds(table)


class _Watched(dict):
    """Tags that remember which keys were asked for."""

    asked: ClassVar[set[str]] = set()

    def get(self, key, default=None):
        self.asked.add(key)
        return super().get(key, default)

    def __contains__(self, key):
        self.asked.add(key)
        return super().__contains__(key)


@pytest.mark.parametrize("road_class", ["track", "service", "motorway", "residential", "cycleway"])
def test_no_rule_asks_for_a_tag_that_the_reader_of_extracts_leaves_out(road_class):
    read_way(_Watched(highway=road_class, maxspeed="50"), SPEEDS)
    read_way(_Watched(route="ferry"), SPEEDS)
    assert {"oneway", "duration", "access", "motorcar:conditional"} <= _Watched.asked <= TAGS_READ
