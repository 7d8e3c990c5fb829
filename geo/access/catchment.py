"""Access to places: how many places there are for every person, when others want them too.

The floating catchment area family. Tables in, a new table out; minutes come from `geo.spatial.travel` or
`geo.access.travel_pairs.pairs_within`. The people who find a place are counted in `geo.access.served`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd

from core.errors import BadValueError
from geo.access.access_tables import Pairs, match
from geo.access.decay import Decay, flat, named

if TYPE_CHECKING:
    from geo.access.access_tables import Floats

Method = Literal["2sfca", "e2sfca", "bfca", "3sfca"]
METHODS: tuple[Method, ...] = get_args(Method)


def floating_catchment(
    demand: pd.DataFrame,
    supply: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    method: Method = "2sfca",
    reach_minutes: float,
    decay: Decay | Literal["flat", "zones", "gaussian"] | None = None,
) -> pd.DataFrame:
    """Places per person within reach, shared with everybody else who reaches the same places.

    Step 1: each service divides its places among the people who reach it, R_j = S_j / Σ_i P_i·w_ij.
    Step 2: each area adds up what it is offered, A_i = Σ_j R_j·w_ij. What w is tells the methods apart:

    - `2sfca`: 1 within reach, 0 beyond (Luo & Wang 2003, Environment and Planning B 30(6), 865–884).
    - `e2sfca`: falls with distance (Luo & Qi 2009, Health & Place 15(4), 1100–1107); zones unless `decay`.
    - `bfca`: balanced. In step 1 w_ij / Σ_j w_ij, so a person is counted once over all services; in step 2
      w_ij / Σ_i w_ij, so is the level of service (Páez, Higgins & Vivona 2019, PLOS ONE 14(6), e0218773).
    - `3sfca`: w_ij·G_ij, G_ij = w_ij / Σ_j w_ij, people choose among the services within reach
      (Wan, Zou & Sternberg 2012, IJGIS 26(6), 1073–1089); zones unless `decay`.

    Parameters
    ----------
    demand
        One row per area: `area_id` unique, `people` (those in need; NA counts as none).
    supply
        One row per service: `service_id` unique, `places` (licensed, reported free, or free now: the caller's
        choice; NA, not known, counts as none).
    costs
        One row per pair: `area_id`, `service_id`, `minutes`. A pair that is absent or NA is out of reach;
        pairs of unknown areas or services are left out.
    method
        One of METHODS.
    reach_minutes
        Pairs at exactly this many minutes are within reach.
    decay
        Weights by minutes: a name (`flat`, `zones` in thirds of the reach, `gaussian`) or a function such as
        `zones({10: 1, 20: 0.68, 30: 0.22})`. By default the method's own.

    Returns
    -------
    pd.DataFrame
        One row per area of `demand`, sorted by `area_id`: `area_id`, `places_per_person`; 0 where nothing is within
        reach, never NA. Where nobody in need reaches a service, its places count for nobody.

    Raises
    ------
    MissingColumnError, DuplicateKeyError, BadValueError
        Naming the table and the column.

    Examples
    --------
    Two villages of 100 share 10 places; a third is out of reach:

    >>> demand = pd.DataFrame({"area_id": [1, 2, 3], "people": [100, 100, 50]})
    >>> supply = pd.DataFrame({"service_id": ["S"], "places": [10]})
    >>> costs = pd.DataFrame({"area_id": [1, 2, 3], "service_id": ["S"] * 3, "minutes": [0, 30, 50]})
    >>> floating_catchment(demand, supply, costs, reach_minutes=30)["places_per_person"].tolist()
    [0.05, 0.05, 0.0]
    """
    is_flat = decay in ("flat", flat) or (decay is None and method in ("2sfca", "bfca"))
    pairs = match(demand, supply, costs, reach=reach_minutes, needs_cost=not is_flat)
    weights = weights_of(pairs, method=method, reach_minutes=reach_minutes, decay=decay)
    rates = catchment_rates(pairs, weights, method=method)
    return pd.DataFrame({"area_id": pairs.area_ids, "places_per_person": rates}, copy=False)


def weights_of(
    pairs: Pairs,
    *,
    method: Method,
    reach_minutes: float,
    decay: Decay | Literal["flat", "zones", "gaussian"] | None,
) -> Floats:
    """Weight of every pair: the decay asked for, else the method's own."""
    if method not in METHODS:
        raise BadValueError(f"no method is called {method}; known are: {METHODS}")
    chosen = decay or ("zones" if method in ("e2sfca", "3sfca") else "flat")
    return (chosen if callable(chosen) else named(chosen, reach_minutes))(pairs.cost)


def catchment_rates(pairs: Pairs, weights: Floats, *, method: Method = "2sfca") -> Floats:
    """Places per person of every area (see `floating_catchment`), from arrays."""
    plain = pairs.matrix(weights)
    ask = offer = plain
    if method in ("bfca", "3sfca"):
        chosen = (
            weights * _inverse(plain @ np.ones(len(pairs.service_ids)))[pairs.area]
        )  # of each person, shared among services
        ask = offer = pairs.matrix(weights * chosen if method == "3sfca" else chosen)
    if method == "bfca":
        offer = pairs.matrix(weights * _inverse(plain.T @ np.ones(len(pairs.area_ids)))[pairs.service])
    ratio = pairs.places * _inverse(ask.T @ pairs.people)
    return np.asarray(offer @ ratio, dtype=np.float64)


def _inverse(values: Floats) -> Floats:
    """1/x, and 0 where x is 0: what nobody asks for is offered to nobody."""
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)
