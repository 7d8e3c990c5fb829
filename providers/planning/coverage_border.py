"""What the neighbours of a county offer its people: services over the border, within reach and for them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from providers.planning.candidate_sites import home_ways, services_at_site, ways
from providers.planning.effective_coverage import Coverage

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
    from_elsewhere = (services["delivery"] != "at_site") & (services["county"].fillna("") != county)
    home = home_ways(coverage, demand, np.flatnonzero(from_elsewhere))
    near = pd.concat([near, home], ignore_index=True)
    near["people"] = near["area_id"].map(demand.set_index("area_id")["people"])
    found = near.groupby("site_id").agg(minutes=("cost", "min"), people_near=("people", "sum"))
    facts = services.assign(places_left=coverage.left).set_index("service_id")
    facts = facts[["name", "county", "places_licensed", "places_now", "places_left"]]
    table = found.join(facts).rename_axis("service_id").reset_index()
    return table[COLUMNS].sort_values(["minutes", "service_id"], ignore_index=True)
