"""Where to put what is missing: sites chosen to a proven gap, with places that can be full.

Every function takes the same tables and gives the same kind of answer, a `Siting`:

- demand: one row per area, `area_id` unique, `people` in need; optional `priority` (higher = worse off) and
  `name` (for messages). Areas without people ask for nothing.
- costs: one row per pair, `area_id`, `site_id`, `cost` (minutes, or metres). A pair that is absent cannot be used.
- options: see `geo.siting.siting_types.Options`. With `candidates` that have `places`, every model is its capacitated
  form: people of an area may divide among sites, and nobody is put where there is no place. Existing services
  (`is_existing`) are kept and used.

Solved by HiGHS. Each answer passes the independent checker `geo.siting.siting_check.faults` before it is returned.
MissingColumnError, DuplicateKeyError and BadValueError refuse wrong tables, InfeasibleSitingError tells by a
code and facts why something cannot be done, UnfinishedSitingError that time ended before any solution was found.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from core.errors import BadValueError, SitingFaultError
from geo.siting.siting_check import faults
from geo.siting.siting_problem import Problem, SitingLimits, read_problem, within
from geo.siting.siting_search import (
    begin,
    find_least_radius,
    find_plan,
    find_plan_in_order,
)
from geo.siting.siting_solution import build_solution
from geo.siting.siting_types import Objective, Siting, TeamOptions

if TYPE_CHECKING:
    from typing import Unpack

    import pandas as pd

    from geo.siting.siting_search import Search


def p_median(
    demand: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    sites: int | None,
    reach: float | None = None,
    worst_off_first: bool = False,
    **options: Unpack[TeamOptions],
) -> Siting:
    """Open sites so that all people together travel least.

    Source: Hakimi (1964), Operations Research 12(3), 450–459; with `places` the capacitated form.

    Parameters
    ----------
    demand
        One row per area: `area_id` unique, `people`, and where there is one `name` (for messages).
    costs
        One row per pair: `area_id`, `site_id`, `cost` (minutes, or metres). A pair that is absent cannot be used.
    sites
        How many new ones, exactly; None where `budget` or `add_places` is the limit.
    reach
        Longest way allowed, in the unit of `cost`; None = any.
    worst_off_first
        First make the longest way as short as can be (p-center: Minieka 1970), then the sum.
    **options
        See `geo.siting.siting_types.TeamOptions`.

    Returns
    -------
    Siting
        `objective`: Σ people × cost. Everybody is served.

    Raises
    ------
    MissingColumnError, DuplicateKeyError, BadValueError
        For tables and limits that cannot be.
    InfeasibleSitingError
        Naming who cannot be served.
    UnfinishedSitingError
        Where time ended before any solution was found.

    Examples
    --------
    >>> import pandas as pd
    >>> demand = pd.DataFrame({"area_id": ["A", "B", "C"], "people": [10, 1, 1]})
    >>> costs = pd.DataFrame(
    ...     [("A", "A", 0), ("A", "B", 9), ("B", "A", 9), ("B", "B", 0), ("C", "A", 20), ("C", "B", 11)],
    ...     columns=["area_id", "site_id", "cost"],
    ... )
    >>> p_median(demand, costs, sites=1).sites, p_median(demand, costs, sites=1).objective
    (('A',), 29.0)
    """
    began, search, problem = _begin(demand, costs, sites=sites, reach=reach, options=options)
    if worst_off_first:
        _plan, radius, _bound = find_least_radius(problem, search)
        problem = within(problem, radius)
    limits = problem.limits
    exact = sites is not None and limits.budget is None and limits.add_places is None and len(problem.area_ids) > 0
    problem = replace(problem, limits=replace(limits, is_exact=exact))
    plan, bound = find_plan(problem, "cost", search)
    siting = build_solution(problem, plan, objective="cost", bound=bound, began=began, days=options.get("days", ()))
    return _checked(siting, demand, costs, "cost", sites=sites, reach=reach, options=options)


def maximal_coverage(
    demand: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    sites: int | None,
    reach: float,
    worst_off_first: bool = False,
    **options: Unpack[TeamOptions],
) -> Siting:
    """Open sites so that most people find one within reach.

    Source: Church & ReVelle (1974), Papers in Regional Science 32, 101–118; with `places` the capacitated form.

    Parameters
    ----------
    demand
        One row per area: `area_id` unique, `people`, and where there are any `priority` (higher = worse off) and
        `name`.
    costs
        One row per pair: `area_id`, `site_id`, `cost` (minutes, or metres). A pair that is absent cannot be used.
    sites
        How many new ones at most; None = no limit; 0 tells how things stand before.
    reach
        Longest way, in the unit of `cost`; a way of exactly this length counts.
    worst_off_first
        Cover most people of the highest `priority`, then, losing none of them, of the next.
    **options
        See `geo.siting.siting_types.TeamOptions`.

    Returns
    -------
    Siting
        `objective`: people served; with capacities, people who have a place. Nobody has to be served: see `unmet`.

    Raises
    ------
    MissingColumnError, DuplicateKeyError, BadValueError
        For tables and limits that cannot be.
    InfeasibleSitingError
        Telling what cannot be done, and why.
    UnfinishedSitingError
        Where time ended before any solution was found.
    """
    began, search, problem = _begin(demand, costs, sites=sites, reach=reach, options=options)
    if worst_off_first:
        plan, bound = find_plan_in_order(problem, search)
    else:
        plan, bound = find_plan(replace(problem, priority=np.zeros_like(problem.priority)), "people", search)
        problem = replace(problem, priority=np.zeros_like(problem.priority))
    siting = build_solution(problem, plan, objective="people", bound=-bound, began=began, days=options.get("days", ()))
    return _checked(siting, demand, costs, "people", sites=sites, reach=reach, options=options)


def set_cover(
    demand: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    reach: float,
    sites: int | None = None,
    share: float = 1.0,
    **options: Unpack[TeamOptions],
) -> Siting:
    """Open the fewest (or cheapest) sites so that everybody has one within reach.

    Source: Toregas et al. (1971), Operations Research 19(6), 1363–1373; a part of the people: Daskin & Owen (1999),
    Geographical Analysis 31. With `places` everybody must have a place (the capacitated form).

    Parameters
    ----------
    demand
        One row per area: `area_id` unique, `people`, and where there is one `name` (for messages).
    costs
        One row per pair: `area_id`, `site_id`, `cost` (minutes, or metres). A pair that is absent cannot be used.
    reach
        Longest way, in the unit of `cost`; a way of exactly this length counts.
    sites
        Most that may be opened; None = no limit.
    share
        Share of the people who must be served, above 0 and at most 1.
    **options
        See `geo.siting.siting_types.TeamOptions`.

    Returns
    -------
    Siting
        `objective`: what opening and adding places cost; without prices, the number of new sites.

    Raises
    ------
    MissingColumnError, DuplicateKeyError, BadValueError
        For tables and limits that cannot be, a share among them.
    InfeasibleSitingError
        Naming who cannot be served, or which limit is too low.
    UnfinishedSitingError
        Where time ended before any solution was found.
    """
    if not 0 < share <= 1:
        raise BadValueError(f"share is {share}; expected above 0 and at most 1")
    began, search, problem = _begin(demand, costs, sites=sites, reach=reach, options=options)
    problem = replace(problem, limits=replace(problem.limits, share=share))
    plan, bound = find_plan(problem, "open", search)
    siting = build_solution(problem, plan, objective="open", bound=bound, began=began, days=options.get("days", ()))
    return _checked(siting, demand, costs, "open", sites=sites, reach=reach, options=options, share=share)


def _begin(
    demand: pd.DataFrame, costs: pd.DataFrame, *, sites: int | None, reach: float | None, options: TeamOptions
) -> tuple[float, Search, Problem]:
    teams, days = options.get("teams", 0), options.get("days", ())
    if teams < 0 or len(set(days)) != len(days) or (teams > 0 and not len(days)):
        raise BadValueError("teams must be 0 or more, and need at least one day; each day once")
    search = begin(gap=options.get("gap", 0.0), time_limit_s=options.get("time_limit_s"), watch=options.get("watch"))
    problem = read_problem(
        demand,
        costs,
        candidates=options.get("candidates"),
        limits=SitingLimits(sites, options.get("budget"), options.get("add_places"), team_days=teams * len(days)),
        reach=np.inf if reach is None else reach,
        days=len(days) if teams else 0,
    )
    return time.monotonic(), search, problem


def _checked(
    siting: Siting,
    demand: pd.DataFrame,
    costs: pd.DataFrame,
    objective: Objective,
    *,
    sites: int | None,
    reach: float | None,
    options: TeamOptions,
    share: float = 1.0,
) -> Siting:
    """Return the siting, or raise SitingFaultError: a fault here is ours, not the reader's."""
    found = faults(
        siting,
        demand,
        costs,
        objective=objective,
        candidates=options.get("candidates"),
        sites=sites,
        budget=options.get("budget"),
        add_places=options.get("add_places"),
        reach=reach,
        team_days=options.get("teams", 0) * len(options.get("days", ())),
        least_share=0.0 if objective == "people" else share,
    )
    if found:
        raise SitingFaultError("the solution fails the check: " + " ".join(found[:3]))
    return siting
