"""Siting against every choice written out, on worlds small enough for that; and what it says when it cannot."""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from core.errors import BadValueError, InfeasibleSitingError, MapError, MissingColumnError, UnfinishedSitingError
from geo.siting import integer_program
from geo.siting.facility_location import maximal_coverage, p_median, set_cover
from geo.siting.median_bound import median_bound
from geo.siting.siting_heuristics import median_start
from geo.siting.siting_problem import SitingLimits, read_problem
from providers.planning.siting_words import obstacle_words
from tests.worlds.examples import examples
from tests.worlds.roads.mobile_rounds import visit

seeds = st.integers(0, 10_000)
small = settings(max_examples=examples(20, daily=5), deadline=None)


def world(seed: int, areas: int = 7, sites: int = 5) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Areas with people and priority, sites of which the first two exist, and whole minutes between them."""
    rng = np.random.default_rng(seed)
    demand = pd.DataFrame(
        {
            "area_id": [f"L{i}" for i in range(areas)],
            "people": rng.integers(1, 20, areas),
            "priority": rng.integers(1, 4, areas),
        }
    )
    table = pd.DataFrame(
        {
            "site_id": [f"S{i}" for i in range(sites)],
            "is_existing": np.arange(sites) < 2,
            "places": rng.integers(5, 40, sites),
        }
    )
    costs = demand[["area_id"]].merge(table[["site_id"]], how="cross")
    return demand, table, costs.assign(cost=rng.integers(1, 60, len(costs)).astype(float))


def best_use(demand, costs, room: dict[str, float], *, reach: float, people_first: bool) -> tuple[float, float] | None:
    """People placed and cost of the best use of open sites, by another solver; None where not all can go."""
    near = costs[(costs["cost"] <= reach) & costs["site_id"].isin([s for s in room if room[s] > 0])].reset_index()
    total = float(demand["people"].sum())
    if near.empty:
        return (0.0, 0.0) if people_first else None
    by_area = np.array([(near["area_id"] == a).astype(float) for a in demand["area_id"]])
    by_site = np.array([(near["site_id"] == s).astype(float) for s in room])
    limits = [*demand["people"], *(min(r, total) for r in room.values())]
    most = linprog(-np.ones(len(near)), A_ub=np.vstack([by_area, by_site]), b_ub=limits)
    if not people_first and -most.fun < total - 1e-6:
        return None
    least = linprog(
        near["cost"], A_ub=np.vstack([by_area, by_site, -np.ones((1, len(near)))]), b_ub=[*limits, most.fun + 1e-9]
    )
    return -most.fun, least.fun


def by_hand(demand, table, costs, *, p: int, reach: float, people_first: bool) -> tuple[float, float] | None:
    """Best of all choices of p new sites: most people, or least cost."""
    table = table.assign(places=table.get("places", pd.Series(np.inf, index=table.index)))
    existing = table.loc[table["is_existing"], "site_id"]
    results = []
    for chosen in combinations(table.loc[~table["is_existing"], "site_id"], p):
        opened = table[table["site_id"].isin([*existing, *chosen])]
        used = best_use(
            demand, costs, dict(zip(opened["site_id"], opened["places"].astype(float), strict=True)),
            reach=reach, people_first=people_first,
        )  # fmt: skip
        if used is not None:
            results.append(used)
    if not results:
        return None
    return max(results, key=lambda r: r[0]) if people_first else min(results, key=lambda r: r[1])


@pytest.mark.parametrize("is_capacitated", [False, True])
@small
@given(seed=seeds, p=st.integers(0, 3))
def test_the_p_median_is_the_best_of_all_choices(is_capacitated, seed, p):
    demand, table, costs = world(seed)
    table = table if is_capacitated else table.drop(columns="places")
    want = by_hand(demand, table, costs, p=p, reach=np.inf, people_first=False)
    if want is None:
        with pytest.raises(InfeasibleSitingError):
            p_median(demand, costs, sites=p, candidates=table)
        return
    got = p_median(demand, costs, sites=p, candidates=table)
    assert got.objective == pytest.approx(want[1])
    assert len(got.sites) == p
    assert got.is_proven
    assert (got.assignment["people"] % 1 == 0).all()


@pytest.mark.parametrize("is_capacitated", [False, True])
@small
@given(seed=seeds, p=st.integers(0, 3), reach=st.integers(0, 60))
def test_maximal_coverage_is_the_best_of_all_choices(is_capacitated, seed, p, reach):
    demand, table, costs = world(seed)
    table = table if is_capacitated else table.drop(columns="places")
    want = by_hand(demand, table, costs, p=p, reach=reach, people_first=True)
    got = maximal_coverage(demand, costs, sites=p, reach=reach, candidates=table)
    assert got.objective == pytest.approx(want[0])
    assert got.is_proven
    assert got.objective + got.unmet["people"].sum() == demand["people"].sum()
    assert got.assignment["cost"].max() <= reach or got.assignment.empty


@pytest.mark.parametrize("is_capacitated", [False, True])
@small
@given(seed=seeds, reach=st.integers(20, 60))
def test_set_cover_opens_the_fewest_that_serve_everybody(is_capacitated, seed, reach):
    demand, table, costs = world(seed)
    table = table if is_capacitated else table.drop(columns="places")
    fewest = next((p for p in range(4) if by_hand(demand, table, costs, p=p, reach=reach, people_first=False)), None)
    if fewest is None:
        with pytest.raises(InfeasibleSitingError):
            set_cover(demand, costs, reach=reach, candidates=table)
        return
    got = set_cover(demand, costs, reach=reach, candidates=table)
    assert got.objective == len(got.sites) == fewest
    assert got.unmet.empty


@pytest.mark.parametrize("is_capacitated", [False, True])
@settings(max_examples=examples(6, daily=3), deadline=None)
@given(seed=seeds, p=st.integers(1, 3))
def test_worst_off_first_makes_the_longest_way_as_short_as_can_be_and_then_the_sum(is_capacitated, seed, p):
    demand, table, costs = world(seed)
    table = table if is_capacitated else table.drop(columns="places")
    radii = sorted(costs["cost"].unique())
    want = next((r for r in radii if by_hand(demand, table, costs, p=p, reach=r, people_first=False)), None)
    if want is None:
        with pytest.raises(InfeasibleSitingError):
            p_median(demand, costs, sites=p, candidates=table, worst_off_first=True)
        return
    fair = p_median(demand, costs, sites=p, candidates=table, worst_off_first=True)
    assert fair.assignment["cost"].max() == want
    assert fair.objective == pytest.approx(by_hand(demand, table, costs, p=p, reach=want, people_first=False)[1])


def ranked(demand, siting) -> tuple[float, ...]:
    """People served by priority, the highest first."""
    served = siting.assignment.merge(demand[["area_id", "priority"]], on="area_id").groupby("priority")["people"].sum()
    return tuple(served.get(rank, 0.0) for rank in (3, 2, 1))


@small
@given(seed=seeds, p=st.integers(0, 2))
@example(seed=758, p=1)  # nobody of the first ranks left: a bound of a millionth was called infeasible
def test_the_worst_off_are_covered_first_and_nobody_of_them_is_traded_for_others(seed, p):
    demand, table, costs = world(seed)
    got = maximal_coverage(demand, costs, sites=p, reach=25, candidates=table, worst_off_first=True)
    choices = []
    for chosen in combinations(table.loc[~table["is_existing"], "site_id"], p):
        only = table[table["is_existing"] | table["site_id"].isin(chosen)].assign(is_existing=True)
        choices.append(
            ranked(demand, maximal_coverage(demand, costs, sites=0, reach=25, candidates=only, worst_off_first=True))
        )
    assert ranked(demand, got) == max(choices)
    top = demand.assign(people=demand["people"].where(demand["priority"] == 3, 0))
    alone = maximal_coverage(top, costs, sites=p, reach=25, candidates=table)
    assert ranked(demand, got)[0] == alone.objective


@small
@given(seed=seeds, shuffle=st.integers(0, 99))
def test_the_order_of_rows_changes_nothing(seed, shuffle):
    demand, table, costs = world(seed)
    mixed = [t.sample(frac=1, random_state=shuffle) for t in (demand, table, costs)]
    left = maximal_coverage(demand, costs, sites=2, reach=25, candidates=table)
    right = maximal_coverage(mixed[0], mixed[2], sites=2, reach=25, candidates=mixed[1])
    assert left.sites == right.sites
    pd.testing.assert_frame_equal(left.assignment, right.assignment)


def test_money_may_go_to_new_sites_or_to_more_places_at_existing_ones():
    demand = pd.DataFrame({"area_id": ["A", "B"], "people": [30, 30]})
    costs = pd.DataFrame({"area_id": ["A", "B", "B"], "site_id": ["E", "E", "N"], "cost": [5.0, 50.0, 5.0]})
    table = pd.DataFrame(
        {
            "site_id": ["E", "N"], "is_existing": [True, False], "places": [10, 20], "price": [0.0, 100.0],
            "places_addable": [30, 0], "price_per_place": [2.0, 0.0],
        }
    )  # fmt: skip

    def spend(money):
        return maximal_coverage(demand, costs, sites=None, reach=10, candidates=table, budget=money)

    assert spend(0).objective == 10
    assert spend(40).objective == 30
    assert spend(40).sites == ()
    assert spend(40).openings.to_numpy().tolist() == [["E", 0, 20.0]]
    assert spend(99).objective == 30
    assert spend(140).objective == 50
    assert spend(140).sites == ("N",)
    few = maximal_coverage(demand, costs, sites=0, reach=10, candidates=table, add_places=7)
    assert few.objective == 17


def test_unknown_places_are_no_places_and_no_limit_is_said():
    demand = pd.DataFrame({"area_id": ["A"], "people": [30]})
    costs = pd.DataFrame({"area_id": ["A", "A"], "site_id": ["E", "F"], "cost": [5.0, 6.0]})
    table = pd.DataFrame({"site_id": ["E", "F"], "is_existing": True, "places": pd.array([None, 4], "Int64")})
    assert maximal_coverage(demand, costs, sites=0, reach=10, candidates=table).objective == 4
    unlimited = table.assign(places=[np.inf, 4])
    assert maximal_coverage(demand, costs, sites=0, reach=10, candidates=unlimited).objective == 30


def test_teams_stop_where_most_need_them_and_never_twice_in_a_day():
    demand = pd.DataFrame({"area_id": ["A", "B", "C"], "people": [25, 14, 3]})
    costs = pd.DataFrame({"area_id": ["A", "B", "C"], "site_id": ["a", "b", "c"], "cost": [0.0, 0.0, 0.0]})
    plan = visit(demand, costs, teams=2, days=["marți", "joi"], visits_per_day=10, reach=15)
    assert plan.objective == 34  # two days at a (20), two at b (14)
    assert plan.openings[["site_id", "units"]].to_numpy().tolist() == [["a", 2], ["b", 2]]
    assert not plan.rounds.duplicated(["team", "day"]).any()
    assert not plan.rounds.duplicated(["day", "site_id"]).any()
    assert set(plan.rounds["day"]) == {"marți", "joi"}


@small
@given(seed=seeds, teams=st.integers(0, 3), days=st.integers(1, 4), visits=st.integers(1, 9))
def test_the_rounds_of_teams_hold_for_any_week(seed, teams, days, visits):
    demand, table, costs = world(seed)
    plan = visit(
        demand,
        costs,
        teams=teams,
        days=[f"ziua {i}" for i in range(days)],
        visits_per_day=visits,
        reach=30,
        candidates=table,
    )
    assert len(plan.rounds) == plan.openings["units"].sum() <= teams * days
    assert plan.rounds["team"].max() <= teams or plan.rounds.empty
    before = maximal_coverage(demand, costs, sites=0, reach=30, candidates=table).objective
    assert before <= plan.objective <= before + teams * days * visits


def test_teams_need_days_each_once():
    demand, _table, costs = world(1)
    for wrong in ({"days": []}, {"days": ["luni", "luni"]}, {"teams": -1}):
        with pytest.raises(BadValueError, match="teams"):
            visit(demand, costs, **({"teams": 1, "days": ["luni"], "visits_per_day": 5, "reach": 30} | wrong))


def test_what_cannot_be_done_is_said_in_words():
    demand, table, costs = world(2)
    named = demand.assign(name=["Parincea", *demand["area_id"][1:]])
    cut_off = costs[costs["area_id"] != "L0"]
    cases = [
        (lambda: p_median(demand, costs, sites=9), "mai multe locații noi"),
        (lambda: p_median(named, cut_off, sites=1), r"Nu ajung la nicio locație.*Parincea"),
        (lambda: set_cover(demand, costs, reach=0.5), "și încă 2 localități"),
        (lambda: p_median(demand, costs, sites=1, candidates=table.assign(places=1)), r"cel mult 3 locuri"),
        (lambda: p_median(demand, costs, sites=0), "cel puțin 1"),
        (lambda: set_cover(demand, costs.iloc[:0], reach=9, candidates=table.iloc[:0]), "niciun serviciu"),
        (
            lambda: set_cover(
                demand, costs, reach=60, candidates=table.assign(is_existing=False, price=10.0), budget=5
            ),
            "Bugetul de 5 nu ajunge",
        ),
    ]
    for ask, words in cases:
        with pytest.raises(InfeasibleSitingError) as refused:
            ask()
        assert re.search(words, obstacle_words(refused.value))


def test_a_corner_of_the_county_without_enough_places_is_named():
    demand = pd.DataFrame(
        {"area_id": ["A", "B", "C"], "people": [10, 10, 5], "name": ["Ardeoani", "Berzunți", "Colonești"]}
    )
    costs = pd.DataFrame({"area_id": ["A", "B", "C", "C"], "site_id": ["s", "s", "t", "s"], "cost": 5.0})
    table = pd.DataFrame({"site_id": ["s", "t"], "places": [12, 100], "is_existing": True})
    with pytest.raises(InfeasibleSitingError) as refused:
        p_median(demand, costs, sites=0, candidates=table)
    assert refused.value.facts == {"names": ("Ardeoani", "Berzunți"), "people": 20, "places": 12}
    assert re.search(r"20 .*persoane.*12 .*locuri: Ardeoani, Berzunți", obstacle_words(refused.value))


def test_an_empty_register_nobody_in_need_and_an_island_give_plain_answers():
    demand, table, costs = world(3)
    nobody, nothing = demand.assign(people=0), table.iloc[:0]
    got = maximal_coverage(demand, costs.iloc[:0], sites=0, reach=30, candidates=nothing)
    assert (got.objective, got.gap, got.unmet["people"].sum()) == (0, 0, demand["people"].sum())
    island = maximal_coverage(demand, costs.iloc[:0], sites=2, reach=30, candidates=table)
    assert (island.objective, island.gap) == (0, 0)
    for quiet in (
        maximal_coverage(nobody, costs, sites=1, reach=30, candidates=table),
        p_median(nobody, costs, sites=1, candidates=table),
        p_median(nobody, costs, sites=1, candidates=table, worst_off_first=True),
        set_cover(nobody, costs, reach=30, candidates=table),
        set_cover(demand.iloc[:0], costs, reach=30),
    ):
        assert (quiet.objective, quiet.gap, len(quiet.assignment), len(quiet.unmet)) == (0, 0, 0, 0)
    full = maximal_coverage(demand, costs, sites=1, reach=30, candidates=table.assign(places=0))
    assert full.objective == 0


def test_wrong_tables_and_limits_are_refused():
    demand, table, costs = world(4)
    with pytest.raises(MissingColumnError, match="people"):
        p_median(demand.drop(columns="people"), costs, sites=1)
    with pytest.raises(MissingColumnError, match="cost"):
        p_median(demand, costs.drop(columns="cost"), sites=1)
    with pytest.raises(BadValueError, match="budget"):
        p_median(demand, costs, sites=1, candidates=table, budget=-1)
    with pytest.raises(MapError):
        p_median(demand, pd.concat([costs, costs]), sites=1)


def test_who_watches_hears_of_progress_and_may_stop():
    rng = np.random.default_rng(5)
    demand = pd.DataFrame({"area_id": range(60), "people": rng.integers(1, 30, 60)})
    costs = (
        demand[["area_id"]]
        .merge(pd.DataFrame({"site_id": range(60)}), how="cross")
        .assign(cost=rng.uniform(1, 60, 3600))
    )
    table = pd.DataFrame({"site_id": range(60), "places": 60})
    heard = []

    def stop(progress):
        heard.append(progress)
        return False

    with suppress(UnfinishedSitingError):  # stopped before anything was found
        assert p_median(demand, costs, sites=25, candidates=table, watch=stop).gap >= 0
    assert heard
    assert all(p.seconds >= 0 for p in heard)


def test_time_that_is_too_short_is_said():
    rng = np.random.default_rng(6)
    demand = pd.DataFrame({"area_id": range(80), "people": rng.integers(1, 30, 80)})
    costs = (
        demand[["area_id"]]
        .merge(pd.DataFrame({"site_id": range(80)}), how="cross")
        .assign(cost=rng.uniform(1, 60, 6400))
    )
    with pytest.raises(UnfinishedSitingError, match="time ended"):
        p_median(
            demand, costs, sites=8, candidates=pd.DataFrame({"site_id": range(80), "places": 200}), time_limit_s=0.01
        )


def test_a_large_covering_question_is_answered_within_the_gap_asked_for(monkeypatch):
    monkeypatch.setattr(integer_program, "_MANY_ROWS", 10)
    rng = np.random.default_rng(7)
    xy = rng.uniform(0, 100, (400, 2))
    demand = pd.DataFrame({"area_id": range(400), "people": rng.integers(1, 90, 400)})
    costs = demand[["area_id"]].merge(pd.DataFrame({"site_id": range(150)}), how="cross")
    costs["cost"] = np.hypot(*(xy[costs["area_id"]] - xy[costs["site_id"]]).T)
    best = maximal_coverage(demand, costs, sites=12, reach=9)
    for gap in (0.001, 0.05):
        got = maximal_coverage(demand, costs, sites=12, reach=9, gap=gap)
        assert got.gap <= gap
        assert best.objective * (1 - gap) <= got.objective <= best.objective <= got.bound + 1e-6


def test_a_median_that_runs_out_of_time_is_at_least_the_good_choice_it_began_from():
    rng = np.random.default_rng(8)
    xy = rng.uniform(0, 100, (120, 2))
    demand = pd.DataFrame({"area_id": range(120), "people": rng.integers(1, 90, 120)})
    costs = demand[["area_id"]].merge(pd.DataFrame({"site_id": range(40)}), how="cross")
    costs["cost"] = np.hypot(*(xy[costs["area_id"]] - xy[costs["site_id"]]).T)
    hurried = p_median(demand, costs, sites=4, time_limit_s=0.01)
    best = p_median(demand, costs, sites=4)
    assert best.is_proven
    assert best.objective <= hurried.objective <= 1.05 * best.objective
    assert len(hurried.sites) == 4
    assert not hurried.is_proven or hurried.objective == pytest.approx(best.objective)  # a quick machine has the time


@small
@given(seed=seeds, p=st.integers(1, 3))
def test_a_good_choice_to_begin_from_is_never_better_than_the_best_and_uses_what_exists(seed, p):
    demand, table, costs = world(seed)
    problem = read_problem(demand, costs, candidates=table.drop(columns="places"), limits=SitingLimits(sites=p))
    chosen = median_start(problem)
    assert chosen is not None
    assert len(set(chosen.tolist())) == p
    opened = table[table["is_existing"] | table["site_id"].isin(problem.site_ids[chosen])]
    near = costs[costs["site_id"].isin(opened["site_id"])].groupby("area_id")["cost"].min()
    began = (demand.set_index("area_id")["people"] * near).sum()
    assert p_median(demand, costs, sites=p, candidates=table.drop(columns="places")).objective <= began + 1e-9


@pytest.mark.parametrize("people", [0.5, 1.0, 1e7])
def test_a_choice_that_leaves_somebody_without_a_way_is_none_however_many_people_there_are(people):
    demand = pd.DataFrame({"area_id": ["A", "B"], "people": people})
    costs = pd.DataFrame({"area_id": ["A", "B"], "site_id": ["S", "T"], "cost": [900.0, 900.0]})
    assert median_start(read_problem(demand, costs, limits=SitingLimits(sites=1))) is None
    assert median_start(read_problem(demand, costs, limits=SitingLimits(sites=2))).tolist() == [0, 1]
    with pytest.raises(InfeasibleSitingError):
        p_median(demand, costs, sites=1)


@small
@given(seed=seeds, p=st.integers(1, 3))
def test_the_bound_of_a_median_is_below_the_best_and_no_site_of_the_best_is_dropped(seed, p):
    demand, table, costs = world(seed)
    free = table.drop(columns="places")
    best = p_median(demand, costs, sites=p, candidates=free)
    problem = read_problem(demand, costs, candidates=free, limits=SitingLimits(sites=p))
    bound, out = median_bound(problem, best.objective * 1.1 + 1, seconds=1)
    assert bound <= best.objective + 1e-6
    assert not set(problem.site_ids[out]) & set(best.sites)


@pytest.mark.parametrize("people", [[0, 0], [None, None], []])
def test_where_nobody_is_in_need_nothing_is_opened_and_nobody_left_out(people):
    demand = pd.DataFrame({"area_id": [1, 2][: len(people)], "people": people})
    costs = pd.DataFrame({"area_id": [1, 2], "site_id": ["A", "B"], "cost": [5, 6]})
    found = p_median(demand, costs, sites=1)
    assert found.objective == 0
    assert found.assignment.empty
    assert found.unmet["people"].sum() == 0


def test_numbers_written_as_text_count_as_numbers_and_strange_limits_are_refused_in_words():
    demand = pd.DataFrame({"area_id": [1, 2], "people": ["10", "20"]})
    costs = pd.DataFrame({"area_id": [1, 2], "site_id": ["A", "B"], "cost": ["5", "6"]})
    assert p_median(demand, costs, sites=2).objective == 170
    for strange in ("2", 1.5, float("nan")):
        with pytest.raises(BadValueError):
            p_median(demand, costs, sites=strange)
