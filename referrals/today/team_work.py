"""What waits for a community's team, in the order in which it is urgent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from core.bounded_cache import BoundedCache
from core.storage.editions import EditionStore
from referrals.monthly import monthly_reports
from referrals.workflow import worklist

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from referrals.records.vocabulary import Actor, Referral
    from referrals.workflow.directory import Directory

WorkKind = Literal["call_me", "expiring", "accepted", "lost", "aged"]
SOON = timedelta(days=7)  # a place that is held for three working days stands here from its first day on
LONG = timedelta(days=90)  # who is at a service for so long is asked about
MONTHS_BACK = 6  # reports older than these are not asked for on the first page
_RANKS: dict[WorkKind, int] = {"call_me": 0, "accepted": 1, "lost": 2, "expiring": 3, "aged": 4}


@dataclass(frozen=True)
class DueReferral:
    """A referral with which something is to be done today. moment: by which it is ordered among its kind, UTC."""

    kind: WorkKind
    referral: Referral
    moment: datetime


@dataclass(frozen=True)
class DueReport:
    """A month whose report the team has to file, for instance 2026-10. remark: why it was returned; "" = not filed."""

    month: str
    remark: str


@dataclass(frozen=True)
class TeamReferrals:
    """The referrals of a community as its team meets them.

    Attributes
    ----------
    due
        Those with something to do, the most urgent first.
    open_count
        All that are open.
    closed
        Those that ended long ago without a result: nobody is to end in silence.
    """

    due: tuple[DueReferral, ...]
    open_count: int
    closed: tuple[Referral, ...]


def sort_referrals(
    every: Iterable[Referral], now: datetime, called: Mapping[str, datetime] | None = None
) -> TeamReferrals:
    """Tell what is to be done with the referrals of a community.

    What runs out within a day, and whose provider asks to be called, stands first; then what was accepted (note when
    the person arrived), what was refused or ran out (choose another service), what runs out within SOON, and whoever is
    at a service for longer than LONG. Among one kind the oldest stands first, so that nothing moves until something was
    done.

    Parameters
    ----------
    every
        Referrals in any state.
    now
        The moment, UTC.
    called
        Since when a provider wants to be called, by number of the referral (`referrals.answers.calls_asked`).

    Returns
    -------
    TeamReferrals
        Each referral at most once among those with something to do.
    """
    mine = list(every)
    waiting = worklist.open_referrals(mine)
    due = [found for each in waiting if (found := _due_open(each, now, called or {})) is not None]
    due += [
        DueReferral("lost", each, each.closed_at or each.made_at) for each in worklist.awaiting_reassignment(mine, now)
    ]
    due.sort(key=lambda one: (_rank(one, now), one.moment, one.referral.referral_id))
    return TeamReferrals(tuple(due), len(waiting), tuple(worklist.closed_without_result(mine, now)))


def _due_open(each: Referral, now: datetime, called: Mapping[str, datetime]) -> DueReferral | None:
    if each.state in ("held", "asked"):
        if each.referral_id in called:
            return DueReferral("call_me", each, called[each.referral_id])
        is_near = each.expires_at is not None and each.expires_at - now <= SOON
        return DueReferral("expiring", each, each.expires_at) if is_near and each.expires_at else None
    if each.state == "accepted":
        return DueReferral("accepted", each, each.accepted_at or each.made_at)
    return DueReferral("aged", each, each.made_at) if now - each.made_at > LONG else None


def _rank(one: DueReferral, now: datetime) -> int:
    return 0 if one.kind == "expiring" and worklist.is_urgent(one.referral, now) else _RANKS[one.kind]


def due_reports(filed: Iterable[tuple[str, str, str]], day: date, since: str = "") -> list[DueReport]:
    """List the months whose report a team has to file or to correct, the returned ones first, then the oldest.

    Parameters
    ----------
    filed
        Month, state and remark of each report that the community ever filed.
    day
        Today: a month is asked for once it is over.
    since
        The first month of the project; "" = none was reported on yet, and only the last month is asked for.

    Returns
    -------
    list of DueReport
        Of the last MONTHS_BACK months.
    """
    known = {month: (state, remark) for month, state, remark in filed}
    over = _months_before(day)
    first = min(since or over[0], over[0])
    asked = [month for month in reversed(over) if month >= first]
    returned = [DueReport(month, known[month][1]) for month in asked if known.get(month, ("", ""))[0] == "returned"]
    return [*returned, *(DueReport(month, "") for month in asked if month not in known)]


def reports_due(directory: Directory, actor: Actor) -> list[DueReport]:
    """List the months whose report a team has to file, where its community is of the project; else none.

    Raises NotAllowedError where the actor may not read the reports.
    """
    home, ledger = directory.home, directory.ledger
    editions = EditionStore(home).state(("communities",))
    whose = (str(home.path), actor.role, actor.county, actor.uat_siruta)
    key = (whose, editions, monthly_reports.version(ledger), ledger.today())
    return list(_DUE.take(key, lambda: _reports_due(directory, actor)))


_DUE: BoundedCache[list[DueReport]] = BoundedCache(500)


def _reports_due(directory: Directory, actor: Actor) -> list[DueReport]:
    listed = EditionStore(directory.home).current_table("communities", "communities", ["uat_siruta"])
    if listed is None or actor.uat_siruta not in set(listed["uat_siruta"].astype("int64")):
        return []
    table = monthly_reports.reports(directory.ledger, actor=actor)
    filed = zip(table["month"], table["state"], table["remark"], strict=True)
    return due_reports(filed, directory.ledger.today(), monthly_reports.first_month(directory.ledger))


def _months_before(day: date) -> list[str]:
    """Return the months that are over, the last one first."""
    last = day.year * 12 + day.month - 2
    return [f"{each // 12}-{each % 12 + 1:02d}" for each in range(last, last - MONTHS_BACK, -1)]
