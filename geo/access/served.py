"""How many people find a place, where, and how many are left out, locality by locality.

Neither people nor places are counted twice: people divide among the services within their reach, and a
service that more people turn to than it has places takes the same share of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from geo.access.access_tables import Pairs, match
from geo.access.catchment import weights_of

if TYPE_CHECKING:
    from geo.access.access_tables import Floats
    from geo.access.decay import Decay

_ROUNDING = 1e-11  # of people or places: a service this near to full is full, so few people are nobody


@dataclass(frozen=True)
class Allocation:
    """Who finds a place when everybody looks around at the same time, and where.

    Its `moved` has one row per pair within reach, sorted: `area_id`, `service_id`, `people`: how many people of the
    area take a place of the service. Parts of persons are possible: these are the figures before rounding.

    Attributes
    ----------
    served
        One row per area, sorted: `area_id`, `people`, `served`, `unmet`; served + unmet = people. Where all `people`
        are whole numbers so are the others (largest remainders), and sums agree exactly on every level.
    """

    served: pd.DataFrame
    _pairs: Pairs
    _weights: Floats
    _rounds: list[tuple[Floats, Floats]]

    @cached_property
    def moved(self) -> pd.DataFrame:
        """People of every area who take a place of every service."""
        pairs = self._pairs
        people = np.zeros_like(self._weights)
        for each, taken in self._rounds:
            people += each[pairs.area] * self._weights * taken[pairs.service]
        return pd.DataFrame(
            {
                "area_id": pairs.area_ids.take(pairs.area),
                "service_id": pairs.service_ids.take(pairs.service),
                "people": people,
            }
        )


def allocate_people(
    demand: pd.DataFrame,
    supply: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    reach_minutes: float,
    decay: Decay | Literal["flat", "zones", "gaussian"] | None = None,
) -> Allocation:
    """Count who finds a place when everybody looks around at the same time.

    Each area's people divide among the services within reach by their free places, times the weight of the way where
    `decay` is given. A service with S places to which T people turn takes min(1, S/T) of each area's; the others look
    again among what is still free, until nobody is left out beside a free place. This is neither the best nor the
    worst that can happen: `geo.siting.assignment` has the best. The method is our own: a proportional allocation in
    rounds (docs/decisions/0008).

    Parameters
    ----------
    demand
        One row per area: `area_id` unique, `people` (those in need; NA counts as none).
    supply
        One row per service: `service_id` unique, `places` (NA, not known, counts as none).
    costs
        One row per pair: `area_id`, `service_id`, `minutes`. A pair that is absent or NA is out of reach; pairs of
        unknown areas or services are left out.
    reach_minutes
        Pairs at exactly this many minutes are within reach.
    decay
        Weights by minutes, as in `geo.access.catchment.floating_catchment`; by default all pairs weigh alike.

    Returns
    -------
    Allocation
        People served and left out by area, and people by pair.

    Raises
    ------
    MissingColumnError, DuplicateKeyError, BadValueError
        Naming the table and the column.

    Examples
    --------
    >>> demand = pd.DataFrame({"area_id": ["A", "B"], "people": [30, 60]})
    >>> supply = pd.DataFrame({"service_id": ["S"], "places": [30]})
    >>> costs = pd.DataFrame({"area_id": ["A", "B"], "service_id": ["S", "S"], "minutes": [5.0, 25.0]})
    >>> allocate_people(demand, supply, costs, reach_minutes=30).served["served"].tolist()
    [10.0, 20.0]
    """
    pairs = match(demand, supply, costs, reach=reach_minutes)
    weights = weights_of(pairs, method="2sfca", reach_minutes=reach_minutes, decay=decay)
    found, rounds = allocate_proportionally(pairs, weights)
    served = whole_people(pairs.people, found)
    table = pd.DataFrame(
        {"area_id": pairs.area_ids, "people": pairs.people, "served": served, "unmet": pairs.people - served}
    )
    return Allocation(table, pairs, weights, rounds)


def allocate_proportionally(pairs: Pairs, weights: Floats) -> tuple[Floats, list[tuple[Floats, Floats]]]:
    """People of every area who find a place, and what every round did.

    In a round, an area's people turn to its services by weight × free places. Whoever was turned away looks again
    among the places still free. Each round fills a service of every area that still has people, so it ends, and
    then nobody is left out beside a free place within reach. A round took a_i · w_ij · t_j people of area i to
    service j: the list holds the a and t.
    """
    near = pairs.matrix(weights)
    waiting, free = pairs.people.copy(), pairs.places.copy()
    rounds: list[tuple[Floats, Floats]] = []
    while True:
        pull = near @ free
        is_looking = (waiting > 0) & (pull > 0)
        if not is_looking.any():
            return pairs.people - waiting, rounds
        each = np.divide(waiting, pull, out=np.zeros_like(pull), where=is_looking)
        asked = free * (near.T @ each)
        is_full = (asked >= free * (1 - _ROUNDING)) & (free > 0)
        taken = np.where(is_full, free * np.divide(free, asked, out=np.zeros_like(free), where=is_full), free)
        rounds.append((each, taken))
        left = waiting - each * (near @ taken)
        waiting = np.where(left > _ROUNDING * pairs.people, left, 0.0)
        free = np.where(is_full, 0.0, np.maximum(free - asked, 0.0))


def whole_people(people: Floats, served: Floats) -> Floats:
    """Round to whole persons where all `people` are whole: down, and the largest remainders get what is over."""
    if (people != np.floor(people)).any():
        return served
    down = np.floor(served + 1e-9)
    over = int(np.floor((served - down).sum() + 1e-6))
    chosen = np.argsort(-(served - down), kind="stable")[: max(over, 0)]
    down[chosen] += 1
    return down
