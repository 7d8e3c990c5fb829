"""The rational agent access model: people go where the way and the crowd together cost them least.

Saxon & Snow (2020), A Rational Agent Model for the Spatial Accessibility of Primary Health Care, Annals of the American
Association of Geographers 110(1), 205–222. What it gives is a cost (less is better), not places per person, so it is
a function of its own beside `geo.access.catchment.floating_catchment`.

The library `access` moves people in whole steps and stops after so many, at a place that depends on the names of
services. Its rule, that nobody can do better by going elsewhere, is the equilibrium of a game whose congestion grows
in proportion to the load: the least point of a convex function (Beckmann, McGuire & Winsten 1956), at which every
load, and so every cost, is unique. We go there; with finer and finer steps so does the library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from scipy.sparse import csr_array, diags_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from core.errors import BadValueError
from core.i18n import _
from geo.access.access_tables import is_from_0, match

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.access.access_tables import Floats, Positions

TAU_MINUTES = 60.0
_GAP = 1e-12  # of the whole cost: what people could still save by going elsewhere
_NEAR, _FAR = 1e-9, 1e-6  # where it may end if a further step does not come nearer; where it may not
_STEPS = 200
_SHY = 0.995  # of the way to the edge


def rational_agents(
    demand: pd.DataFrame,
    supply: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    tau_minutes: float = TAU_MINUTES,
    reach_minutes: float = np.inf,
    rho: float | None = None,
) -> pd.DataFrame:
    """Find what the nearest good choice costs each area when everybody chooses well.

    Going from area i to service j costs c_ij = t_ij / τ + (people who go to j) / (ρ · places_j): τ minutes of travel
    weigh as much as a service with as many people for each place as there are in the whole. People of an area divide
    among its services so that nobody would save by another choice.

    demand, supply, costs: as in `geo.access.catchment.floating_catchment`; a service without places receives nobody.
    tau_minutes: minutes of travel that weigh as much as average crowding. rho: people for each place that count as
    crowding of 1; by default all people over all places.

    Returns one row per area that reaches a service with places, sorted: `area_id`, `people`, `cost` (of everybody
    there; of a newcomer where nobody lives). The order of rows changes nothing, other names nothing above one part in
    10⁹. MissingColumnError, DuplicateKeyError or BadValueError for tables or numbers that cannot be.

    Time and memory grow with the number of services to the third and second power: it is meant for up to some 3,000.

    >>> demand = pd.DataFrame({"area_id": [1, 2], "people": [100, 100]})
    >>> supply = pd.DataFrame({"service_id": ["S", "T"], "places": [10, 10]})
    >>> costs = pd.DataFrame({"area_id": [1, 1, 2], "service_id": ["S", "T", "T"], "minutes": [0, 30, 0]})
    >>> rational_agents(demand, supply, costs)["cost"].round(6).tolist()
    [1.0, 1.0]
    """
    if not (
        is_from_0(tau_minutes) and 0 < tau_minutes < np.inf and (rho is None or (is_from_0(rho) and 0 < rho < np.inf))
    ):
        raise BadValueError(_("Minutele cât aglomerația medie (tau) și oamenii la un loc (rho) sunt mai mari decât 0."))
    pairs = match(demand, supply, costs, reach=reach_minutes)
    takes = pairs.places[pairs.service] > 0
    area, service, way = pairs.area[takes], pairs.service[takes], pairs.cost[takes] / tau_minutes
    total = pairs.people.sum() / pairs.places.sum() if takes.any() else 0.0
    room = (rho or total or 1.0) * pairs.places
    crowd, lives = np.zeros(len(room)), pairs.people[area] > 0
    if lives.any():
        homes, home = np.unique(area[lives], return_inverse=True)
        used, at = np.unique(service[lives], return_inverse=True)
        crowd[used] = equilibrium(pairs.people[homes], room[used], home, at, way[lives])
    cost = way + crowd[service]
    first = np.flatnonzero(np.diff(area, prepend=-1))
    least = np.minimum.reduceat(cost, first) if len(first) else cost
    rows = area[first]
    return pd.DataFrame({"area_id": pairs.area_ids[rows], "people": pairs.people[rows], "cost": least})


def equilibrium(people: Floats, room: Floats, area: Positions, service: Positions, way: Floats) -> Floats:
    """Crowding of every service, people over `room`, when nobody would save by going elsewhere.

    people and room are above 0; pairs are sorted by area, and every area has one. The flows f on pairs are those of

        least Σ way·f + ½ Σ_j (people who go to j)² / room_j,   Σ_j f_ij = people_i,   f ≥ 0,

    found by an interior-point method (Mehrotra 1992, SIAM Journal on Optimization 2(4), 575–601). A step leaves one
    equation for each service, since each pair has one area and one service.
    """
    whole = people.sum()
    people, room = people / whole, room / whole  # shares of all people, so that nothing depends on their number
    counts = np.bincount(area)
    flow, slack = (people / counts)[area], np.full(len(way), 1.0 + way.mean())
    price = np.zeros(len(people))  # what each area pays
    gap, found = np.inf, (flow, slack)
    for _step in range(_STEPS):
        flow = flow * (people / np.bincount(area, weights=flow))[area]  # against rounding: everybody goes somewhere
        cost = way + (np.bincount(service, weights=flow, minlength=len(room)) / room)[service]
        least = float(people @ np.minimum.reduceat(cost, np.cumsum(counts) - counts))
        before, gap = gap, float(flow @ cost - least) / max(least, _GAP)
        if gap < before:
            found = flow, slack
        if gap <= _GAP or (before <= _NEAR and gap >= before):  # there, or as near as rounding lets it come
            break
        dual = cost - price[area] - slack
        try:
            solve = _newton(flow, slack, room, area, service, dual)
        except LinAlgError:
            break
        toward, _up, push = solve(flow * slack)
        ahead = ((flow + _longest(flow, toward) * toward) @ (slack + _longest(slack, push) * push)) / len(flow)
        mean = (flow @ slack) / len(flow)
        toward, up, push = solve(flow * slack + toward * push - mean * (ahead / mean) ** 3)
        length = _SHY * min(_longest(flow, toward), _longest(slack, push))
        flow, price, slack = flow + length * toward, price + length * up, slack + length * push
    if gap > _FAR:
        raise BadValueError(_("Echilibrul dintre drum și aglomerație nu s-a găsit; cereți o rază mai mică."))
    used = found[0] > found[1]  # of what somebody uses nothing is left to save, of the rest nobody
    return _exact(people, room, area[used], service[used], way[used])


def _exact(people: Floats, room: Floats, area: Positions, service: Positions, way: Floats) -> Floats:
    """Crowding from the pairs that are used, to the last digit.

    Areas and services linked by use pay alike but for the way: one number is left for each linked group, and all its
    people are on all its services.
    """
    areas, nodes = len(people), len(people) + len(room)
    ways = csr_array((way + 1.0, (area, service + areas)), shape=(nodes, nodes))  # 1 more: a way of 0 is a way too
    groups, group = connected_components(ways, directed=False)
    level = np.zeros(nodes)
    for root in np.unique(group, return_index=True)[1]:
        order, parent = breadth_first_order(ways, root, directed=False)
        for node in order[1:]:
            at = parent[node]
            level[node] = level[at] + (ways[node, at] - 1.0 if node < areas else 1.0 - ways[at, node])
    inside = group[areas:]
    given = np.bincount(group[:areas], weights=people, minlength=groups)
    start = given - np.bincount(inside, weights=room * level[areas:], minlength=groups)
    wide = np.bincount(inside, weights=room, minlength=groups)
    return np.asarray(level[areas:] + (start / np.where(wide > 0, wide, 1.0))[inside])


def _newton(
    flow: Floats, slack: Floats, room: Floats, area: Positions, service: Positions, dual: Floats
) -> Callable[[Floats], tuple[Floats, Floats, Floats]]:
    """Return what gives a step of flows, prices and slacks for what is left of flow × slack."""
    give = flow / slack
    of_area = np.bincount(area, weights=give)
    by_area = csr_array((give, (area, service)), shape=(len(of_area), len(room)))
    shared = (by_area.T @ (diags_array(1.0 / of_area) @ by_area)).toarray()
    np.fill_diagonal(shared, 0.0)
    system = -shared
    np.fill_diagonal(system, room + shared.sum(axis=1))  # a sum of what is above 0 keeps every digit
    factor = cho_factor(system, overwrite_a=True, check_finite=False)

    def step(product: Floats) -> tuple[Floats, Floats, Floats]:
        right = -dual - product / flow
        wanted = -np.bincount(area, weights=give * right)
        at_service = np.bincount(service, weights=give * right, minlength=len(room))
        crowd = cho_solve(factor, at_service + by_area.T @ (wanted / of_area), check_finite=False)
        price = (by_area @ crowd + wanted) / of_area
        toward = give * (right + price[area] - crowd[service])
        return toward, price, -(product + slack * toward) / flow

    return step


def _longest(values: Floats, change: Floats) -> float:
    """Longest part of a change, 1 at most, that leaves every value at 0 or above."""
    falling = change < 0
    return float(min(1.0, np.min(-values[falling] / change[falling], initial=1.0)))
