"""Pairs within a radius: the fast finder against the obvious loop."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadValueError, MissingColumnError
from geo.access import travel_pairs
from geo.access.travel_pairs import pairs_within
from tests.worlds.examples import examples

coordinate = st.integers(0, 20).map(float)
points = st.lists(st.tuples(coordinate, coordinate), max_size=8)


def placed(found: list[tuple[float, float]], key: str) -> pd.DataFrame:
    xy = np.array(found, dtype=float).reshape(-1, 2)
    return pd.DataFrame({key: np.arange(len(found)), "x": xy[:, 0], "y": xy[:, 1]})


@settings(max_examples=examples(60), deadline=None)
@given(points, points, st.integers(0, 30))
def test_the_finder_agrees_with_the_obvious_loop(areas, services, reach):
    got = pairs_within(placed(areas, "area_id"), placed(services, "service_id"), reach_m=reach)
    distances = {
        (i, j): float(np.hypot(*np.subtract(a, s))) for i, a in enumerate(areas) for j, s in enumerate(services)
    }
    want = {pair: d for pair, d in distances.items() if d <= reach}
    found = dict(zip(zip(got["area_id"], got["service_id"], strict=True), got["distance_m"], strict=True))
    assert found == pytest.approx(want)
    assert list(found) == sorted(found)


def test_searching_in_chunks_changes_nothing(monkeypatch):
    rng = np.random.default_rng(1)
    areas = placed(list(rng.uniform(0, 100, (50, 2))), "area_id")
    services = placed(list(rng.uniform(0, 100, (30, 2))), "service_id")
    whole = pairs_within(areas, services, reach_m=30)
    monkeypatch.setattr(travel_pairs, "_CHUNK", 7)
    pd.testing.assert_frame_equal(pairs_within(areas, services, reach_m=30), whole)


def test_rows_without_a_position_are_left_out_and_minutes_are_asked_for():
    areas = placed([(0.0, 0.0), (np.nan, 0.0)], "area_id")
    services = placed([(0.0, 600.0), (0.0, np.nan)], "service_id")
    got = pairs_within(areas, services, reach_m=1000, minutes=lambda metres: metres / 500)
    assert got[["area_id", "service_id", "minutes"]].to_numpy().tolist() == [[0, 0, 1.2]]


def test_an_empty_register_gives_an_empty_table():
    areas, nothing = placed([(0.0, 0.0)], "area_id"), placed([], "service_id")
    got = pairs_within(areas, nothing, reach_m=1000)
    assert got.empty
    assert list(got.columns) == ["area_id", "service_id", "distance_m"]


def test_a_negative_radius_and_a_missing_column_are_refused():
    areas, services = placed([(0.0, 0.0)], "area_id"), placed([(0.0, 0.0)], "service_id")
    with pytest.raises(BadValueError, match="reach_m"):
        pairs_within(areas, services, reach_m=-1)
    with pytest.raises(MissingColumnError, match="y"):
        pairs_within(areas.drop(columns="y"), services, reach_m=1)
