"""Where localities are: their own point where a source has one, else the middle of their unit's points."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from geo.gazetteer.siruta import Siruta

POINT_COLUMNS = ["locality_siruta", "uat_siruta", "lat", "lon"]


def with_points(register: Siruta, sources: list[pd.DataFrame]) -> Siruta:
    """Give every locality and UAT of the register a point (WGS84 degrees).

    sources: tables of POINT_COLUMNS, the most trusted first; `locality_siruta` may be NA for a point that is
    only known to lie in its UAT.

    Adds to `localities` lat, lon and `precision`: `locality` for an own point, `uat` for the mean of the points
    of its UAT (of Bucharest, for a sector). Adds lat, lon to `uats`: the seat's point. A locality of whose UAT no
    source knows a point keeps NaN.
    """
    points = pd.concat([s.reindex(columns=POINT_COLUMNS) for s in sources] or [_no_points()], ignore_index=True)
    points = points[points["lat"].notna() & points["lon"].notna()]
    localities = register.localities.copy()
    own = points[points["locality_siruta"].notna()].drop_duplicates("locality_siruta").set_index("locality_siruta")
    codes = localities["locality_siruta"]
    for column in ("lat", "lon"):
        localities[column] = codes.map(own[column]).astype(float)
    localities["precision"] = np.where(localities["lat"].notna(), "locality", "uat")

    means = _unit_means(localities, points)
    parents = register.uats.set_index("uat_siruta")["parent_uat_siruta"]
    units = localities["uat_siruta"]
    for column in ("lat", "lon"):
        filled = localities[column].fillna(units.map(means[column]))
        localities[column] = filled.fillna(units.map(parents).map(means[column]).astype(float))
    return replace(register, localities=localities, uats=_seat_points(register.uats, localities, means))


def _no_points() -> pd.DataFrame:
    return pd.DataFrame({c: pd.Series(dtype=float) for c in POINT_COLUMNS})


def _unit_means(localities: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Mean of each UAT's localities; of loose points in it where none of its localities has a point."""
    known = localities[localities["lat"].notna()].groupby("uat_siruta")[["lat", "lon"]].mean()
    loose = points[points["uat_siruta"].notna()].groupby("uat_siruta")[["lat", "lon"]].mean()
    return known.combine_first(loose)


def _seat_points(uats: pd.DataFrame, localities: pd.DataFrame, means: pd.DataFrame) -> pd.DataFrame:
    seats = localities.set_index("locality_siruta")
    uats = uats.copy()
    for column in ("lat", "lon"):
        at_seat = uats["seat_locality_siruta"].map(seats[column]).astype(float)
        uats[column] = at_seat.fillna(uats["uat_siruta"].map(means[column]))
    # Bucharest as a whole has no seat: where only its sectors have points, it is in their middle.
    children = uats[uats["parent_uat_siruta"].notna()].groupby("parent_uat_siruta")[["lat", "lon"]].mean()
    for column in ("lat", "lon"):
        uats[column] = uats[column].fillna(uats["uat_siruta"].map(children[column]).astype(float))
    return uats
