"""How many people find a place, and how many are left out: locality by locality, and summed on every level.

Neither people nor places are counted twice: people divide among the services within their reach, and a
service that more people turn to than it has places takes the same share of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from geo.access import weights_of
from geo.access_tables import Pairs, amounts, keyed, match, require_columns

if TYPE_CHECKING:
    from geo.access import Decay
    from geo.access_tables import Floats, Positions

SUMS = ("people", "served", "unmet")
_ROUNDING = 1e-12  # of what is free: a service this near to full is full


def people_served(
    demand: pd.DataFrame,
    supply: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    reach_minutes: float,
    decay: Decay | Literal["flat", "zones", "gaussian"] | None = None,
) -> pd.DataFrame:
    """Count who finds a place when everybody looks around at the same time.

    Each area's people divide among the services within reach by their free places, times the weight of the
    way where `decay` is given. A service with S places to which T people turn takes min(1, S/T) of each
    area's; the others look again among what is still free, until nobody is left out beside a free place.
    This is neither the best nor the worst that can happen: `geo.assignment` has the best.

    demand, supply, costs: as in `geo.access.floating_catchment`.
    Returns one row per area, sorted: `area_id`, `people`, `served`, `unmet`; served + unmet = people. Where
    all `people` are whole numbers so are the others (largest remainders), and sums agree exactly on every level.
    """
    pairs = match(demand, supply, costs, reach=reach_minutes)
    found = _served_pairs(pairs, reach_minutes=reach_minutes, decay=decay)
    served = np.minimum(_sum(pairs.area, found, len(pairs.area_ids)), pairs.people)
    if (pairs.people == np.floor(pairs.people)).all():
        served = _whole(served)
    return pd.DataFrame(
        {"area_id": pairs.area_ids, "people": pairs.people, "served": served, "unmet": pairs.people - served}
    )


def border_flows(
    demand: pd.DataFrame,
    supply: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    reach_minutes: float,
    level: str = "county",
    decay: Decay | Literal["flat", "zones", "gaussian"] | None = None,
) -> pd.DataFrame:
    """Count the people served at home and across the border, by where they live and where the place is.

    demand and supply have the column `level` too. Returns `from_<level>`, `to_<level>`, `people`, only where
    people > 0 (parts of persons are possible: this divides people as `people_served` does, before rounding).
    """
    require_columns(demand, [level], name="demand")
    require_columns(supply, [level], name="supply")
    pairs = match(demand, supply, costs, reach=reach_minutes)
    home = keyed(demand, "area_id", name="demand")[level].to_numpy()[pairs.area]
    there = keyed(supply, "service_id", name="supply")[level].to_numpy()[pairs.service]
    flows = pd.DataFrame(
        {
            f"from_{level}": home,
            f"to_{level}": there,
            "people": _served_pairs(pairs, reach_minutes=reach_minutes, decay=decay),
        }
    )
    sums = flows.groupby([f"from_{level}", f"to_{level}"])[["people"]].sum().reset_index()
    return sums.loc[sums["people"] > 0].reset_index(drop=True)


def sum_by_level(table: pd.DataFrame, areas: pd.DataFrame, level: str) -> pd.DataFrame:
    """Add a table by area (`people`, `served`, `unmet`) up to UATs, counties, regions or the nation.

    table: `area_id` and some of the columns SUMS. areas: `area_id` unique and the column `level`
    (`uat_siruta`, `county`, `region` …); the level `national` needs no column. Areas that belong nowhere make a
    row with an empty key, so that every level adds up to the same total. Returns `level` and the sums, sorted.
    """
    columns = [c for c in SUMS if c in table.columns]
    require_columns(table, ["area_id", *SUMS[:1]], name="served")
    if level == "national":
        return table[columns].sum().to_frame().T.assign(national="RO")[["national", *columns]]
    places = keyed(areas, "area_id", name="areas")
    require_columns(places, [level], name="areas")
    # a key that is nowhere becomes NA, and NA is a group of its own: nobody may fall out of a sum
    belongs = table["area_id"].map(places[level].convert_dtypes()).rename(level)
    return table[columns].groupby(belongs, dropna=False).sum().reset_index()


def rate_of(table: pd.DataFrame) -> Floats:
    """Share of people served, 0 where nobody is in need."""
    require_columns(table, ["people", "served"], name="served")
    people = amounts(table["people"], name="people", table="served")
    served = amounts(table["served"], name="served", table="served")
    return np.divide(served, people, out=np.zeros_like(people), where=people > 0)


def _served_pairs(
    pairs: Pairs, *, reach_minutes: float, decay: Decay | Literal["flat", "zones", "gaussian"] | None
) -> Floats:
    """People of each pair's area who find a place at each pair's service.

    Whoever was turned away looks again among the places still free. Each round fills a service of every
    area that still has people, so it ends, and then nobody is left out beside a free place within reach.
    """
    n, m = len(pairs.area_ids), len(pairs.service_ids)
    weights = weights_of(pairs, method="2sfca", reach_minutes=reach_minutes, decay=decay)
    waiting, free, found = pairs.people.copy(), pairs.places.copy(), np.zeros(len(pairs.area))
    live = np.flatnonzero(weights > 0)
    while True:
        live = live[(waiting[pairs.area[live]] > 0) & (free[pairs.service[live]] > 0)]
        if not len(live):
            return found
        area, service = pairs.area[live], pairs.service[live]
        pull = weights[live] * free[service]
        turning = waiting[area] * pull / _sum(area, pull, n)[area]
        asked = _sum(service, turning, m)
        is_full = asked >= free * (1 - _ROUNDING)
        taken = turning * np.divide(free, asked, out=np.ones(m), where=is_full & (asked > 0))[service]
        found[live] += taken
        is_asked_full = np.bincount(area, weights=is_full[service], minlength=n) > 0
        waiting = np.where(is_asked_full, np.maximum(waiting - _sum(area, taken, n), 0.0), 0.0)
        free = np.where(is_full, 0.0, free - _sum(service, taken, m))


def _sum(groups: Positions, values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(groups, weights=values, minlength=size), dtype=np.float64)


def _whole(served: Floats) -> Floats:
    """Whole persons with the same total, rounded down: the largest remainders get what is over."""
    down = np.floor(served + 1e-9)
    over = int(np.floor((served - down).sum() + 1e-6))
    chosen = np.argsort(-(served - down), kind="stable")[: max(over, 0)]
    down[chosen] += 1
    return down
