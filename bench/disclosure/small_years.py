"""Small made-up years of publications, and attacks on what is hidden in them that share nothing with `reports`.

A nation of two counties, three states and a total, months and their quarter, counts drawn by a seed: small enough to
attack thousands of them, and months tie them as tightly as a real year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from referrals.records.vocabulary import LEAST_SHOWN
from reports.disclosure.suppression import Table, hide

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable

    from numpy.typing import NDArray

GREATEST = 500  # that the attacker takes a count to be able to be


def year(seed: int, *, mean: float, communities: int = 6, months: int = 3, with_quarter: bool = True) -> Table:
    """Make the table of a year: cells are (period, area, state)."""
    rng = np.random.default_rng(seed)
    table = Table()
    base = rng.poisson(rng.gamma(1.0, mean, (communities, 3, 1)), (communities, 3, months))
    county = np.arange(communities) % 2
    periods: list[int | str] = [*range(months), *(["quarter"] if with_quarter else [])]
    states: tuple[int | str, ...] = (0, 1, 2, "all")
    for period in periods:
        counts = base.sum(2) if period == "quarter" else base[:, :, int(period)]
        for state in states:
            part = counts.sum(1) if state == "all" else counts[:, int(state)]
            for c in range(communities):
                table.add((period, f"c{c}", state), part[c])
            for k in (0, 1):
                table.add((period, f"k{k}", state), part[county == k].sum())
            table.add((period, "nation", state), part.sum())
    areas = [*(f"c{c}" for c in range(communities)), "k0", "k1", "nation"]
    for period in periods:
        for state in states:
            table.tie((period, "nation", state), [(period, "k0", state), (period, "k1", state)])
            for k in (0, 1):
                inside = [c for c in range(communities) if county[c] == k]
                table.tie((period, f"k{k}", state), [(period, f"c{c}", state) for c in inside])
        for area in areas:
            table.tie((period, area, "all"), [(period, area, s) for s in (0, 1, 2)])
    for area in areas if with_quarter else []:
        for state in states:
            table.tie(("quarter", area, state), [(m, area, state) for m in range(months)])
    return table


def published_in_turn(seed: int, mean: float) -> tuple[Table, set[Hashable], set[Hashable]]:
    """Publish the months, each on what is known then, and the quarter after them.

    Returns the table, its hidden cells, and those of the months alone.
    """
    months = hide(year(seed, mean=mean, with_quarter=False))
    table = year(seed, mean=mean)
    decided = {key: key in months for key in table.keys if key[0] != "quarter"}  # type: ignore[index]
    return table, hide(table, decided=decided), months


def small_cells(table: Table) -> list[Hashable]:
    """List the cells that must stay secret."""
    return [key for key, count in zip(table.keys, table.counts, strict=True) if 0 < count < LEAST_SHOWN]


def equations(table: Table) -> NDArray[np.float64]:
    """Write every sum as a row: the total less its parts is 0."""
    matrix = np.zeros((len(table.equations), len(table.keys)))
    for row, (total, parts) in enumerate(table.equations):
        matrix[row, total] = 1
        matrix[row, list(parts)] = -1
    return matrix


def bounds(table: Table, hidden: Collection[Hashable], key: Hashable, *, least: int = 1) -> tuple[float, float]:
    """Return the least and the greatest value that a hidden cell can have, in fractions.

    The obvious attack: one program over every cell at once, shown cells pinned, a hidden one at least `least`.
    """
    matrix = equations(table)
    limits = [(least, None) if k in hidden else (c, c) for k, c in zip(table.keys, table.counts, strict=True)]
    aim = np.zeros(len(table.keys))
    aim[table.place[key]] = 1
    ends = []
    for sign in (1, -1):
        done = linprog(sign * aim, A_eq=matrix, b_eq=np.zeros(len(matrix)), bounds=limits, method="highs")
        ends.append(np.inf if done.status == 3 else sign * done.fun)
    return ends[0], ends[1]


def possible_numbers(table: Table, hidden: Collection[Hashable], key: Hashable, *, enough: int) -> list[int]:
    """List whole numbers that a hidden cell can be, the nearest to the truth first, until there are `enough`.

    For each number an integer program over every cell: people come whole, and a hidden count is at least 1.
    """
    matrix, place = equations(table), table.place[key]
    lowest, highest = bounds(table, hidden, key)
    truth, found = table.counts[place], list[int]()
    low, high = round(np.ceil(lowest - 1e-6)), round(np.floor(min(highest, truth + 20) + 1e-6))
    for number in sorted(range(low, high + 1), key=lambda n: abs(n - truth)):
        least = np.array([1 if k in hidden else c for k, c in zip(table.keys, table.counts, strict=True)])
        most = np.array([GREATEST if k in hidden else c for k, c in zip(table.keys, table.counts, strict=True)])
        most = np.maximum(most, least)
        least[place] = most[place] = number
        aim, whole = np.zeros(len(least)), np.ones(len(least))
        done = milp(aim, constraints=LinearConstraint(matrix, 0, 0), integrality=whole, bounds=Bounds(least, most))
        if done.status == 0:
            found.append(number)
        if len(found) == enough:
            break
    return found
