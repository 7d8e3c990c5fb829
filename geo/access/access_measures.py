"""Every measure of one service type at once, area by area: what a coverage screen shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from geo.access.access_tables import match, narrowed
from geo.access.catchment import Method, catchment_rates, weights_of
from geo.access.reach import nearest_pairs
from geo.access.served import allocate_proportionally, whole_people

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.access.catchment import Decay


def area_measures(
    demand: pd.DataFrame,
    supply: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    reach_minutes: float,
    methods: Sequence[Method] = ("2sfca", "e2sfca", "bfca"),
    decay: Decay | Literal["flat", "zones", "gaussian"] | None = None,
) -> pd.DataFrame:
    """Compute nearest service, places per person by every method, and people served, reading the tables once.

    demand, supply, costs, reach_minutes, decay: as in `geo.access.catchment.floating_catchment`. The nearest service is
    looked for among all pairs of `costs`, the rest within `reach_minutes`. For nominal against effective
    coverage, ask twice: with licensed places and with those free now.

    Returns one row per area of `demand`, sorted: `area_id`, `people`, `is_reached` (any pair at all),
    `service_id` and `minutes` of the nearest (NA where not reached), `places_per_person_<method>`, `served`,
    `unmet`. Numbers equal those of the single functions; a test holds that.
    """
    pairs = match(demand, supply, costs)
    hits = nearest_pairs(pairs.area, pairs.cost)
    is_reached = np.zeros(len(pairs.area_ids), dtype=bool)
    is_reached[pairs.area[hits]] = True
    table = pd.DataFrame({"area_id": pairs.area_ids, "people": pairs.people, "is_reached": is_reached})
    at_area = pd.Index(np.arange(len(table)))
    table["service_id"] = pd.Series(pairs.service_ids[pairs.service[hits]], pairs.area[hits]).reindex(at_area)
    table["minutes"] = pd.Series(pairs.cost[hits], pairs.area[hits], dtype="Float64").reindex(at_area)
    near = narrowed(pairs, reach_minutes)
    for method in methods:
        weights = weights_of(near, method=method, reach_minutes=reach_minutes, decay=decay)
        table[f"places_per_person_{method}"] = catchment_rates(near, weights, method=method)
    turning = weights_of(near, method="2sfca", reach_minutes=reach_minutes, decay=decay)
    served = whole_people(near.people, allocate_proportionally(near, turning)[0])
    return table.assign(served=served, unmet=near.people - served)
