"""One trip for several needs: which place to choose for each, and in which order, so that the way is shortest.

The generalised travelling salesman over two to five groups, solved exactly: dynamic programming over the
groups visited and the last stop (Held and Karp 1962, with a choice of stops in each group; Henry-Labordere
1969). Stops that cannot be part of a trip better than one already known are left out first: there and back
to a stop is never longer than a trip that passes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, permutations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo.spatial.travel import TravelTimes

MOST_NEEDS = 5
_SLACK = 1e-9  # minutes: sums in another order differ by rounding


@dataclass(frozen=True)
class Stops:
    """Where one need can be answered: WGS84 degrees, as many latitudes as longitudes, at least one."""

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]


@dataclass(frozen=True)
class Trip:
    """The shortest trip from the origin and back.

    order: positions of the needs, in the order of the visits. stops: for each need (not each visit) the
    position of the chosen stop among its stops. legs: minutes of each leg, the way back last.
    """

    order: tuple[int, ...]
    stops: tuple[int, ...]
    legs: tuple[float, ...]

    @property
    def minutes(self) -> float:
        """Minutes of travel there, between and back."""
        return sum(self.legs)


def best_trip(lat: float, lon: float, needs: Sequence[Stops], travel: TravelTimes) -> Trip:
    """Return the trip of least minutes that answers every need, from a point and back.

    Exact where minutes keep the triangle inequality, as straight lines do: dynamic programming over the orders of needs
    (Held & Karp 1962), among the stops that a known trip does not rule out. Ties go to the earlier order of needs and
    then to the lower positions.

    Parameters
    ----------
    lat, lon
        Where the trip starts and ends, WGS84 degrees.
    needs
        Stops that answer each need; one to MOST_NEEDS needs, each with at least one stop.
    travel
        Measures minutes and metres.

    Returns
    -------
    Trip
        The stops in order, with minutes of every leg.

    Raises
    ------
    ValueError
        For no need, more than MOST_NEEDS, or a need without a stop.
    """
    if not 1 <= len(needs) <= MOST_NEEDS:
        raise ValueError(f"a trip answers 1 to {MOST_NEEDS} needs, not {len(needs)}")
    if any(len(stops.lat) == 0 for stops in needs):
        raise ValueError("one of the needs has no stop")
    out = [travel.travel_times(lat, lon, stops.lat, stops.lon)[0] for stops in needs]
    back = [
        travel.travel_times(stops.lat, stops.lon, np.full(len(stops.lat), lat), np.full(len(stops.lon), lon))[0]
        for stops in needs
    ]
    known = _trip_through([int(np.argmin(o + b)) for o, b in zip(out, back, strict=True)], needs, out, back, travel)
    kept = [np.flatnonzero(o + b <= known.minutes + _SLACK) for o, b in zip(out, back, strict=True)]
    few = [Stops(stops.lat[k], stops.lon[k]) for stops, k in zip(needs, kept, strict=True)]
    chosen = _held_karp(
        [o[k] for o, k in zip(out, kept, strict=True)], [b[k] for b, k in zip(back, kept, strict=True)], few, travel
    )
    return _trip_through([int(k[c]) for k, c in zip(kept, chosen, strict=True)], needs, out, back, travel)


def _trip_through(
    chosen: list[int],
    needs: Sequence[Stops],
    out: list[NDArray[np.float64]],
    back: list[NDArray[np.float64]],
    travel: TravelTimes,
) -> Trip:
    """Order the chosen stops, one a need, in the best way: at most 120 orders."""
    lats = np.array([stops.lat[c] for stops, c in zip(needs, chosen, strict=True)])
    lons = np.array([stops.lon[c] for stops, c in zip(needs, chosen, strict=True)])
    between = np.array([travel.travel_times(la, lo, lats, lons)[0] for la, lo in zip(lats, lons, strict=True)])
    trips = []
    for order in permutations(range(len(needs))):
        legs = [
            float(out[order[0]][chosen[order[0]]]),
            *(float(between[a, b]) for a, b in pairwise(order)),
            float(back[order[-1]][chosen[order[-1]]]),
        ]
        trips.append((sum(legs), order, legs))
    least = min(minutes for minutes, _order, _legs in trips)
    _minutes, order, legs = next(trip for trip in trips if trip[0] <= least + _SLACK)
    return Trip(order, tuple(chosen), tuple(legs))


def _held_karp(
    out: list[NDArray[np.float64]], back: list[NDArray[np.float64]], needs: list[Stops], travel: TravelTimes
) -> list[int]:
    """Choose the stops of the shortest trip: least minutes by (set of needs answered, last need, last stop)."""
    n = len(needs)
    between = {(i, j): _all_pairs(needs[i], needs[j], travel) for i in range(n) for j in range(n) if i != j}
    cost: dict[tuple[int, int], NDArray[np.float64]] = {(1 << j, j): out[j] for j in range(n)}
    came: dict[tuple[int, int], tuple[NDArray[np.int64], NDArray[np.int64]]] = {}
    for answered in range(1, 1 << n):
        for last in range(n):
            before = answered ^ (1 << last)
            if not answered >> last & 1 or not before:
                continue
            previous = [i for i in range(n) if before >> i & 1]
            ways = [cost[before, i][:, None] + between[i, last] for i in previous]
            stop = np.array([w.argmin(axis=0) for w in ways])
            least = np.array([w.min(axis=0) for w in ways])
            which = least.argmin(axis=0)
            cost[answered, last] = least[which, np.arange(least.shape[1])]
            came[answered, last] = (np.array(previous)[which], stop[which, np.arange(stop.shape[1])])
    everything = (1 << n) - 1
    last = min(range(n), key=lambda j: float((cost[everything, j] + back[j]).min()))
    stop_at = int((cost[everything, last] + back[last]).argmin())
    chosen = [0] * n
    answered = everything
    while True:
        chosen[last] = stop_at
        if (answered, last) not in came:
            return chosen
        need, stop = came[answered, last]
        answered ^= 1 << last
        last, stop_at = int(need[stop_at]), int(stop[stop_at])


def _all_pairs(here: Stops, there: Stops, travel: TravelTimes) -> NDArray[np.float64]:
    a, b = len(here.lat), len(there.lat)
    minutes = travel.travel_times(
        np.repeat(here.lat, b), np.repeat(here.lon, b), np.tile(there.lat, a), np.tile(there.lon, a)
    )[0]
    return minutes.reshape(a, b)
