"""Degrees as the arrays of a network keep them, and metres between points that are near each other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RADIUS_M, _ECCENTRICITY_2 = 6378137.0, 0.00669437999014  # of WGS84
SCALE = 1e7  # of whole numbers that stand for degrees: OpenStreetMap's own precision


def short_metres(
    lon: NDArray[np.float64] | float,
    lat: NDArray[np.float64] | float,
    lons: NDArray[np.float64],
    lats: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Compute metres between points that are near each other (some km), pair by pair, degrees WGS84.

    With the radii of curvature of the ellipsoid at the middle latitude: 0.001 % off at 10 km.
    """
    middle = np.radians((lat + lats) / 2)
    flat = 1.0 - _ECCENTRICITY_2 * np.sin(middle) ** 2
    across = _RADIUS_M / np.sqrt(flat) * np.cos(middle)
    along = _RADIUS_M * (1.0 - _ECCENTRICITY_2) / flat**1.5
    return np.asarray(np.hypot(np.radians(lons - lon) * across, np.radians(lats - lat) * along))


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Return the metres of a degree of longitude and of latitude at a latitude."""
    flat = 1.0 - _ECCENTRICITY_2 * math.sin(math.radians(lat)) ** 2
    across = _RADIUS_M / math.sqrt(flat) * math.cos(math.radians(lat))
    return math.radians(across), math.radians(_RADIUS_M * (1.0 - _ECCENTRICITY_2) / flat**1.5)
