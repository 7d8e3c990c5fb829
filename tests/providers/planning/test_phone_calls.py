from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.spatial.travel import STRAIGHT_LINES
from providers.planning.effective_coverage import compute_coverage
from providers.planning.phone_calls import choose_calls, phone_calls
from tests.worlds.homes import coverage_world as world

CLOSE = 1e-9


def reached(reaches, people, columns):
    """People who reach one of the columns, counted one by one."""
    return sum(n for row, n in zip(reaches, people, strict=True) if any(row[c] for c in columns))


@st.composite
def worlds(draw):
    rows, columns = draw(st.integers(0, 6)), draw(st.integers(0, 5))
    reaches = draw(arrays(bool, (rows, columns)))
    people = draw(arrays(np.int64, rows, elements=st.integers(0, 9))).astype(float)
    return reaches, people


@given(worlds())
def test_each_call_is_the_one_that_adds_most_and_the_bound_holds_for_every_other_choice(world_):
    reaches, people = world_
    chosen, added, at_most = choose_calls(reaches, people)
    columns = range(reaches.shape[1])
    for n, call in enumerate(chosen.tolist()):
        before = chosen[:n].tolist()
        gains = [reached(reaches, people, [*before, c]) - reached(reaches, people, before) for c in columns]
        assert gains[call] == pytest.approx(max(gains)) == pytest.approx(added[n])
        best = max(reached(reaches, people, some) for some in combinations(columns, n + 1))
        got = reached(reaches, people, [*before, call])
        assert got >= (1 - 1 / np.e) * best - CLOSE
        assert got - CLOSE <= best <= at_most[n] + CLOSE
    assert reached(reaches, people, chosen.tolist()) == reached(reaches, people, columns)


@pytest.fixture(scope="module")
def found():
    """Two services of which nobody reported, one that is full."""
    catalogue = world.catalogue(
        world.service(1, places_max=9), world.service(2, 0.05, places_max=4, phone="0234 512 345"),
        world.service(3, places_max=2),
    )  # fmt: skip
    return compute_coverage(
        world.CENTRE, world.people(3000), catalogue, world.laid(catalogue, (3, 0, 1)), travel=STRAIGHT_LINES
    )


def test_everybody_of_whom_nothing_is_known_reaches_a_call_and_no_call_is_of_a_service_that_reported(found):
    calls = phone_calls(found, "BC")
    ours = found.areas[(found.areas["county"] == "BC") & (found.areas["reason"] == "unknown")]
    assert calls.people == int(ours["unmet_now"].sum()) > 0
    assert calls.calls["reached"].iloc[-1] == calls.people == calls.calls["depend"].sum()
    assert not calls.calls["service_id"].str.endswith(":3").any()
    assert len(calls.calls) + calls.others == 2
    assert calls.is_fewest


def test_no_outcome_of_the_calls_leaves_fewer_than_what_is_said(found):
    calls = phone_calls(found, "BC")
    catalogue = world.catalogue(
        world.service(1, places_max=9), world.service(2, 0.05, places_max=4), world.service(3, places_max=2)
    )
    free = compute_coverage(
        world.CENTRE, world.people(3000), catalogue, world.laid(catalogue, (1, 9, 1), (2, 4, 1), (3, 0, 1)),
        travel=STRAIGHT_LINES,
    )  # fmt: skip
    areas = free.areas
    assert calls.least_left_out <= areas.loc[areas["county"] == "BC", "unmet_now"].sum()
    assert calls.least_left_out <= found.areas.loc[found.areas["county"] == "BC", "unmet_now"].sum()


def test_where_nothing_is_unknown_nobody_is_to_be_called(found):
    nobody = phone_calls(found, "TL")
    assert nobody.calls.empty
    assert (nobody.people, nobody.others) == (0, 0)
    assert nobody.is_fewest
