"""What the national level's „Astăzi” says: what is worst against its target, reports that are missing, old sources."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from core.errors import UnknownCodeError
from core.i18n import _, number
from core.storage.editions import EditionStore
from providers.rules.wording import age_words
from referrals.homes.home_sources import sources
from referrals.monthly import figure_entry, monthly_reports
from referrals.records import roles
from referrals.records.vocabulary import SYSTEM
from reports.indicators.indicators import NATION, indicators, targets
from reports.indicators.period import parse_period
from reports.indicators.report_data import communities_of, load_report_data
from reports.views.report_views import format_value, make_view, target_share

if TYPE_CHECKING:
    from datetime import date

    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory

MOST_WORST, _MOST_COUNTIES = 3, 5
OLD_DAYS = 90  # a register whose edition is older is asked for anew
_lock = Lock()


@dataclass(frozen=True)
class Worst:
    """An indicator far from its target. words: the value and the target; share: how much of it is reached, %."""

    code: str
    name: str
    words: str
    share: int


@dataclass(frozen=True)
class MissingReports:
    """Communities of a county without a report of the month. said: the county and how many they are."""

    county: str
    said: str


@dataclass(frozen=True)
class NationalToday:
    """What the national level looks at.

    month: the last one that is over, in words. worst: furthest from their targets first. missing, missing_count:
    reports of that month that were not filed, by county, and in all. sources: (title, how old) of old registers.
    """

    month: str
    period: str
    worst: tuple[Worst, ...]
    missing: tuple[MissingReports, ...]
    missing_count: int
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
    month = figure_entry.month_before(f"{day:%Y-%m}")
    state = f"{EditionStore(directory.home).state()}|{monthly_reports.version(directory.ledger)}"
    missing, count = _missing(directory, month, actor)
    old = [each for each in sources(directory.home, today=day).sources if each.age_days > OLD_DAYS]
    with _lock:
        worst = _worst(_Of(directory, str(directory.home.path), state), day, month)
    return NationalToday(
        month=parse_period(month).label(),
        period=month,
        worst=tuple(
            Worst(code, _(indicators()[code].name), _said(code, value), round(100 * share))
            for code, value, share in worst
        ),
        missing=tuple(missing[:_MOST_COUNTIES]),
        missing_count=count,
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
def _worst(of: _Of, day: date, month: str) -> tuple[tuple[str, float, float], ...]:
    """Give code, value and reached share of the indicators that are furthest from their targets."""
    try:
        gathered = load_report_data(of.directory, actor=SYSTEM, day=day)
    except UnknownCodeError:  # no communities were imported yet
        return ()
    here = make_view(gathered, "national", NATION, parse_period(month), is_public=False).here()
    return furthest({code: here[code] for code in targets() if code in here})


def furthest(values: dict[str, float | None]) -> tuple[tuple[str, float, float], ...]:
    """Give code, value and reached share of the MOST_WORST indicators that are furthest below their targets."""
    shares = [
        (code, float(value), share)
        for code, value in values.items()
        if value is not None and (share := target_share(indicators()[code], value)) is not None and share < 1
    ]
    return tuple(sorted(shares, key=lambda each: (each[2], each[0]))[:MOST_WORST])


def _said(code: str, value: float) -> str:
    one = indicators()[code]
    return _("{value} din {target}").format(
        value=format_value(one, value), target=format_value(one, targets()[code][0].least)
    )


def _missing(directory: Directory, month: str, actor: Actor) -> tuple[list[MissingReports], int]:
    try:
        communities = communities_of(directory)
    except UnknownCodeError:
        return [], 0
    filed = monthly_reports.reports(directory.ledger, actor=actor)
    there = set(filed.loc[filed["month"] == month, "uat_siruta"])
    lacking = communities[~communities["uat_siruta"].isin(there)]
    counted = lacking["county_name"].value_counts()
    rows = [MissingReports(str(county), f"{county}: {number(int(count))}") for county, count in counted.items()]
    return sorted(rows, key=lambda row: -int(counted[row.county])), len(lacking)
