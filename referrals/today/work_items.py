"""The things to do of „Astăzi” in words, the same on every surface; nothing of a person beyond case code and need."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from core.i18n import _, ngettext
from providers.finder.answer import Result
from providers.finder.offer_view import places_badge
from providers.local.visit_days import day_in_words
from providers.rules.travel_words import time_words
from providers.rules.wording import Phone, age_words
from referrals.answers import calls_asked, provider_words
from referrals.local import local_lists
from referrals.records import roles
from referrals.records.vocabulary import reason_label, state_label
from referrals.today.team_work import sort_referrals
from referrals.workflow import referral_offers, worklist

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from providers.catalogue.catalogue import Catalogue
    from providers.finder.answer import Offer
    from referrals.answers import ProviderWords
    from referrals.ledger.lifecycle import Action
    from referrals.records.vocabulary import Actor, Referral
    from referrals.today.team_work import DueReferral, WorkKind
    from referrals.workflow.directory import Directory

_MARKS: dict[WorkKind, str] = {
    "call_me": "call",
    "accepted": "free",
    "lost": "full",
    "expiring": "call",
    "aged": "call",
}
_STEPS: dict[WorkKind, tuple[Action, ...]] = {
    "call_me": ("accept", "decline"),
    "accepted": ("start", "cancel"),
    "lost": (),
    "expiring": ("accept", "decline"),
    "aged": ("complete", "break_off"),
}
DAYS_AHEAD = 7  # of what comes to the community
_WHY_NOT_COME = ("no_show", "cannot_travel", "unreachable", "person_declined", "solved", "other")
_MOST_SOUGHT_AGAIN = 6  # the others have a way to their own page


@dataclass(frozen=True)
class WorkItem:
    """A referral with something to do, in words.

    Attributes
    ----------
    referral, kind
        Which one, and why it is here.
    mark
        `free`, `full` or `call`: how it is marked.
    title, note, when
        What happened and where; number, case code, need and moment; how long ago or how soon.
    phones
        Of the service, where a call is the next step.
    steps
        What this actor may note, the usual one first.
    """

    referral: Referral
    kind: WorkKind
    mark: str
    title: str
    note: str
    when: str
    phones: tuple[Phone, ...]
    steps: tuple[Action, ...]


@dataclass(frozen=True)
class ClosedItem:
    """A referral that ended without a result. words: need, state and since when."""

    number: str
    service: str
    words: str


@dataclass(frozen=True)
class TeamToday:
    """What a team's „Astăzi” says of its referrals. tried: services of each case, by its code, not offered again."""

    items: tuple[WorkItem, ...]
    open_count: int
    closed: tuple[ClosedItem, ...]
    tried: dict[str, frozenset[str]]


def team_today(directory: Directory, every: Sequence[Referral], *, actor: Actor, now: datetime) -> TeamToday:
    """Say what a team has to do with its referrals.

    Parameters
    ----------
    directory
        For names and telephones.
    every
        All referrals of the community (`Ledger.referrals`, which notes that they were read).
    actor
        Who looks: steps that it may not take are not there.
    now
        The moment, UTC.

    Returns
    -------
    TeamToday
        The most urgent first.
    """
    words = provider_words(directory.ledger, {each.referral_id: each.state for each in every})
    work, catalogue = sort_referrals(every, now, calls_asked(words)), directory.snapshot().catalogue
    tried: dict[str, set[str]] = {}
    for each in every:
        tried.setdefault(each.case_ref, set()).add(each.service_id)
    return TeamToday(
        items=tuple(
            work_item(catalogue, one, actor=actor, now=now, said=words[one.referral.referral_id]) for one in work.due
        ),
        open_count=work.open_count,
        closed=tuple(_closed_item(catalogue, each, now) for each in work.closed),
        tried={case: frozenset(services) for case, services in tried.items()},
    )


def work_item(
    catalogue: Catalogue, one: DueReferral, *, actor: Actor, now: datetime, said: ProviderWords | None = None
) -> WorkItem:
    """Say one thing to do in words.

    catalogue: for names and telephones. said: what its provider said beside the answer. The others as of `team_today`.
    """
    referral = one.referral
    may = worklist.steps_for(actor, referral)
    return WorkItem(
        referral=referral,
        kind=one.kind,
        mark=_MARKS[one.kind],
        title=_title(one).format(service=referral_offers.name_in(catalogue, referral.service_id)),
        note=" · ".join(
            part
            for part in (referral.referral_id, referral.case_ref, worklist.need_words(referral), _moment(one, said))
            if part
        ),
        when=_left(one, now) if one.kind == "expiring" else age_words((now - one.moment).total_seconds() / 86_400),
        phones=() if one.kind == "lost" else referral_offers.service_phones(catalogue, referral.service_id),
        steps=tuple(step for step in _STEPS[one.kind] if step in may),
    )


def _title(one: DueReferral) -> str:
    match one.kind, one.referral.state:
        case "call_me", _state:
            return _("Roagă să fie sunat: {service}")
        case "accepted", _state:
            return _("A acceptat: {service}")
        case "lost", "expired":
            return _("A expirat fără răspuns: {service}")
        case "lost", _state:
            return _("A refuzat: {service}")
        case "expiring", _state:
            return _("Așteaptă răspunsul: {service}")
        case _:
            return _("De peste 90 de zile la serviciu: {service}")


def _moment(one: DueReferral, said: ProviderWords | None) -> str:
    match one.kind:
        case "accepted" if said is not None and said.visit_at is not None:
            return _("programare: {when}").format(when=worklist.visit_words(said.visit_at))
        case "expiring":
            return _("expiră la {until}").format(until=worklist.last_moment(one.moment))
        case "lost":
            return reason_label(one.referral.reason)
        case _:
            return worklist.moment_words(one.moment)


def _left(one: DueReferral, now: datetime) -> str:
    days = (one.moment - now).days
    return ngettext("încă {n} zi", "încă {n} zile", days).format(n=days) if days > 0 else _("azi")


def _closed_item(catalogue: Catalogue, each: Referral, now: datetime) -> ClosedItem:
    age = age_words((now - each.made_at).total_seconds() / 86_400)
    words = " · ".join((worklist.need_words(each), state_label(each.stage), age))
    return ClosedItem(each.referral_id, referral_offers.name_in(catalogue, each.service_id), words)


def sought_again(items: Sequence[WorkItem], actor: Actor) -> frozenset[str]:
    """Choose the referrals for which „Astăzi” looks for next services, by number.

    Parameters
    ----------
    items
        Things to do, in their order.
    actor
        Who looks.

    Returns
    -------
    frozenset of str
        The first ones that did not work out, of those in whose place the actor may make another.
    """
    lost = (item.referral for item in items if item.kind == "lost")
    mine = (r for r in lost if roles.allows(actor, "referral.make", roles.Area(r.county, r.uat_siruta)))
    return frozenset(r.referral_id for r in islice(mine, _MOST_SOUGHT_AGAIN))


def step_words(item: WorkItem, step: Action) -> str:
    """Say on a button what happened, as it is said on the telephone."""
    return {
        ("accepted", "start"): _("A ajuns"),
        ("accepted", "cancel"): _("Nu a venit"),
        ("expiring", "accept"): _("A acceptat"),
        ("expiring", "decline"): _("A refuzat"),
        ("call_me", "accept"): _("A acceptat"),
        ("call_me", "decline"): _("A refuzat"),
    }.get((item.kind, step), worklist.step_label(step))


def step_reasons(item: WorkItem, step: Action) -> list[tuple[str, str]]:
    """List the reasons of which one is chosen with a step: code and words; none where one press takes it.

    Who did not come is asked about first: a press beside „A ajuns” must not end a referral.
    """
    if (item.kind, step) == ("accepted", "cancel"):
        return [(code, words) for code, words in worklist.reasons() if code in _WHY_NOT_COME]
    return worklist.reasons() if worklist.needs_reason(step) else []


def next_words(offer: Offer) -> str:
    """Say in one line how far a next service is and what is known of its places."""
    way = time_words(offer.minutes, offer.travel) if isinstance(offer, Result) else ""
    return " · ".join(part for part in (way, places_badge(offer).words) if part)


def coming_lines(directory: Directory, *, actor: Actor) -> list[str]:
    """Return in words what comes to the community within a week, a line each; for a county unit to the whole county.

    Raises NotAllowedError for a role that may read none.
    """
    return list(local_lists.coming_lines(directory, actor=actor, within_days=DAYS_AHEAD))


def day_words(directory: Directory) -> str:
    """Return in words which day it is, with its weekday."""
    return day_in_words(directory.ledger.today())
