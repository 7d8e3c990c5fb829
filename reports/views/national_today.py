"""What the national level's „Astăzi” says: what is worst against its target, reports that are missing, old sources."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from core.bounded_cache import BoundedCache
from core.errors import UnknownCodeError
from core.i18n import _, language, ngettext, number
from core.storage.editions import EditionStore
from providers.rules.wording import age_words
from referrals.homes.home_sources import sources
from referrals.monthly import monthly_reports
from referrals.records import roles
from reports.indicators.indicators import NATION
from reports.indicators.kept_report_data import kept_report_data
from reports.indicators.period import parse_period
from reports.indicators.report_data import communities_of
from reports.views.figures_import import opening_month
from reports.views.report_views import make_view
from reports.views.shortfalls import shortfalls

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory
    from reports.views.shortfalls import Shortfall

_MOST_COUNTIES = 5
OLD_DAYS = 90  # a register whose edition is older is asked for anew
_lock = Lock()


@dataclass(frozen=True)
class NationalToday:
    """What the national level looks at.

    month: that reports open on, in words. worst: furthest from their targets first. missing: how many reports of that
    month are not filed or were returned, as RAP-RATE counts them; missing_words: where. sources: (title, how old) of
    old registers.
    """

    month: str
    period: str
    worst: tuple[Shortfall, ...]
    missing: int
    missing_words: str
    sources: tuple[tuple[str, str], ...]


def national_today(directory: Directory, *, actor: Actor) -> NationalToday:
    """Say where to look in the country; there is no case in it.

    Parameters
    ----------
    directory
        The home.
    actor
        Of the national level, or an administrator.

    Returns
    -------
    NationalToday
        What is worst is worked out anew when a report, an edition or the day changes.

    Raises
    ------
    NotAllowedError
        For a role that does not see the nation.
    """
    roles.require(actor, "monthly.read")
    day = directory.ledger.today()
    state = f"{EditionStore(directory.home).state()}|{monthly_reports.version(directory.ledger)}"
    key = (str(directory.home.path), state, day, language())
    return _TODAY.take(key, lambda: _national_today(directory, actor, day, state))


_TODAY: BoundedCache[NationalToday] = BoundedCache(8)


def _national_today(directory: Directory, actor: Actor, day: date, state: str) -> NationalToday:
    filed = monthly_reports.reports(directory.ledger, actor=actor)
    month = opening_month(filed, day)
    missing, missing_words = _missing(directory, month, filed)
    old = [each for each in sources(directory.home, today=day).sources if each.age_days > OLD_DAYS]
    with _lock:
        worst = _worst(_Of(directory, str(directory.home.path), state), day, month)
    return NationalToday(
        month=parse_period(month).label(),
        period=month,
        worst=worst,
        missing=missing,
        missing_words=missing_words,
        sources=tuple((_(each.title), age_words(each.age_days)) for each in old if not each.is_withdrawn),
    )


@dataclass(frozen=True)
class _Of:
    """A home and the state of what its figures are made of; the same state is the same key."""

    directory: Directory
    path: str
    state: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Of) and (self.path, self.state) == (other.path, other.state)

    def __hash__(self) -> int:
        return hash((self.path, self.state))


@lru_cache(maxsize=2)
def _worst(of: _Of, day: date, month: str) -> tuple[Shortfall, ...]:
    try:
        _state, gathered = kept_report_data(of.directory, day)
    except UnknownCodeError:  # no communities were imported yet
        return ()
    return tuple(shortfalls(make_view(gathered, "national", NATION, parse_period(month), is_public=False)))


def _missing(directory: Directory, month: str, filed: pd.DataFrame) -> tuple[int, str]:
    """Count the reports of a month that are not filed or were returned; say in which counties most of them are."""
    try:
        communities = communities_of(directory)
    except UnknownCodeError:
        return 0, ""
    of_month = filed[filed["month"] == month]
    there = set(of_month.loc[of_month["state"] != "returned", "uat_siruta"])
    lacking = communities[~communities["uat_siruta"].isin(there)]
    counted = lacking["county_name"].value_counts()
    words = [f"{county}: {number(int(count))}" for county, count in counted.head(_MOST_COUNTIES).items()]
    if rest := int(counted.iloc[_MOST_COUNTIES:].sum()):
        words.append(_("alte județe: {n}").format(n=number(rest)))
    if back := int(lacking["uat_siruta"].isin(of_month["uat_siruta"]).sum()):
        words.append(ngettext("din ele {n} returnat", "din ele {n} returnate", back).format(n=number(back)))
    return len(lacking), " · ".join(words)
