"""Coverages of this moment, kept for all who ask: the screens, and the map of all services."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from cases.figures.case_demand import demand_state
from core.storage.editions import EditionStore
from providers.catalogue.home_travel import travel_state
from providers.planning.demand import load_people
from reports.planning.coverage_query import ask

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from providers.planning.demand import DemandPeople
    from providers.planning.effective_coverage import Coverage
    from providers.planning.supply import SupplyBasis
    from referrals.workflow.directory import Directory

_MOST_KEPT = 12
_KEEP_SECONDS = 3600.0  # reports grow old with the clock alone
AT_ONCE = 2  # coverages computed at the same time: a page elsewhere keeps a processor
_PLACES = threading.BoundedSemaphore(AT_ONCE)
_TURN = threading.Lock()  # of the tables below: never held while something is computed
_people: dict[tuple[Path, str], DemandPeople] = {}
_people_turn = threading.Lock()
_kept: OrderedDict[tuple[object, ...], tuple[float, Coverage]] = OrderedDict()
_under_way: dict[tuple[object, ...], threading.Lock] = {}


def kept_coverage(
    directory: Directory,
    code: str,
    *,
    reach_minutes: float,
    basis: SupplyBasis = "now",
    mode: str = "car",
    at: datetime | None = None,
) -> Coverage:
    """Return the coverage of a service type or need; computed once for as long as nothing changed.

    Parameters
    ----------
    directory, code, reach_minutes, basis, mode, at
        As `reports.planning.coverage_query.ask`.

    Returns
    -------
    Coverage
        The same object until an edition, the travel model, the ledger or the case record changes, an hour at most.

    Raises
    ------
    UnknownCodeError, BadValueError
        As `providers.planning.effective_coverage.compute_coverage`.
    """
    key = _key(directory, code, reach_minutes, basis, mode, at)
    if (found := _found(key)) is not None:
        return found
    with _TURN:
        mine = _under_way.setdefault(key, threading.Lock())
    try:
        with mine:  # who asks for the same waits for it
            if (found := _found(key)) is not None:
                return found
            with _PLACES:
                people = _people_of(directory)
                made = ask(directory, code, reach_minutes=reach_minutes, basis=basis, mode=mode, people=people, at=at)
            with _TURN:
                _kept[key] = (time.monotonic(), made)
                while len(_kept) > _MOST_KEPT:
                    _kept.popitem(last=False)
            return made
    finally:
        with _TURN:
            _under_way.pop(key, None)


def is_kept(
    directory: Directory, code: str, *, reach_minutes: float, basis: SupplyBasis = "now", at: datetime | None = None
) -> bool:
    """Return whether a coverage by car is at hand: whoever asks for one that is not makes the server work.

    Parameters
    ----------
    directory, code, reach_minutes, basis, at
        As `kept_coverage`.

    Returns
    -------
    bool
        Computes nothing.
    """
    return _found(_key(directory, code, reach_minutes, basis, "car", at)) is not None


def _key(
    directory: Directory, code: str, reach_minutes: float, basis: SupplyBasis, mode: str, at: datetime | None
) -> tuple[object, ...]:
    return (coverage_state(directory), code, reach_minutes, basis, mode, at)


def _found(key: tuple[object, ...]) -> Coverage | None:
    with _TURN:
        found = _kept.get(key)
        if found is None or time.monotonic() - found[0] > _KEEP_SECONDS:
            return None
        _kept.move_to_end(key)
        return found[1]


def coverage_state(directory: Directory) -> str:
    """Return a text that changes with all that a coverage depends on but for the clock."""
    ledger, home = directory.ledger, directory.home
    ledger.expire_due()  # what ran out by the clock is written down first: then the counter tells of every change
    moved = f"{ledger.event_counter()} {demand_state(ledger)}"
    return f"{home.path} {EditionStore(home).state()} {travel_state(home)} {moved}"


def _people_of(directory: Directory) -> DemandPeople:
    key = (directory.home.path, EditionStore(directory.home).state())
    with _people_turn:
        if key not in _people:
            made = load_people(directory.home, directory.gazetteer)
            _people.clear()
            _people[key] = made
        return _people[key]
