"""Best assignment of waiting people against every assignment written out, and what order of arrival loses."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.siting.assignment import assignment_in_order, best_assignment, loss_of_order, transport
from tests.worlds.examples import examples


def queue_world(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    people = int(rng.integers(1, 6))
    queue = pd.DataFrame(
        {
            "referral_id": [f"R{i}" for i in range(people)],
            "area_id": rng.choice(["A", "B", "C"], people),
            "waiting_since": pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 3, people), unit="D"),
        }
    )
    supply = pd.DataFrame({"service_id": ["P", "Q", "S"], "places": rng.integers(0, 3, 3)})
    costs = pd.DataFrame(list(product("ABC", "PQS")), columns=["area_id", "service_id"])
    return queue, supply, costs.assign(minutes=rng.integers(1, 60, 9).astype(float))


def best_by_hand(queue, supply, costs, reach) -> tuple[int, float]:
    """Most people, then fewest minutes, over all ways to send everybody somewhere or nowhere."""
    minutes = {(a, s): m for a, s, m in costs.itertuples(index=False) if m <= reach}
    places = dict(zip(supply["service_id"], supply["places"], strict=True))
    best = (0, 0.0)
    for ways in product([None, *places], repeat=len(queue)):
        pairs = [(a, s) for a, s in zip(queue["area_id"], ways, strict=True) if s]
        if all(p in minutes for p in pairs) and all(ways.count(s) <= places[s] for s in places):
            best = min(best, (-len(pairs), sum(minutes[p] for p in pairs)))
    return -best[0], best[1]


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 100_000), st.integers(5, 60))
def test_the_best_assignment_is_the_best_of_all(seed, reach):
    queue, supply, costs = queue_world(seed)
    waiting = queue.groupby("area_id").size().rename("people").reset_index()
    got = best_assignment(waiting, supply, costs, reach_minutes=reach)
    assert (got.people_placed, got.minutes_total) == best_by_hand(queue, supply, costs, reach)
    assert got.placed["people"].sum() + got.unplaced["people"].sum() == len(queue)
    taken = got.placed.groupby("service_id")["people"].sum().reindex(supply["service_id"], fill_value=0)
    assert (taken.to_numpy() <= supply["places"]).all()


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 100_000), st.integers(5, 60))
def test_order_of_arrival_agrees_with_the_obvious_queue_and_never_beats_the_best(seed, reach):
    queue, supply, costs = queue_world(seed)
    free = dict(zip(supply["service_id"], supply["places"], strict=True))
    placed, total = 0, 0.0
    for area in queue.sort_values(["waiting_since", "referral_id"])["area_id"]:
        ways = [(m, s) for a, s, m in costs.itertuples(index=False) if a == area and m <= reach and free[s]]
        if ways:
            minutes, service = min(ways)
            free[service] -= 1
            placed, total = placed + 1, total + minutes
    loss = loss_of_order(queue, supply, costs, reach_minutes=reach)
    assert (loss.in_order.people_placed, loss.in_order.minutes_total) == (placed, total)
    assert loss.people_lost >= 0
    assert loss.people_lost > 0 or loss.minutes_lost >= 0
    shuffled = queue.sample(frac=1, random_state=seed)
    assert assignment_in_order(shuffled, supply, costs, reach_minutes=reach).minutes_total == total


def test_who_comes_first_may_take_the_only_place_of_the_next():
    queue = pd.DataFrame(
        {
            "referral_id": ["R1", "R2"],
            "area_id": ["A", "B"],
            "waiting_since": pd.to_datetime(["2025-01-01", "2025-01-02"]),
        }
    )
    supply = pd.DataFrame({"service_id": ["P", "Q"], "places": [1, 1]})
    costs = pd.DataFrame({"area_id": ["A", "A", "B"], "service_id": ["P", "Q", "P"], "minutes": [5.0, 9.0, 7.0]})
    loss = loss_of_order(queue, supply, costs)
    assert (loss.people_lost, loss.best.people_placed, loss.in_order.people_placed) == (1, 2, 1)
    assert loss.in_order.unplaced["area_id"].tolist() == ["B"]


def test_nobody_waiting_no_places_and_no_way_give_empty_tables():
    queue, supply, costs = queue_world(1)
    for tables in (
        (queue.iloc[:0], supply, costs),
        (queue, supply.assign(places=0), costs),
        (queue, supply, costs.iloc[:0]),
    ):
        loss = loss_of_order(*tables)
        assert loss.best.placed.empty
        assert (loss.people_lost, loss.minutes_lost) == (0, 0)
        assert loss.best.unplaced["people"].sum() == len(tables[0])


def test_higher_priority_is_placed_first_without_placing_fewer():
    people, places = np.array([5.0, 5.0, 5.0]), np.array([4.0, 3.0])
    area, service = np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1])
    flow = transport(people, places, area, service, np.array([1.0, 50, 50, 1]), priority=np.array([0.0, 7.0, 3.0]))
    by_area = np.bincount(area, weights=flow)
    # seven places: all five of the second area, then the third's; the first finds P taken
    assert by_area.tolist() == pytest.approx([0, 5, 2])
