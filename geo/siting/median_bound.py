"""What no choice of sites can beat for a median, found in a second; and which sites cannot be part of a better one.

Lagrangian relaxation of "everybody goes to one site", improved by subgradients (Beasley 1985, A note on solving large
p-median problems, European Journal of Operational Research 21, 270–273). For sites that are never full.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from geo.access.access_tables import Floats, Positions
    from geo.siting.siting_problem import Problem

_ROUNDS = 3_000
_PATIENCE = 25  # rounds without a better bound, after which the step is halved
_LEAST_STEP = 1e-4
_EVERY = 50  # rounds between two looks at which sites drop out
_ENOUGH = 1e-9


def median_bound(problem: Problem, value: float, *, seconds: float) -> tuple[float, Positions]:
    """Return a bound of the median's person-minutes, and the sites that no choice better than `value` can hold.

    value: person-minutes of a choice that is known. At most `problem.limits.sites` new sites; existing ones are open.
    """
    began = time.monotonic()
    way = np.full((len(problem.area_ids), len(problem.site_ids)), np.inf)
    way[problem.area, problem.site] = problem.people[problem.area] * problem.cost
    new = np.flatnonzero(problem.is_new)
    wanted = min(problem.limits.sites or 0, len(new))
    worth = np.sort(way, axis=1)[:, min(1, way.shape[1] - 1)]  # what serving each area is worth, at first
    worth = np.where(np.isfinite(worth), worth, way.min(axis=1))
    best, step, since = -np.inf, 2.0, 0
    out = np.zeros(len(problem.site_ids), dtype=bool)
    for turn in range(_ROUNDS):
        saving = np.minimum(way - worth[:, None], 0.0)
        total = saving.sum(axis=0)
        order = new[np.argsort(total[new], kind="stable")]
        is_open = problem.is_existing.copy()
        is_open[order[:wanted]] = True
        bound = float(worth.sum() + total[is_open].sum())
        if bound > best + 1e-9 * abs(best):
            best, since = bound, 0
        else:
            since += 1
        if turn % _EVERY == 0 or bound == best:
            _drop(out, order, total, wanted, bound, value)
        slack = 1.0 - (saving[:, is_open] < 0).sum(axis=1)
        norm = float((slack * slack).sum())
        if not norm or value - best <= _ENOUGH * abs(value) or time.monotonic() - began > seconds:
            break
        if since >= _PATIENCE:
            step, since = step / 2.0, 0
        if step < _LEAST_STEP:
            break
        worth = np.maximum(worth + step * (1.02 * value - bound) / norm * slack, 0.0)
    return min(best, value), np.flatnonzero(out)


def _drop(out: np.ndarray, order: Positions, total: Floats, wanted: int, bound: float, value: float) -> None:
    """Mark the sites that would raise the bound above what is known already, were they opened."""
    if len(order) <= wanted:
        return
    rest = order[wanted:]
    last = total[order[wanted - 1]]
    out[rest[bound + total[rest] - last > value * (1 + 1e-9)]] = True
