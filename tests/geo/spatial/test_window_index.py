from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.spatial.window_index import WindowIndex

DEGREES = st.sampled_from([20.0, 20.1, 21.5, 24.0, 29.7]) | st.floats(20, 30) | st.just(float("nan"))
CORNER = st.tuples(st.sampled_from([20.0, 21.5, 24.0]) | st.floats(19, 31), st.floats(19, 31))


@given(st.lists(st.tuples(DEGREES, DEGREES), max_size=40), CORNER, CORNER)
def test_a_window_holds_what_a_look_at_every_point_finds(points, south_west, north_east):
    at = np.array(points, float).reshape(-1, 2)
    inside = ((at >= south_west) & (at <= north_east)).all(axis=1)
    found = WindowIndex(at[:, 0], at[:, 1]).within((south_west, north_east))
    assert found.tolist() == np.flatnonzero(inside).tolist()


def test_a_point_on_the_edge_of_a_view_is_in_it():
    assert WindowIndex([46.0], [27.0]).within(((46.0, 27.0), (46.5, 27.5))).tolist() == [0]


def test_threads_that_ask_at_once_get_their_own_answers():
    at = np.random.default_rng(3).uniform(20, 30, (3_000, 2))
    windows = WindowIndex(at[:, 0], at[:, 1])
    views = [((low, low), (low + 1.5, low + 2)) for low in np.linspace(20, 28, 400)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(windows.within, views))
    for view, found in zip(views, together, strict=True):
        assert found.tolist() == np.flatnonzero(((at >= view[0]) & (at <= view[1])).all(axis=1)).tolist()
