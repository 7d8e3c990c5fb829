"""How a measure spreads over people: quantiles, and whether it lies with the poor or with the rich."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.errors import BadValueError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from geo.access.access_tables import Floats


def weighted_quantiles(values: ArrayLike, weights: ArrayLike, quantiles: Sequence[float]) -> Floats:
    """Return the least values that at least these shares of the weight do not exceed.

    Parameters
    ----------
    values
        Values, in any order.
    weights
        Weight of each value, for instance people; those of 0 are left out.
    quantiles
        Shares, each from 0 to 1.

    Returns
    -------
    NDArray[np.float64]
        One value per share; empty where there is no weight.

    Raises
    ------
    BadValueError
        For a share that is not between 0 and 1.

    Examples
    --------
    >>> weighted_quantiles([10, 20, 30], [1, 1, 2], [0.25, 0.5, 0.75]).tolist()
    [10.0, 20.0, 30.0]
    """
    value, weight = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if any(not 0 <= q <= 1 for q in quantiles):
        raise BadValueError("quantiles are between 0 and 1")
    value, weight = value[weight > 0], weight[weight > 0]
    if not len(value):
        return np.empty(0)
    order = np.argsort(value, kind="stable")
    reached = np.cumsum(weight[order])
    # a hair less than asked, so that 0.5 of [1, 1] is not lost to rounding
    at = np.searchsorted(reached, np.asarray(quantiles) * reached[-1] * (1 - 1e-12), side="left")
    return np.asarray(value[order][np.minimum(at, len(value) - 1)])


def concentration_index(values: ArrayLike, people: ArrayLike, wealth: ArrayLike) -> float:
    """Return whether a measure lies with the poor (below 0) or with the rich (above 0): −1 to 1, 0 = even.

    C = 2·cov(value, rank) / mean, each person counted, ranked from the poorest by `wealth`. Equal `wealth` shares the
    middle rank, as grouped data must. Source: Kakwani, Wagstaff & van Doorslaer (1997), Journal of Econometrics 77(1),
    87–103.

    Parameters
    ----------
    values
        The measure of each area, for instance minutes; NaN = not known, left out.
    people
        People of each area; areas without people are left out.
    wealth
        What ranks the areas from the poorest: a local human development index, or an atlas class or rate with its sign
        turned, since there more is poorer; NaN = not known, left out.

    Returns
    -------
    float
        The index. Of minutes, below 0 means that the poorest are farther. 0 where nobody is counted or every value is
        0.

    Examples
    --------
    >>> concentration_index([60, 10], [100, 100], [0.2, 0.9]) < 0
    True
    """
    value, weight, rank_by = (np.asarray(x, dtype=np.float64) for x in (values, people, wealth))
    known = np.isfinite(value) & np.isfinite(rank_by) & (weight > 0)
    value, weight, rank_by = value[known], weight[known], rank_by[known]
    if not len(value) or not (value * weight).sum():
        return 0.0
    share = weight / weight.sum()
    levels, at = np.unique(rank_by, return_inverse=True)
    of_level = np.bincount(at, weights=share, minlength=len(levels))
    rank = (np.cumsum(of_level) - of_level / 2)[at]
    mean = (share * value).sum()
    return float(2 * (share * (value - mean) * (rank - 0.5)).sum() / mean)
