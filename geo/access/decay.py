"""How much a service counts at a distance: weights of 0 to 1 for minutes of travel.

Every function here returns a function from minutes to weights; `floating_catchment` cuts it at its reach.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.errors import BadValueError

if TYPE_CHECKING:
    from collections.abc import Mapping

Decay = Callable[[NDArray[np.float64]], NDArray[np.float64]]

# Luo & Qi (2009), weight set 1, for zones of 0–10, 10–20 and 20–30 minutes: thirds of the reach.
ZONE_WEIGHTS = (1.0, 0.68, 0.22)
# A Gaussian that has fallen to 1 % at the edge of the reach (assumed; usual in the E2SFCA literature).
_EDGE = 0.01


def flat(minutes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Count every pair within reach fully (the original 2SFCA)."""
    return np.ones_like(minutes)


def zones(weights: Mapping[float, float]) -> Decay:
    """Weigh by zones: `{10: 1, 20: 0.68, 30: 0.22}` means 1 up to 10 minutes, 0.68 up to 20, …, 0 beyond.

    Source: Luo & Qi (2009), Health & Place 15(4), 1100–1107.

    Parameters
    ----------
    weights
        Weight (0 or more) by the upper limit of its zone in minutes; a zone holds its limit.

    Returns
    -------
    Decay
        A function from an array of minutes to weights.

    Raises
    ------
    BadValueError
        Without any zone, or for a weight below 0.

    Examples
    --------
    >>> zones({10: 1, 20: 0.68})(np.array([0.0, 10, 10.5, 20, 21])).tolist()
    [1.0, 1.0, 0.68, 0.68, 0.0]
    """
    limits = np.array(sorted(weights), dtype=np.float64)
    steps = np.array([weights[k] for k in sorted(weights)] + [0.0], dtype=np.float64)
    if not len(limits) or steps.min() < 0:
        raise BadValueError("zones need at least one limit, and weights of 0 or more")
    return lambda minutes: steps[np.searchsorted(limits, minutes, side="left")]


def gaussian(sigma_minutes: float) -> Decay:
    """Weigh by exp(−t² / 2σ²): 1 at the door, 0.61 at σ minutes, 0.14 at 2σ.

    Parameters
    ----------
    sigma_minutes
        Width of the curve in minutes, above 0.

    Returns
    -------
    Decay
        A function from an array of minutes to weights of 0 to 1.

    Raises
    ------
    BadValueError
        For a width that is not above 0.

    Examples
    --------
    >>> gaussian(20)(np.array([0.0, 20, 40])).round(4).tolist()
    [1.0, 0.6065, 0.1353]
    """
    if not sigma_minutes > 0:
        raise BadValueError("sigma_minutes must be above 0")
    return lambda minutes: np.exp(-(minutes**2) / (2 * sigma_minutes**2))


def named(name: str, reach_minutes: float) -> Decay:
    """Return the decay of this name fitted to a reach: `flat`, `zones` (thirds) or `gaussian` (1 % at the edge)."""
    if name == "flat":
        return flat
    if name == "zones":
        return zones({reach_minutes * (i + 1) / 3: w for i, w in enumerate(ZONE_WEIGHTS)})
    if name == "gaussian":
        return gaussian(reach_minutes / np.sqrt(-2 * np.log(_EDGE)))
    raise BadValueError(f"no decay is called {name}; known are: flat, zones, gaussian")
