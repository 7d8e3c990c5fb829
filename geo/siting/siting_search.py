"""From a problem to a plan: explain what cannot be, search, bound."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from core.errors import UnfinishedSitingError
from geo.siting.infeasibility import plainly_infeasible_error, search_failed_error
from geo.siting.integer_program import Outcome, Watch, is_large, linear_relaxation, relative_gap, solve, without
from geo.siting.location_models import Model, build, read_plan
from geo.siting.median_bound import median_bound
from geo.siting.siting_heuristics import covering_start, median_start
from geo.siting.siting_problem import Problem, SitingDecision, within
from geo.siting.siting_solution import people_on_ways

if TYPE_CHECKING:
    from geo.access.access_tables import Floats, Positions
    from geo.siting.siting_types import Objective

_IDLE = 1e-4  # share of a site that the linear relaxation opens, below which it does not count as used
_BOUND_SECONDS = 6.0  # for the bound of a median
_TIE_SECONDS = 3.0  # for choosing among plans that are equally good
_TIE_GAP = 0.005
_ANY = 1e9  # a gap so wide that the first solution found will do


@dataclass(frozen=True)
class Search:
    """How long and how exactly to search, and who watches."""

    gap: float
    watch: Watch | None
    ends_at: float | None

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the time limit, at least a blink; None where there is no limit."""
        return None if self.ends_at is None else max(self.ends_at - time.monotonic(), 0.01)


def begin(*, gap: float = 0.0, time_limit_s: float | None = None, watch: Watch | None = None) -> Search:
    """Start the clock."""
    return Search(gap, watch, None if time_limit_s is None else time.monotonic() + time_limit_s)


def find_plan(problem: Problem, aim: Objective, search: Search) -> tuple[SitingDecision, float]:
    """Find the best plan and the bound that no plan beats, both as they are to be minimised.

    Raises InfeasibleSitingError with the reason, and UnfinishedSitingError where time ended before a solution.
    """
    require_possible(problem, everybody=aim != "people")
    chosen = median_start(problem) if aim == "cost" and _is_plain(problem) else None
    if chosen is not None:
        return _find_median(problem, chosen, search)
    model = build(problem, aim)
    start = _start(problem, model) if aim == "people" else None
    if start is not None and search.gap > 0 and is_large(model.program):
        near = _near_best(model, start, search)
        if near is not None:
            return read_plan(problem, model, near[0]), near[1]
    outcome = _solve(model, search, start=start)
    values = _found(problem, outcome)
    if aim == "people":
        values = _nearest_of_best(problem, model, values, [np.ones(len(problem.people), dtype=bool)], search)
    return read_plan(problem, model, values), outcome.bound


def _find_median(problem: Problem, chosen: Positions, search: Search) -> tuple[SitingDecision, float]:
    """Search from a good choice of sites, among those that may be part of a better one: never worse, never unproven."""
    begun = SitingDecision(np.zeros(len(problem.site_ids)), np.zeros(len(problem.site_ids)))
    begun.units[chosen] = 1.0
    value = _travel(problem, begun)
    seconds = _BOUND_SECONDS if search.seconds_left is None else min(_BOUND_SECONDS, search.seconds_left / 2)
    bound, out = median_bound(problem, value, seconds=seconds)
    if relative_gap(value, bound) <= search.gap:
        return begun, bound
    near = ~np.isin(problem.site, out)
    few = replace(problem, area=problem.area[near], site=problem.site[near], cost=problem.cost[near])
    model = build(few, "cost")
    program = without(model.program, model.units[out])
    hint = None if np.isin(chosen, out).any() else model.units[chosen]
    outcome = solve(program, gap=search.gap, time_limit_s=search.seconds_left, watch=search.watch, hint=hint)
    if not outcome.is_infeasible:  # else nothing without those sites reaches everybody, and nothing is better
        bound = max(bound, min(outcome.bound, value))
    if outcome.values is None:
        return begun, value if outcome.is_infeasible else bound
    found = read_plan(few, model, outcome.values)
    return (found if _travel(problem, found) <= value else begun), bound


def _travel(problem: Problem, plan: SitingDecision) -> float:
    return float((people_on_ways(problem, plan) * problem.cost).sum())


def _is_plain(problem: Problem) -> bool:
    """Whether sites differ only by where they are: never full, one price, each opened once."""
    limits = problem.limits
    return not problem.has_capacity and bool(limits.sites) and limits.budget is None and not problem.is_stop.any()


def find_plan_in_order(problem: Problem, search: Search) -> tuple[SitingDecision, float]:
    """Cover the people of the highest priority first, then, losing none of them, the next, and so on.

    The bound is the sum of the bounds of the steps, each given what the steps before it reached.
    """
    require_possible(problem, everybody=False)
    kept: list[tuple[np.ndarray, float]] = []
    total, plan = 0.0, SitingDecision(np.zeros(len(problem.site_ids)), np.zeros(len(problem.site_ids)))
    for rank in np.unique(problem.priority)[::-1]:
        is_now = problem.priority == rank
        model = build(problem, "people", weight=np.where(is_now, problem.people, 0.0))
        for was, unmet in kept:
            columns = model.unmet[was & (model.unmet >= 0)]
            row = model.program.add_rows(1, upper=unmet)
            model.program.enter(row, columns, problem.people[was & (model.unmet >= 0)])
        outcome = _solve(model, search)
        values, total = _found(problem, outcome), total + outcome.bound
        counted = is_now & (model.unmet >= 0)
        left = float((values[model.unmet[counted]] * problem.people[counted]).sum())
        kept.append((is_now, left + _rounding_tolerance(problem, is_now)))
    if kept:
        ranks = [was for was, _left in kept]
        plan = read_plan(problem, model, _nearest_of_best(problem, model, values, ranks, search))
    return plan, total


def _nearest_of_best(
    problem: Problem, model: Model, values: Floats, groups: list[np.ndarray], search: Search
) -> Floats:
    """Of the plans that leave out no more of each group, look for the one with the shortest ways, for a while.

    Where places are few many plans are equally good, and which of them a solver meets first means nothing to anybody.
    """
    seconds = _TIE_SECONDS if search.seconds_left is None else min(_TIE_SECONDS, search.seconds_left)
    if not len(model.share) or not problem.is_new.any():
        return values
    cost = np.zeros(model.program.columns)
    cost[model.share] = problem.people[problem.area] * problem.cost
    program = replace(model.program, cost=[cost], offset=0.0)
    for group in groups:
        people = problem.people[group]
        left = float((values[model.unmet[group]] * people).sum()) + _rounding_tolerance(problem, group)
        program.enter(program.add_rows(1, upper=left), model.unmet[group], people)
    outcome = solve(program, gap=_TIE_GAP, time_limit_s=seconds, watch=search.watch, start=values)
    return values if outcome.values is None else outcome.values


def _rounding_tolerance(problem: Problem, group: np.ndarray) -> float:
    """Room for rounding, never a whole person: HiGHS calls a bound of a millionth of a person infeasible."""
    return min(0.4, 1e-5 * max(1.0, float(problem.people[group].sum())))


def find_least_radius(problem: Problem, search: Search) -> tuple[SitingDecision, float, float]:
    """Find a plan whose longest way is the shortest possible: the plan, that way, and the bound.

    Minieka (1970), SIAM Review 12(1), 138–139: the p-center as set covers at one radius after another.
    """
    require_possible(problem, everybody=True)
    if not len(problem.area_ids):
        return SitingDecision(np.zeros(len(problem.site_ids)), np.zeros(len(problem.site_ids))), 0.0, 0.0
    nearest = np.full(len(problem.area_ids), np.inf)
    np.minimum.at(nearest, problem.area, problem.cost)
    radii = np.unique(problem.cost[problem.cost >= nearest.max()])
    low, high, best = 0, len(radii) - 1, _plan_within(problem, float(radii[-1]), search)
    if best is None:
        raise search_failed_error(problem)
    while low < high:
        middle = (low + high) // 2
        try:
            plan = _plan_within(problem, float(radii[middle]), search)
        except UnfinishedSitingError:
            break
        if plan is None:
            low = middle + 1
        else:
            best, high = plan, middle
    return best, float(radii[high]), float(radii[low])


def require_possible(problem: Problem, *, everybody: bool) -> None:
    """Raise InfeasibleSitingError where a plain count shows that it cannot be done."""
    reason = plainly_infeasible_error(problem, everybody=everybody)
    if reason:
        raise reason


def _plan_within(problem: Problem, radius: float, search: Search) -> SitingDecision | None:
    near = within(problem, radius)
    model = build(near, "open")
    outcome = solve(model.program, gap=_ANY, time_limit_s=search.seconds_left, watch=search.watch)
    if outcome.values is None and not outcome.is_infeasible:
        raise UnfinishedSitingError("time ended before any solution was found")
    return None if outcome.values is None else read_plan(near, model, outcome.values)


def _solve(model: Model, search: Search, *, start: Floats | None = None) -> Outcome:
    return solve(model.program, gap=search.gap, time_limit_s=search.seconds_left, watch=search.watch, start=start)


def _near_best(model: Model, start: Floats, search: Search) -> tuple[Floats, float] | None:
    """Look for a solution within the gap asked for among the sites that the linear relaxation uses at all.

    Returns its values and the bound, or None where there is none that near: then the whole program is searched.
    """
    relaxed = linear_relaxation(model.program, time_limit_s=search.seconds_left)
    if relaxed.values is None:
        return None
    cost = np.concatenate(model.program.cost)
    values, value = start, float(start @ cost) + model.program.offset
    if relative_gap(value, relaxed.bound) > search.gap:
        units = model.units[model.units >= 0]
        idle = units[(relaxed.values[units] < _IDLE) & (start[units] == 0)]
        some = search if search.seconds_left is None else begin(gap=search.gap, time_limit_s=search.seconds_left / 2)
        outcome = _solve(replace(model, program=without(model.program, idle)), some, start=start)
        if outcome.values is not None:
            values, value = outcome.values, outcome.objective
    return (values, relaxed.bound) if relative_gap(value, relaxed.bound) <= search.gap else None


def _found(problem: Problem, outcome: Outcome) -> Floats:
    if outcome.values is not None:
        return outcome.values
    if outcome.is_infeasible:
        raise search_failed_error(problem)
    raise UnfinishedSitingError("time ended before any solution was found")


def _start(problem: Problem, model: Model) -> Floats | None:
    """Values of a good plan, for covering problems where sites differ only by where they are."""
    if not _is_plain(problem):
        return None
    chosen = covering_start(problem)
    values = np.zeros(model.program.columns)
    values[model.units[chosen]] = 1.0
    open_now = problem.is_existing.copy()
    open_now[chosen] = True
    is_covered = np.zeros(len(problem.area_ids), dtype=bool)
    is_covered[problem.area[open_now[problem.site]]] = True
    values[model.unmet[~is_covered & (model.unmet >= 0)]] = 1.0
    return values
