"""Coverages for open addresses: one at hand is free, one to be computed counts against the network that asks.

`reports.planning.kept_coverage` computes at most two at the same time; here a network is held to so many a minute.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from api.http import rate_limit
from api.http.proxies import network_of
from api.http.request_limits import TooManyRequestsError
from reports.planning.kept_coverage import is_kept, kept_coverage

if TYPE_CHECKING:
    from datetime import datetime

    from api.http.request_view import RequestView
    from providers.planning.effective_coverage import Coverage
    from providers.planning.supply import SupplyBasis

# A town hall behind one address looks at a few services in a minute; a program goes through all of them.
COMPUTATIONS = rate_limit.Limiter(30, 60)


def coverage_for(
    view: RequestView, code: str, *, minutes: float, basis: SupplyBasis = "now", at: datetime | None = None
) -> Coverage:
    """Return a coverage by car for an open address.

    Parameters
    ----------
    view
        Who asks.
    code, minutes, basis, at
        As `reports.planning.kept_coverage.kept_coverage`.

    Returns
    -------
    Coverage
        Kept for as long as nothing changed.

    Raises
    ------
    TooManyRequestsError
        Where it would have to be computed and this network has asked for too many.
    UnknownCodeError, BadValueError
        As `providers.planning.effective_coverage.compute_coverage`.
    """
    if not is_kept(view.directory, code, reach_minutes=minutes, basis=basis, at=at):
        key = network_of(view.client)
        if not COMPUTATIONS.allows(key):
            raise TooManyRequestsError(math.ceil(COMPUTATIONS.wait(key)))
    return kept_coverage(view.directory, code, reach_minutes=minutes, basis=basis, at=at)
