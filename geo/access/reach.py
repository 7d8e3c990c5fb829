"""How near the nearest service is, and for whom: measures that only look at distance.

They ignore places: `geo.access.catchment` tells whether there is room, `geo.access.served` for how many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.errors import BadValueError
from core.i18n import _
from geo.access.access_tables import amounts, keyed, match_costs, require_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from geo.access.access_tables import Floats, Positions

WITHIN_MINUTES = (15.0, 30.0, 60.0)
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


def nearest(demand: pd.DataFrame, supply: pd.DataFrame, costs: pd.DataFrame, *, cost: str = "minutes") -> pd.DataFrame:
    """Find the nearest service of every area, full or not.

    demand: `area_id` unique. supply: `service_id` unique. costs: `area_id`, `service_id` and the column
    `cost` (`minutes`, or `distance_m` for the nearest in metres).
    Returns `area_id`, `service_id`, `cost`, sorted by area; of equally near services the first by key. An
    area that reaches none **has no row**: left-join from `demand` to find it.
    """
    areas, services = keyed(demand, "area_id", name="demand").index, keyed(supply, "service_id", name="supply").index
    area, service, values = match_costs(costs, areas, services, cost=cost)
    hits = nearest_pairs(area, values)
    return pd.DataFrame({"area_id": areas[area[hits]], "service_id": services[service[hits]], cost: values[hits]})


def nearest_pairs(area: Positions, cost: Floats) -> Positions:
    """Position of the cheapest pair of every area that has any; pairs sorted by area, the first of equals."""
    first = np.flatnonzero(np.diff(area, prepend=-1))
    least = np.minimum.reduceat(cost, first) if len(cost) else cost
    hits = np.flatnonzero(cost == np.repeat(least, np.diff(np.append(first, len(cost)))))
    return hits[np.diff(area[hits], prepend=-1) > 0]


def share_within(
    demand: pd.DataFrame,
    near: pd.DataFrame,
    *,
    limits: Sequence[float] = WITHIN_MINUTES,
    by: str | None = None,
    cost: str = "minutes",
) -> pd.DataFrame:
    """Count the people whose nearest service is at most 15, 30, 60 minutes away.

    demand: `area_id`, `people` and the column `by` (county, region, atlas class …) where asked for.
    near: from `nearest`. Returns one row per group and limit: `by`, `within`, `people` (all), `people_within`,
    `share` (0 to 1; 0 where nobody is in need). People of areas that reach nothing count in `people` only.
    """
    people, values, groups = _joined(demand, near, by=by, cost=cost)
    total = people.groupby(groups).sum()
    tables = []
    for limit in limits:
        inside = people.where(values <= limit, 0.0).groupby(groups).sum()
        share = (inside / total.where(total > 0, 1.0)).to_numpy()
        tables.append(
            pd.DataFrame({"group": total.index, "within": float(limit), "people": total.to_numpy()}).assign(
                people_within=inside.to_numpy(), share=share
            )
        )
    empty = pd.DataFrame(columns=["group", "within", "people", "people_within", "share"])
    table = pd.concat(tables, ignore_index=True) if tables else empty
    table = table.sort_values(["group", "within"], ignore_index=True)
    return table.rename(columns={"group": by}) if by else table.drop(columns="group")


def distribution(
    demand: pd.DataFrame,
    near: pd.DataFrame,
    *,
    quantiles: Sequence[float] = QUANTILES,
    by: str | None = None,
    cost: str = "minutes",
) -> pd.DataFrame:
    """Average and quantiles of the way to the nearest service, each person counting once.

    demand, near, by: as in `share_within`. Returns one row per group: `by`, `people`, `people_reached`,
    `mean` and `q10`, `q25` … in the unit of `cost`, **over the people who reach a service**; a group of which
    nobody does has no row. A quantile q is the least value that at least q of the people do not exceed.
    """
    people, values, groups = _joined(demand, near, by=by, cost=cost)
    rows = []
    for group, index in groups.groupby(groups).groups.items():
        weight, value = people[index].to_numpy(), values[index].to_numpy()
        reached = np.isfinite(value) & (weight > 0)
        if not reached.any():
            continue
        row = {by: group} if by else {}
        row |= {"people": weight.sum(), "people_reached": weight[reached].sum()}
        row["mean"] = float(np.average(value[reached], weights=weight[reached]))
        row |= dict(
            zip(
                [f"q{round(100 * q):02d}" for q in quantiles],
                weighted_quantiles(value[reached], weight[reached], quantiles),
                strict=True,
            )
        )
        rows.append(row)
    columns = ["people", "people_reached", "mean", *(f"q{round(100 * q):02d}" for q in quantiles)]
    return pd.DataFrame(rows, columns=[by, *columns] if by else columns)


def weighted_quantiles(values: ArrayLike, weights: ArrayLike, quantiles: Sequence[float]) -> Floats:
    """Least values that at least these shares of the weight do not exceed; empty where there is no weight.

    >>> weighted_quantiles([10, 20, 30], [1, 1, 2], [0.25, 0.5, 0.75]).tolist()
    [10.0, 20.0, 30.0]
    """
    value, weight = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if any(not 0 <= q <= 1 for q in quantiles):
        raise BadValueError(_("Cuantilele se dau între 0 și 1."))
    value, weight = value[weight > 0], weight[weight > 0]
    if not len(value):
        return np.empty(0)
    order = np.argsort(value, kind="stable")
    reached = np.cumsum(weight[order])
    # a hair less than asked, so that 0.5 of [1, 1] is not lost to rounding
    at = np.searchsorted(reached, np.asarray(quantiles) * reached[-1] * (1 - 1e-12), side="left")
    return np.asarray(value[order][np.minimum(at, len(value) - 1)])


def concentration_index(values: ArrayLike, people: ArrayLike, wealth: ArrayLike) -> float:
    """Tell whether a measure lies with the poor (below 0) or with the rich (above 0): −1 to 1, 0 = even.

    C = 2·cov(value, rank) / mean, each person counted, ranked from the poorest by `wealth` (a local human
    development index; or an atlas class or rate with its sign turned, since there more is poorer). Equal
    `wealth` shares the middle rank, as grouped data must. Of minutes, below 0 means: the poorest are farther.
    0 where nobody is counted or every value is 0. Rows with an unknown value or wealth are left out.

    Source: Kakwani, Wagstaff & van Doorslaer (1997), Journal of Econometrics 77(1), 87–103.

    >>> concentration_index([60, 10], [100, 100], [0.2, 0.9]) < 0
    True
    """
    value, weight, rank_by = (np.asarray(x, dtype=np.float64) for x in (values, people, wealth))
    known = np.isfinite(value) & np.isfinite(rank_by) & (weight > 0)
    value, weight, rank_by = value[known], weight[known], rank_by[known]
    if not len(value) or not (value * weight).sum():
        return 0.0
    share = weight / weight.sum()
    levels, at = np.unique(rank_by, return_inverse=True)
    of_level = np.bincount(at, weights=share, minlength=len(levels))
    rank = (np.cumsum(of_level) - of_level / 2)[at]
    mean = (share * value).sum()
    return float(2 * (share * (value - mean) * (rank - 0.5)).sum() / mean)


def _joined(
    demand: pd.DataFrame, near: pd.DataFrame, *, by: str | None, cost: str
) -> tuple[pd.Series[float], pd.Series[float], pd.Series[str]]:
    """People, cost of the nearest (infinite where none) and group of every area, sorted by area."""
    require_columns(demand, ["area_id", "people", *([by] if by else [])], name="demand")
    require_columns(near, ["area_id", cost], name="nearest")
    areas = keyed(demand, "area_id", name="demand")
    values = keyed(near, "area_id", name="nearest")[cost].reindex(areas.index).fillna(np.inf).astype(np.float64)
    people = pd.Series(amounts(areas["people"], name="people", table="demand"), index=areas.index)
    groups = areas[by] if by else pd.Series("", index=areas.index, dtype=str)
    return people, values, groups
