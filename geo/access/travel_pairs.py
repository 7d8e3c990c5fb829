"""Which services lie within a radius of which areas: the table of costs, for a whole country at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from core.errors import BadValueError
from geo.access.access_tables import require_columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_CHUNK = 2_000  # areas searched at a time: bounds the memory of one answer to some 50 MB
_HALF = 32  # bits of a pair's number that hold the service


def pairs_within(
    areas_xy: pd.DataFrame,
    services_xy: pd.DataFrame,
    *,
    reach_m: float,
    minutes: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None,
) -> pd.DataFrame:
    """List every area-service pair within a straight-line radius.

    Parameters
    ----------
    areas_xy
        `area_id`, and `x`, `y` in metres of `geo.spatial.crs.METRIC_CRS`. Rows without a position are left out.
    services_xy
        `service_id`, `x`, `y`, likewise.
    reach_m
        Radius in metres; a pair at exactly this distance is within.
    minutes
        Turns metres into minutes; without it the table has no `minutes`.

    Returns
    -------
    pd.DataFrame
        One row per pair, sorted by area and service: `area_id`, `service_id` (both categorical, for speed),
        `distance_m` and, where asked for, `minutes`. An area out of everyone's reach has no row. The plane differs
        from the ellipsoid by up to 0.15 % (see `geo.spatial.crs`), roads by much more.

    Raises
    ------
    MissingColumnError
        Where a table lacks a column.
    BadValueError
        For a radius below 0.

    Examples
    --------
    >>> areas = pd.DataFrame({"area_id": [1, 2], "x": [0, 9000], "y": [0, 0]})
    >>> services = pd.DataFrame({"service_id": ["S"], "x": [3000], "y": [4000]})
    >>> pairs_within(areas, services, reach_m=5000)["distance_m"].tolist()
    [5000.0]
    """
    if not reach_m >= 0:
        raise BadValueError("reach_m must be 0 metres or more")
    areas, area_xy = _placed(areas_xy, "area_id", "areas")
    services, service_xy = _placed(services_xy, "service_id", "services")
    tree = cKDTree(service_xy) if len(services) else None
    found = [_chunk(area_xy, start, tree, reach_m) for start in range(0, len(areas), _CHUNK)] if tree else []
    near = np.concatenate(found) if found else np.empty(0, dtype=[("i", np.intp), ("j", np.intp), ("v", float)])
    table = pd.DataFrame(
        {
            "area_id": pd.Categorical.from_codes(near["i"], areas),
            "service_id": pd.Categorical.from_codes(near["j"], services),
            "distance_m": near["v"],
        }
    )
    return table if minutes is None else table.assign(minutes=minutes(near["v"]))


def _placed(table: pd.DataFrame, key: str, name: str) -> tuple[pd.Index, NDArray[np.float64]]:
    """Keys and positions of the rows that have a position, sorted by key."""
    require_columns(table, [key, "x", "y"], name=name)
    placed = table.loc[table[["x", "y"]].notna().all(axis="columns"), [key, "x", "y"]].sort_values(key)
    return pd.Index(placed[key]), placed[["x", "y"]].to_numpy(dtype=np.float64)


def _chunk(
    xy: NDArray[np.float64], start: int, tree: cKDTree, reach_m: float
) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    """Pairs of some areas, with positions in the whole, sorted by area and service."""
    part = cKDTree(xy[start : start + _CHUNK])
    near: np.ndarray[tuple[int], np.dtype[np.void]] = part.sparse_distance_matrix(tree, reach_m, output_type="ndarray")
    near = near[((near["i"] << _HALF) | near["j"]).argsort()]  # a pair comes once, so any sort gives this order
    near["i"] += start
    return near
