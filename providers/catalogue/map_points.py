"""The services that a map may show: those at a known point, without protected ones, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

_OPEN = "open"


@dataclass(frozen=True, eq=False)
class MapPoints:
    """Services that have a point and no protected address, in the order of the catalogue.

    Attributes
    ----------
    rows
        Row of each in the catalogue.
    lats, lons
        Degrees WGS84, finite.
    registries, types, hours, deliveries, groups
        The values that occur; groups: bits of the beneficiary groups taken, 0 = everybody.
    registry, kind, hours_of, delivery, groups_of
        Position of each service's value among them.
    """

    rows: NDArray[np.int64]
    lats: NDArray[np.float64]
    lons: NDArray[np.float64]
    registries: tuple[str, ...]
    types: tuple[str, ...]
    hours: tuple[str, ...]
    deliveries: tuple[str, ...]
    groups: NDArray[np.uint64]
    registry: NDArray[np.int64]
    kind: NDArray[np.int64]
    hours_of: NDArray[np.int64]
    delivery: NDArray[np.int64]
    groups_of: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.rows)

    def within(self, bounds: Sequence[tuple[float, float]]) -> NDArray[np.int64]:
        """Return the positions of the services in a view, ascending; those on its edge are in it.

        By a look at every point: for as many as the country has it takes a fifth of a search in a tree.

        Parameters
        ----------
        bounds
            South-west and north-east corner, (lat, lon) in degrees.

        Returns
        -------
        ndarray
            Positions in the arrays here.
        """
        (south, west), (north, east) = bounds
        is_seen = (self.lats >= south) & (self.lats <= north) & (self.lons >= west) & (self.lons <= east)
        return np.flatnonzero(is_seen)


def map_points(services: pd.DataFrame, deliveries: NDArray[np.str_], groups: NDArray[np.uint64]) -> MapPoints:
    """Take from a catalogue what a map may show.

    Parameters
    ----------
    services
        `Catalogue.services`: SERVICE_COLUMNS, protected services redacted.
    deliveries, groups
        As of `catalogue.Rules`, in the order of the services.

    Returns
    -------
    MapPoints
        Without protected services, those that are closed, and those of which no point is known.
    """
    lats, lons = services["lat"].to_numpy(float), services["lon"].to_numpy(float)
    is_shown = (
        np.isfinite(lats)
        & np.isfinite(lons)
        & ~services["is_secret"].to_numpy(bool)
        & (services["operating_status"] == _OPEN).to_numpy(bool)
    )
    rows = np.flatnonzero(is_shown)
    shown = services.iloc[rows]
    registries, registry = _coded(shown["registry"].to_numpy(str))
    types, kind = _coded(shown["service_type"].to_numpy(str))
    hours, hours_of = _coded(shown["hours"].fillna("").to_numpy(str))
    ways, delivery = _coded(deliveries[rows])
    masks, groups_of = np.unique(groups[rows], return_inverse=True)
    return MapPoints(
        rows, lats[rows], lons[rows], registries, types, hours, ways, masks, registry, kind, hours_of, delivery,
        groups_of.astype(np.int64),
    )  # fmt: skip


def _coded(column: NDArray[np.str_]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    values, places = np.unique(column, return_inverse=True)
    return tuple(map(str, values)), places.astype(np.int64)
