"""Three tables at the door of every measure: who needs, what is offered, what the way costs.

Inside, the tables are arrays: positions instead of keys, sorted, so that no result depends on the order
of rows and a country is a few vector operations.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from core.errors import BadValueError, DuplicateKeyError, MissingColumnError
from geo.access.pair_keys import finder, first_pairs, in_order, pair_keys, sort_pairs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Positions = NDArray[np.intp]


_MOST = np.finfo(np.float64).max


@dataclass(frozen=True)
class Pairs:
    """Demand, supply and the ways between them, as arrays; pairs sorted by area, then service.

    The pairs of area i are those from `starts[i]` to `starts[i + 1]`; `service` and `cost` are theirs.
    """

    area_ids: pd.Index
    service_ids: pd.Index
    people: Floats
    places: Floats
    starts: NDArray[np.int32]
    service: NDArray[np.int32]
    cost: Floats

    @cached_property
    def area(self) -> Positions:
        """Position of every pair's area."""
        return np.repeat(np.arange(len(self.area_ids)), np.diff(self.starts))

    def matrix(self, weights: Floats) -> csr_array:
        """Areas by services, holding `weights` of the pairs: sums over either are one product."""
        return csr_array((weights, self.service, self.starts), shape=(len(self.area_ids), len(self.service_ids)))


def require_columns(table: pd.DataFrame, columns: Iterable[str], *, name: str) -> None:
    """Raise MissingColumnError unless `table` has these columns, DuplicateKeyError where one is there twice."""
    columns = list(columns)
    missing = [c for c in columns if c not in table.columns]
    if missing:
        raise MissingColumnError(f"table {name} lacks the columns {missing}; it has {list(table.columns)}")
    if not table.columns.is_unique:
        twice = [c for c in columns if (table.columns == c).sum() > 1]
        if twice:
            raise DuplicateKeyError(f"in table {name}, column {twice[0]} stands several times")


def keyed(table: pd.DataFrame, key: str, *, name: str) -> pd.DataFrame:
    """Return the table sorted by `key`, its index the key; DuplicateKeyError where a key comes twice."""
    require_columns(table, [key], name=name)
    values, order = _keys(table, key, name=name)
    rest = table.drop(columns=key)
    return (rest if order is None else rest.iloc[order]).set_axis(values, axis="index")


def _keys(table: pd.DataFrame, key: str, *, name: str) -> tuple[pd.Index, Positions | None]:
    """Keys sorted and the rows they come from (None: as they are).

    DuplicateKeyError where one comes twice, BadValueError where one is missing.
    """
    values, order = in_order(table[key], key)
    if len(values) and pd.isna(values[-1]):  # sorted, what is missing comes last
        raise BadValueError(f"in table {name} there are rows without {key}")
    if order is not None and (values[1:] == values[:-1]).any():
        raise DuplicateKeyError(f"in table {name}, {key} {values[values.duplicated()][0]} stands several times")
    return values, order


def amounts(column: pd.Series[float], *, name: str, table: str) -> Floats:
    """Read a column of amounts as numbers ≥ 0; what is not known (NA) counts as none.

    Unknown places are not places that somebody may count on, and unknown people cannot be counted:
    whoever prepares the table reports how many are unknown.
    """
    values = np.array(numbers(column, name=name, table=table))
    values[np.isnan(values)] = 0.0
    if len(values) and (values.min() < 0 or np.isinf(values.max())):
        wrong = values.min() if values.min() < 0 else values.max()
        raise BadValueError(f"column {name} of table {table} holds {wrong}; expected numbers of 0 or more")
    return values


def is_from_0(value: object) -> bool:
    """Whether somebody's limit is a number from 0 up; endless is one too, NaN is none."""
    return isinstance(value, (int, float, np.number)) and bool(value >= 0)


def numbers(column: pd.Series[float], *, name: str, table: str) -> Floats:
    """Read numbers as they are, without a copy where they already are floats; NaN where not known.

    BadValueError, naming column and table, where there is anything else.
    """
    if column.dtype in (np.float64, np.int64):
        return np.asarray(column, dtype=np.float64)
    try:
        values: Floats = pd.to_numeric(column).to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        raise BadValueError(f"column {name} of table {table} holds something other than numbers") from None
    return values


def match(
    demand: pd.DataFrame,
    supply: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    reach: float = np.inf,
    cost: str = "minutes",
    offer: str = "service_id",
    needs_cost: bool = True,
) -> Pairs:
    """Turn the three tables into arrays.

    demand: one row per area, `area_id` unique, `people` ≥ 0.
    supply: one row per service, `service_id` (or the column `offer`) unique, `places` ≥ 0 (NA: none known).
    costs: one row per pair, `area_id`, `service_id` and the column `cost` ≥ 0; NA = no way. Pairs that cost
    more than `reach`, or whose area or service is in neither table, are left out.
    needs_cost: whether the way matters within reach; without it every pair costs 0, which is faster.

    Raises MissingColumnError, DuplicateKeyError and BadValueError, naming table and column.
    """
    require_columns(demand, ["area_id", "people"], name="demand")
    require_columns(supply, [offer, "places"], name="supply")
    area_ids, people = _entries(demand, "area_id", "people", name="demand")
    service_ids, places = _entries(supply, offer, "places", name="supply")
    starts, service, values = _ordered(
        costs, area_ids, service_ids, reach=reach, cost=cost, offer=offer, needs_cost=needs_cost
    )
    return Pairs(area_ids, service_ids, people, places, starts, service, values)


def match_costs(
    costs: pd.DataFrame,
    area_ids: pd.Index,
    service_ids: pd.Index,
    *,
    reach: float = np.inf,
    cost: str = "minutes",
    offer: str = "service_id",
) -> tuple[Positions, Positions, Floats]:
    """Positions of area and service, and the cost, of every pair within reach, sorted (see `match`)."""
    starts, service, values = _ordered(costs, area_ids, service_ids, reach=reach, cost=cost, offer=offer)
    return np.repeat(np.arange(len(area_ids)), np.diff(starts)), service.astype(np.intp), values


def _entries(table: pd.DataFrame, key: str, amount: str, *, name: str) -> tuple[pd.Index, Floats]:
    """Keys in order, and an amount of each."""
    values, order = _keys(table, key, name=name)
    found = amounts(table[amount], name=amount, table=name)
    return values, found if order is None else found[order]


def _ordered(
    costs: pd.DataFrame,
    area_ids: pd.Index,
    service_ids: pd.Index,
    *,
    reach: float,
    cost: str,
    offer: str,
    needs_cost: bool = True,
) -> tuple[NDArray[np.int32], NDArray[np.int32], Floats]:
    """First pair of every area (and the end), service and cost of every pair within reach, sorted."""
    require_columns(costs, ["area_id", offer, cost], name="costs")
    if not is_from_0(reach):  # NaN compares as false
        raise BadValueError(f"limit reach is {reach}; expected a number of 0 or more")
    values = numbers(costs[cost], name=cost, table="costs")
    least, most = _ends(values)
    if least < 0:
        raise BadValueError(f"column {cost} of table costs holds negative values")
    area = finder(costs["area_id"], area_ids, name="area_id")
    service = finder(costs[offer], service_ids, name=offer)
    bits = max(len(service_ids) - 1, 1).bit_length()
    key = pair_keys(area, service, len(values), areas=len(area_ids), bits=bits)
    farthest = min(reach, _MOST)
    if not (most <= farthest and (not len(key) or key.min() >= 0)):
        near = (values <= farthest) & (key >= 0)  # NaN compares as false
        key, values = key[near], values[near]
    kept = values if needs_cost else None
    if not (key[1:] > key[:-1]).all():
        key, kept = sort_pairs(key, kept)
        same = np.flatnonzero(key[1:] == key[:-1])
        if len(same):
            at = divmod(int(key[same[0]]), 1 << bits)
            raise DuplicateKeyError(
                f"in table costs, the pair {area_ids[at[0]]} – {service_ids[at[1]]} stands several times"
            )
    starts = first_pairs(key, areas=len(area_ids), bits=bits)
    key &= (1 << bits) - 1
    kept = np.broadcast_to(0.0, key.shape) if kept is None else kept
    return starts, key.astype(np.int32, copy=False), kept


def _ends(values: Floats) -> tuple[float, float]:
    """Least value and greatest; the greatest NaN where one is not known."""
    if not len(values):
        return 0.0, 0.0
    least, most = float(values.min()), float(values.max())
    return (float(np.fmin.reduce(values)) if np.isnan(least) else least), most
