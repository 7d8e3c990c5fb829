"""The checker finds every kind of broken promise in an answer that was tampered with."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from core.errors import SitingFaultError
from geo.siting import facility_location
from geo.siting.facility_location import maximal_coverage
from geo.siting.siting_check import faults
from tests.worlds.roads.mobile_rounds import visit

DEMAND = pd.DataFrame({"area_id": ["A", "B"], "people": [10, 20]})
COSTS = pd.DataFrame({"area_id": ["A", "A", "B", "B"], "site_id": ["E", "N"] * 2, "cost": [5.0, 10.0, 60.0, 7.0]})
SITES = pd.DataFrame(
    {
        "site_id": ["E", "N"],
        "is_existing": [True, False],
        "places": [10, 12],
        "places_addable": [0, 3],
        "price": [0.0, 9.0],
    }
)
LIMITS = {"objective": "people", "candidates": SITES, "sites": 1, "budget": 9.0, "reach": 30, "add_places": 3}


def answer() -> facility_location.Siting:
    return maximal_coverage(DEMAND, COSTS, sites=1, reach=30, candidates=SITES, budget=9, add_places=3)


def faulty(changed: facility_location.Siting, **limits: object) -> str:
    return " ".join(faults(changed, DEMAND, COSTS, **(LIMITS | {"least_share": 0.0} | limits)))


def edited(column: str, value: object) -> facility_location.Siting:
    found = answer()
    return replace(found, assignment=found.assignment.assign(**{column: value}))


def test_a_true_answer_has_no_fault():
    assert answer().objective == 25
    assert faulty(answer()) == ""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda: edited("cost", 1.0), "is not that of the table"),
        (lambda: edited("people", 99.0), "not counted once"),
        (lambda: edited("people", 99.0), "99.0 people on 10"),
        (lambda: replace(answer(), sites=()), "used and not open"),
        (lambda: replace(answer(), sites=("N", "N")), "existing or repeated"),
        (lambda: replace(answer(), sites=("E", "N"), openings=answer().openings.assign(site_id=["E"])), "existing"),
        (lambda: replace(answer(), objective=26.0), "is not the real one"),
        (lambda: replace(answer(), unmet=answer().unmet.assign(people=-5.0)), "not counted once"),
        (lambda: replace(answer(), openings=answer().openings.assign(places_added=9.0)), "more places than"),
        (lambda: replace(answer(), openings=answer().openings.assign(units=2)), "more sites are open than the limit"),
    ],
)
def test_each_broken_promise_is_found(change, words):
    if "E" in change().sites:
        changed = replace(change(), openings=pd.DataFrame({"site_id": ["E", "N"], "units": 1, "places_added": 0.0}))
    else:
        changed = change()
    if changed.sites == ("N", "N") or not len(changed.openings):
        changed = replace(changed, openings=answer().openings)
    assert words in faulty(changed)


def test_limits_narrower_than_the_answer_are_found_broken():
    assert "beyond the reach" in faulty(answer(), reach=6)
    assert "more is spent than the budget" in faulty(answer(), budget=8)
    assert "left out who may not be" in faulty(answer(), least_share=0.9)
    grown = SITES.assign(places_addable=[5, 0], places=[0, 12])
    found = maximal_coverage(DEMAND, COSTS, sites=1, reach=30, candidates=grown, add_places=3)
    told = {"objective": "people", "candidates": grown, "least_share": 0.0}
    assert not faults(found, DEMAND, COSTS, add_places=3, **told)
    assert "more places are added than the limit" in " ".join(faults(found, DEMAND, COSTS, add_places=1, **told))


def test_a_team_in_two_places_is_found():
    plan = visit(DEMAND, COSTS, teams=1, days=["luni", "joi"], visits_per_day=5, reach=30)
    stops = SITES.assign(is_existing=False, places=5, is_stop=True)
    told = {"objective": "people", "candidates": stops, "least_share": 0.0, "team_days": 2}
    assert not faults(plan, DEMAND, COSTS, **told)
    twice = replace(plan, rounds=plan.rounds.assign(day="luni"))
    assert "two stops" in " ".join(faults(twice, DEMAND, COSTS, **told))
    assert "more days" in " ".join(faults(plan, DEMAND, COSTS, **(told | {"team_days": 1})))
    fewer = replace(plan, rounds=plan.rounds.head(1))
    assert "rounds of teams" in " ".join(faults(fewer, DEMAND, COSTS, **told))


def test_a_faulty_answer_is_never_returned(monkeypatch):
    monkeypatch.setattr(facility_location, "faults", lambda *_tables, **_limits: ["Ceva nu este în regulă."])
    with pytest.raises(SitingFaultError, match="Ceva nu este"):
        answer()
