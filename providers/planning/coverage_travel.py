"""Ways from every locality to the services that may serve it: the nearest of all, and every pair within reach.

Minutes are those of the home's travel model, in bulk (`geo.spatial.travel`). Services that come home (at_home,
mobile) cost no way: those that serve the same area are one pool, which changes no result, since whoever reaches one of
them reaches all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from providers.planning.demand import points_of
from providers.planning.supply import BASES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.spatial.points import Points
    from geo.spatial.travel import TravelModel
    from providers.planning.demand import DemandPeople
    from providers.planning.supply import Serving, Supply

    Floats = NDArray[np.float64]

# From the best to the worst. NO_ONE_ASKS: nobody there is in need by the rule.
REACH_STATES = ("free", "ask", "full", "far", "nowhere")
FREE_PLACE, TO_CALL, ALL_FULL, TOO_FAR, NOWHERE = range(len(REACH_STATES))
NO_ONE_ASKS = -1

PLACES = tuple(f"{what}_{basis}" for what in ("places", "taken") for basis in BASES)


@dataclass(frozen=True)
class Offers:
    """What the capacity measures see: services at a site and, behind them, pools of those that come home.

    table: service (position in Supply.services, -1 a pool), county, name, unknown (no number free now), and
    places_<basis> (NaN not known, inf no limit), taken_<basis>. area, offer, minutes: pairs within reach, sorted, area
    as position in People.areas. near: area has any service within reach, for whomever it is.
    """

    table: pd.DataFrame
    area: NDArray[np.intp]
    offer: NDArray[np.intp]
    minutes: Floats
    near: NDArray[np.bool_]


@dataclass(frozen=True)
class NearestService:
    """The nearest service that may serve each locality: position (-1 none), minutes and metres (NaN none)."""

    service: NDArray[np.int64]
    minutes: Floats
    metres: Floats


def find_offers(
    people: DemandPeople,
    counted: Floats,
    supply: Supply,
    may_serve: Serving,
    *,
    reach_minutes: float,
    model: TravelModel,
) -> Offers:
    """List the pairs within reach of every locality where somebody is in need (`counted` > 0)."""
    services = supply.services
    at_site = services["delivery"].to_numpy() == "at_site"
    site, home = np.flatnonzero(at_site), np.flatnonzero(~at_site)
    # All localities, also those where nobody asks: what a model makes of the same points is made once.
    found = model.pairs_within(people.points, points_of(services).take(site), reach_minutes)
    asks = counted[found.origin] > 0
    area, offer, minutes = found.origin[asks], found.site[asks], found.minutes[asks]
    near = np.zeros(len(people.areas), bool)
    near[area] = True
    if len(area):
        may = may_serve.may(area, site[offer])
        area, offer, minutes = area[may], offer[may], minutes[may]
    table = services.iloc[site][["county", "name", *PLACES]].reset_index(drop=True)
    table.insert(0, "service", site)
    table["unknown"] = table["places_now"].isna()
    if len(home):
        pools, pool_areas = _pools(services, home, may_serve)
        table = pd.concat([table, pools], ignore_index=True)
        extra = [(a[counted[a] > 0], len(site) + i) for i, a in enumerate(pool_areas)]
        area = np.concatenate([area, *(a for a, _i in extra)])
        offer = np.concatenate([offer, *(np.full(len(a), i) for a, i in extra)])
        minutes = np.concatenate([minutes, np.zeros(len(area) - len(minutes))])
        near[area] = True
        order = np.lexsort((offer, area))
        area, offer, minutes = area[order], offer[order], minutes[order]
    return Offers(table, area.astype(np.intp), offer.astype(np.intp), minutes, near)


def _pools(
    services: pd.DataFrame, home: NDArray[np.intp], may_serve: Serving
) -> tuple[pd.DataFrame, list[NDArray[np.int64]]]:
    """Gather services that come home by the area that they serve."""
    kind = may_serve.kind[home]
    key = pd.DataFrame(
        {
            "kind": kind,
            "uat": np.where(kind == 0, may_serve.service_uat[home], -1),
            "county": np.where(kind == 1, may_serve.service_county[home], -1),
            "listed": np.where(kind == 2, home, -1),  # noqa: PLR2004 - position of `listed` in AREA_KINDS
            "region": np.where(kind == 3, may_serve.service_region[home], -1),  # noqa: PLR2004
        }
    )
    group = key.groupby(list(key.columns), sort=True).ngroup().to_numpy()
    rows = services.iloc[home][["county", "name", *PLACES]]
    by_group = rows.groupby(group)
    pools = by_group[["county", "name"]].first()
    for column in PLACES:
        pools[column] = by_group[column].sum(min_count=1)
    pools["unknown"] = rows["places_now"].isna().groupby(group).any()
    pools.insert(0, "service", -1)
    first = np.unique(group, return_index=True)[1]
    return pools, [may_serve.areas_of(int(home[i])) for i in first]


def find_nearest(people: DemandPeople, supply: Supply, may_serve: Serving, *, model: TravelModel) -> NearestService:
    """Find the nearest service of every locality, however far; one that comes home is at 0 minutes.

    Services that serve everybody share one search, those of a county one each, the others are looked at
    one by one.
    """
    found = _Search(people.points, points_of(supply.services), model)
    at_site = supply.services["delivery"].to_numpy() == "at_site"
    kind = may_serve.kind
    found.offer(np.arange(len(people.areas)), np.flatnonzero(at_site & (kind == 4)))  # noqa: PLR2004 - `nation` in AREA_KINDS
    for wanted, of_area, of_service in (
        (0, may_serve.area_uat, may_serve.service_uat),
        (0, may_serve.area_parent, may_serve.service_uat),
        (1, may_serve.area_county, may_serve.service_county),
        (3, may_serve.area_region, may_serve.service_region),
    ):
        members = np.flatnonzero(at_site & (kind == wanted))
        _by_group(found, of_area, of_service, members)
    for one in np.flatnonzero(at_site & (kind == 2)):  # noqa: PLR2004
        found.offer(may_serve.areas_of(int(one)).astype(np.intp), np.array([one]))
    for one in np.flatnonzero(~at_site):
        areas = may_serve.areas_of(int(one))
        found.put(areas, np.full(len(areas), one), np.zeros(len(areas)), np.zeros(len(areas)))
    nobody = found.service < 0
    return NearestService(
        found.service, np.where(nobody, np.nan, found.minutes), np.where(nobody, np.nan, found.metres)
    )


class _Search:
    """The nearest service of every locality, as far as services were offered; service -1 where none was."""

    def __init__(self, areas: Points, services: Points, model: TravelModel) -> None:
        self._areas, self._services, self._model = areas, services, model
        self.service = np.full(len(areas), -1, np.int64)
        self.minutes, self.metres = np.full(len(areas), np.inf), np.full(len(areas), np.inf)

    def offer(self, areas: NDArray[np.intp], members: NDArray[np.intp]) -> None:
        """Offer each locality the nearest of some services."""
        if len(areas) and len(members):
            near = self._model.nearest_each(self._areas.take(areas), self._services.take(members))
            self.put(areas, members[near.site], near.minutes, near.metres)

    def offer_pairs(self, areas: NDArray[np.intp], members: NDArray[np.intp]) -> None:
        """Offer services to localities pair by pair."""
        minutes, metres = self._model.times_between(self._areas.take(areas), self._services.take(members))
        order = np.lexsort((members, minutes, areas))
        first = order[np.diff(areas[order], prepend=-1) > 0]
        self.put(areas[first], members[first], minutes[first], metres[first])

    def put(self, areas: NDArray[np.intp], members: NDArray[np.int64], minutes: Floats, metres: Floats) -> None:
        """Keep what is nearer than what is known; each locality at most once."""
        closer = minutes < self.minutes[areas]
        at = areas[closer]
        self.service[at], self.minutes[at], self.metres[at] = members[closer], minutes[closer], metres[closer]


def _by_group(
    found: _Search, of_area: NDArray[np.integer], of_service: NDArray[np.integer], members: NDArray[np.intp]
) -> None:
    """Offer services to the localities of their own group; many small groups at once by a merge."""
    if not len(members):
        return
    left = pd.DataFrame({"group": of_area, "area": np.arange(len(of_area))})
    right = pd.DataFrame({"group": of_service[members], "service": members})
    right = right[right["group"] >= 0]
    if right["group"].nunique() <= 60:  # noqa: PLR2004 - counties and regions: a search each
        spots = left.groupby("group").indices
        for group, at in right.groupby("group").indices.items():
            if group in spots:
                found.offer(np.asarray(spots[group]), right["service"].to_numpy()[at])
        return
    both = left.merge(right, on="group")
    found.offer_pairs(both["area"].to_numpy(), both["service"].to_numpy())


def locality_states(counted: NDArray[np.float64], minutes: NDArray[np.float64], offers: Offers) -> NDArray[np.int8]:
    """Say of every locality what its people find within reach.

    Parameters
    ----------
    counted
        People in need, by locality.
    minutes
        To the nearest service that serves the locality, however far; NaN = none can be reached.
    offers
        Services within reach that serve the locality, with the places that are free now.

    Returns
    -------
    numpy.ndarray
        FREE_PLACE where one of them has a free place or takes everybody; else TO_CALL where of one nobody knows; else
        ALL_FULL; TOO_FAR where there is a service beyond the reach alone, NOWHERE where none can be reached;
        NO_ONE_ASKS where nobody is in need.
    """
    places = offers.table["places_now"].to_numpy(np.float64)[offers.offer]
    unknown = offers.table["unknown"].to_numpy(bool)[offers.offer]
    of_offer = np.where(places > 0, FREE_PLACE, np.where(unknown, TO_CALL, ALL_FULL)).astype(np.int8)
    states = np.where(np.isnan(minutes), NOWHERE, TOO_FAR).astype(np.int8)
    np.minimum.at(states, offers.area, of_offer)
    states[counted <= 0] = NO_ONE_ASKS
    return states


def states_by_uat(areas: pd.DataFrame) -> pd.DataFrame:
    """Say of every UAT what most of its people in need find within reach.

    Parameters
    ----------
    areas
        Localities of a coverage: `uat_siruta`, `people` in need, `state`.

    Returns
    -------
    pd.DataFrame
        By `uat_siruta`, ascending: `state` (as `locality_states`; of as many people on both sides the worse), `people`
        in need, and those of each state in the columns REACH_STATES.
    """
    uat, codes = pd.factorize(areas["uat_siruta"], sort=True)
    state, people = areas["state"].to_numpy(np.int64), areas["people"].to_numpy(np.float64)
    asks = (state != NO_ONE_ASKS) & (uat >= 0)
    cell = uat[asks] * len(REACH_STATES) + state[asks]
    counted = np.bincount(cell, weights=people[asks], minlength=len(codes) * len(REACH_STATES)).reshape(len(codes), -1)
    total = counted.sum(axis=1)
    most = len(REACH_STATES) - 1 - counted[:, ::-1].argmax(axis=1)
    table = pd.DataFrame(np.rint(counted).astype(np.int64), columns=list(REACH_STATES), index=pd.Index(codes))
    table.insert(0, "people", np.rint(total).astype(np.int64))
    table.insert(0, "state", np.where(total > 0, most, NO_ONE_ASKS))
    return table.rename_axis("uat_siruta")
