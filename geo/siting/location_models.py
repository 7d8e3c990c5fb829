"""The programs behind siting: one where sites are never full, one where they are.

Both open sites `y` within the same limits. Where nothing is ever full only distance matters, and the radius
formulation is small and tight: z_ik = 1 where no open site lies within the k-th distance of area i
(Cornuéjols, Nemhauser & Wolsey 1980; Elloumi 2010, Journal of Combinatorial Optimization 19, 69–83). Where sites
fill up, x_ij is the share of area i that goes to site j, x_ij ≤ y_j.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from geo.siting.integer_program import Program
from geo.siting.siting_problem import Problem, SitingDecision

if TYPE_CHECKING:
    from geo.access.access_tables import Floats, Positions
    from geo.siting.siting_types import Objective


@dataclass(frozen=True)
class Model:
    """A program and where its decisions stand: `units` by site (-1: not to be decided), `added` likewise.

    `unmet`: the column of each area's share left out; empty where nobody may be left out. `share`: the column of the
    share that goes each way; empty where sites are never full.
    """

    program: Program
    units: Positions
    added: Positions
    unmet: Positions
    share: Positions = field(default_factory=lambda: np.empty(0, dtype=np.intp))


def build(problem: Problem, aim: Objective, *, weight: Floats | None = None) -> Model:
    """Build the program of a problem, the smaller one where nothing is ever full.

    `weight`: what each area counts for in the aim `people` (by default its people).
    """
    program = Program()
    units, added = _openings(problem, program, aim)
    counted = problem.people if weight is None else weight
    if problem.has_capacity:
        return _with_room(problem, program, units, added, aim, counted)
    return _by_distance(problem, program, units, added, aim, counted)


def read_plan(problem: Problem, model: Model, values: Floats) -> SitingDecision:
    """Read the decisions from the values of a solved program."""
    units, added = np.zeros(len(problem.site_ids)), np.zeros(len(problem.site_ids))
    decided, addable = model.units >= 0, model.added >= 0
    units[decided] = np.round(values[model.units[decided]])
    added[addable] = np.round(values[model.added[addable]])
    return SitingDecision(units, added)


def _openings(problem: Problem, program: Program, aim: Objective) -> tuple[Positions, Positions]:
    """Columns for opening sites and adding places, and the limits on them."""
    units, added = np.full(len(problem.site_ids), -1), np.full(len(problem.site_ids), -1)
    new, addable = np.flatnonzero(problem.is_new), np.flatnonzero((problem.addable > 0) & np.isfinite(problem.places))
    pays = 1.0 if aim == "open" else 0.0
    units[new] = program.add_columns(len(new), cost=pays * problem.price[new], upper=problem.units_max[new], whole=True)
    added[addable] = program.add_columns(
        len(addable), cost=pays * problem.price_per_place[addable], upper=problem.addable[addable], whole=True
    )
    limits = problem.limits
    if limits.sites is not None:
        least = limits.sites if limits.is_exact else 0
        program.enter(program.add_rows(1, lower=least, upper=limits.sites), units[problem.is_new_site])
    if limits.team_days is not None:
        program.enter(program.add_rows(1, upper=limits.team_days), units[problem.is_stop])
    if limits.budget is not None:
        row = program.add_rows(1, upper=limits.budget)
        program.enter(row, units[new], problem.price[new])
        program.enter(row, added[addable], problem.price_per_place[addable])
    if limits.add_places is not None:
        row = program.add_rows(1, upper=limits.add_places)
        program.enter(row, added[addable[problem.is_existing[addable]]])
    opened = addable[problem.is_new[addable]]  # places are added only where the site is open
    rows = program.add_rows(len(opened), upper=0.0)
    program.enter(rows, added[opened])
    program.enter(rows, units[opened], -problem.addable[opened])
    return units, added


def _by_distance(
    problem: Problem, program: Program, units: Positions, added: Positions, aim: Objective, counted: Floats
) -> Model:
    """Radius formulation: a chain of levels per area, ending at the nearest existing service."""
    n = len(problem.area_ids)
    existing = np.full(n, np.inf)
    kept = problem.is_existing[problem.site]
    np.minimum.at(existing, problem.area[kept], problem.cost[kept])
    if aim != "cost":  # anywhere within reach is as good as next door
        existing = np.where(np.isfinite(existing), 0.0, np.inf)
    cost = problem.cost if aim == "cost" else np.zeros_like(problem.cost)
    use = np.flatnonzero(~kept & (cost < existing[problem.area]))
    use = use[np.lexsort((problem.site[use], cost[use], problem.area[use]))]
    area, way = problem.area[use], cost[use]
    is_level = (np.diff(area, prepend=-1) != 0) | (np.diff(way, prepend=-1.0) != 0)
    level = np.cumsum(is_level) - 1
    at_area, at_cost = area[is_level], way[is_level]
    is_first = np.diff(at_area, prepend=-1) != 0
    is_last = np.diff(at_area, append=-1) != 0
    farther = np.where(is_last, existing[at_area], np.append(at_cost[1:], 0.0))
    step = farther - at_cost
    alone = np.setdiff1d(np.arange(n), at_area)  # nothing new is of use to them
    lost = alone[np.isinf(existing[alone])]
    if aim == "people":
        weight, upper = counted[at_area], np.ones(len(at_area))
        program.offset += float(counted[lost].sum() - counted.sum())
    elif _may_miss(problem, aim):
        weight, upper = np.zeros(len(at_area)), np.ones(len(at_area))
    else:
        ends = np.isinf(step)  # the last level of an area without an existing service: it must be reached
        weight = problem.people[at_area] * np.where(ends, 0.0, step)
        sure = ends | _always_reached(problem, level, is_first) if aim == "cost" else ends
        upper = np.where(sure, 0.0, 1.0)
        program.offset += float((problem.people[at_area] * at_cost)[is_first].sum())
        program.offset += float((problem.people * np.where(np.isfinite(existing), existing, 0.0))[alone].sum())
        if len(lost):
            program.add_rows(1, lower=1.0)  # 0 ≥ 1: somebody cannot be reached at all
    beyond = program.add_columns(len(at_area), cost=weight if aim != "open" else 0.0, upper=upper)
    rows = program.add_rows(len(at_area), lower=np.where(is_first, 1.0, 0.0))
    program.enter(rows, beyond)
    program.enter(rows[~is_first], beyond[~is_first] - 1, -1.0)
    program.enter(rows[level], units[problem.site[use]])
    unmet = np.full(n, -1)
    if aim == "people" or _may_miss(problem, aim):
        unmet[at_area] = beyond
    if _may_miss(problem, aim):
        most = problem.limits.may_miss(problem.people.sum()) - problem.people[lost].sum()
        program.enter(program.add_rows(1, upper=most), beyond, problem.people[at_area])
    return Model(program, units, added, unmet)


def _always_reached(problem: Problem, level: Positions, is_first: np.ndarray) -> np.ndarray:
    """Levels that some open site must lie within: with p of n sites open, the n−p+1 nearest hold one."""
    opened = problem.limits.sites
    if opened is None or not problem.limits.is_exact or problem.is_stop.any():
        return np.zeros(len(is_first), dtype=bool)
    sites = np.cumsum(np.bincount(level, minlength=len(is_first)))
    before = np.concatenate([[0], sites[:-1]])
    group = np.cumsum(is_first) - 1
    return np.asarray(sites - before[is_first][group] > problem.is_new.sum() - opened)


def _with_room(
    problem: Problem, program: Program, units: Positions, added: Positions, aim: Objective, counted: Floats
) -> Model:
    """Build the assignment formulation: capacities, and shares bounded by what is open."""
    n, people = len(problem.area_ids), problem.people[problem.area]
    room_max = problem.places * problem.units_max + problem.addable
    cap = np.minimum(1.0, room_max[problem.site] / people)
    share = program.add_columns(len(problem.area), cost=people * problem.cost if aim == "cost" else 0.0, upper=cap)
    all_go = program.add_rows(n, lower=1.0, upper=1.0)
    program.enter(all_go[problem.area], share)
    unmet = np.empty(0, dtype=np.intp)
    if aim == "people":
        program.offset -= float(counted.sum())
        unmet = program.add_columns(n, cost=counted)
        program.enter(all_go, unmet)
    elif _may_miss(problem, aim):
        unmet = program.add_columns(n)
        program.enter(all_go, unmet)
        most = problem.limits.may_miss(problem.people.sum())
        program.enter(program.add_rows(1, upper=most), unmet, problem.people)
    limited = np.flatnonzero(np.isfinite(problem.places))
    full = np.full(len(problem.site_ids), -1)
    full[limited] = program.add_rows(
        len(limited), upper=np.where(problem.is_existing[limited], problem.places[limited], 0.0)
    )
    may_fill = full[problem.site] >= 0
    program.enter(full[problem.site[may_fill]], share[may_fill], people[may_fill])
    new = limited[problem.is_new[limited]]
    program.enter(full[new], units[new], -problem.places[new])
    more = limited[added[limited] >= 0]
    program.enter(full[more], added[more], -1.0)
    to_new = np.flatnonzero(problem.is_new[problem.site])
    rows = program.add_rows(len(to_new), upper=0.0)
    program.enter(rows, share[to_new])
    program.enter(rows, units[problem.site[to_new]], -_per_unit(problem, to_new))
    return Model(program, units, added, unmet, share)


def _may_miss(problem: Problem, aim: Objective) -> bool:
    """Whether some may be left out though the aim is to serve."""
    return aim == "open" and problem.limits.share < 1


def _per_unit(problem: Problem, pair: Positions) -> Floats:
    """Return the most of an area that one opening of a site can take: all, or what it has room for."""
    each = problem.places[problem.site[pair]] + problem.addable[problem.site[pair]]
    return np.minimum(1.0, each / problem.people[problem.area[pair]])
