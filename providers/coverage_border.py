"""What the neighbours of a county offer its people: services over the border, within reach and for them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from providers.coverage import Coverage
from providers.siting_places import services_at_site, ways

COLUMNS = ["service_id", "name", "county", "minutes", "people_near", "places_licensed", "places_now", "places_left"]


def neighbours(coverage: Coverage, county: str) -> pd.DataFrame:
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
    near = pd.concat([near, _at_home(coverage, demand, county)], ignore_index=True)
    near["people"] = near["area_id"].map(demand.set_index("area_id")["people"])
    found = near.groupby("site_id").agg(minutes=("cost", "min"), people_near=("people", "sum"))
    facts = services.assign(places_left=coverage.left).set_index("service_id")
    facts = facts[["name", "county", "places_licensed", "places_now", "places_left"]]
    table = found.join(facts).rename_axis("service_id").reset_index()
    return table[COLUMNS].sort_values(["minutes", "service_id"], ignore_index=True)


def _at_home(coverage: Coverage, demand: pd.DataFrame, county: str) -> pd.DataFrame:
    """Ways of services that come home from another county: none at all."""
    services = coverage.supply.services
    from_elsewhere = (services["delivery"] != "at_site") & (services["county"].fillna("") != county)
    area = pd.Index(coverage.people.areas["area_id"]).get_indexer(pd.Index(demand["area_id"]))
    rows = [pd.DataFrame({"area_id": demand["area_id"].iloc[:0], "site_id": pd.Series(dtype="str"), "cost": 0.0})]
    for one in np.flatnonzero(from_elsewhere.to_numpy()):
        may = coverage.may_serve.may(area, np.full(len(area), one))
        mine = demand.loc[may, ["area_id"]]
        rows.append(mine.assign(site_id=str(services["service_id"].iloc[one]), cost=0.0))
    return pd.concat(rows, ignore_index=True)
