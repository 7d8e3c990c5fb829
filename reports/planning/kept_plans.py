"""Plans of this moment, kept for all who ask: a scenario is searched for once for as long as nothing changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from core.errors import MapError
from core.i18n import _
from providers.planning.county_plan import plan
from reports.planning.kept_coverage import coverage_state

if TYPE_CHECKING:
    from geo.siting.integer_program import Watch
    from providers.planning.county_plan import CountyPlan
    from providers.planning.effective_coverage import Coverage
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory
    from reports.planning.coverage_question import ScenarioQuestion

_MOST_KEPT = 48
_WAIT_S = 40.0  # for somebody else's search to end
_AT_ONCE = threading.BoundedSemaphore(1)  # a search uses every processor that there is
_TURN = threading.Lock()
# With the seconds that the search was given.
_kept: OrderedDict[tuple[object, ...], tuple[float, CountyPlan]] = OrderedDict()


class PlanningBusyError(MapError):
    """Somebody else's search has not ended: to be asked again."""


def may_plan(actor: Actor | None) -> bool:
    """Whether somebody plans services: a community team does not; in a demonstration anybody may try."""
    return actor is None or actor.role in ("county", "national", "admin")


def kept_plan(
    directory: Directory,
    coverage: Coverage,
    county: str,
    asked: ScenarioQuestion,
    *,
    most_seconds: float | None = None,
    watch: Watch | None = None,
) -> CountyPlan:
    """Return the plan of a scenario; searched for once, one search at a time.

    Parameters
    ----------
    directory
        Whose state the plan holds for.
    coverage
        What the county's people lack.
    county
        Letters of the county.
    asked
        The scenario; its name does not matter.
    most_seconds
        Longest search, where less than the scenario asks for.
    watch
        Called with the progress; returns False to stop.

    Returns
    -------
    CountyPlan
        The same object for as long as nothing changed; what a shorter search could not prove is searched for again.

    Raises
    ------
    PlanningBusyError
        Where another search has not ended in time.
    BadValueError, InfeasibleSitingError, UnfinishedSitingError
        As `providers.planning.county_plan.plan`.
    """
    seconds = asked.seconds if most_seconds is None else min(asked.seconds, most_seconds)
    key = (coverage_state(directory), coverage.code, coverage.reach_minutes, coverage.basis, county, asked.key)
    if (found := _found(key, seconds)) is not None:
        return found
    if not _AT_ONCE.acquire(timeout=_WAIT_S):
        raise PlanningBusyError(_("Se caută alt scenariu acum. Încercați din nou peste un minut."))
    try:
        if (found := _found(key, seconds)) is not None:  # who waited may have waited for the same
            return found
        made = plan(
            coverage, county, asked.means, goal=asked.goal, share=asked.share / 100.0, time_limit_s=seconds, watch=watch
        )
    finally:
        _AT_ONCE.release()
    with _TURN:
        _kept[key] = seconds, made
        _kept.move_to_end(key)
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return made


def _found(key: tuple[object, ...], seconds: float) -> CountyPlan | None:
    """Return what is kept, where a search of so many seconds could do no better."""
    with _TURN:
        searched, found = _kept.get(key, (0.0, None))
        if found is None or (searched < seconds and not found.is_proven):
            return None
        _kept.move_to_end(key)
        return found
