"""What reports read, read once for both kinds of pages and kept until something of it changes."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

from core.storage.editions import EditionStore
from providers.catalogue.home_travel import travel_state
from referrals.monthly import monthly_reports
from referrals.records.vocabulary import SYSTEM
from reports.indicators.report_data import load_report_data

if TYPE_CHECKING:
    from datetime import date

    from referrals.workflow.directory import Directory
    from reports.indicators.report_data import ReportData

_MOST = 2
_KEPT: OrderedDict[str, ReportData] = OrderedDict()
_LOCK = Lock()


def report_state(directory: Directory, day: date) -> str:
    """Name the state of all that figures are made of: editions, places, monthly figures, the day."""
    home, ledger = directory.home, directory.ledger
    counters = f"{ledger.event_counter()}|{monthly_reports.version(ledger)}"
    return f"{home.path}|{EditionStore(home).state()}|{travel_state(home)}|{counters}|{day}"


def kept_report_data(directory: Directory, day: date) -> tuple[str, ReportData]:
    """Read everything, or take what was read of the same state; what somebody may not see is hidden when it is shown.

    Parameters
    ----------
    directory
        What is reported on.
    day
        The day of the report.

    Returns
    -------
    str, ReportData
        The state, and what was read of it.
    """
    state = report_state(directory, day)
    with _LOCK:
        found = _KEPT.get(state)
        if found is None:
            found = _KEPT[state] = load_report_data(directory, actor=SYSTEM, day=day)
            while len(_KEPT) > _MOST:
                _KEPT.popitem(last=False)
        return state, found
