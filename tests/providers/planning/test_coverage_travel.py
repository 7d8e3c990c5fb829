"""What is found within reach, against a look at every service; of every UAT the state of most of its people."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.processes.partitioned_work import OneProcess
from geo.spatial.travel import STRAIGHT_LINES
from providers.planning.coverage_travel import (
    ALL_FULL,
    FREE_PLACE,
    NO_ONE_ASKS,
    NOWHERE,
    REACH_STATES,
    TO_CALL,
    TOO_FAR,
    states_by_uat,
)
from providers.planning.effective_coverage import compute_coverage
from tests.worlds.homes import coverage_world as world
from tests.worlds.homes.divided_work import assert_same, coverage

PEOPLE = world.people(2000)
SERVICES = st.lists(
    st.tuples(
        st.floats(-0.4, 0.4), st.floats(-0.4, 0.4), st.sampled_from([None, 0, 3]), st.sampled_from([1.0, 200.0]),
        st.sampled_from(["at_site", "at_home"]), st.sampled_from(["own_uat", "county", "nation"]),
    ),
    max_size=5,
)  # fmt: skip


def ask(services, minutes):
    rows = [
        world.service(n, north, east, delivery=delivery, service_area=area)
        for n, (north, east, _free, _days, delivery, area) in enumerate(services, start=1)
    ]
    said = [(n, each[2], each[3]) for n, each in enumerate(services, start=1)]
    catalogue = world.catalogue(*rows)
    laid, reported = world.laid(catalogue, *said), world.reports(*said)
    return compute_coverage(
        world.CENTRE, PEOPLE, catalogue, laid, travel=STRAIGHT_LINES, reported=reported, reach_minutes=minutes
    )


def obvious(found, area, minutes):
    """Look at every service for one locality, in minutes of the model itself."""
    row, services = found.areas.iloc[area], found.supply.services
    if row["people"] <= 0:
        return NO_ONE_ASKS
    best = NOWHERE
    for one, service in enumerate(services.to_dict("records")):
        if not found.may_serve.may(np.array([area]), np.array([one]))[0]:
            continue
        away = 0.0
        if service["delivery"] == "at_site":
            at = PEOPLE.areas.iloc[area]
            took, _metres = found.travel.travel_times(at["lat"], at["lon"], [service["lat"]], [service["lon"]])
            away = float(took[0])
        if away > minutes:
            best = min(best, TOO_FAR)
            continue
        places = service["places_now"]
        best = min(best, TO_CALL if np.isnan(places) else FREE_PLACE if places > 0 else ALL_FULL)
    return best


@settings(max_examples=10)
@given(SERVICES, st.sampled_from([15.0, 30.0]))
def test_a_locality_finds_what_a_look_at_every_service_finds(services, minutes):
    found = ask(services, minutes)
    near = np.flatnonzero(found.areas["county"].isin(["BC"]))[::25]
    assert [obvious(found, int(area), minutes) for area in near] == found.areas["state"].to_numpy()[near].tolist()


def test_a_uat_has_the_state_of_most_of_its_people_and_of_two_alike_the_worse():
    table = world.people(10).areas.head(0)[["uat_siruta"]]
    rows = [(1, 5.0, FREE_PLACE), (1, 4.0, NOWHERE), (2, 3.0, TO_CALL), (2, 3.0, TOO_FAR), (3, 0.0, NO_ONE_ASKS)]
    areas = type(table)(rows, columns=["uat_siruta", "people", "state"])
    found = states_by_uat(areas)
    assert found["state"].to_dict() == {1: FREE_PLACE, 2: TOO_FAR, 3: NO_ONE_ASKS}
    assert found["people"].to_dict() == {1: 9, 2: 6, 3: 0}


@settings(max_examples=8)
@given(SERVICES)
def test_states_of_uats_add_up_to_the_people_in_need(services):
    found = ask(services, 30.0)
    table = states_by_uat(found.areas)
    assert table[list(REACH_STATES)].sum(axis=1).tolist() == table["people"].tolist()
    by_uat = found.areas.groupby("uat_siruta")["people"].sum()
    assert table["people"].to_dict() == by_uat.astype(int).to_dict()
    near = found.areas["unreached"].eq(0) & found.areas["people"].gt(0)
    assert Counter(found.areas.loc[near, "state"]).keys() <= {FREE_PLACE, TO_CALL, ALL_FULL}


def test_county_by_county_is_the_nation_at_once_to_the_last_bit():
    assert_same(coverage(OneProcess(divides=True)), coverage())
