"""Synthetic reports of free places: of mixed age, some full, some with a waiting list, many services never asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from core.storage.service_ids import lasting_id
from providers.rules.taxonomy import service_types
from scripts.embedded_data.build_draws import generator

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_REPORTED = {"social": 0.62, "medical": 0.4, "education": 0.25, "employment": 0.6}  # share that ever reported
_STATUS = ((0.33, "full"), (0.42, "waitlist"), (0.46, "assess"), (0.50, "unknown"), (1.01, "free"))
_AGES = ((0.55, 0, 10), (0.80, 11, 40), (1.01, 41, 240))  # share up to, fewest days, most days
_FREE_SHARE = 0.35  # of the places, at most


def reports(services: pd.DataFrame) -> pd.DataFrame:
    """Make the reports: service_id, places_free, places_max, status, age_days (before the demonstration's day).

    services: a table of `providers.rules.schema`. Only services of counted places and those that assess report.
    places_free is above 0 for `free`, 0 for `full`, NA for the others: unknown is never 0.
    """
    types = service_types()
    rows = []
    for service_id, code, places in services[["service_id", "service_type", "places_max"]].itertuples(index=False):
        kind = types[code]
        draw = generator("capacity", lasting_id(service_id)).random(5)
        if kind.capacity_model == "open" or draw[0] >= _REPORTED[kind.registry]:
            continue
        most = None if pd.isna(places) else int(places)
        rows.append({"service_id": service_id, **_said(kind.capacity_model, most, draw)})
    columns = ["service_id", "places_free", "places_max", "status", "age_days"]
    whole = dict.fromkeys(("places_free", "places_max", "age_days"), "Int64")
    return pd.DataFrame(rows, columns=columns).astype(whole)


def _said(model: str, most: int | None, draw: NDArray[np.float64]) -> dict[str, Any]:
    low, high = next((low, high) for share, low, high in _AGES if draw[1] < share)
    age = low + int(draw[2] * (high - low + 1))
    status = next(status for share, status in _STATUS if draw[3] < share)
    if model == "assess" and status in ("free", "full"):
        status = "assess"
    if status == "free" and most is None:
        status = "unknown"
    free: int | None = 0 if status == "full" else None
    if status == "free" and most is not None:
        free = 1 + int(draw[4] * max(1, min(_FREE_SHARE * most, 25)))
        free = min(free, most)
    return {"places_free": free, "places_max": most, "status": status, "age_days": age}
