"""A good choice of sites to begin from, found in a second: greedy, then one site exchanged at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from geo.access.access_tables import Floats, Positions
    from geo.siting.siting_problem import Problem

_NO_WAY = 1e9  # minutes or metres that no real way has
_MOST_CELLS = 5_000_000  # of the table of all ways: 40 MB
_ROUNDS = 10  # of exchanges; three or four are usual


def covering_start(problem: Problem) -> Positions:
    """Sites that cover many people, as many as the limit allows (Church & ReVelle 1974; Teitz & Bart 1968).

    For sites that are never full and cost the same. Existing services cover what they cover.
    """
    n, m = len(problem.area_ids), len(problem.site_ids)
    kept = problem.is_existing[problem.site]
    times = np.bincount(problem.area[kept], minlength=n)  # how many open sites reach each area
    use = ~kept & (times[problem.area] == 0)
    area, site = problem.area[use], problem.site[use]
    wanted = min(problem.limits.sites or 0, int(problem.is_new.sum()))
    chosen: list[int] = []
    for _round in range(wanted):
        best, gain = _best(problem, area, site, times, m)
        if gain <= 0:
            break
        chosen.append(best)
        times = times + _reach(area, site, best, n)
    for _round in range(_ROUNDS):
        if not _exchange(problem, area, site, times, chosen, m):
            break
    return np.array(sorted(chosen), dtype=np.intp)


def median_start(problem: Problem) -> Positions | None:
    """Sites that make all ways short together, exactly as many as the limit says (Teitz & Bart 1968).

    For sites that are never full and cost the same; existing services are used too. None where some cannot be reached
    so, or where the table of all ways would be too large.
    """
    n, m = len(problem.area_ids), len(problem.site_ids)
    new = np.flatnonzero(problem.is_new)
    wanted = min(problem.limits.sites or 0, len(new))
    if not wanted or not n or n * m > _MOST_CELLS:
        return None
    way = np.full((n, m), _NO_WAY)
    way[problem.area, problem.site] = problem.cost
    way *= problem.people[:, None]
    kept = way[:, problem.is_existing].min(axis=1, initial=_NO_WAY * max(float(problem.people.max()), 1.0))
    offered = way[:, new]
    chosen: list[int] = []
    best = kept
    for _round in range(wanted):
        sums = np.minimum(offered, best[:, None]).sum(axis=0)
        sums[np.isin(new, chosen)] = np.inf
        chosen.append(int(new[sums.argmin()]))
        best = np.minimum(best, way[:, chosen[-1]])
    for _round in range(_ROUNDS):
        before = list(chosen)
        for at in range(wanted):
            others = np.minimum(kept, way[:, [*chosen[:at], *chosen[at + 1 :]]].min(axis=1, initial=np.inf))
            sums = np.minimum(offered, others[:, None]).sum(axis=0)
            sums[np.isin(new, [*chosen[:at], *chosen[at + 1 :]])] = np.inf
            now = np.minimum(others, way[:, chosen[at]]).sum()
            if sums.min() < now * (1 - 1e-9):
                chosen[at] = int(new[sums.argmin()])
        if chosen == before:
            break
    is_open = problem.is_existing.copy()
    is_open[chosen] = True
    reached = np.bincount(problem.area[is_open[problem.site]], minlength=n) > 0
    return np.array(sorted(chosen), dtype=np.intp) if reached.all() else None


def _exchange(problem: Problem, area: Positions, site: Positions, times: Positions, chosen: list[int], m: int) -> bool:
    """Take every chosen site away in turn and put the best one in its place; tell whether any changed."""
    changed = False
    for at, old in enumerate(chosen):
        times -= _reach(area, site, old, len(times))
        best, gain = _best(problem, area, site, times, m)
        worth = problem.people[area[site == old]][times[area[site == old]] == 0].sum()
        chosen[at] = best if gain > worth * (1 + 1e-9) else old
        changed |= chosen[at] != old
        times += _reach(area, site, chosen[at], len(times))
    return changed


def _best(problem: Problem, area: Positions, site: Positions, times: Positions, m: int) -> tuple[int, float]:
    """Return the site that reaches most people whom nobody reaches yet, and how many."""
    gains: Floats = np.asarray(np.bincount(site, weights=problem.people[area] * (times[area] == 0), minlength=m))
    if not len(gains):
        return -1, 0.0
    best = int(gains.argmax())
    return best, float(gains[best])


def _reach(area: Positions, site: Positions, one: int, n: int) -> Positions:
    return np.bincount(area[site == one], minlength=n)
