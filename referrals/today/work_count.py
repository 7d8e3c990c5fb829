"""How much waits for a role, for the bar of every page: cheap, and kept until somebody writes something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.bounded_cache import BoundedCache
from referrals.answers import calls_asked, provider_words
from referrals.field import field_reports
from referrals.ledger import queries
from referrals.ledger.queries import Filters
from referrals.records import roles
from referrals.today import county_work, team_work

if TYPE_CHECKING:
    from datetime import datetime

    from referrals.records.vocabulary import Actor, Referral
    from referrals.workflow.directory import Directory

_KEEP_SECONDS = 60  # terms run out by the clock alone
_COUNTS: BoundedCache[int] = BoundedCache(2000)


def count_work(directory: Directory, actor: Actor | None) -> int:
    """Count what waits on „Astăzi” of a role; no case is read, so nothing is noted in the audit log.

    Parameters
    ----------
    directory
        The home.
    actor
        Who is signed in; None = nobody.

    Returns
    -------
    int
        The number of things to do of a team or a county unit; 0 for everybody else.
    """
    if actor is None or actor.role not in ("team", "county"):
        return 0
    ledger = directory.ledger
    now = ledger.clock()
    state = (ledger.change_number(), int(now.timestamp()) // _KEEP_SECONDS)
    key = (str(directory.home.path), actor.role, actor.county, str(actor.uat_siruta), *state)
    count = _team if actor.role == "team" else _county
    return _COUNTS.take(key, lambda: count(directory, actor, now))


def _team(directory: Directory, actor: Actor, now: datetime) -> int:
    every = _referrals(directory, actor, now)
    due = team_work.sort_referrals(
        every, now, calls_asked(provider_words(directory.ledger, {each.referral_id: each.state for each in every}))
    ).due
    return len(due) + len(team_work.reports_due(directory, actor))


def _county(directory: Directory, actor: Actor, now: datetime) -> int:
    followed = county_work.followed_referrals(_referrals(directory, actor, now), now)
    signals = field_reports.listed(directory.ledger, actor=actor, states=("open",))
    reports = county_work.reports_to_decide(directory, actor)
    entries = county_work.entries_to_check(directory, actor)
    return len(followed) + len(signals) + len(reports) + len(entries)


def _referrals(directory: Directory, actor: Actor, now: datetime) -> list[Referral]:
    county, uat = roles.own_area(actor)
    roles.require(actor, "referral.list", roles.Area(county, uat))
    with directory.ledger.store.read() as connection:
        return queries.referrals_without_cases(connection, Filters(county=county, uat_siruta=uat), now)
