"""What waits for a county unit: referrals to ask about, reports to decide, entries to check, licences that run out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from core.bounded_cache import BoundedCache
from referrals.field import local_entries
from referrals.monthly import monthly_reports
from referrals.today.team_work import DueReferral, sort_referrals

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from referrals.field.local_entries import LocalEntry
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor, Referral
    from referrals.workflow.directory import Directory

_FOLLOWED = ("lost", "aged")


def followed_referrals(every: Iterable[Referral], now: datetime) -> tuple[DueReferral, ...]:
    """List the referrals that a county unit asks its teams about: nobody was moved on, or somebody stays for very long.

    Parameters
    ----------
    every
        Referrals of the county in any state.
    now
        The moment, UTC.

    Returns
    -------
    tuple of DueReferral
        In the order of `team_work.sort_referrals`.
    """
    return tuple(each for each in sort_referrals(every, now).due if each.kind in _FOLLOWED)


def reports_to_decide(directory: Directory, actor: Actor) -> pd.DataFrame:
    """List the monthly reports that wait for a county unit: `monthly_reports.REPORT_COLUMNS`, by month and SIRUTA.

    Raises NotAllowedError where the actor may not read them.
    """
    ledger = directory.ledger
    whose = (str(directory.home.path), actor.role, actor.county, actor.uat_siruta)
    found = _REPORTS.take((whose, monthly_reports.version(ledger)), lambda: _reports_to_decide(ledger, actor))
    return found.copy(deep=False)


_REPORTS: BoundedCache[pd.DataFrame] = BoundedCache(100)


def _reports_to_decide(ledger: Ledger, actor: Actor) -> pd.DataFrame:
    found = monthly_reports.reports(ledger, actor=actor)
    return found[found["state"] == "filed"].reset_index(drop=True)


def entries_to_check(directory: Directory, actor: Actor) -> list[LocalEntry]:
    """List the local entries that wait for a check, by number; NotAllowedError where the actor may not read them."""
    return local_entries.listed(directory.ledger, actor=actor, states=("entered",))
