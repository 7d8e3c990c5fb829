"""The monthly reports that wait for whoever is signed in, as „Astăzi” names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.bounded_cache import BoundedCache
from core.errors import UnknownCodeError
from core.i18n import language
from core.storage.editions import EditionStore
from referrals.monthly import monthly_reports
from reports.indicators.report_data import communities_of
from reports.views import monthly_view

if TYPE_CHECKING:
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory
    from reports.views.monthly_view import MonthLine


_LINES: BoundedCache[list[MonthLine]] = BoundedCache(500)


def waiting_reports(directory: Directory, *, actor: Actor) -> list[MonthLine]:
    """List the reports whose next step is the actor's: for a team to file or correct, for a county unit to decide.

    Parameters
    ----------
    directory
        The home.
    actor
        A team or a county unit.

    Returns
    -------
    list of MonthLine
        None where the communities of the project were not imported, or the actor's is not one of them.

    Raises
    ------
    NotAllowedError
        Where the actor may not read reports.
    """
    return [line for line in _lines(directory, actor) if line.is_main]


def late_reports(directory: Directory, *, actor: Actor) -> list[MonthLine]:
    """List the reports that a county unit's teams should have filed by now, the latest month first.

    Raises NotAllowedError where the actor may not read reports.
    """
    return [line for line in _lines(directory, actor) if line.is_late and not line.is_main]


def _lines(directory: Directory, actor: Actor) -> list[MonthLine]:
    """List the months of an actor; kept while no report, edition or day changes."""
    ledger = directory.ledger
    state = EditionStore(directory.home).state(("communities", "localities", "boundaries"))
    whose = (str(directory.home.path), actor.role, actor.county, actor.uat_siruta, language())
    key = (whose, state, monthly_reports.version(ledger), ledger.today())
    return _LINES.take(key, lambda: _read_lines(directory, actor))


def _read_lines(directory: Directory, actor: Actor) -> list[MonthLine]:
    try:
        mine = monthly_view.communities_of_actor(communities_of(directory), actor)
    except UnknownCodeError:
        return []
    day = directory.ledger.today()
    months = monthly_view.report_months(directory.ledger, day=day)
    return monthly_view.month_lines(directory.ledger, mine, months, actor=actor, day=day)
