"""Three tables at the door of every measure: who needs, what is offered, what the way costs.

Inside, the tables are arrays: positions instead of keys, sorted, so that no result depends on the order
of rows and a country is a few vector operations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import BadValueError, DuplicateKeyError, MissingColumnError
from geo.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Positions = NDArray[np.intp]


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
    twice = table[key][table[key].duplicated()]
    if len(twice):
        raise DuplicateKeyError(
            _("În tabelul „{table}”, {key} {value} apare de mai multe ori.").format(
                table=name, key=key, value=twice.iloc[0]
            )
        )
    values = table[key].astype(table[key].cat.categories.dtype) if _is_category(table[key]) else table[key]
    return table.assign(**{key: values}).sort_values(key, kind="stable").set_index(key)


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


def positions(column: pd.Series[str], keys: pd.Index, *, name: str) -> Positions:
    """Position of every value in `keys`, -1 where it is not there; text against numbers is refused."""
    values = pd.Index(column.cat.categories) if _is_category(column) else pd.Index(column)
    if len(values) and len(keys) and _is_text(values) != _is_text(keys):
        raise BadValueError(
            _("Coloana „{name}” este text într-un tabel și număr în altul; folosiți același fel de cod.").format(
                name=name
            )
        )
    found = keys.get_indexer(values)
    if not _is_category(column):
        return found
    codes = column.cat.codes.to_numpy()
    return np.where(codes >= 0, np.append(found, -1)[codes], -1)


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
    if len(values) and np.nanmin(values, initial=0.0) < 0:
        raise BadValueError(_("Coloana „{name}” din tabelul „costs” conține valori negative.").format(name=cost))
    area = positions(costs["area_id"], area_ids, name="area_id")
    service = positions(costs[offer], service_ids, name=offer)
    near = (area >= 0) & (service >= 0) & (values <= reach) & (values < np.inf)  # NaN compares as false
    if not near.all():
        area, service, values = area[near], service[near], values[near]
    key = area * max(len(service_ids), 1) + service
    steps = np.diff(key)
    if (steps <= 0).any():
        order = np.argsort(key, kind="stable")
        area, service, values, steps = area[order], service[order], values[order], np.diff(key[order])
    if (steps == 0).any():
        at = int(np.flatnonzero(steps == 0)[0])
        raise DuplicateKeyError(
            _("În tabelul „costs”, perechea {area} – {service} apare de mai multe ori.").format(
                area=area_ids[area[at]], service=service_ids[service[at]]
            )
        )
    return area, service, values


def _is_category(column: pd.Series[str]) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype)


def _is_text(values: pd.Index) -> bool:
    return not pd.api.types.is_numeric_dtype(values)
