"""Communes and towns by what their people find within reach, beside the atlas: the joined view of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.errors import BadValueError
from core.i18n import _
from providers.planning.coverage_tables import by_level
from providers.planning.coverage_travel import ALL_FULL, FREE_PLACE, REACH_STATES, states_by_uat

if TYPE_CHECKING:
    from providers.planning.effective_coverage import Coverage

BANDS = 3
NOT_JOINED = 0
CHANGES = (1, 2, 3, 4)
STILL_FREE, BETTER, WORSE, STILL_NOT = CHANGES
_BAND_OF_CLASS = {1: 1, 2: 1, 3: 2, 4: 3}
SERVED_COLUMNS = {
    "uat_siruta": "SIRUTA of the UAT",
    "name": "its name",
    "county": "letters of its county",
    "county_name": "name of its county",
    "atlas_class": "1 to 4, NA = not known (Int64)",
    "rate_percent": "people in marginalised areas, per cent",
    "people": "people in need, estimated",
    "state": "what most of them find within reach: `coverage_travel.locality_states`, -1 where nobody is in need",
    **{name: f"people whose reach is „{name}”" for name in REACH_STATES},
    "minutes_mean": "minutes to the nearest service that serves them, mean over those who reach one (Float64)",
    "joined": "1 to 9, the worst served among the most marginalised last; 0 = class or need not known",
}


def served_areas(coverage: Coverage, atlas: pd.DataFrame) -> pd.DataFrame:
    """Put beside the atlas what people of every commune and town find within reach.

    Parameters
    ----------
    coverage
        What `compute_coverage` found.
    atlas
        `geo.maps.atlas_view.VIEW_COLUMNS`, one row a UAT.

    Returns
    -------
    pd.DataFrame
        SERVED_COLUMNS, in the order of the atlas. `joined` is `3 * (c - 1) + a`: c is 1 for the classes without
        marginalisation and below the mean, 2 above the mean, 3 severe; a is 1 where most find a free place, 2 where
        they are to call or all is full, 3 where nothing is within reach.

    Raises
    ------
    BadValueError
        Where every service has a protected address: nothing below the county is told of them.
    """
    if coverage.is_protected:
        raise BadValueError(
            _("Serviciile cu adresă protejată nu au acoperire pe hartă: se numără numai pe județ, în „Acoperire”.")
        )
    found = states_by_uat(coverage.areas)
    found["minutes_mean"] = by_level(coverage, "uat").set_index("uat_siruta")["minutes_mean"]
    kept = atlas[["uat_siruta", "name", "county", "county_name", "atlas_class", "rate_percent"]]
    table = kept.merge(found, left_on="uat_siruta", right_index=True, how="left")
    whole = ["people", *REACH_STATES]
    table[whole] = table[whole].fillna(0).astype(np.int64)
    table["state"] = table["state"].fillna(-1).astype(np.int64)
    band = table["atlas_class"].map(_BAND_OF_CLASS).fillna(0).to_numpy(np.int64)
    access = access_band(table["state"])
    table["joined"] = np.where((band > 0) & (access > 0), BANDS * (band - 1) + access, NOT_JOINED)
    return table[list(SERVED_COLUMNS)].reset_index(drop=True)


def access_band(state: pd.Series[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return 1 for a free place, 2 for ones to call or full, 3 for nothing within reach, 0 for nobody in need."""
    values = state.to_numpy(np.int64)
    return np.select([values < 0, values == FREE_PLACE, values <= ALL_FULL], [0, 1, 2], default=3).astype(np.int64)


def changed_areas(now: pd.DataFrame, before: pd.DataFrame) -> pd.Series[int]:
    """Compare what most people of every commune and town find now with what they found before.

    Parameters
    ----------
    now, before
        SERVED_COLUMNS of the same communes and towns, in the same order.

    Returns
    -------
    pd.Series
        One of CHANGES, in their order: STILL_FREE where a free place is there on both days, BETTER, WORSE, STILL_NOT
        where it is as it was without a free place; NOT_JOINED where nobody is in need.
    """
    ours, theirs = now["state"].to_numpy(np.int64), before["state"].to_numpy(np.int64)
    found = np.select(
        [(ours < 0) | (theirs < 0), ours < theirs, ours > theirs, ours == FREE_PLACE],
        [NOT_JOINED, BETTER, WORSE, STILL_FREE],
        default=STILL_NOT,
    )
    return pd.Series(found, index=now.index)


def worst_first(table: pd.DataFrame, *, county: str = "") -> pd.DataFrame:
    """Order the joined view: the most marginalised first, of them the worst served, of them the most people left out.

    Parameters
    ----------
    table
        SERVED_COLUMNS.
    county
        Letters of the one county to keep; empty = all.

    Returns
    -------
    pd.DataFrame
        SERVED_COLUMNS without those that are NOT_JOINED, and `left_out`: people in need without a free place in reach.
    """
    rows = table[table["joined"] != NOT_JOINED]
    rows = rows[rows["county"] == county] if county else rows
    rows = rows.assign(left_out=rows["people"] - rows["free"])
    return rows.sort_values(["joined", "left_out", "uat_siruta"], ascending=[False, False, True], ignore_index=True)
