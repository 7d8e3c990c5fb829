"""What a community has within reach: services of each group by minutes from its centre, licences, fresh reports.

Minutes are those of the travel model by car; "open" means neither closed, withdrawn nor with a licence that
has run out; an unknown end of licence counts as open, as everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.storage.import_kinds import MEASURED, REGISTRIES
from geo.spatial.crs import to_metric
from geo.spatial.travel import CAR
from providers.catalogue.eligibility import closed_for_now
from providers.rules.freshness import SECONDS_A_DAY, is_fresh

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from providers.catalogue.catalogue import Catalogue
    from providers.catalogue.snapshot import Snapshot

COMMUNITY_REACH_MINUTES = 30.0
COMMUNITY_SERVICE = "8899CZ-PN-V"
REACH_COLUMNS = {
    "uat_siruta": "the community",
    "registry": "one of core.storage.import_kinds.MEASURED",
    "minutes": "minutes by car to the nearest open service; NaN = none at a known place in the country",
    "service_id": "that service",
    "within": "open services within COMMUNITY_REACH_MINUTES",
}


def is_open(catalogue: Catalogue, day: date) -> NDArray[np.bool_]:
    """Tell of each service of the catalogue whether it may work on a day."""
    rules = catalogue.rules
    today = float(np.datetime64(day, "D").astype("int64"))
    ended = np.nan_to_num(rules.licence_until, nan=np.inf) < today
    withdrawn = np.isin(rules.licence_status, ["withdrawn", "suspended"])
    shut = rules.closed | closed_for_now(catalogue, slice(None), on=day)
    return ~(shut | rules.accreditation_withdrawn | withdrawn | ended)


def reach(catalogue: Catalogue, places: pd.DataFrame, *, day: date) -> pd.DataFrame:
    """Measure every community against every register: REACH_COLUMNS, one row a community and register.

    places: `uat_siruta`, `lat`, `lon` (degrees, the centre). Services with a protected address have no place and
    are left out.
    """
    from scipy.spatial import cKDTree

    services = catalogue.services
    usable = is_open(catalogue, day) & (catalogue.rules.delivery == "at_site") & services["lat"].notna().to_numpy()
    registry = services["registry"].to_numpy(object)
    lat, lon = (services[name].to_numpy("float64") for name in ("lat", "lon"))
    centres = to_metric(places["lat"].to_numpy(), places["lon"].to_numpy())
    # A little farther than the reach, for the plane is not the ellipsoid; the model then decides.
    far_m = 1.01 * COMMUNITY_REACH_MINUTES / CAR.minutes_per_metre
    rows = []
    for name in MEASURED:
        positions = np.flatnonzero(usable & (registry == name))
        if not len(positions):
            rows += [(int(uat), name, np.nan, "", 0) for uat in places["uat_siruta"]]
            continue
        tree = cKDTree(to_metric(lat[positions], lon[positions]))
        near = tree.query_ball_point(centres, far_m)
        first = np.asarray(tree.query(centres)[1])
        for place, uat in enumerate(places["uat_siruta"]):
            found = positions[near[place] or [int(first[place])]]
            at = (float(places["lat"].iloc[place]), float(places["lon"].iloc[place]))
            minutes, _far = CAR.ways(*at, lat[found], lon[found])
            best = int(np.lexsort((found, minutes))[0])
            service = str(catalogue.cell("service_id", int(found[best])))
            rows.append(
                (int(uat), name, float(minutes[best]), service, int((minutes <= COMMUNITY_REACH_MINUTES).sum()))
            )
    return pd.DataFrame(rows, columns=list(REACH_COLUMNS))


def facts(
    snapshot: Snapshot, reached: pd.DataFrame, communities: pd.DataFrame, *, day: date
) -> dict[str, pd.Series[float]]:
    """Bring the catalogue to one number a community and part: licences, coverage, fresh reports of places."""
    catalogue, available = snapshot.catalogue, snapshot.availability
    uats = pd.Index(communities["uat_siruta"])
    found = {
        REGISTRIES[name].coverage_indicator: (
            reached[reached["registry"] == name].set_index("uat_siruta")["within"] > 0
        ).astype("float64")
        for name in MEASURED
    }
    services = catalogue.services
    here = services["uat_siruta"].to_numpy("float64", na_value=np.nan)
    working = is_open(catalogue, day)
    licensed = working & (services["service_type"].to_numpy(object) == COMMUNITY_SERVICE)
    found["LIC"] = pd.Series(np.isin(uats, here[licensed]).astype("float64"), index=uats)
    counted = (
        working & (catalogue.rules.capacity_model == "places") & (services["registry"].to_numpy(object) == "social")
    )
    age_days = (available.now.timestamp() - available.reported_s) / SECONDS_A_DAY
    fresh = counted & is_fresh(age_days, catalogue.rules.freshness_days)
    for part, chosen in (("FRESH-N", fresh), ("FRESH-D", counted)):
        number = pd.Series(here[chosen]).value_counts()
        found[part] = number.reindex(uats.astype("float64")).fillna(0).set_axis(uats).astype("float64")
    return found
