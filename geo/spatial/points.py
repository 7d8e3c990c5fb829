"""Many points at once, in degrees and in metres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from geo.spatial.crs import to_metric

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class Points:
    """Points that are measured together. The same object is the same points: what is made of them may be kept by it.

    Attributes
    ----------
    lat, lon
        WGS84 degrees.
    xy
        The same in METRIC_CRS, metres, of shape (n, 2).
    """

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    xy: NDArray[np.float64]

    @classmethod
    def of(cls, lat: ArrayLike, lon: ArrayLike) -> Self:
        """Make points of WGS84 degrees, all finite."""
        lats, lons = np.asarray(lat, np.float64), np.asarray(lon, np.float64)
        return cls(lats, lons, to_metric(lats, lons) if len(lats) else np.empty((0, 2)))

    def take(self, positions: NDArray[np.intp]) -> Points:
        """Return some of them, in the order of their positions; all of them in their own order are the same object."""
        if len(positions) == len(self) and (positions == np.arange(len(self))).all():
            return self
        return Points(self.lat[positions], self.lon[positions], self.xy[positions])

    def __len__(self) -> int:
        return len(self.lat)
