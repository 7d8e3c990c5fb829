"""What a community has within reach: services of each group by minutes from its centre, licences, fresh reports.

Minutes are those of the home's travel model by car; "open" means neither closed, withdrawn nor with a licence that
has run out; an unknown end of licence counts as open, as everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.storage.import_kinds import LICENSED, MEASURED, REGISTRIES
from geo.spatial.nearest import PointIndex, nearer_than, nearest
from providers.catalogue.eligibility import closed_for_now
from providers.rules.freshness import SECONDS_A_DAY, is_fresh

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from geo.spatial.travel import TravelModel
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
    """Return for each service of the catalogue whether it may work on a day."""
    rules = catalogue.rules
    today = float(np.datetime64(day, "D").astype("int64"))
    ended = np.nan_to_num(rules.licence_until, nan=np.inf) < today
    withdrawn = np.isin(rules.licence_status, ["withdrawn", "suspended"])
    shut = rules.closed | closed_for_now(catalogue, slice(None), on=day)
    return ~(shut | rules.accreditation_withdrawn | withdrawn | ended)


def reach(catalogue: Catalogue, places: pd.DataFrame, *, day: date, travel: TravelModel) -> pd.DataFrame:
    """Measure every community against every register: REACH_COLUMNS, one row a community and register.

    places: `uat_siruta`, `lat`, `lon` (degrees, the centre). Services with a protected address have no place and
    are left out.
    """
    services = catalogue.services
    usable = is_open(catalogue, day) & (catalogue.rules.delivery == "at_site") & services["lat"].notna().to_numpy()
    registry = services["registry"].to_numpy(object)
    lat, lon = (services[name].to_numpy("float64") for name in ("lat", "lon"))
    centres = list(zip(*(places[name].tolist() for name in ("uat_siruta", "lat", "lon")), strict=True))
    rows = []
    for name in MEASURED:
        positions = np.flatnonzero(usable & (registry == name))
        index, everyone = PointIndex.of(lat[positions], lon[positions]), np.zeros(len(positions), bool)
        for uat, *at in centres:
            first = nearest(index, *at, k=1, left_out=everyone, travel=travel)
            if not len(first.positions):
                rows.append((int(uat), name, np.nan, "", 0))
                continue
            within = nearer_than(index, *at, minutes=COMMUNITY_REACH_MINUTES, travel=travel)
            service = str(catalogue.cell("service_id", int(positions[first.positions[0]])))
            rows.append((int(uat), name, float(first.minutes[0]), service, len(within.positions)))
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
        working & (catalogue.rules.capacity_model == "places") & services["registry"].isin(LICENSED).to_numpy(bool)
    )
    age_days = (available.now.timestamp() - available.reported_s) / SECONDS_A_DAY
    fresh = counted & is_fresh(age_days, catalogue.rules.freshness_days)
    for part, chosen in (("FRESH-N", fresh), ("FRESH-D", counted)):
        number = pd.Series(here[chosen]).value_counts()
        found[part] = number.reindex(uats.astype("float64")).fillna(0).set_axis(uats).astype("float64")
    return found
