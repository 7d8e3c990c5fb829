"""A plan written down as a siting: everybody assigned, nothing unused, the rounds of the teams, the gap."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.siting.assignment import transport
from geo.siting.integer_program import relative_gap
from geo.siting.siting_problem import Problem, SitingDecision, room
from geo.siting.siting_types import Siting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.access.access_tables import Floats

ROUND_COLUMNS = ["team", "day", "site_id", "places"]
_EMPTY = 1e-6  # people, below which nobody is meant


def build_solution(
    problem: Problem,
    plan: SitingDecision,
    *,
    objective: str,
    bound: float,
    began: float,
    days: Sequence[str] = (),
) -> Siting:
    """Assign everybody to what the plan opens and write the answer down, without what nobody would use."""
    flow = people_on_ways(problem, plan)
    plan = _trimmed(problem, plan, flow)
    used = flow > 0
    assignment = pd.DataFrame(
        {
            "area_id": problem.area_ids[problem.area[used]],
            "site_id": problem.site_ids[problem.site[used]],
            "people": flow[used],
            "cost": problem.cost[used],
        }
    )
    left = problem.people - np.bincount(problem.area, weights=flow, minlength=len(problem.people))
    left = np.where(np.abs(left) < 1e-9 * np.maximum(problem.people, 1.0), 0.0, left)
    changed = (plan.units > 0) | (plan.added > 0)
    openings = pd.DataFrame(
        {
            "site_id": problem.site_ids[changed],
            "units": plan.units[changed].astype(int),
            "places_added": plan.added[changed],
        }
    )
    value = {
        "cost": float((flow * problem.cost).sum()),
        "people": float(flow.sum()),
        "open": float((plan.units * problem.price).sum() + (plan.added * problem.price_per_place).sum()),
    }[objective]
    return Siting(
        sites=tuple(problem.site_ids[plan.units > 0]),
        assignment=assignment,
        objective=value,
        gap=relative_gap(value, bound),
        bound=bound,
        unmet=pd.DataFrame({"area_id": problem.area_ids, "people": left}).loc[left > 0].reset_index(drop=True),
        openings=openings,
        rounds=_rounds(problem, plan, days),
        seconds=time.monotonic() - began,
    )


def _trimmed(problem: Problem, plan: SitingDecision, flow: Floats) -> SitingDecision:
    """Close what nobody goes to, and leave out added places and days of teams that stay empty."""
    taken = np.asarray(np.bincount(problem.site, weights=flow, minlength=len(problem.site_ids)))
    units = plan.units
    if not problem.limits.is_exact:
        each = np.where(problem.is_stop & (problem.places > 0), problem.places, 1.0)
        days = np.ceil(taken / each - _EMPTY)
        units = np.where(problem.is_stop, np.minimum(units, days), np.where(taken > _EMPTY, units, 0.0))
    own = np.where(problem.is_existing, 1.0, units) * np.where(np.isfinite(problem.places), problem.places, 0.0)
    needed = np.maximum(np.ceil(taken - own - _EMPTY), 0.0)
    return SitingDecision(units, np.minimum(plan.added, needed))


def _rounds(problem: Problem, plan: SitingDecision, days: Sequence[str]) -> pd.DataFrame:
    """Deal team-days out in a row, day after day, team after team (McNaughton 1959, Management Science 6(1)).

    A stop takes as many slots in a row as it has days, at most one week's: so never one day twice.
    """
    slots = np.repeat(np.arange(len(plan.units)), np.where(problem.is_stop, plan.units, 0.0).astype(int))
    order = range(len(slots))
    return pd.DataFrame(
        {
            "team": [i // len(days) + 1 for i in order],
            "day": [days[i % len(days)] for i in order],
            "site_id": problem.site_ids[slots],
            "places": problem.places[slots],
        },
        columns=ROUND_COLUMNS,
    )


def people_on_ways(problem: Problem, plan: SitingDecision) -> Floats:
    """People on every pair: to the nearest open site, or by transport where sites can be full."""
    is_open = problem.is_existing | (plan.units > 0)
    usable = np.flatnonzero(is_open[problem.site])
    flow = np.zeros(len(problem.area))
    if not problem.has_capacity:
        order = usable[np.lexsort((problem.site[usable], problem.cost[usable], problem.area[usable]))]
        first = order[np.diff(problem.area[order], prepend=-1) > 0]
        flow[first] = problem.people[problem.area[first]]
        return flow
    flow[usable] = transport(
        problem.people,
        room(problem, plan),
        problem.area[usable],
        problem.site[usable],
        problem.cost[usable],
        priority=problem.priority,
    )
    return flow
