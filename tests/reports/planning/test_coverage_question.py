from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadValueError, MapError, UnknownCodeError
from providers.planning.plan_constraints import DAYS, GOALS, PlanConstraints, default_prices
from reports.planning.coverage_question import (
    MOST_SCENARIOS,
    REACHES,
    SEARCH_SECONDS,
    CoverageQuestion,
    ScenarioQuestion,
    other_county_words,
    parse_question,
)
from tests.worlds.homes import coverage_world as world

COUNTIES = {"BC": "Bacău", "NT": "Neamț"}

means = st.builds(
    PlanConstraints,
    sites=st.integers(1, 50),
    places_each=st.integers(1, 9_999),
    places_more=st.integers(0, 9_999),
    teams=st.integers(0, 9),
    days=st.sets(st.sampled_from(DAYS), min_size=1).map(lambda some: tuple(d for d in DAYS if d in some)),
    visits=st.integers(1, 200),
    budget=st.none() | st.integers(0, 10**9).map(float),
    prices=st.just(default_prices())
    | st.just(default_prices().changed(site=400_000.0, place=1_000.0, team_day=50_000.0)),
    anywhere=st.booleans(),
    own_county=st.booleans(),
    least_people=st.integers(0, 500),
)
scenarios = st.builds(
    ScenarioQuestion,
    goal=st.sampled_from(GOALS),
    means=means,
    share=st.integers(1, 100),
    seconds=st.sampled_from(SEARCH_SECONDS),
    said=st.sampled_from(["", "varianta ieftină", "a~b & c", "<b>ș</b>"]),
)


@given(scenarios)
def test_a_scenario_is_read_as_it_was_written(scenario):
    assert ScenarioQuestion.parse(scenario.text) == scenario


@given(st.text(max_size=80))
def test_any_other_text_is_refused_in_words(text):
    with pytest.raises(MapError):
        ScenarioQuestion.parse(text)


@given(st.sampled_from(REACHES), st.sampled_from(["", "BC"]), st.lists(scenarios, max_size=3, unique=True))
def test_a_question_is_read_as_it_was_written(minutes, county, some):
    asked = CoverageQuestion(world.CENTRE, county, minutes, "free", tuple(some))
    said: dict[str, list[str]] = {}
    for name, value in asked.fields():
        said.setdefault(name, []).append(value)
    assert parse_question(said, COUNTIES) == asked


def test_the_own_county_stands_in_the_place_of_any_other():
    assert parse_question({"judet": ["CJ"]}, COUNTIES, own_county="BC").county == "BC"
    with pytest.raises(UnknownCodeError, match="CJ"):
        parse_question({"judet": ["CJ"]}, COUNTIES)


def test_more_scenarios_than_fit_a_link_are_refused():
    one = ScenarioQuestion()
    many = [replace(one, said=str(n)).text for n in range(MOST_SCENARIOS + 1)]
    with pytest.raises(BadValueError):
        parse_question({"scenariu": many}, COUNTIES)


@pytest.mark.parametrize(
    ("county", "own", "is_said"),
    [("BC", "NT", True), ("NT", "NT", False), ("", "NT", False), ("XX", "NT", False), ("BC", None, False)],
)
def test_an_address_of_another_county_is_said_to_who_may_not_look_there(county, own, is_said):
    words = other_county_words(county, COUNTIES, own_county=own)
    assert bool(words) == is_said
    assert not is_said or ("Bacău" in words and "Neamț" in words)
