"""Why no choice of sites can do what was asked, found by simpler questions: codes and facts, no sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from core.errors import InfeasibleSitingError
from geo.siting.integer_program import solve
from geo.siting.location_models import build
from geo.siting.siting_problem import SitingLimits

if TYPE_CHECKING:
    from geo.access.access_tables import Positions
    from geo.siting.siting_problem import Problem

_SECONDS = 20.0  # what finding out the least number of sites may take
_MOST = 2_000_000_000  # scipy's flows are 32-bit


def plainly_infeasible_error(problem: Problem, *, everybody: bool) -> InfeasibleSitingError | None:
    """Return the reason that needs no search, if there is one; `everybody`: nobody may be left out."""
    new = int(problem.is_new_site.sum())
    sites = problem.limits.sites
    if sites is not None and sites > new:
        return _infeasible_error("more_sites_than_there_are", n=sites, found=new)
    if not everybody or not len(problem.area_ids):
        return None
    if not len(problem.site_ids):
        return _infeasible_error("no_sites")
    alone = np.setdiff1d(np.arange(len(problem.area_ids)), problem.area)
    if problem.limits.share < 1:
        return _too_few_near_error(problem, problem.people[alone].sum()) or _too_few_places_error(problem)
    if len(alone):
        people = problem.people.sum()
        near = people - problem.people[alone].sum()
        return _infeasible_error("out_of_reach", names=_names(problem, alone), near=near, people=people)
    return _too_few_places_error(problem)


def search_failed_error(problem: Problem) -> InfeasibleSitingError:
    """Find out why nobody could be served within the limits: places too far, too few sites, too little money."""
    corner = _corner_error(problem) if problem.limits.share == 1 else None
    if corner:
        return corner
    if problem.limits.sites is not None:
        others = SitingLimits(team_days=problem.limits.team_days, share=problem.limits.share)
        free = replace(problem, limits=others, price=np.where(problem.is_stop, 0.0, 1.0))
        free = replace(free, price_per_place=np.zeros_like(problem.price_per_place))
        least = solve(build(free, "open").program, time_limit_s=_SECONDS)
        needed = int(np.ceil(least.bound - 1e-6)) if np.isfinite(least.bound) else 0
        if needed > problem.limits.sites:
            return _infeasible_error("too_few_sites", n=problem.limits.sites, needed=needed)
    if problem.limits.budget is not None:
        free = replace(problem, limits=replace(problem.limits, budget=None, is_exact=False))
        least = solve(build(free, "open").program, time_limit_s=_SECONDS)
        if np.isfinite(least.bound) and least.bound > problem.limits.budget:
            return _infeasible_error(
                "too_little_money", budget=problem.limits.budget, needed=float(np.ceil(least.bound))
            )
    return _infeasible_error("limits_together")


def _too_few_near_error(problem: Problem, far: float) -> InfeasibleSitingError | None:
    """Compare the people who reach a site at all with the share asked for."""
    if far <= problem.limits.may_miss(problem.people.sum()):
        return None
    near = problem.people.sum() - far
    share = float(np.floor(1000.0 * near / problem.people.sum())) / 10
    return _infeasible_error("too_few_near", near=near, people=problem.people.sum(), share=share)


def _too_few_places_error(problem: Problem) -> InfeasibleSitingError | None:
    """Compare all people with the most places that the limits allow."""
    if not problem.has_capacity:
        return None
    existing = problem.is_existing
    more = problem.addable[existing].sum()
    if problem.limits.add_places is not None:
        more = min(more, problem.limits.add_places)
    more += problem.addable[~existing].sum()
    best = problem.places[existing].sum() + more + _offers(problem, problem.is_new_site, problem.limits.sites)
    best += _offers(problem, problem.is_stop, problem.limits.team_days)
    people = problem.people.sum()
    people -= problem.limits.may_miss(people)
    if people <= best:
        return None
    return _infeasible_error("too_few_places", people=people, places=best, more=people - best)


def _offers(problem: Problem, which: np.ndarray, at_most: int | None) -> float:
    """Places of the largest of some sites, as many as may be opened."""
    each = np.sort(np.repeat(problem.places[which], problem.units_max[which].astype(int)))[::-1]
    return float(each[:at_most].sum())


def _corner_error(problem: Problem) -> InfeasibleSitingError | None:
    """Find areas that together have more people than the places they reach, with everything open (Hall)."""
    n, m = len(problem.area_ids), len(problem.site_ids)
    room = np.where(problem.is_existing, 1.0, problem.units_max) * problem.places + problem.addable
    people = np.ceil(problem.people).astype(np.int64)
    if not problem.has_capacity or people.sum() >= _MOST:
        return None
    source, sink = n + m, n + m + 1
    rows = np.concatenate([np.full(n, source), problem.area, n + np.arange(m)])
    columns = np.concatenate([np.arange(n), n + problem.site, np.full(m, sink)])
    most = np.concatenate([people, people[problem.area], np.minimum(room, people.sum()).astype(np.int64)])
    network = csr_array((most.astype(np.int32), (rows, columns)), shape=(n + m + 2, n + m + 2))
    flow = maximum_flow(network, source, sink)
    if flow.flow_value >= people.sum():
        return None
    rest = csr_array(network - flow.flow)
    rest.eliminate_zeros()
    reached = breadth_first_order(rest, source, return_predecessors=False)
    areas = np.sort(reached[reached < n]).astype(np.intp)
    sites = reached[(reached >= n) & (reached < n + m)] - n
    return _infeasible_error(
        "crowded_corner", names=_names(problem, areas), people=people[areas].sum(), places=room[sites].sum()
    )


def _infeasible_error(code: str, **facts: Any) -> InfeasibleSitingError:
    text = ", ".join(f"{name}={value}" for name, value in facts.items())
    return InfeasibleSitingError(f"{code}: {text}" if text else code, code, facts)


def _names(problem: Problem, areas: Positions) -> tuple[str, ...]:
    return tuple(problem.area_names[a] for a in areas)
