"""Three tables at the door of every measure: who needs, what is offered, what the way costs.

Inside, the tables are arrays: positions instead of keys, sorted, so that no result depends on the order
of rows and a country is a few vector operations.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from geo.errors import BadValueError, DuplicateKeyError, MissingColumnError
from geo.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Positions = NDArray[np.intp]


_MOST_INT32 = 2_000_000_000
_SPAN = 4_000_000  # of whole-number keys that are looked up in an array of this length


@dataclass(frozen=True)
class Pairs:
    """Demand, supply and the ways between them, as arrays; pairs sorted by area, then service."""

    area_ids: pd.Index
    service_ids: pd.Index
    people: Floats
    places: Floats
    area: Positions
    service: Positions
    cost: Floats

    def matrix(self, weights: Floats) -> csr_array:
        """Areas by services, holding `weights` of the pairs: sums over either are one product."""
        starts = np.searchsorted(self.area, np.arange(len(self.area_ids) + 1))
        small = np.int32 if len(self.area) <= _MOST_INT32 else np.int64  # what scipy would choose after looking twice
        parts = (weights, self.service.astype(small), starts.astype(small))
        return csr_array(parts, shape=(len(self.area_ids), len(self.service_ids)))


def narrowed(pairs: Pairs, reach: float) -> Pairs:
    """Return the same without the pairs that cost more than `reach`."""
    near = pairs.cost <= reach
    if near.all():
        return pairs
    return replace(pairs, area=pairs.area[near], service=pairs.service[near], cost=pairs.cost[near])


def require_columns(table: pd.DataFrame, columns: Iterable[str], *, name: str) -> None:
    """Raise MissingColumnError unless `table` has these columns; the message names the table `name`."""
    missing = [c for c in columns if c not in table.columns]
    if missing:
        raise MissingColumnError(
            _("Tabelului „{table}” îi lipsesc coloanele: {missing}. Are: {found}.").format(
                table=name, missing=", ".join(missing), found=", ".join(map(str, table.columns)) or "–"
            )
        )


def keyed(table: pd.DataFrame, key: str, *, name: str) -> pd.DataFrame:
    """Return the table sorted by `key`, its index the key; DuplicateKeyError where a key comes twice."""
    require_columns(table, [key], name=name)
    column = table[key]
    values = pd.Index(column.astype(column.cat.categories.dtype) if _is_category(column) else column, name=key)
    if not values.is_unique:
        raise DuplicateKeyError(
            _("În tabelul „{table}”, {key} {value} apare de mai multe ori.").format(
                table=name, key=key, value=values[values.duplicated()][0]
            )
        )
    indexed = table.drop(columns=key).set_axis(values, axis="index")
    return indexed if values.is_monotonic_increasing else indexed.sort_index(kind="stable")


def amounts(column: pd.Series[float], *, name: str, table: str) -> Floats:
    """Read a column of amounts as numbers ≥ 0; what is not known (NA) counts as none.

    Unknown places are not places that somebody may count on, and unknown people cannot be counted:
    whoever prepares the table reports how many are unknown.
    """
    try:
        values = np.array(pd.to_numeric(column).to_numpy(dtype=np.float64, na_value=np.nan))
    except (TypeError, ValueError):
        raise BadValueError(
            _("Coloana „{name}” din tabelul „{table}” conține altceva decât numere.").format(name=name, table=table)
        ) from None
    values[np.isnan(values)] = 0.0
    if len(values) and (values.min() < 0 or np.isinf(values.max())):
        wrong = values.min() if values.min() < 0 else values.max()
        raise BadValueError(
            _("Coloana „{name}” din tabelul „{table}” conține {value}; se așteaptă numere de la 0 în sus.").format(
                name=name, table=table, value=wrong
            )
        )
    return values


def positions(column: pd.Series[str], keys: pd.Index, *, name: str) -> NDArray[np.integer[Any]]:
    """Position of every value in `keys`, -1 where it is not there; text against numbers is refused."""
    values = pd.Index(column.cat.categories) if _is_category(column) else pd.Index(column)
    if len(values) and len(keys) and _is_text(values) != _is_text(keys):
        raise BadValueError(
            _("Coloana „{name}” este text într-un tabel și număr în altul; folosiți același fel de cod.").format(
                name=name
            )
        )
    found = _find(values, keys)
    if not _is_category(column):
        return found
    codes = column.cat.codes.to_numpy()
    if len(found) == len(keys) and (found == np.arange(len(found))).all():  # its categories are the keys
        return codes  # as narrow as they are: a quarter of the memory to look through
    if len(codes) and codes.min() < 0:  # no key at all
        return np.where(codes >= 0, np.append(found, -1)[codes], -1)
    return found[codes]


def _find(values: pd.Index, keys: pd.Index) -> Positions:
    """Position of every value in `keys`, -1 where it is not there."""
    if keys.dtype != np.int64 or values.dtype != np.int64 or not len(keys) or not len(values):
        return keys.get_indexer(values)
    known, asked = keys.to_numpy(), values.to_numpy()
    least, span = known.min(), int(known.max() - known.min()) + 1
    if span > _SPAN or asked.min() < least or asked.max() >= least + span:
        return keys.get_indexer(values)
    place = np.full(span, -1, dtype=np.intp)  # whole codes close together (SIRUTA): ten times a hash table's speed
    place[known - least] = np.arange(len(known))
    found: Positions = place[asked - least]
    return found


def match(
    demand: pd.DataFrame,
    supply: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    reach: float = np.inf,
    cost: str = "minutes",
    offer: str = "service_id",
) -> Pairs:
    """Turn the three tables into arrays.

    demand: one row per area, `area_id` unique, `people` ≥ 0.
    supply: one row per service, `service_id` (or the column `offer`) unique, `places` ≥ 0 (NA: none known).
    costs: one row per pair, `area_id`, `service_id` and the column `cost` ≥ 0; NA = no way. Pairs that cost
    more than `reach`, or whose area or service is in neither table, are left out.

    Raises MissingColumnError, DuplicateKeyError and BadValueError, naming table and column.
    """
    require_columns(demand, ["area_id", "people"], name="demand")
    require_columns(supply, [offer, "places"], name="supply")
    areas = keyed(demand, "area_id", name="demand")
    services = keyed(supply, offer, name="supply")
    area, service, values = match_costs(costs, areas.index, services.index, reach=reach, cost=cost, offer=offer)
    return Pairs(
        areas.index,
        services.index,
        amounts(areas["people"], name="people", table="demand"),
        amounts(services["places"], name="places", table="supply"),
        area,
        service,
        values,
    )


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
    require_columns(costs, ["area_id", offer, cost], name="costs")
    values = pd.to_numeric(costs[cost]).to_numpy(dtype=np.float64, na_value=np.nan)
    least = values.min() if len(values) else 0.0
    if (np.fmin.reduce(values) if np.isnan(least) else least) < 0:
        raise BadValueError(_("Coloana „{name}” din tabelul „costs” conține valori negative.").format(name=cost))
    at_area = positions(costs["area_id"], area_ids, name="area_id")
    at_service = positions(costs[offer], service_ids, name=offer)
    near = values <= min(reach, np.finfo(np.float64).max)  # NaN compares as false
    for found in (at_area, at_service):
        if len(found) and found.min() < 0:
            near &= found >= 0
    if not near.all():
        at_area, at_service, values = at_area[near], at_service[near], values[near]
    is_sorted = _is_sorted(at_area, at_service)
    area: Positions = at_area.astype(np.intp, copy=False)
    service: Positions = at_service.astype(np.intp, copy=False)
    if is_sorted:
        return area, service, values
    key = area * max(len(service_ids), 1) + service
    order = np.argsort(key, kind="stable")
    area, service, values, steps = area[order], service[order], values[order], np.diff(key[order])
    if len(steps) and steps.min() == 0:
        at = int(np.flatnonzero(steps == 0)[0])
        raise DuplicateKeyError(
            _("În tabelul „costs”, perechea {area} – {service} apare de mai multe ori.").format(
                area=area_ids[area[at]], service=service_ids[service[at]]
            )
        )
    return area, service, values


def _is_sorted(area: NDArray[np.integer[Any]], service: NDArray[np.integer[Any]]) -> bool:
    """Whether pairs come by area, then service, each once."""
    same = area[1:] == area[:-1]
    return bool(((area[1:] > area[:-1]) | (same & (service[1:] > service[:-1]))).all())


def _is_category(column: pd.Series[str]) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype)


def _is_text(values: pd.Index) -> bool:
    return not pd.api.types.is_numeric_dtype(values)
