"""Weights by distance: limits inclusive, nothing negative, nothing infinite."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import BadValueError
from geo.access.decay import flat, gaussian, named, zones

MINUTES = np.array([0.0, 10, 10.001, 20, 30, 31])


def test_named_zones_at_thirty_minutes_are_those_of_luo_and_qi():
    published = zones({10: 1, 20: 0.68, 30: 0.22})
    assert named("zones", 30)(MINUTES).tolist() == published(MINUTES).tolist() == [1, 1, 0.68, 0.68, 0.22, 0]


def test_a_named_gaussian_has_fallen_to_one_percent_at_the_edge_of_the_reach():
    assert named("gaussian", 45)(np.array([0.0, 45])) == pytest.approx([1.0, 0.01])


def test_flat_counts_everything_within_reach():
    assert flat(MINUTES).tolist() == [1] * 6 == named("flat", 30)(MINUTES).tolist()


@pytest.mark.parametrize(
    "wrong", [lambda: zones({}), lambda: zones({10: -1}), lambda: gaussian(0), lambda: named("x", 3)]
)
def test_weights_that_make_no_sense_are_refused(wrong):
    with pytest.raises(BadValueError):
        wrong()
