"""How many people find a place, and how many are left out: locality by locality, and summed on every level.

Neither people nor places are counted twice: people divide among the services within their reach, and a
service that more people turn to than it has places takes the same share of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from geo.access.access_tables import Pairs, amounts, keyed, match, require_columns
from geo.access.catchment import weights_of

if TYPE_CHECKING:
    from geo.access.access_tables import Floats
    from geo.access.catchment import Decay

SUMS = ("people", "served", "unmet")
_ROUNDING = 1e-11  # of people or places: a service this near to full is full, so few people are nobody


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
    This is neither the best nor the worst that can happen: `geo.siting.assignment` has the best.

    demand, supply, costs: as in `geo.access.catchment.floating_catchment`.
    Returns one row per area, sorted: `area_id`, `people`, `served`, `unmet`; served + unmet = people. Where
    all `people` are whole numbers so are the others (largest remainders), and sums agree exactly on every level.
    """
    pairs = match(demand, supply, costs, reach=reach_minutes)
    weights = weights_of(pairs, method="2sfca", reach_minutes=reach_minutes, decay=decay)
    served = whole_people(pairs.people, allocate_proportionally(pairs, weights)[0])
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
    weights = weights_of(pairs, method="2sfca", reach_minutes=reach_minutes, decay=decay)
    people = np.zeros_like(weights)
    for each, taken in allocate_proportionally(pairs, weights)[1]:
        people += each[pairs.area] * weights * taken[pairs.service]
    flows = pd.DataFrame({f"from_{level}": home, f"to_{level}": there, "people": people})
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
