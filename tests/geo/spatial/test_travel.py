"""Straight-line minutes: the documented speeds, and the bound by which the search stops."""

import numpy as np
import pytest

from geo.spatial.crs import LAT_RANGE, LON_RANGE, to_metric
from geo.spatial.travel import CAR, STRAIGHT_LINES, WALK, UnknownModeError


def test_minutes_are_metres_times_detour_at_one_speed():
    minutes, metres = CAR.travel_times(46.0, 26.0, [46.0], [26.5])
    assert metres[0] == pytest.approx(
        38_732, abs=2
    )  # half a degree of longitude at 46° is 38,731.7 m along the parallel
    assert minutes[0] == pytest.approx(metres[0] / 1_000 * 1.35 / 45 * 60)
    on_foot, _metres = WALK.travel_times(46.0, 26.0, [46.0], [26.5])
    assert on_foot[0] == pytest.approx(metres[0] / 1_000 * 1.25 / 4.5 * 60)


def test_a_mode_has_its_model_and_another_is_refused_by_name():
    assert STRAIGHT_LINES.of_mode("car") is CAR
    assert STRAIGHT_LINES.of_mode("walk") is WALK
    with pytest.raises(UnknownModeError) as refused:
        STRAIGHT_LINES.of_mode("elicopter")
    assert refused.value.mode == "elicopter"


@pytest.mark.parametrize("travel", [CAR, WALK], ids=repr)
def test_the_bound_never_exceeds_the_way(travel):
    rng = np.random.default_rng(1)
    lat, lon = rng.uniform(*LAT_RANGE, (2, 4_000)), rng.uniform(*LON_RANGE, (2, 4_000))
    minutes, _metres = travel.travel_times(lat[0], lon[0], lat[1], lon[1])
    planar = np.hypot(*(to_metric(lat[0], lon[0]) - to_metric(lat[1], lon[1])).T)
    least = np.array([travel.least_minutes(metres) for metres in planar])
    assert (least <= minutes).all()
    assert (least >= minutes * 0.998).all()  # and is worth having
