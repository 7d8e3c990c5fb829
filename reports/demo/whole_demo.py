"""A demonstration as `harta demo` makes it: embedded files, a year of work, a month of campaigns, cases and plans."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from core.romanian_calendar import BUCHAREST
from referrals.homes.demonstration import make_demo
from referrals.workflow.directory import open_directory
from reports.demo.demo_cases import seed_demo_cases
from reports.demo.demo_month import seed_demo_month
from reports.demo.demo_plans import seed_demo_plans
from reports.demo.demo_year import seed_demo_year

if TYPE_CHECKING:
    from pathlib import Path

    from core.storage.home import Home


def make_whole_demo(path: Path | None = None, *, with_roads: bool = False) -> Home:
    """Make a demonstration home with all that a newcomer walks through; what it has already is left alone.

    Parameters
    ----------
    path
        Folder of the home; None = HARTA_HOME.
    with_roads
        Whether to invent a network of roads, and to take minutes on it.

    Returns
    -------
    Home
        The home; its dates are counted from the day that it is in Romania.

    Raises
    ------
    HomeError
        Where the folder holds a live home.
    """
    home = make_demo(path, with_roads=with_roads)
    directory, today = open_directory(home), datetime.now(BUCHAREST).date()
    try:
        seed_demo_year(directory, today=today)
        seed_demo_month(directory, today=today)
        seed_demo_cases(directory, today=today)
        seed_demo_plans(directory, today=today)
    finally:
        directory.ledger.close()
    return home
