"""Who should go where: people who wait and places that are free, put together as well as can be.

Beside it stands what first come, first served makes of the same places, and what that loses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.access.access_tables import match, require_columns
from geo.siting.integer_program import Program, solve

if TYPE_CHECKING:
    from geo.access.access_tables import Floats, Pairs, Positions


@dataclass(frozen=True)
class Assignment:
    """People put to places.

    placed: `area_id`, `service_id`, `people`, `minutes`. unplaced: `area_id`, `people`, who found no place within
    reach. people_placed: all who found one. minutes_total: minutes of all their ways, one way.
    """

    placed: pd.DataFrame
    unplaced: pd.DataFrame
    people_placed: float
    minutes_total: float


@dataclass(frozen=True)
class OrderLoss:
    """What first come, first served loses against the best assignment of the same people and places.

    people_lost: placed by the best and not in order of arrival. minutes_lost: longer ways in total, minutes
    (below 0 where fewer people travel, because fewer found a place).
    """

    best: Assignment
    in_order: Assignment
    people_lost: float
    minutes_lost: float


def best_assignment(
    waiting: pd.DataFrame, supply: pd.DataFrame, costs: pd.DataFrame, *, reach_minutes: float = np.inf
) -> Assignment:
    """Place as many waiting people as can be placed and, of all such ways, take the one with the fewest minutes.

    The transportation problem (Hitchcock 1941, Journal of Mathematics and Physics 20, 224–230), solved by HiGHS to the
    optimum; people stay whole.

    Parameters
    ----------
    waiting
        `area_id` unique, `people` (whole).
    supply
        `service_id` unique, `places` free now (NA: none known).
    costs
        `area_id`, `service_id`, `minutes`.
    reach_minutes
        Pairs beyond it are left out.

    Returns
    -------
    Assignment
        Who is placed where, who is not, and the minutes of all.

    Raises
    ------
    MissingColumnError, DuplicateKeyError, BadValueError
        For tables that cannot be, naming table and column.

    Examples
    --------
    >>> waiting = pd.DataFrame({"area_id": ["A", "B"], "people": [1, 1]})
    >>> supply = pd.DataFrame({"service_id": ["P", "Q"], "places": [1, 1]})
    >>> costs = pd.DataFrame({"area_id": ["A", "A", "B"], "service_id": ["P", "Q", "P"], "minutes": [5, 9, 7]})
    >>> best_assignment(waiting, supply, costs).placed["service_id"].tolist()
    ['Q', 'P']
    """
    pairs = match(waiting, supply, costs, reach=reach_minutes)
    return _assignment(
        pairs, transport(pairs.people, pairs.places, pairs.area, pairs.service.astype(np.intp), pairs.cost)
    )


def assignment_in_order(
    queue: pd.DataFrame, supply: pd.DataFrame, costs: pd.DataFrame, *, reach_minutes: float = np.inf
) -> Assignment:
    """Give everybody in turn the nearest place still free: first come, first served.

    Parameters
    ----------
    queue
        One row per person: `area_id`, `waiting_since` (date) and `referral_id`, which orders those of one day.
    supply
        `service_id` unique, `places` free now (NA: none known).
    costs
        `area_id`, `service_id`, `minutes`. Of equally near services the first by key.
    reach_minutes
        Pairs beyond it are left out.

    Returns
    -------
    Assignment
        Who was placed where, who was not, and the minutes of all.

    Raises
    ------
    MissingColumnError, DuplicateKeyError, BadValueError
        For tables that cannot be, naming table and column.
    """
    require_columns(queue, ["referral_id", "area_id", "waiting_since"], name="queue")
    pairs = match(_count(queue), supply, costs, reach=reach_minutes)
    order = queue.sort_values(["waiting_since", "referral_id"])
    turns = pairs.area_ids.get_indexer(pd.Index(order["area_id"]))
    near = np.lexsort((pairs.service, pairs.cost, pairs.area))
    first = np.searchsorted(pairs.area[near], np.arange(len(pairs.area_ids) + 1))
    free, flow = np.floor(pairs.places), np.zeros(len(pairs.area))
    for area in turns:
        for pair in near[first[area] : first[area + 1]]:
            if free[pairs.service[pair]] >= 1:
                free[pairs.service[pair]] -= 1
                flow[pair] += 1
                break
    return _assignment(pairs, flow)


def loss_of_order(
    queue: pd.DataFrame, supply: pd.DataFrame, costs: pd.DataFrame, *, reach_minutes: float = np.inf
) -> OrderLoss:
    """Compare first come, first served with the best assignment (see the two functions)."""
    in_order = assignment_in_order(queue, supply, costs, reach_minutes=reach_minutes)
    best = best_assignment(_count(queue), supply, costs, reach_minutes=reach_minutes)
    return OrderLoss(
        best,
        in_order,
        people_lost=best.people_placed - in_order.people_placed,
        minutes_lost=in_order.minutes_total - best.minutes_total,
    )


def transport(
    people: Floats,
    places: Floats,
    area: Positions,
    service: Positions,
    cost: Floats,
    *,
    priority: Floats | None = None,
) -> Floats:
    """Put people on pairs: as many as can be placed, then the least total cost; whole where the input is.

    One more person placed may cause a chain of moves, each costing at most the dearest way, and a chain visits
    a service once: a reward above that product makes placing come before cost, in one linear program.
    `priority` by area (0, 1, 2 …): more people of a higher one are placed first. Who can be placed together is
    a matroid, so rewards that merely rise with priority place as many of each as doing them one by one.
    """
    if not len(area):
        return np.zeros(0)
    reward = 1.0 + float(cost.max()) * (min(len(people), len(places)) + 1)
    rank = np.ones(len(people)) if priority is None else 1.0 + np.unique(priority, return_inverse=True)[1]
    program = Program()
    flow = program.add_columns(
        len(area), cost=cost - reward * rank[area], upper=np.minimum(people[area], places[service])
    )
    program.enter(program.add_rows(len(people), upper=people)[area], flow)
    program.enter(program.add_rows(len(places), upper=np.minimum(places, people.sum()))[service], flow)
    values = solve(program).values
    if values is None:
        raise AssertionError("a program that the empty plan satisfies has a solution")
    is_whole = (people == np.floor(people)).all() and (places[np.isfinite(places)] % 1 == 0).all()
    return np.asarray(np.round(values) if is_whole else np.maximum(values, 0.0), dtype=np.float64)


def _count(queue: pd.DataFrame) -> pd.DataFrame:
    return queue.groupby("area_id", observed=True).size().rename("people").reset_index()


def _assignment(pairs: Pairs, flow: Floats) -> Assignment:
    used = flow > 0
    placed = pd.DataFrame(
        {
            "area_id": pairs.area_ids[pairs.area[used]],
            "service_id": pairs.service_ids[pairs.service[used]],
            "people": flow[used],
            "minutes": pairs.cost[used],
        }
    )
    left = pairs.people - np.asarray(np.bincount(pairs.area, weights=flow, minlength=len(pairs.people)))
    unplaced = pd.DataFrame({"area_id": pairs.area_ids, "people": left}).loc[left > 0].reset_index(drop=True)
    return Assignment(placed, unplaced, float(flow.sum()), float((flow * pairs.cost).sum()))
