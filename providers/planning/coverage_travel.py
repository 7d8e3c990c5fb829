"""Ways from every locality to the services that may serve it: the nearest of all, and every pair within reach.

Minutes are those of the home's travel model, in bulk (`geo.spatial.travel`). They are measured county by county where
several processes do it, and the nation at once in one: no way depends on what else is measured beside it. Services
that come home (at_home, mobile) cost no way: those that serve the same area are one pool, which changes no result,
since whoever reaches one of them reaches all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.processes.partitioned_work import ONE_PROCESS, positions_by_key
from providers.planning.demand import points_of
from providers.planning.supply import BASES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.processes.partitioned_work import PartRunner
    from geo.spatial.points import Points
    from geo.spatial.travel import TravelModel
    from providers.planning.demand import DemandPeople
    from providers.planning.supply import Serving, Supply

    Floats = NDArray[np.float64]

# From the best to the worst. NO_ONE_ASKS: nobody there is in need by the rule.
REACH_STATES = ("free", "ask", "full", "far", "nowhere")
FREE_PLACE, TO_CALL, ALL_FULL, TOO_FAR, NOWHERE = range(len(REACH_STATES))
NO_ONE_ASKS = -1

_NO_ROWS = np.empty(0, np.intp)
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


@dataclass(frozen=True)
class _Country:
    """What is the same for every county: services at a site, and how ways are measured."""

    sites: Points
    model: TravelModel
    reach_minutes: float = 0.0


@dataclass(frozen=True)
class _Localities:
    """Localities of a county: their points, where somebody is in need, and which services may serve them."""

    points: Points
    asks: NDArray[np.bool_]
    may_serve: Serving


@dataclass(frozen=True)
class _Ways:
    """Pairs within reach that may serve, positions of locality and site, sorted; near: whether any site is in reach."""

    area: NDArray[np.intp]
    site: NDArray[np.intp]
    minutes: Floats
    near: NDArray[np.bool_]


def find_offers(
    people: DemandPeople,
    counted: Floats,
    supply: Supply,
    may_serve: Serving,
    *,
    reach_minutes: float,
    model: TravelModel,
    runner: PartRunner = ONE_PROCESS,
) -> Offers:
    """List the pairs within reach of every locality where somebody is in need (`counted` > 0)."""
    services = supply.services
    at_site = services["delivery"].to_numpy() == "at_site"
    site, home = np.flatnonzero(at_site), np.flatnonzero(~at_site)
    country = _Country(points_of(services).take(site), model, reach_minutes)
    rows, parts = _counties(people, counted, may_serve.of_services(site), runner)
    ways = list(runner.run(ways_within, country, parts))
    none = _Ways(_NO_ROWS, _NO_ROWS, np.empty(0), np.empty(0, bool))
    area = np.concatenate([none.area, *(at[each.area] for at, each in zip(rows, ways, strict=True))])
    offer, minutes = (np.concatenate([getattr(each, name) for each in (none, *ways)]) for name in ("site", "minutes"))
    near = np.zeros(len(people.areas), bool)
    for at, each in zip(rows, ways, strict=True):
        near[at] = each.near
    if len(rows) > 1:
        order = np.argsort(area, kind="stable")  # a locality is of one county, and its sites are sorted
        area, offer, minutes = area[order], offer[order], minutes[order]
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


def _counties(
    people: DemandPeople, counted: Floats, may_serve: Serving, runner: PartRunner
) -> tuple[list[NDArray[np.intp]], list[_Localities]]:
    """Divide the localities by county: their rows, and what is measured of them."""
    rows = positions_by_key(people.areas["county"].to_numpy(str), runner)
    return rows, [_Localities(people.points.take(at), counted[at] > 0, may_serve.in_areas(at)) for at in rows]


def ways_within(country: _Country, there: _Localities) -> _Ways:
    """List the pairs within reach of the localities of a county and the services of it and of its surroundings.

    Parameters
    ----------
    country
        Services, how ways are measured, and the reach.
    there
        Localities of the county, and whom of them each service may serve.

    Returns
    -------
    _Ways
        Positions among these localities and among the services at a site.
    """
    around = _surroundings(country, there.points)
    # All localities, also those where nobody asks: what a model makes of the same points is made once.
    found = country.model.pairs_within(there.points, country.sites.take(around), country.reach_minutes)
    asks = there.asks[found.origin]
    area, site, minutes = found.origin[asks], around[found.site[asks]], found.minutes[asks]
    near = np.zeros(len(there.points), bool)
    near[area] = True
    if len(area):
        may = there.may_serve.may(area, site)
        area, site, minutes = area[may], site[may], minutes[may]
    return _Ways(area, site, minutes, near)


def _surroundings(country: _Country, points: Points) -> NDArray[np.intp]:
    """Return the sites so near to the box of some points that somebody may get there within the reach."""
    every = np.arange(len(country.sites))
    if not country.model.is_bounded_by_plane or not len(points):
        return every
    xy = country.sites.xy
    beyond = np.maximum(np.maximum(points.xy.min(axis=0) - xy, xy - points.xy.max(axis=0)), 0.0)
    metre = country.model.least_minutes(1.0)  # a plane bounds by the metre
    return np.flatnonzero(np.hypot(beyond[:, 0], beyond[:, 1]) * metre <= country.reach_minutes)


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


def find_nearest(
    people: DemandPeople,
    supply: Supply,
    may_serve: Serving,
    *,
    model: TravelModel,
    runner: PartRunner = ONE_PROCESS,
) -> NearestService:
    """Find the nearest service of every locality, however far; one that comes home is at 0 minutes."""
    at_site = supply.services["delivery"].to_numpy() == "at_site"
    site = np.flatnonzero(at_site)
    country = _Country(points_of(supply.services).take(site), model)
    rows, parts = _counties(people, np.zeros(len(people.areas)), may_serve.of_services(site), runner)
    found = _Nearest(len(people.areas))
    for at, each in zip(rows, runner.run(nearest_sites, country, parts), strict=True):
        known = each.service >= 0
        found.put(at[known], site[each.service[known]], each.minutes[known], each.metres[known])
    for one in np.flatnonzero(~at_site):
        areas = may_serve.areas_of(int(one))
        found.put(areas, np.full(len(areas), one), np.zeros(len(areas)), np.zeros(len(areas)))
    nobody = found.service < 0
    return NearestService(
        found.service, np.where(nobody, np.nan, found.minutes), np.where(nobody, np.nan, found.metres)
    )


def nearest_sites(country: _Country, there: _Localities) -> _Nearest:
    """Find the nearest service at a site of each locality of a county, among those of the country that may serve it.

    Services that serve everybody share one search, those of a county one each, the others are looked at
    one by one.

    Parameters
    ----------
    country
        Services, and how ways are measured.
    there
        Localities of the county, and whom of them each service may serve.

    Returns
    -------
    _Nearest
        Positions among the services at a site.
    """
    may_serve = there.may_serve
    found, kind = _Search(there.points, country.sites, country.model), may_serve.kind
    found.offer(np.arange(len(there.points)), np.flatnonzero(kind == 4))  # noqa: PLR2004 - `nation` in AREA_KINDS
    own = np.flatnonzero(kind == 0)
    for of_area in (may_serve.area_uat, may_serve.area_parent):
        found.offer_by_unit(of_area, may_serve.service_uat, own)
    found.offer_by_group(may_serve.area_county, may_serve.service_county, np.flatnonzero(kind == 1))
    found.offer_by_group(may_serve.area_region, may_serve.service_region, np.flatnonzero(kind == 3))  # noqa: PLR2004
    for one in sorted(may_serve.listed):
        found.offer(may_serve.listed[one].astype(np.intp), np.array([one]))
    return found.best


class _Nearest:
    """The nearest service of every locality, as far as services were offered; service -1 where none was."""

    def __init__(self, areas: int) -> None:
        self.service = np.full(areas, -1, np.int64)
        self.minutes, self.metres = np.full(areas, np.inf), np.full(areas, np.inf)

    def put(self, areas: NDArray[np.intp], members: NDArray[np.int64], minutes: Floats, metres: Floats) -> None:
        """Keep what is nearer than what is known; each locality at most once."""
        closer = minutes < self.minutes[areas]
        at = areas[closer]
        self.service[at], self.minutes[at], self.metres[at] = members[closer], minutes[closer], metres[closer]


class _Search:
    """Looks for the nearest service of every locality."""

    def __init__(self, areas: Points, services: Points, model: TravelModel) -> None:
        self._areas, self._services, self._model = areas, services, model
        self.best = _Nearest(len(areas))

    def offer(self, areas: NDArray[np.intp], members: NDArray[np.intp]) -> None:
        """Offer each locality the nearest of some services."""
        if len(areas) and len(members):
            near = self._model.nearest_each(self._areas.take(areas), self._services.take(members))
            self.best.put(areas, members[near.site], near.minutes, near.metres)

    def offer_by_group(
        self, of_area: NDArray[np.integer], of_service: NDArray[np.integer], members: NDArray[np.intp]
    ) -> None:
        """Offer services to the localities of their own county or region, with a search for each."""
        for group in np.unique(of_service[members][of_service[members] >= 0]).tolist():
            self.offer(np.flatnonzero(of_area == group), members[of_service[members] == group])

    def offer_by_unit(
        self, of_area: NDArray[np.integer], of_service: NDArray[np.integer], members: NDArray[np.intp]
    ) -> None:
        """Offer services to the localities of their own unit pair by pair: units are many, and small."""
        if not len(members):
            return
        left = pd.DataFrame({"group": of_area, "area": np.arange(len(of_area))})
        right = pd.DataFrame({"group": of_service[members], "service": members})
        both = left.merge(right[right["group"] >= 0], on="group")
        areas, services = both["area"].to_numpy(), both["service"].to_numpy()
        minutes, metres = self._model.times_between(self._areas.take(areas), self._services.take(services))
        order = np.lexsort((services, minutes, areas))
        first = order[np.diff(areas[order], prepend=-1) > 0]
        self.best.put(areas[first], services[first], minutes[first], metres[first])


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
