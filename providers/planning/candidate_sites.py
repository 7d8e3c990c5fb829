"""Where something may be added in a county, how far the people left out have to it, and what the neighbours offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.errors import BadValueError
from core.i18n import _
from providers.planning.demand import points_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from providers.planning.effective_coverage import Coverage
    from providers.planning.plan_constraints import PlanConstraints

NEW, GROW, STOP, FREE = "new", "grow", "stop", "free"
NEIGHBOUR_COLUMNS = [
    "service_id", "name", "county", "minutes", "people_near", "places_licensed", "places_now", "places_left"
]  # fmt: skip
_POINT = ["site_id", "key", "name", "uat_siruta", "county", "lat", "lon", "x", "y", "what"]


def left_out(coverage: Coverage, county: str) -> pd.DataFrame:
    """Return who is left out on the basis of the coverage: `area_id`, `name`, `people`, `priority`.

    The priority is the class of the atlas. BadValueError where there is no such county.
    """
    areas = coverage.areas[coverage.areas["county"] == county]
    if areas.empty:
        raise BadValueError(_("Nu există județul „{code}”.").format(code=county))
    classes = areas["uat_siruta"].map(coverage.people.uats["atlas_class"]).astype("float64").fillna(0.0)
    left = areas[f"unmet_{coverage.basis}"]
    return pd.DataFrame({"area_id": areas["area_id"], "name": areas["name"], "people": left, "priority": classes})


def points_for(coverage: Coverage, county: str, means: PlanConstraints, *, with_free: bool) -> pd.DataFrame:
    """List where something may be opened, may stop or may grow; with_free: also services that have places left.

    Columns: site_id (unique), key (SIRUTA of the locality or id of the service), name, uat_siruta, county, lat, lon, x,
    y, what (`new`, `stop`, `grow`, `free`).
    """
    parts = []
    if means.sites != 0:
        parts.append(_spots(coverage, county, NEW, anywhere=means.anywhere))
    if means.teams:
        parts.append(_spots(coverage, county, STOP, anywhere=means.anywhere))
    if means.places_more != 0 or with_free:
        services = services_at_site(coverage)
        if means.own_county and means.places_more != 0:
            services = services[services["county"] == county]
        if means.places_more == 0:
            services = services[coverage.left[services["row"].to_numpy(np.intp)] > 0]
        parts.append(services.assign(what=FREE if means.places_more == 0 else GROW))
    return pd.concat([part[_POINT] for part in parts], ignore_index=True)


def _spots(coverage: Coverage, county: str, what: str, *, anywhere: bool) -> pd.DataFrame:
    areas = coverage.people.areas
    is_seat = areas["is_seat"] | (areas["type"] == "sector")
    spots = areas[(areas["county"] == county) & (is_seat | anywhere)]
    key = spots["area_id"].astype("str")
    return spots[["name", "uat_siruta", "county", "lat", "lon", "x", "y"]].assign(
        site_id=key if what == NEW else f"{what}:" + key, key=key, what=what
    )


def services_at_site(coverage: Coverage) -> pd.DataFrame:
    """Return the services that people go to, as points; `row`: of each in the supply."""
    services = coverage.supply.services.reset_index(names="row")
    at_site = services[(services["delivery"] == "at_site") & services["x"].notna()]
    return at_site.assign(site_id=at_site["service_id"], key=at_site["service_id"])


def ways(coverage: Coverage, demand: pd.DataFrame, points: pd.DataFrame, *, reach_minutes: float) -> pd.DataFrame:
    """List the ways of those left out: `area_id`, `site_id`, `cost` (minutes); to services only where they may go."""
    areas = coverage.people.areas
    areas = areas[areas["area_id"].isin(demand.loc[demand["people"] > 0, "area_id"])].sort_values("area_id")
    points = points.sort_values("site_id")
    pairs = coverage.travel.pairs_within(points_of(areas), points_of(points), reach_minutes)
    costs = pd.DataFrame(
        {
            "area_id": areas["area_id"].to_numpy("int64")[pairs.origin],
            "site_id": points["site_id"].astype("str").to_numpy()[pairs.site],
            "cost": pairs.minutes,
        }
    )
    service = pd.Index(coverage.supply.services["service_id"]).get_indexer(pd.Index(costs["site_id"]))
    area = pd.Index(coverage.people.areas["area_id"]).get_indexer(pd.Index(costs["area_id"]))
    is_service = service >= 0
    may = np.ones(len(costs), bool)
    may[is_service] = coverage.may_serve.may(area[is_service], service[is_service])
    return costs[may].reset_index(drop=True)


def with_enough_people(
    points: pd.DataFrame, demand: pd.DataFrame, costs: pd.DataFrame, means: PlanConstraints
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Keep the points that somebody reaches, and of new and growing ones those with enough people left out in reach."""
    near = costs["area_id"].map(demand.set_index("area_id")["people"]).groupby(costs["site_id"]).sum()
    people = points["site_id"].map(near)
    kept = points[people.notna() & ((people >= means.least_people) | (points["what"] == FREE))].reset_index(drop=True)
    return kept, costs[costs["site_id"].isin(kept["site_id"])].reset_index(drop=True)


def home_ways(coverage: Coverage, demand: pd.DataFrame, rows: NDArray[np.intp]) -> pd.DataFrame:
    """List the ways to services that come home, wherever they serve: columns of `ways`, no way at all.

    rows: of these services in the supply.
    """
    area = pd.Index(coverage.people.areas["area_id"]).get_indexer(pd.Index(demand["area_id"]))
    asking, service = np.tile(np.arange(len(area)), len(rows)), np.repeat(rows, len(area))
    may = coverage.may_serve.may(area[asking], service)
    return pd.DataFrame(
        {
            "area_id": demand["area_id"].to_numpy()[asking[may]],
            "site_id": coverage.supply.services["service_id"].astype("str").to_numpy()[service[may]],
            "cost": 0.0,
        }
    )


def candidates(
    coverage: Coverage,
    points: pd.DataFrame,
    demand: pd.DataFrame,
    costs: pd.DataFrame,
    means: PlanConstraints,
    *,
    by_money: bool,
) -> pd.DataFrame:
    """Say what each point may hold and what it costs: the table `candidates` of `geo.siting.facility_location`.

    by_money: what is spent decides, so that a new service as large as needed is paid by the place.
    """
    what = points["what"].to_numpy(object)
    people = demand.set_index("area_id")["people"]
    near = (
        costs["area_id"].map(people).groupby(costs["site_id"]).sum().reindex(points["site_id"]).fillna(0.0).to_numpy()
    )
    is_new, is_stop, is_service = what == NEW, what == STOP, np.isin(what, [GROW, FREE])
    as_needed = means.places_each is None
    each = 0.0 if means.places_each is None and by_money else float(means.places_each or np.inf)
    left = pd.Series(coverage.left, index=coverage.supply.services["service_id"]).reindex(points["site_id"]).fillna(0.0)
    most = float(people.sum()) if means.places_more is None else float(means.places_more)
    prices = means.prices
    fixed = prices.site + (0.0 if as_needed else each * prices.place)
    return pd.DataFrame(
        {
            "site_id": points["site_id"],
            "is_existing": is_service,
            "is_stop": is_stop,
            "places": np.select([is_new, is_stop], [each, float(means.visits)], left.to_numpy()),
            "price": np.select([is_new, is_stop], [fixed, prices.team_day], 0.0),
            "places_addable": np.select(
                [is_new & as_needed & by_money, what == GROW], [near, np.minimum(near, most)], 0.0
            ),
            "price_per_place": np.where(is_stop, 0.0, prices.place),
        }
    )


def neighbour_services(coverage: Coverage, county: str) -> pd.DataFrame:
    """List the services of other counties that people of a county may use within the reach, the nearest first.

    Columns: service_id, name, county, minutes (from the nearest locality where somebody is in need; 0 = it comes home),
    people_near (in need, within reach of it), places_licensed, places_now (NaN not known, inf no limit), places_left
    (that nobody took, on the basis of the coverage). Protected services are never among them.
    """
    areas = coverage.areas[(coverage.areas["county"] == county) & (coverage.areas["people"] > 0)]
    demand = areas[["area_id", "people"]]
    services = coverage.supply.services
    others = services_at_site(coverage)
    others = others[others["county"].fillna("") != county]
    near = ways(coverage, demand, others, reach_minutes=coverage.reach_minutes)
    from_elsewhere = (services["delivery"] != "at_site") & (services["county"].fillna("") != county)
    home = home_ways(coverage, demand, np.flatnonzero(from_elsewhere))
    near = pd.concat([near, home], ignore_index=True)
    near["people"] = near["area_id"].map(demand.set_index("area_id")["people"])
    found = near.groupby("site_id").agg(minutes=("cost", "min"), people_near=("people", "sum"))
    facts = services.assign(places_left=coverage.left).set_index("service_id")
    facts = facts[["name", "county", "places_licensed", "places_now", "places_left"]]
    table = found.join(facts).rename_axis("service_id").reset_index()
    return table[NEIGHBOUR_COLUMNS].sort_values(["minutes", "service_id"], ignore_index=True)
