"""Teams that travel on given days of the week: every site that is not a service yet is a stop of theirs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geo.siting.facility_location import maximal_coverage
from geo.siting.siting_types import Siting


def visit(
    demand: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    teams: int,
    days: Sequence[str],
    visits_per_day: float,
    reach: float,
    candidates: pd.DataFrame | None = None,
) -> Siting:
    """Send teams where most people get their weekly visit; `people` are visits a week."""
    stops = costs[["site_id"]].drop_duplicates() if candidates is None else candidates
    existing = stops.get("is_existing", pd.Series(data=False, index=stops.index))
    offered = stops.get("places", pd.Series(np.inf, index=stops.index))
    stops = stops.assign(places=offered.where(existing, float(visits_per_day)), is_stop=~existing)
    return maximal_coverage(demand, costs, sites=None, reach=reach, candidates=stops, teams=teams, days=days)
