"""Plans for a county: what is added, for whom, at what cost; what they promise is recounted from the tables."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import BadValueError, InfeasibleSitingError, MapError, SitingFaultError
from geo.siting import facility_location
from geo.spatial.travel import CAR, STRAIGHT_LINES
from providers.planning.county_plan import GOALS, PlanConstraints, plan
from providers.planning.effective_coverage import compute_coverage
from providers.planning.plan_constraints import Prices, default_prices
from tests.covering import each_once
from tests.worlds.homes import coverage_world as world

PRICES = Prices(site=100, place=10, team_day=30)
# A dozen communes of the county, Parincea among them: what is searched stays small.
SOME = sorted(world.GAZETTEER.uats.query("county == 'BC'")["uat_siruta"])[::8]
PEOPLE = world.people(0, **{f"u{code}": 1500 for code in {*SOME, world.PARINCEA}})


def ask(*rows, said=(), people=PEOPLE, **options):
    catalogue = world.catalogue(*rows)
    return compute_coverage(
        options.pop("code", world.CENTRE),
        people,
        catalogue,
        world.laid(catalogue, *said),
        travel=STRAIGHT_LINES,
        **options,
    )


@pytest.fixture(scope="module")
def found():
    return ask(world.service(1, places_max=4), world.service(2, 0.3, places_max=9), said=[(1, 1, 1), (2, 2, 1)])


def is_sound(made, coverage):
    """Recount what a plan says from the coverage and from itself."""
    areas = coverage.areas[coverage.areas["county"] == made.county]
    assert made.people == areas["people"].sum() == made.uats["people"].sum()
    assert made.left_out_before == areas[f"unmet_{coverage.basis}"].sum() == made.uats["unmet_before"].sum()
    assert made.left_out_after == made.uats["unmet_after"].sum()
    assert made.gained == made.placed - made.beyond >= 0
    assert made.openings["people"].sum() + made.elsewhere == made.placed
    assert (made.openings["people"] > 0).all()
    grown = made.openings["what"] == "grow"
    assert (made.openings.loc[~grown, "people"] <= made.openings.loc[~grown, "places"]).all()
    assert ((made.uats["unmet_after"] >= 0) & (made.uats["unmet_after"] <= made.uats["unmet_before"])).all()
    new = (made.openings["what"] == "new").sum()
    assert made.means.sites is None or new <= made.means.sites
    assert made.means.places_more is None or made.openings.loc[grown, "places"].sum() <= made.means.places_more
    assert made.openings["days"].sum() == len(made.rounds) <= made.means.teams * len(made.means.days)
    assert not made.rounds.duplicated(["team", "day"]).any()
    assert made.means.budget is None or made.lei_a_year <= made.means.budget
    farthest = 120.0 if made.goal == "travel" else made.reach_minutes
    assert made.openings["minutes"].max() <= farthest or made.openings.empty


MEANS = {
    "sites": PlanConstraints(sites=2, places_each=3),
    "places": PlanConstraints(places_more=3),
    "team": PlanConstraints(teams=1, visits=3, days=("luni", "joi")),
    "all three": PlanConstraints(sites=1, places_each=3, places_more=2, teams=1, visits=2, days=("marți",)),
    "money": PlanConstraints(sites=None, places_each=None, places_more=None, teams=2, budget=700, prices=PRICES),
    "as large as needed": PlanConstraints(sites=3, places_each=None),
    "anywhere": PlanConstraints(sites=1, places_each=4, anywhere=True),
}


@pytest.mark.parametrize(("means", "goal"), each_once(list(MEANS), ["most", "poorest"]))
def test_a_plan_keeps_its_limits_and_adds_up(found, means, goal):
    made = plan(found, "BC", MEANS[means], goal=goal)
    is_sound(made, found)
    assert made.gained > 0
    assert made.is_proven


def test_a_team_beside_a_site_and_more_places_helps_as_many_as_their_places(found):
    made = plan(found, "BC", PlanConstraints(sites=1, places_each=3, places_more=2, teams=1, visits=2, days=("marți",)))
    assert made.gained == 3 + 2 + 2
    assert sorted(made.openings["what"]) == ["grow", "new", "stop"]


@pytest.mark.slow
def test_more_money_never_helps_fewer_and_is_never_overspent(found):
    helped = [
        plan(
            found, "BC", PlanConstraints(sites=None, places_each=None, places_more=None, budget=money, prices=PRICES)
        ).gained
        for money in (0, 50, 110, 300, 1000)
    ]
    assert helped == sorted(helped)
    assert helped[0] == 0
    assert helped[1] == 5  # places where a service stands are cheaper than a new one


def test_everybody_is_reached_with_the_fewest_new_services_and_one_fewer_would_not_do(found):
    made = plan(found, "BC", PlanConstraints(sites=None, places_each=None), goal="everybody", share=0.9)
    is_sound(made, found)
    assert made.gained >= 0.9 * made.left_out_before
    few = len(made.openings)
    with pytest.raises(InfeasibleSitingError, match=f"cel puțin {few}"):
        plan(found, "BC", PlanConstraints(sites=few - 1, places_each=None), goal="everybody", share=0.9)


def test_who_cannot_be_reached_is_named_with_how_many_can(found):
    near = ask(world.service(1, places_max=4), said=[(1, 1, 1)], reach_minutes=2)
    with pytest.raises(InfeasibleSitingError, match=r"Nu ajung la nicio locație.*se poate ajunge la"):
        plan(near, "BC", PlanConstraints(sites=None), goal="everybody")


def test_with_travel_in_mind_everybody_has_a_place_and_more_services_shorten_the_way(found):
    one, three = (plan(found, "BC", PlanConstraints(sites=n, places_each=None), goal="travel") for n in (1, 3))
    for made in (one, three):
        is_sound(made, found)
        assert made.placed == made.left_out_before
    assert three.minutes_after < one.minutes_after
    assert three.beyond < one.beyond


def test_with_travel_in_mind_a_free_place_farther_than_the_reach_is_used_and_said():
    far = ask(world.service(1, places_max=9999), said=[(1, 9999, 1)], reach_minutes=10)
    made = plan(far, "BC", PlanConstraints(sites=1, places_each=None), goal="travel")
    assert made.elsewhere > 0
    is_sound(made, far)


def test_too_few_places_for_everybody_says_how_many_are_missing(found):
    with pytest.raises(InfeasibleSitingError, match="Este nevoie de încă"):
        plan(found, "BC", PlanConstraints(sites=1, places_each=2), goal="travel")


def test_places_are_added_only_where_people_may_go():
    own = ask(world.service(1, uat_siruta=20297, service_area="own_uat", places_max=4))
    made = plan(own, "BC", PlanConstraints(places_more=10))
    taken = made.uats.assign(more=made.uats["unmet_before"] - made.uats["unmet_after"])
    assert set(taken.loc[taken["more"] > 0, "uat_siruta"]) <= {20297}


def test_services_across_the_border_may_grow_and_are_named_with_their_county():
    over = ask(world.service(1, 0.0, 0.35, places_max=4, county="VS"), said=[(1, 0, 1)], people=world.people())
    made = plan(over, "BC", PlanConstraints(places_more=5))
    assert made.gained == 5
    assert made.openings["county"].tolist() == ["VS"]


def test_of_equally_good_choices_the_one_with_the_shortest_ways_is_taken():
    coverage = ask(people=world.people(0, u24089=4000, u20297=9000))
    made = plan(coverage, "BC", PlanConstraints(sites=1, places_each=5))
    assert made.gained == 5
    assert made.minutes_after < 1  # both have enough people at the seat itself


def test_costs_are_those_of_the_question(found):
    made = plan(found, "BC", PlanConstraints(sites=1, places_each=3, teams=1, visits=2, days=("marți",), prices=PRICES))
    assert made.lei_a_year == 100 + 3 * 10 + 30
    assert default_prices().is_assumed


def test_the_worst_off_are_helped_first():
    coverage = ask(world.service(1, places_max=0), said=[(1, 0, 1)])
    uats = coverage.people.uats
    some = uats.index[uats["county"] == "BC"]
    ranks = uats["atlas_class"].astype("float64").where(~uats.index.isin(some), 0.0)
    ranks.loc[world.PARINCEA] = 3.0
    before = uats["atlas_class"].copy()
    try:
        uats["atlas_class"] = ranks
        made = plan(coverage, "BC", PlanConstraints(sites=1, places_each=2), goal="poorest")
    finally:
        uats["atlas_class"] = before
    row = made.uats.set_index("uat_siruta").loc[world.PARINCEA]
    assert row["unmet_before"] - row["unmet_after"] == 2


@pytest.mark.parametrize(
    ("means", "options", "words"),
    [
        (PlanConstraints(), {}, "ce se poate adăuga"),
        (PlanConstraints(sites=99), {}, "servicii noi"),
        (PlanConstraints(sites=1, places_each=0), {}, "locuri la fiecare"),
        (PlanConstraints(sites=-1), {}, "servicii noi"),
        (PlanConstraints(teams=1, visits=0), {}, "vizite pe zi"),
        (PlanConstraints(teams=1, days=("duminică",)), {}, "Zilele echipei"),
        (PlanConstraints(sites=1, budget=-5), {}, "buget"),
        (PlanConstraints(sites=None), {}, "fără buget"),
        (PlanConstraints(sites=1), {"share": 0.0}, "Partea"),
        (PlanConstraints(sites=1), {"goal": "plenty"}, "Ținta"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(found, means, options, words):
    with pytest.raises(BadValueError, match=words):
        plan(found, "BC", means, **options)
    with pytest.raises(BadValueError, match="place"):
        Prices(site=1, place=-1, team_day=1)


@pytest.mark.parametrize("goal", GOALS)
def test_an_empty_register_and_nobody_in_need_give_plain_answers(goal):
    nobody = ask(people=world.people(0))
    made = plan(nobody, "BC", PlanConstraints(sites=2, places_each=None), goal=goal)
    assert (made.left_out_before, made.placed, len(made.openings)) == (0, 0, 0)
    assert np.isnan(made.minutes_after)
    empty = ask()
    is_sound(plan(empty, "BC", PlanConstraints(sites=2, places_each=None), goal=goal, share=0.05), empty)


def test_no_county_and_no_place_to_grow():
    nothing = ask()
    with pytest.raises(BadValueError, match="Nu există județul"):
        plan(nothing, "XX", PlanConstraints(sites=1))
    assert plan(nothing, "BC", PlanConstraints(places_more=5)).gained == 0
    with pytest.raises(MapError):
        plan(nothing, "BC", PlanConstraints(places_more=5), goal="everybody")


def test_services_that_come_home_can_be_added_to_as_teams_and_sites_too():
    rows = [world.service(1, service_type=world.HOME_CARE, places_max=2, capacity_model="places")]
    coverage = ask(*rows, said=[(1, 2, 1)], code=world.HOME_CARE)
    is_sound(plan(coverage, "BC", PlanConstraints(sites=1, places_each=2, teams=1, visits=2, places_more=4)), coverage)


def test_an_answer_that_fails_the_check_is_never_shown(found, monkeypatch):
    monkeypatch.setattr(facility_location, "faults", lambda *_tables, **_limits: ["Ceva nu este în regulă."])
    with pytest.raises(SitingFaultError, match=r"Soluția nu trece verificarea.*Ceva nu este"):
        plan(found, "BC", PlanConstraints(sites=1))


@pytest.mark.parametrize("days", [(), ("luni", "luni")])
def test_teams_without_days_or_with_a_day_twice_are_refused_in_words(found, days):
    with pytest.raises(BadValueError, match="Echipele mobile cer"):
        plan(found, "BC", PlanConstraints(sites=1, teams=1, days=days))


def test_the_way_of_a_plan_is_the_straight_line_of_the_coverage(found):
    made = plan(found, "BC", PlanConstraints(sites=1, places_each=None))
    metres = made.openings["minutes"].iloc[0] / CAR.minutes_per_metre
    assert 0 <= metres <= found.reach_minutes / CAR.minutes_per_metre


def test_places_are_added_in_the_own_county_alone_where_that_is_asked(found):
    # The neighbour's is nearer to most, so that a plan without that limit grows it too.
    rows = [world.service(1, places_max=1), world.service(2, 0.15, 0.15, places_max=1, county="NT")]
    coverage = ask(*rows, said=[(1, 1, 1), (2, 1, 1)], people=world.people(3000))
    across = plan(coverage, "BC", PlanConstraints(places_more=500))
    own = plan(coverage, "BC", PlanConstraints(places_more=500, own_county=True))
    assert "NT" in set(across.openings["county"])
    assert set(own.openings["county"]) == {"BC"}
    is_sound(own, coverage)


@pytest.mark.parametrize("least", [1, 40, 200, 10_000])
def test_nothing_is_opened_where_fewer_people_than_asked_for_are_left_out_within_reach(found, least):
    made = plan(found, "BC", PlanConstraints(sites=4, places_each=500, least_people=least))
    is_sound(made, found)
    left = found.areas[(found.areas["county"] == "BC") & (found.areas["unmet_now"] > 0)]
    spots = found.people.areas.set_index("area_id")
    for site in made.openings["site_id"].astype(int):
        metres = np.hypot(
            left["area_id"].map(spots["x"]) - spots.loc[site, "x"],
            left["area_id"].map(spots["y"]) - spots.loc[site, "y"],
        )
        # No way is shorter than the straight line at 90 km an hour.
        assert left.loc[metres / 1500.0 <= found.reach_minutes, "unmet_now"].sum() >= least
    assert least < 10_000 or made.openings.empty
