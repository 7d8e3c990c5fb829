"""What a county unit's „Astăzi” says: referrals to ask about, providers to invite, licences that run out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from core.i18n import language, ngettext
from providers.local.visit_days import day_in_words
from providers.rules.wording import Phone, phones
from referrals.records import roles
from referrals.today import county_work, work_items
from referrals.workflow import county_worklist

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from referrals.records.vocabulary import Actor, Referral
    from referrals.today.work_items import WorkItem
    from referrals.workflow.directory import Directory

LICENCE_DAYS = 60  # a renewal takes weeks: whoever has fewer left is called
_MOST_LICENCES = 5


@dataclass(frozen=True)
class EndingLicence:
    """A service whose licence runs out soon. words: on which day, and in how many."""

    service_id: str
    name: str
    words: str
    phones: tuple[Phone, ...]


@dataclass(frozen=True)
class CountyToday:
    """What a county unit's „Astăzi” says beside its signals and reports.

    followed: referrals to ask the teams about. entries: local entries to check. silent: providers without a fresh
    report, of `asked` in all. licences: the first that run out, of `ending` in all. closed: ended without a result.
    """

    followed: tuple[WorkItem, ...]
    open_count: int
    closed: int
    entries: int
    silent: int
    asked: int
    licences: tuple[EndingLicence, ...]
    ending: int


def county_today(directory: Directory, every: Sequence[Referral], *, actor: Actor, now: datetime) -> CountyToday:
    """Say what a county unit follows.

    Parameters
    ----------
    directory
        Services and places of this moment.
    every
        All referrals of the county (`Ledger.referrals`, which notes that they were read).
    actor
        The county unit.
    now
        The moment, UTC.

    Returns
    -------
    CountyToday
        Only of its own county; services with a protected address are not there.

    Raises
    ------
    NotAllowedError
        Where the actor is no county unit.
    """
    roles.require(actor, "link.service", roles.Area(county=actor.county))
    queue = county_worklist.queue_parts(every, now)
    snapshot = directory.snapshot()
    key = ("county today", actor.county, directory.ledger.today(), language())
    known: _KnownServices = snapshot.kept.take(key, lambda: _known_services(directory, actor))
    return CountyToday(
        followed=tuple(
            work_items.work_item(snapshot.catalogue, one, actor=actor, now=now)
            for one in county_work.followed_referrals(every, now)
        ),
        open_count=len(queue["open"]),
        closed=len(queue["closed"]),
        entries=len(county_work.entries_to_check(directory, actor)),
        silent=known.silent,
        asked=known.asked,
        licences=known.licences,
        ending=known.ending,
    )


@dataclass(frozen=True)
class _KnownServices:
    """What is said of a county's services."""

    silent: int
    asked: int
    licences: tuple[EndingLicence, ...]
    ending: int


def _known_services(directory: Directory, actor: Actor) -> _KnownServices:
    providers = county_worklist.providers_table(directory, actor=actor)
    ending = ending_licences(directory, actor)
    silent = int((~providers["is_fresh"]).sum())
    return _KnownServices(silent, len(providers), tuple(ending[:_MOST_LICENCES]), len(ending))


def ending_licences(directory: Directory, actor: Actor) -> list[EndingLicence]:
    """List the services of the county whose licence runs out within LICENCE_DAYS, the soonest first."""
    services, today = directory.snapshot().catalogue.services, pd.Timestamp(directory.ledger.today())
    left = (services["licence_until"] - today).dt.days
    mine = (services["county"] == actor.county) & ~services["is_secret"].astype("bool") & left.between(0, LICENCE_DAYS)
    # Of no row at all the days would be those of every row: they are cut as well.
    found = services[mine].assign(left=left[mine]).sort_values(["left", "service_id"])
    return [
        EndingLicence(
            service_id=str(row["service_id"]),
            name=str(row["name"]),
            words=f"{day_in_words(row['licence_until'].date())} · "
            + ngettext("încă {n} zi", "încă {n} zile", int(row["left"])).format(n=int(row["left"])),
            phones=tuple(phones(row["phone"]) if isinstance(row["phone"], str) else ()),
        )
        for row in found.to_dict("records")
    ]
